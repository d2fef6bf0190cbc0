"""An output as a file: comma-separated or JSON, the numbers unrounded, with everything to find them again."""

import json
import math

import pandas as pd

from analysis.adam import AnalysisData
from outputs.confidentiality import confidentiality
from outputs.files import for_file
from outputs.output import Output, View
from trialdata.version import version


def facts(data: AnalysisData, view: View, output: Output) -> dict:
    """What an exported number rests on."""
    return {
        "study": data.definition.studyid,
        "registry": data.definition.registry,
        "synthetic": data.definition.synthetic,
        "confidentiality": confidentiality(data),
        "cut": str(data.study.cut),
        "view": data.study.view,
        "population": view.population,
        "endpoint": view.endpoint,
        "filters": {column: list(levels) for column, levels in view.filters},
        "output": output.id,
        "options": dict(output.options),
        "title": output.title,
        "headline": output.headline,
        "detail": output.detail,
        "content_hash": data.study.content_hash,
        "definition_hash": data.definition.content_hash,
        "version": version(),
        "footnotes": [*output.footnotes, *([output.empty] if output.empty else [])],
    }


def as_json(data: AnalysisData, view: View, output: Output) -> str:
    """An output with what it rests on, as a file may hold it."""
    output = for_file(output)
    return json_text(facts(data, view, output), output.results)


def json_text(facts: dict, rows: pd.DataFrame) -> str:
    """`facts`, then `rows` as results; not estimable is null, an infinite limit the text "Infinity"."""
    results = [
        {name: plain(value) for name, value in zip(rows.columns, row, strict=True)}
        for row in rows.itertuples(index=False, name=None)
    ]
    return json.dumps(facts | {"results": results}, ensure_ascii=False, indent=2, allow_nan=False)


def plain(value: object) -> object:
    """A cell as JSON knows it."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if pd.isna(value):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)


def as_csv(frame: pd.DataFrame) -> str:
    """Text that a spreadsheet would run as a formula is led by an apostrophe."""
    safe = frame.map(inert).rename(columns=inert)
    return safe.to_csv(index=False)


FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    *"＝＋－＠",
)  # the full-width ones in East Asian spreadsheets


def inert(cell: object) -> object:
    """Text as a spreadsheet cell; its line breaks are plain ones, which the format can quote."""
    if not isinstance(cell, str):
        return cell
    text = f"'{cell}" if cell.startswith(FORMULA) else cell
    return text.replace("\r\n", "\n").replace("\r", "\n")


def file_name(data: AnalysisData, output: Output) -> str:
    """Study, cut, view and output, without an extension; never a participant."""
    return file_stem(data, output.id)


def file_stem(data: AnalysisData, what: str) -> str:
    """ "nct07057778_2026-12-31_deck_interim_confidential"."""
    view = "" if data.study.view == "true" else f"_{data.study.view}"
    return f"{data.definition.name}_{data.study.cut}{view}_{what}_interim_confidential"
