"""studies/*.toml become study definitions: what is not understood is refused, every reason at once."""

import hashlib
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from trialdata import definition_rules as rules
from trialdata.definition import (
    KIND_KEYS,
    KINDS,
    SHARED_KEYS,
    AdverseEventRules,
    Arm,
    Autoantibodies,
    Endpoint,
    Enrolment,
    HaemoglobinResponse,
    HistoricalRate,
    Interim,
    Longitudinal,
    NegativeControl,
    PlannedDose,
    Questionnaire,
    RescueClass,
    SpecialInterest,
    StudyDefinition,
    Subgroup,
    Visits,
)
from trialdata.errors import StudyDataError, UnknownStudyError
from trialdata.toml_tables import Table, fields_of, read_fields, read_table
from trialdata.toml_values import closest, one_of, shown

BLOCKS = (
    "arms",
    "rescue",
    "endpoints",
    "subgroups",
    "aesi",
    "historical",
    "negative_controls",
    "doses",
    "questionnaires",
)  # [[arms]]; the other tables are [visits]
REQUIRED = ("arms", "visits", "endpoints")
SET_BY_LOADER = ("name", "content_hash", "text")


def find_studies(root: Path) -> tuple[StudyDefinition, ...]:
    """Every study definition below `root`, in the order of the file names."""
    definitions, problems = [], []
    for path in _study_files(root):
        try:
            definitions.append(read_definition(path))
        except StudyDataError as error:
            problems.append(str(error))
    if problems:
        raise StudyDataError("\n".join(problems))
    return tuple(definitions)


def find_study(root: Path, name: str) -> StudyDefinition:
    """The definition whose file stem, studyid or registry number is `name`, in upper or lower case."""
    files = _study_files(root)
    for path in files:
        if path.stem.casefold() == name.casefold():
            return read_definition(path)
    definitions, problems = _readable(files)
    for key in ("studyid", "registry"):
        found = [d for d in definitions if getattr(d, key).casefold() == name.casefold()]
        if len(found) > 1:
            names = ", ".join(d.name for d in found)
            raise StudyDataError(
                f'The {key} "{name}" stands in several study files ({names}): use the file name.'
            )
        if found:
            return found[0]
    known = [d.name for d in definitions]
    raise UnknownStudyError("\n".join([f'There is no study "{name}"; known: {", ".join(known)}.', *problems]))


def _readable(files: list[Path]) -> tuple[list[StudyDefinition], list[str]]:
    definitions, problems = [], []
    for path in files:
        try:
            definitions.append(read_definition(path))
        except StudyDataError as error:
            problems.append(str(error))
    return definitions, problems


def _study_files(root: Path) -> list[Path]:
    files = sorted((Path(root) / "studies").glob("*.toml"), key=lambda path: path.name)
    if not files:
        raise StudyDataError(
            f"{Path(root) / 'studies'}: found no study definition, expected files such as my_trial.toml."
        )
    return files


def read_definition(path: Path) -> StudyDefinition:
    """The study definition in a TOML file; StudyDataError with every problem of the file, one a line."""
    return definition_in(path.read_bytes(), path.name)


def definition_in(content: bytes, file: str) -> StudyDefinition:
    """The study definition in the bytes of studies/<file>; StudyDataError with every problem, one a line."""
    table = Table(f"studies/{file}", "", _toml(file, content))
    definition = _definition(table, Path(file).stem, hashlib.sha256(content).hexdigest())
    if table.problems:
        raise StudyDataError("\n".join(table.problems))
    return definition.replace(text=content.decode("utf-8-sig"))


