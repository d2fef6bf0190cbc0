"""Checks of medication, bleeding and adverse events."""

import pandas as pd

from trialdata.bleeding_scales import scales_of
from trialdata.check_rows import invalid_day
from trialdata.definition import StudyDefinition
from trialdata.findings import as_text, finding, quoted, quoted_text, row_findings
from trialdata.reading import DatasetFile, Frames


def check_periods(rows: DatasetFile) -> Frames:
    """Rows of adcm, adae and adex that end before they begin, or on no day."""
    frame = rows.frame
    before = frame[frame["AENDY"] < frame["ASTDY"]]
    broken = frame[invalid_day(frame["AENDY"])]
    found = "day " + as_text(before["AENDY"]) + " after a start on day " + as_text(before["ASTDY"])
    return [
        row_findings("end_before_start", rows.file, before, column="AENDY", found=found),
        row_findings(
            *("end_day_invalid", rows.file, broken),
            column="AENDY",
            found="day " + as_text(broken["AENDY"]),
        ),
    ]


def check_rescue(adcm: DatasetFile, definition: StudyDefinition) -> Frames:
    """Whether rescue is recorded, and medication whose class is not one of rescue, or of transfusion, as spelt."""
    classes = [rescue.cmclas for rescue in definition.rescue]
    anaemia = definition.haemoglobin_response
    transfusions = [] if anaemia is None else list(anaemia.transfusion_classes)
    if not adcm.given:
        found = "no such file"
        return [finding("rescue_not_recorded", adcm.file, found=found)] if classes else []
    other = adcm.frame[~adcm.frame["CMCLAS"].isin([*classes, *transfusions])]
    spelled, transfused = _near(other, classes), _near(other, transfusions)
    findings = [
        _spelt(adcm, other[names != ""], names, check)
        for names, check in (
            (spelled, "rescue_written_differently"),
            (transfused, "transfusion_written_differently"),
        )
    ]
    for cmclas, count in (
        other.loc[(spelled == "") & (transfused == ""), "CMCLAS"].value_counts().head(20).items()
    ):
        found = (
            f"{quoted_text(str(cmclas))} in {count:,} rows" if cmclas else f"an empty class in {count:,} rows"
        )
        findings.append(finding("class_not_rescue", adcm.file, column="CMCLAS", found=found))
    return findings


def _spelt(adcm: DatasetFile, near: pd.DataFrame, names: pd.Series, check: str) -> pd.DataFrame:
    """The finding of each row whose class is one of the names but for its spelling."""
    return row_findings(
        *(check, adcm.file, near),
        column="CMCLAS",
        found=quoted(near["CMCLAS"]),
        expected='"' + names[near.index] + '"',
    )


def _near(rows: pd.DataFrame, classes: list[str]) -> pd.Series:
    """The class that differs from CMCLAS only in capitals and blanks, else ""."""
    spelling = {_bare(cmclas): cmclas for cmclas in classes}
    return rows["CMCLAS"].map(lambda text: spelling.get(_bare(text), "")).astype("str")


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def check_bleeding(adqs: DatasetFile, definition: StudyDefinition) -> Frames:
    """Whether the bleeding scales that the endpoints name are there, and grades below 0."""
    scales = dict.fromkeys(endpoint.bleeding for endpoint in definition.endpoints if endpoint.bleeding)
    given = set(adqs.frame["PARAMCD"].unique())
    absent = [scale for scale in scales if scale not in given]
    findings = [
        finding("bleeding_not_recorded", adqs.file, column="PARAMCD", found=f"no row with {scale}")
        for scale in absent
    ]
    frame = adqs.frame
    negative = frame[frame["PARAMCD"].isin(list(scales)) & (frame["AVAL"] < 0)]
    found = "grade " + as_text(negative["AVAL"])
    findings.append(row_findings("negative_grade", adqs.file, negative, column="AVAL", found=found))
    return [
        *findings,
        _several_a_day("several_grades_one_day", "grade", adqs, list(scales)),
        *_instruments(adqs, definition),
    ]


