"""What a table that nobody has seen before is: one dataset, two, none, or a question."""

from dataclasses import dataclass

from trialdata.definition import StudyDefinition
from trialdata.formats.source_table import SourceTable
from trialdata.mapping.columns import by_values, candidates, one_row_each
from trialdata.mapping.import_mapping import UNDECIDED, Measured, stem
from trialdata.mapping.wide import measured_columns
from trialdata.mapping.words import WORDS, folded, parameter_of
from trialdata.schema import DATASETS, REQUIRED

EVENTS = {  # a column that names the event, and one more column that such a table has
    "adae": ("AEDECOD", ("AETOXGR", "AESER", "AEREL", "AEOUT", "AEACN", "ASTDT", "ASTDY")),
    "adcm": ("CMDECOD", ("ASTDT", "ASTDY", "AENDT", "AENDY", "RESCFL", "CMCLAS")),
    "adex": ("EXTRT", ("EXDOSE", "ASTDT", "ASTDY")),
}
OF_A_PERSON = ("AGE", "SEX", "TRTSDT", "RANDDT", "EOSSTT", "DURMO", "PRIORLN")
GIVEN_RESULTS = ("CNSR", "EVNTDESC")
GIVEN = "given"


@dataclass(frozen=True)
class Recognised:
    """The datasets that a table feeds; `given` for results that were derived elsewhere; neither: to be asked."""

    datasets: tuple[str, ...] = ()
    given: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return self.datasets or (("",) if self.given else (UNDECIDED,))


def recognise(table: SourceTable, definition: StudyDefinition) -> Recognised:
    """What the shape, the name, the headers and the values of a table say it is."""
    if table.dataset or study_file(table):
        return Recognised((table.dataset or study_file(table),))
    hinted = hinted_by_name(table)
    if GIVEN in hinted or set(GIVEN_RESULTS) & set(table.frame.columns):
        return Recognised(given=True)
    (hint,) = hinted if len(hinted) == 1 else ("",)
    found = candidates(table, "adsl", definition)
    if "USUBJID" not in found:
        return Recognised((hint,) if stem(table.name) in _file_names(hint) else ())
    events = [dataset for dataset in EVENTS if _is_events(table, dataset, definition)]
    if events:
        sure = hint in events or len(events) == 1
        return Recognised((hint if hint in events else events[0],) if sure else ())
    datasets = [*_of_participants(table, found, definition), *_of_measurements(table, definition)]
    if datasets and rescue_column(table, definition) and _has_days(table, definition):
        datasets.append("adcm")
    return Recognised(tuple(datasets) or ((hint,) if hint else ()))


def study_file(table: SourceTable) -> str:
    """The dataset whose file in a study folder the table is: by its name, with every required column; else ""."""
    for name, dataset in DATASETS.items():
        if stem(table.name) in dataset.files:
            required = {column.name for column in dataset.named(REQUIRED)}
            return name if required <= set(table.frame.columns) else ""
    return ""


def hinted_by_name(table: SourceTable) -> list[str]:
    """The datasets of whose words one stands in the name of the table."""
    name = folded(stem(table.name))
    return [
        dataset for dataset, words in WORDS["tables"].items() if any(folded(word) in name for word in words)
    ]


def _file_names(dataset: str) -> tuple[str, ...]:
    return DATASETS[dataset].files if dataset in DATASETS else ()


def _is_events(table: SourceTable, dataset: str, definition: StudyDefinition) -> bool:
    found = candidates(table, dataset, definition)
    event, others = EVENTS[dataset]
    return event in found and any(column in found for column in others)


def rescue_column(table: SourceTable, definition: StudyDefinition) -> str:
    """The header of a column that says who was rescued, in a table of visits or participants; "" without one."""
    found = candidates(table, "adcm", definition)
    return next((found[name][0] for name in ("CMCLAS", "RESCFL") if name in found), "")


def _has_days(table: SourceTable, definition: StudyDefinition) -> bool:
    found = candidates(table, "adlb", definition)
    return "ADT" in found or "ADY" in found


def _of_participants(
    table: SourceTable, found: dict[str, list[str]], definition: StudyDefinition
) -> list[str]:
    if not one_row_each(table, found["USUBJID"][0]):
        return []
    named = "TRT01P" in found or sum(column in found for column in OF_A_PERSON) >= 2
    return ["adsl"] if named or by_values(table, "TRT01P", definition, table.frame.columns) else []


def _of_measurements(table: SourceTable, definition: StudyDefinition) -> list[str]:
    found = candidates(table, "adlb", definition)
    if "PARAMCD" in found and "AVAL" in found:
        texts = table.frame[found["PARAMCD"][0]].unique()
        scales = [text for text in texts if is_scale(parameter_of(text) or text, definition)]
        return ["adqs" if scales and len(scales) == len([text for text in texts if text]) else "adlb"]
    measured = measured_of(table, definition)
    scales = [each for each in measured if is_scale(each.paramcd, definition)]
    return [*(["adlb"] if len(scales) < len(measured) else []), *(["adqs"] if scales else [])]


def is_scale(paramcd: str, definition: StudyDefinition) -> bool:
    """Whether a parameter is a bleeding scale: WHOBLD, one that an endpoint names, or one still to be named."""
    return paramcd in (UNDECIDED, "WHOBLD", *(e.bleeding for e in definition.endpoints if e.bleeding))


def measured_of(table: SourceTable, definition: StudyDefinition) -> tuple[Measured, ...]:
    """The columns that hold one parameter each, as far as it is known when they were measured."""
    found = candidates(table, "adqs", definition) | candidates(table, "adlb", definition)
    measured = measured_columns(table, {header for headers in found.values() for header in headers})
    timed = any(column in found for column in ("ADT", "ADY", "AVISIT"))
    person = candidates(table, "adsl", definition)
    once = "USUBJID" in person and "TRT01P" in person and one_row_each(table, person["USUBJID"][0])
    return tuple(each for each in measured if each.visit or (timed and not once))
