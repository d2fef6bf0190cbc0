"""Where the engine's frames and the twin's answers differ, cell by cell, said readably."""

from collections.abc import Iterator, Sequence

from analysis.adam import AnalysisData
from tests.independent.generate import Participant, usubjid_of
from tests.independent.generate_definition import spelled_out
from tests.independent.platelets import platelet_answer, platelet_reading
from tests.independent.twin import Subject, populations_of, status_of, time_of
from tests.independent.twin.days import is_missing
from trialdata.definition import TIME_KINDS, Endpoint, StudyDefinition


def same(ours, theirs) -> bool:
    """Equal cells; missing is None, NaN or ""; numbers within 1e-9."""
    if is_missing(ours) or is_missing(theirs):
        return is_missing(ours) and is_missing(theirs)
    if isinstance(ours, str | list) or isinstance(theirs, str | list):
        return ours == theirs
    return abs(ours - theirs) <= 1e-9


def differing(ours: dict, theirs: dict) -> list[str]:
    return [name for name in ours if name not in theirs or not same(ours[name], theirs[name])]


def said(what: str, participant: Participant, ours: dict, theirs: dict, columns: Sequence[str]) -> str:
    cells = "\n".join(f"  {name}: twin {ours[name]!r}, engine {theirs.get(name)!r}" for name in columns)
    shown = {name: theirs.get(name) for name in ours}
    return f"{what}\n{participant}\n{cells}\n  twin   {ours}\n  engine {shown}"


def subject_of(number: int, participant: Participant) -> Subject:
    adsl = {"USUBJID": usubjid_of(number)} | participant.adsl
    return Subject(adsl, participant.adlb, participant.adqs, participant.adcm)


def rows_by(frame, *keys: str) -> dict:
    """The frame's rows as dicts, by the values of `keys`."""
    rows = {}
    for row in frame.to_dict("records"):
        key = tuple(row[name] for name in keys)
        assert key not in rows, f"two rows of {key}"
        rows[key] = row
    return rows


def disagreements(
    data: AnalysisData, participants: Sequence[Participant], definition: StudyDefinition, cut_has: set[str]
) -> Iterator[str]:
    """Every disagreement between the derived frames and the twin, as readable text."""
    subjects = [subject_of(number, participant) for number, participant in enumerate(participants)]
    yield from endpoint_disagreements(data, participants, subjects, definition)
    adsl = rows_by(data.adsl, "USUBJID")
    adex = data.study.adex.to_dict("records")
    platelets: dict[str, list[dict]] = {}
    for row in data.adlb[data.adlb["PARAMCD"] == "PLAT"].to_dict("records"):
        platelets.setdefault(row["USUBJID"], []).append(row)
    for participant, subject in zip(participants, subjects, strict=True):
        ours = subject_answer(subject, adex, definition, cut_has)
        theirs = adsl[(subject.usubjid,)]
        if columns := differing(ours, theirs):
            yield said("adsl", participant, ours, theirs, columns)
        rows = platelets.get(subject.usubjid, [])
        ours, theirs = platelet_answer(subject, definition), platelet_reading(rows, subject, definition)
        if columns := differing(ours, theirs):
            yield said("adlb", participant, ours, theirs, columns)


def endpoint_disagreements(
    data: AnalysisData,
    participants: Sequence[Participant],
    subjects: Sequence[Subject],
    definition: StudyDefinition,
) -> Iterator[str]:
    adrs, adtte = rows_by(data.adrs, "USUBJID", "PARAMCD"), rows_by(data.adtte, "USUBJID", "PARAMCD")
    for endpoint in definition.endpoints:
        answer_of, rows = (time_of, adtte) if endpoint.kind in TIME_KINDS else (status_of, adrs)
        for participant, subject in zip(participants, subjects, strict=True):
            ours = answer_of(subject, endpoint, definition)
            theirs = rows.pop((subject.usubjid, endpoint.paramcd), None)
            yield from compared(endpoint, participant, ours, theirs)
    for key in [*adrs, *adtte]:
        yield f"a row that should not be: {key}"


def compared(
    endpoint: Endpoint, participant: Participant, ours: dict | None, theirs: dict | None
) -> Iterator[str]:
    if ours is None or theirs is None:
        if (ours is None) != (theirs is None):
            yield f"{spelled_out(endpoint)}\n{participant}\n  twin   {ours}\n  engine {theirs}"
        return
    if columns := differing(ours, theirs):
        yield said(spelled_out(endpoint), participant, ours, theirs, columns)


def subject_answer(
    subject: Subject, adex: list[dict], definition: StudyDefinition, cut_has: set[str]
) -> dict:
    """The columns of ADSL that are derived."""
    return {
        "BASE": subject.base,
        "BASEDY": subject.base_day,
        "FUDY": subject.last_day_followed,
        "ONSTUDY": "Y" if subject.on_study else "N",
        "STATUS": subject.status,
    } | populations_of(subject.adsl, adex, definition, cut_has=cut_has)