def _instruments(adqs: DatasetFile, definition: StudyDefinition) -> Frames:
    """Grades that their instrument does not have, and participants assessed now by one instrument, now by another."""
    known = scales_of(definition, adqs.frame)
    rows = adqs.frame[adqs.frame["PARAMCD"].isin(list(known)) & adqs.frame["AVAL"].notna()]
    if rows.empty:
        return []
    highest = rows["PARAMCD"].map({code: scale.highest for code, scale in known.items()})
    wrong = rows[(rows["AVAL"] > highest) | (rows["AVAL"] % 1 != 0)]
    label = wrong["PARAMCD"].map({code: scale.label for code, scale in known.items()}).astype("str")
    expected = "a whole grade from 0 to " + as_text(highest[wrong.index]) + " (" + label + ")"
    return [
        row_findings(
            *("grade_not_of_instrument", adqs.file, wrong),
            column="AVAL",
            found=as_text(wrong["AVAL"]),
            expected=expected,
        ),
        _mixed(adqs.file, rows, {code: scale.instrument for code, scale in known.items()}),
    ]


def _mixed(file: str, rows: pd.DataFrame, instruments: dict[str, str]) -> pd.DataFrame:
    """Assessments on a day on which the instrument of most days of the participant was not used."""
    used = rows[["USUBJID", "ADY"]].assign(INSTRUMENT=rows["PARAMCD"].map(instruments).astype("str"))
    days = used.drop_duplicates().groupby(["USUBJID", "INSTRUMENT"]).size().rename("DAYS").reset_index()
    place = {name: -number for number, name in enumerate(dict.fromkeys(instruments.values()))}
    days["PLACE"] = days["INSTRUMENT"].map(place)  # of as many days the endpoints' own counts
    main = days.sort_values(["USUBJID", "DAYS", "PLACE"]).groupby("USUBJID")["INSTRUMENT"].last()
    of_row = used["USUBJID"].map(main).astype("str")
    with_main = used[used["INSTRUMENT"] == of_row].drop_duplicates().assign(HAS=True)
    has = used.merge(with_main[["USUBJID", "ADY", "HAS"]], on=["USUBJID", "ADY"], how="left")["HAS"].notna()
    alone = ~has.to_numpy()
    found = used["INSTRUMENT"][alone] + ", on most days " + of_row[alone]
    return row_findings("instruments_mixed", file, rows[alone], column="PARAMCD", found=found)


def _several_a_day(check: str, word: str, adqs: DatasetFile, scales: list[str]) -> pd.DataFrame:
    graded = adqs.frame[adqs.frame["PARAMCD"].isin(scales) & adqs.frame["AVAL"].notna()]
    key = ["USUBJID", "PARAMCD", "ADY"]
    distinct = graded.drop_duplicates([*key, "AVAL"])
    several = distinct[distinct.duplicated(key, keep=False)]
    found = f"{word} " + as_text(several["AVAL"]) + " beside another on day " + as_text(several["ADY"])
    return row_findings(check, adqs.file, several, column="AVAL", found=found)


def check_scores(adqs: DatasetFile, definition: StudyDefinition) -> Frames:
    """Scores of the questionnaires that lie outside their range, and days with several of one questionnaire."""
    findings, frame = [], adqs.frame
    for each in definition.questionnaires:
        own = frame[frame["PARAMCD"] == each.paramcd]
        outside = own[own["AVAL"].notna() & ~own["AVAL"].between(*each.range)]
        lowest, highest = (f"{limit:g}" for limit in each.range)
        findings.append(
            row_findings(
                *("score_out_of_range", adqs.file, outside),
                column="AVAL",
                found=f"{each.paramcd} of " + as_text(outside["AVAL"]),
                expected=f"a score from {lowest} to {highest}",
            )
        )
    inside = [each.paramcd for each in definition.questionnaires]
    return [*findings, _several_a_day("several_scores_one_day", "score", adqs, inside)]


def check_terms(adae: DatasetFile) -> Frames:
    """Events without a preferred term."""
    without = adae.frame[adae.frame["AEDECOD"].str.strip() == ""]
    return [row_findings("term_missing", adae.file, without, column="AEDECOD", found="an empty cell")]


def check_deaths(adae: DatasetFile, adsl: pd.DataFrame) -> Frames:
    """Fatal events of subjects that adsl has alive."""
    frame = adae.frame
    fatal = (frame["AEOUT"].str.upper() == "FATAL") | (frame["AETOXGR"] == "5")
    alive = frame["USUBJID"].isin(adsl.loc[adsl["DTHDY"].isna(), "USUBJID"])
    rows = frame[fatal & alive]
    return [row_findings("death_not_in_adsl", adae.file, rows, column="AEOUT", found="a fatal event")]
