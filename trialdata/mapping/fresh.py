"""The mapping of a table that nobody has mapped yet, as far as it is certain."""

from trialdata.definition import StudyDefinition
from trialdata.formats.source_table import SourceTable
from trialdata.mapping.columns import NEEDED, candidates, extra_columns
from trialdata.mapping.import_mapping import Measured, TableMapping
from trialdata.mapping.recognise import is_scale, measured_of, recognise, study_file
from trialdata.mapping.wide import measured_columns
from trialdata.mapping.words import containing, parts_of
from trialdata.schema import DATASETS

ONE_CHOICE = {column for groups in NEEDED.values() for group in groups for column in group}
MEASUREMENTS = ("adlb", "adqs")
OF_A_ROW = (
    "ADT",
    "ADY",
    "AVISIT",
    "AVISITN",
    "ABLFL",
)  # not of measurements whose visit stands in the header
MONTHS = ("月", "MONTH", "MONTHS", "MO")


def headers_of(table: SourceTable) -> tuple[str, ...]:
    return tuple(map(str, table.frame.columns))


def fresh_mappings(table: SourceTable, definition: StudyDefinition) -> tuple[TableMapping, ...]:
    """One for each dataset that the table feeds; one without a dataset where it feeds none or is to be asked."""
    datasets = recognise(table, definition).names
    return tuple(mapping_as(dataset, table, definition) for dataset in datasets)


def mapping_as(dataset: str, table: SourceTable, definition: StudyDefinition) -> TableMapping:
    """The table as one dataset: the columns that are certain; the others are asked."""
    headers = headers_of(table)
    plain = TableMapping(table.name, headers, dataset)
    if dataset not in DATASETS:
        return plain
    if dataset in (table.dataset, study_file(table)):
        columns = {header: header for header in headers}
        is_standard = dataset == table.dataset == "adcm"
        return plain.replace(columns=_by_medication(columns, table, definition) if is_standard else columns)
    found = candidates(table, dataset, definition)
    columns = {name: hs[0] for name, hs in found.items() if len(hs) == 1 or name not in ONE_CHOICE}
    if dataset == "adcm":
        columns = _with_class(columns, candidates(table, "adlb", definition))
        columns = _by_medication(columns, table, definition)
    measured = _measured(dataset, table, found, definition)
    if measured and all(each.visit for each in measured):
        columns = {name: header for name, header in columns.items() if name not in OF_A_ROW}
    return plain.replace(
        columns=columns | ({} if measured else _extra(table, found, definition)),
        values=_values(dataset, columns, definition),
        measured=measured,
    )


def _by_medication(
    columns: dict[str, str], table: SourceTable, definition: StudyDefinition
) -> dict[str, str]:
    """Where no class of the table is one of rescue, as those of ATC are not, medication is classified by its name."""
    if not {"CMCLAS", "CMDECOD"} <= set(columns):
        return columns
    classes = {each.cmclas for each in definition.rescue}
    texts = set(table.frame[columns["CMCLAS"]])
    if any(text in classes or classes & set(containing("rescue", text)) for text in texts):
        return columns
    return columns | {"CMCLAS": columns["CMDECOD"]}


def _with_class(columns: dict[str, str], of_visit: dict[str, list[str]]) -> dict[str, str]:
    """Medication without a class is classified by its name; of a visit without a date of its own, by the visit's."""
    for source in ("CMDECOD", "RESCFL"):
        if "CMCLAS" not in columns and source in columns:
            columns = columns | {"CMCLAS": columns[source]}
            columns = {
                name: header for name, header in columns.items() if name != "RESCFL" or source != "RESCFL"
            }
    for start, day in (("ASTDT", "ADT"), ("ASTDY", "ADY")):
        if not {"ASTDT", "ASTDY"} & set(columns) and day in of_visit:
            columns = columns | {start: of_visit[day][0]}
    return columns


def _measured(
    dataset: str, table: SourceTable, found: dict[str, list[str]], definition: StudyDefinition
) -> tuple[Measured, ...]:
    if dataset not in MEASUREMENTS or {"PARAMCD", "AVAL"} <= set(found):
        return ()
    of_a_scale = dataset == "adqs"
    return tuple(m for m in measured_of(table, definition) if is_scale(m.paramcd, definition) == of_a_scale)


def _extra(table: SourceTable, found: dict[str, list[str]], definition: StudyDefinition) -> dict[str, str]:
    used = {header for headers in found.values() for header in headers}
    for each in measured_columns(table):
        used |= {each.header, each.date}
    return extra_columns(headers_of(table), used)


def _values(dataset: str, columns: dict[str, str], definition: StudyDefinition) -> dict[str, str]:
    """What the headers say of every row: the only arm of the study, the unit of the counts, ages in months."""
    values = {}
    if dataset == "adsl" and "TRT01P" not in columns and len(definition.arms) == 1:
        values["TRT01P"] = definition.arms[0].trt
    if "AVAL" in columns and "AVALU" not in columns and (unit := parts_of(columns["AVAL"]).unit):
        values["AVALU"] = unit
    if parts_of(columns.get("AGE", "")).note in MONTHS:
        values["AGEU"] = "MONTHS"
    return values
