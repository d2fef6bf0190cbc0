"""Files as sites send them, for a study of four subjects, and what an import makes of them."""

import datetime
import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import xlsxwriter
from small_study import TOML

from analysis.adam import AnalysisData, derive
from trialdata.definition import StudyDefinition
from trialdata.importing import Prepared, prepare
from trialdata.loading import load_texts
from trialdata.mapping.answer import answered
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.parsing import read_definition
from trialdata.study import Study

CUT = datetime.date(2026, 1, 15)
PARTICIPANTS = """
Subject ID,Site,Arm,First dose date
S-01,01,A,2025-11-17
S-02,01,B,2025-11-17
S-03,02,A,2025-12-07
S-04,02,B,2025-12-07
"""
LABS = """
Subject ID,Test,Visit,Study day,Result,Unit
S-01,PLAT,Baseline,-1,12,10^9/L
S-01,PLAT,Week 1,8,45,10^9/L
S-01,PLAT,Week 2,15,120,10^9/L
S-02,PLAT,Baseline,1,9,10^9/L
S-02,PLAT,Week 1,8,30,10^9/L
S-03,PLAT,Baseline,1,20,10^9/L
S-03,PLAT,Week 1,9,55,10^9/L
S-04,PLAT,Baseline,1,15,10^9/L
S-04,PLAT,Week 1,8,18,10^9/L
"""
VISIT_DATES = """
Subject ID,Test,Sample date,Result,Unit
S-01,PLAT,2025-11-16,12,10^9/L
S-01,PLAT,2025-12-01,120,10^9/L
S-02,PLAT,2025-11-17,9,10^9/L
S-03,PLAT,2025-12-07,20,10^9/L
S-04,PLAT,2025-12-07,15,10^9/L
"""


def study(toml: str = TOML) -> StudyDefinition:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "demo.toml")
        path.write_text(toml, encoding="utf-8")
        return read_definition(path)


DEFINITION = study()
# the same study, its arms named as a Chinese sheet never names them
COMBINED = study(
    TOML.replace('trt = "A"', 'trt = "IGU+RTX"')
    .replace('trt = "B"', 'trt = "RTX"')
    .replace('label = "Drug A"', 'label = "Iguratimod + rituximab"')
    .replace('label = "Drug B"', 'label = "Rituximab"')
)


def csv(text: str, encoding: str = "utf-8") -> bytes:
    return text.lstrip("\n").encode(encoding)


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]], **options: object) -> bytes:
    """A workbook of the given cells; numbers are numbers, text is text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                (sheet.write_string if isinstance(cell, str) else sheet.write)(number, column, cell)
    book.close()
    return buffer.getvalue()


def cells_of(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().splitlines()]


def sent(participants: str | bytes = PARTICIPANTS, labs: str | bytes = LABS, **more: str | bytes) -> dict:
    """subjects.csv, labs.csv and `more`, such as events= for events.csv."""
    files = {"subjects": participants, "labs": labs, **more}
    return {
        f"{name}.csv": content if isinstance(content, bytes) else csv(content)
        for name, content in files.items()
    }


def arrived(
    files: Mapping[str, bytes],
    answers: Mapping[str, str] | None = None,
    *,
    definition: StudyDefinition = DEFINITION,
    cut: datetime.date = CUT,
    mapping: ImportMapping | None = None,
) -> Prepared:
    """The import once a person has given `answers`; each must answer what was asked."""
    prepared = prepare(definition, files, cut, mapping)
    if answers:
        told = prepared.mapping
        asked = {question.key for question in prepared.questions}
        for key, value in answers.items():
            assert key in asked, f"{key} was not asked, but {sorted(asked)}"
            told = answered(told, key, value)
        prepared = prepare(definition, files, cut, told)
    return prepared


def asked(prepared: Prepared) -> list[str]:
    return [question.key for question in prepared.open]


def why(prepared: Prepared) -> list[tuple[str, str, int | None, str]]:
    """(check, file, row, column) of every error."""
    return [each[1:] for each in all_findings(prepared) if each[0] == "error"]


def noticed(prepared: Prepared, *checks: str) -> list[tuple[str, str, str, int | None, str]]:
    """(severity, check, file, row, column) of the findings of these checks."""
    return [each for each in all_findings(prepared) if each[1] in checks]


def all_findings(prepared: Prepared) -> list[tuple[str, str, str, int | None, str]]:
    rows = [None if pd.isna(row) else int(row) for row in prepared.findings["row"]]
    columns = [prepared.findings[name] for name in ("severity", "check", "file")]
    return list(zip(*columns, rows, prepared.findings["column"], strict=True))


def values(prepared: Prepared, dataset: str, *columns: str, of: str = "") -> list[tuple[str, ...]]:
    """The cells of these columns, of one subject or of all; a column that is not there is empty."""
    assert prepared.ready, (asked(prepared), why(prepared))
    frame = prepared.texts[dataset]
    frame = frame[frame["USUBJID"] == of] if of else frame
    frame = frame.reindex(columns=list(columns), fill_value="")
    return list(frame.itertuples(index=False, name=None))


def loaded(prepared: Prepared, dataset: str, *columns: str, of: str = "") -> list[tuple]:
    """The typed values that every analysis of the cut reads."""
    assert prepared.ready, (asked(prepared), why(prepared))
    frame = load_texts(DEFINITION, prepared.texts, prepared.cut, "").frames[dataset]
    frame = frame[frame["USUBJID"] == of] if of else frame
    return list(frame[list(columns)].itertuples(index=False, name=None))


def analysed(prepared: Prepared, definition: StudyDefinition = DEFINITION) -> AnalysisData:
    """What every analysis of the cut works from."""
    assert prepared.ready, (asked(prepared), why(prepared))
    cut = load_texts(definition, prepared.texts, prepared.cut, "")
    return derive(
        Study(definition, prepared.cut, (prepared.cut,), **cut.frames, findings=cut.findings, content_hash="")
    )


def changes(prepared: Prepared, column: str = "") -> list[tuple[str, int | None, str, str, str, str]]:
    """(file, row, column, before, after, rule) of every entry of the load report, or of one column."""
    report = prepared.report if not column else prepared.report[prepared.report["column"] == column]
    rows = [None if pd.isna(row) else int(row) for row in report["row"]]
    rest = [report[name] for name in ("column", "before", "after", "rule")]
    return list(zip(report["file"], rows, *rest, strict=True))
