"""The results in long form, one row per statistic, after the practice of analysis results data (ARD).

The columns are those of the R package cards (groupN, groupN_level, variable, context, stat_name, stat_label, stat),
led by what the CDISC Analysis Results Standard has of an analysis. docs/reference/meeting.md lists them.
"""

import json
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.adam import AnalysisData
from analysis.results import to_long
from outputs.slide import Slide
from reports.document.pieces import Piece, Report, report
from reports.export import as_csv, plain
from reports.shown import Progress
from trialdata.version import version

VARIABLES = ("variable", "parameter", "paramcd", "endpoint")  # which of an output's columns is its variable
OWN_COLUMNS = ("method", "note", "notice")  # stand by themselves, not as groups
OF_ANALYSIS = (
    *("study", "cut", "view", "content_hash", "number", "output", "code"),
    *("population", "endpoint", "filter", "options"),
)
OF_STATISTIC = ("context", "variable", "row", "stat_name", "stat_label", "stat", *OWN_COLUMNS)


def long_csv(
    data: AnalysisData,
    slides: Sequence[Slide],
    *,
    pins: Iterable[Slide] = (),
    progress: Progress | None = None,
) -> str:
    """One row per statistic of every output."""
    return as_csv(long_results(report(data, slides, pins=pins, progress=progress)))


def long_json(
    data: AnalysisData,
    slides: Sequence[Slide],
    *,
    pins: Iterable[Slide] = (),
    progress: Progress | None = None,
) -> str:
    """The same by output: what it is of, its footnotes, and its statistics."""
    return as_long_json(report(data, slides, pins=pins, progress=progress))


def long_results(told: Report) -> pd.DataFrame:
    """One row per statistic; as many pairs of groupN and groupN_level as the output with most groups has."""
    frames = [_of_piece(piece, told) for piece in told.pieces]
    frames = [frame for frame in frames if len(frame)]
    most = max((sum(name.endswith("_level") for name in frame) for frame in frames), default=0)
    groups = [name for place in range(1, most + 1) for name in (f"group{place}", f"group{place}_level")]
    columns = [*OF_ANALYSIS, *groups, *OF_STATISTIC]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True).reindex(columns=columns)


def as_long_json(told: Report) -> str:
    """One object; what is missing or not estimable is null, an infinite limit the text "Infinity"."""
    study, definition = told.data.study, told.data.definition
    facts = {
        "study": definition.studyid,
        "registry": definition.registry,
        "cut": str(study.cut),
        "view": study.view,
        "marks": list(told.marks),
        "content_hash": study.content_hash,
        "definition_hash": definition.content_hash,
        "version": version(),
        "outputs": [_as_object(piece, told) for piece in told.pieces],
    }
    return json.dumps(facts, ensure_ascii=False, allow_nan=False, indent=1)


def _of_piece(piece: Piece, told: Report) -> pd.DataFrame:
    long = _statistics(piece)
    return long.assign(**_analysis(piece, told)) if len(long) else long


def _analysis(piece: Piece, told: Report) -> dict[str, str]:
    """What the statistics of an output are of."""
    slide = piece.shown.slide
    view = slide.view
    return {
        "study": told.data.definition.studyid,
        "cut": str(told.data.study.cut),
        "view": told.data.study.view,
        "content_hash": told.data.study.content_hash,
        "number": piece.number,
        "output": slide.output,
        "code": piece.shown.code,
        "population": view.population,
        "endpoint": view.endpoint or told.data.definition.leading.paramcd,
        "filter": "; ".join(f"{column}={level}" for column, levels in view.filters for level in levels),
        "options": "; ".join(f"{name}={value}" for name, value in slide.options),
    }


def _statistics(piece: Piece) -> pd.DataFrame:
    """The statistics of an output, its columns of keys as context, variable and groups."""
    long = to_long(piece.shown.output.results)
    variable = next((name for name in VARIABLES if name in long), None)
    names = [name for name in long if name not in ("measure", variable, *OF_STATISTIC)]
    told = {
        "context": long.get("measure", ""),
        "variable": long[variable].map(_level) if variable else "",
        **{name: long.get(name, "") for name in OF_STATISTIC[2:]},
    }
    for place, name in enumerate(names, start=1):
        told |= {f"group{place}": name, f"group{place}_level": long[name].map(_level)}
    return pd.DataFrame(told, index=long.index)


def _level(value: object) -> str:
    """A level as text: whole numbers without a decimal point, dates without a time."""
    if pd.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


def _as_object(piece: Piece, told: Report) -> dict:
    """One output: of what, its footnotes, and its statistics with only the groups that they have."""
    output = piece.shown.output
    analysis = _analysis(piece, told)
    for name in ("study", "cut", "view", "content_hash"):
        del analysis[name]
    about = {
        "title": output.title,
        "subtitle": output.subtitle,
        "headline": output.headline,
        "context": piece.shown.context,
        "footnotes": list(piece.shown.notes),
        "empty": output.empty,
    }
    long = _statistics(piece)
    results = [
        {name: plain(value) for name, value in zip(long.columns, row, strict=True)}
        for row in long.itertuples(index=False, name=None)
    ]
    return analysis | about | {"results": results}