def _toml(file: str, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise StudyDataError(
            f"studies/{file}, line {line}: found text that is not UTF-8, expected UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise StudyDataError(f"studies/{file}: not valid TOML: {error}.") from None


def _definition(top: Table, name: str, content_hash: str) -> StudyDefinition:
    """The definition as far as it could be read: what could not stands in the problems of `top`."""
    tables: dict[str, Any] = {}
    broken = []
    for key, read in READERS.items():
        problems = len(top.problems)
        tables[key] = read(top, key)
        if key in REQUIRED and not top.values.get(key):
            heading = f"[[{key}]]" if key in BLOCKS else f"[{key}]"
            top.refuse("", f"no {heading}", f"a table {heading}")
        if len(top.problems) > problems:
            broken.append(key)
    tables["visits"] = tables["visits"] or Visits(weeks=())
    tables["adverse_events"] = tables["adverse_events"] or AdverseEventRules()
    draft = StudyDefinition(**_plain_fields(top), **tables, name=name, content_hash=content_hash)
    rules.check_definition(top, draft, broken)
    return draft


def _plain_fields(top: Table) -> dict[str, Any]:
    """The keys above the first table; "" for a required one that could not be read."""
    plain = top.inside("", {key: value for key, value in top.values.items() if key not in READERS})
    _refuse_near_tables(plain)
    allowed = [key for key in fields_of(StudyDefinition) if key not in (*READERS, *SET_BY_LOADER)]
    blank = dict.fromkeys(("studyid", "registry", "title", "design", "data"), "")
    return blank | read_fields(StudyDefinition, plain, allowed)


def _refuse_near_tables(plain: Table) -> None:
    """[[endpoint]] is a misspelled table, not an unknown key: say so and do not list the plain keys."""
    for key in [key for key, value in plain.values.items() if isinstance(value, dict | list)]:
        hint = closest(key, READERS)
        if hint and key not in StudyDefinition.__dataclass_fields__:
            plain.refuse(key, "an unknown table", "one of " + ", ".join(READERS) + hint)
            del plain.values[key]


def _table(cls: type) -> Callable[[Table, str], Any]:
    def read(top: Table, key: str) -> Any:
        values = top.values.get(key)
        if values is None:
            return None
        if not isinstance(values, dict):
            top.refuse(key, shown(values), f"a table [{key}]")
            return None
        return read_table(cls, top.inside(f"[{key}]", values))

    return read


def _blocks(read_block: Callable[[Table], Any], name_key: str) -> Callable[[Table, str], tuple]:
    def read(top: Table, key: str) -> tuple:
        blocks = top.values.get(key, [])
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            top.refuse(key, shown(blocks), f"blocks that begin with [[{key}]]")
            return ()
        places = [block.get(name_key, f"number {number}") for number, block in enumerate(blocks, start=1)]
        tables = [
            top.inside(f"[[{key}]] {place}", block) for place, block in zip(places, blocks, strict=True)
        ]
        return tuple(block for block in map(read_block, tables) if block is not None)

    return read


def _endpoint(table: Table) -> Endpoint | None:
    kind = table.values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        found = "nothing" if kind is None else shown(kind)
        table.refuse("kind", found, one_of(KINDS) + closest(str(kind), KINDS))
        return None
    keys = (*SHARED_KEYS, *KIND_KEYS[kind])
    others = {key for kind_keys in KIND_KEYS.values() for key in kind_keys} - set(keys)
    misplaced = [key for key in table.values if key in others]
    for key in misplaced:
        takes = ", ".join(KIND_KEYS[kind])
        table.refuse(key, f"a key that the kind {kind} does not have", f"of the keys by kind only {takes}")
    kept = {key: value for key, value in table.values.items() if key not in misplaced}
    endpoint = read_table(Endpoint, table.inside(table.place, kept), keys=keys)
    return None if misplaced else endpoint


READERS: dict[str, Callable[[Table, str], Any]] = {
    "arms": _blocks(partial(read_table, Arm), "trt"),
    "visits": _table(Visits),
    "rescue": _blocks(partial(read_table, RescueClass), "cmclas"),
    "endpoints": _blocks(_endpoint, "paramcd"),
    "subgroups": _blocks(partial(read_table, Subgroup), "column"),
    "aesi": _blocks(partial(read_table, SpecialInterest), "label"),
    "historical": _blocks(partial(read_table, HistoricalRate), "endpoint"),
    "negative_controls": _blocks(partial(read_table, NegativeControl), "label"),
    "adverse_events": _table(AdverseEventRules),
    "doses": _blocks(partial(read_table, PlannedDose), "drug"),
    "questionnaires": _blocks(partial(read_table, Questionnaire), "paramcd"),
    "autoantibodies": _table(Autoantibodies),
    "haemoglobin_response": _table(HaemoglobinResponse),
    "longitudinal": _table(Longitudinal),
    "enrolment": _table(Enrolment),
    "interim": _table(Interim),
}
