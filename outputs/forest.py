"""The lines of the forest of subgroups, for its figure and its table."""

import math

import pandas as pd

from analysis.subgroups import ALL
from outputs import wording
from outputs.basis import Basis
from outputs.small_cells import NOT_SHOWN
from outputs.subgroup_numbers import SubgroupNumbers

EVERYBODY = "All participants"
LINES = ["kind", "name", "experimental", "control", "counts1", "counts0", "estimate", "conf_low", "conf_high"]
LINES += ["words", "trouble", "key", "hover"]
NO_NUMBERS: dict[str, object] = {
    "estimate": math.nan,
    "conf_low": math.nan,
    "conf_high": math.nan,
    "counts1": "",
    "counts0": "",
}


def level_key(basis: Basis, column: str, level: str) -> str:
    """ "Age, years < 60", as the filters are worded."""
    labels = {s.column: s.label for s in basis.definition.subgroups}
    return EVERYBODY if column == ALL else f"{labels[column]} {level}"


def instead(row) -> str:
    """The words in place of an estimate: few, for the figure; empty where there is one."""
    if row.note in ("too few", "nobody counted"):
        return row.note
    if row.note.startswith("nobody in"):
        return "nobody in one arm"
    unlimited = math.isnan(row.conf_low) or math.isnan(row.conf_high)
    nothing = row.conf_low <= 0 and math.isinf(row.conf_high)
    return wording.NOT_ESTIMABLE if math.isnan(row.estimate) or unlimited or nothing else ""


def forest_lines(numbers: SubgroupNumbers) -> pd.DataFrame:
    """One row per line of the figure: of each comparison all participants, then each column and its levels."""
    rows, several = [], len(numbers.basis.comparisons) > 1
    for pair in numbers.basis.comparisons:
        shared: dict[str, object] = {"experimental": pair[0], "control": pair[1], "trouble": "", "words": ""}
        if several:
            name = f"{numbers.basis.labels[pair[0]]} vs {numbers.basis.labels[pair[1]]}"
            rows.append({**NO_NUMBERS, **shared, "kind": "comparison", "name": name, "key": "", "hover": ""})
        rows += [{**shared, **line} for line in _of_comparison(numbers, pair)]
    return pd.DataFrame(rows, columns=LINES)


def _of_comparison(numbers: SubgroupNumbers, pair: tuple[str, str]) -> list[dict]:
    own = numbers.results[numbers.results["comparison"] == " - ".join(pair)]
    levels = own[own["measure"] == numbers.measure]
    tests = own[own["measure"] == "interaction"].set_index("column")
    lines = [_level(numbers, pair, row) for row in levels[levels["column"] == ALL].itertuples()]
    for subgroup in numbers.basis.definition.subgroups:
        words = interaction_words(tests.loc[subgroup.column]) if subgroup.column in tests.index else ""
        head = {"kind": "column", "name": subgroup.label, "words": words, "key": "", "hover": ""}
        lines.append({**NO_NUMBERS, **head, "trouble": numbers.troubles.get(subgroup.column, "")})
        lines += [
            _level(numbers, pair, row) for row in levels[levels["column"] == subgroup.column].itertuples()
        ]
    return lines


def _level(numbers: SubgroupNumbers, pair: tuple[str, str], row) -> dict:
    counts1, counts0 = (numbers.count_words[row.column, row.level, trt] for trt in pair)
    key = level_key(numbers.basis, row.column, row.level)
    return {
        "kind": "all" if row.column == ALL else "level",
        "name": EVERYBODY if row.column == ALL else row.level,
        "counts1": counts1,
        "counts0": counts0,
        "estimate": row.estimate,
        "conf_low": row.conf_low,
        "conf_high": row.conf_high,
        "words": instead(row),
        "key": key,
        "hover": key,
    }


def left_out(results: pd.DataFrame, kept: pd.DataFrame) -> pd.Series:
    """The rows of which a file (`kept`) lacks a number."""
    numbers = ["n", "N", "estimate"]
    return (kept[numbers].isna() & results[numbers].notna()).any(axis=1)


def without_levels(lines: pd.DataFrame, keys: set[str]) -> pd.DataFrame:
    """The lines of the figure without the numbers of the levels of these keys."""
    gone = lines["key"].isin(keys) & (lines["kind"] == "level")
    words = {"words": NOT_SHOWN, "counts1": "", "counts0": ""}
    numbers = {name: lines[name].mask(gone) for name in ("estimate", "conf_low", "conf_high")}
    return lines.assign(**{name: lines[name].mask(gone, said) for name, said in words.items()}, **numbers)


def interaction_words(test: pd.Series) -> str:
    """ "interaction p = 0.21"; empty where fewer than two levels can be compared."""
    if not math.isnan(test["p_value"]):
        return f"interaction {wording.p_value(test['p_value'])}"
    return "" if test["note"].startswith("fewer than two") else "interaction not estimable"


def forest_table(numbers: SubgroupNumbers) -> pd.DataFrame:
    """One row per comparison and level as text, and one per column without levels."""
    basis, several = numbers.basis, len(numbers.basis.comparisons) > 1
    labels = {s.column: s.label for s in basis.definition.subgroups} | {ALL: EVERYBODY}
    levels = list(numbers.counts[["column", "level"]].drop_duplicates().itertuples(index=False, name=None))
    rows = [
        {
            **({"Comparison": " vs ".join(pair)} if several else {}),
            "Subgroup": labels[column],
            "Level": level,
            **{basis.labels[trt]: numbers.count_words[column, level, trt] for trt in pair or basis.trts},
            **compared.get((column, level), {}),
        }
        for pair in basis.comparisons or [()]
        for compared in [_compared(numbers, pair)]
        for column, level in levels
    ]
    rows += [{"Subgroup": labels[column], "Level": words} for column, words in numbers.troubles.items()]
    table = pd.DataFrame(rows).fillna("")
    return table[[column for column in table if (table[column] != "").any()]]


def _compared(numbers: SubgroupNumbers, pair: tuple[str, ...]) -> dict[tuple[str, str], dict[str, str]]:
    """Estimate, interval and, at the first level of its column, the test: by column and level."""
    own = numbers.results[numbers.results["comparison"] == " - ".join(pair)]
    tests = own[own["measure"] == "interaction"]
    p_values = dict(zip(tests["column"], tests["p_value"], strict=True))
    cells = {}
    for row in own[own["measure"] == numbers.measure].itertuples():
        shown = wording.p_value(p_values.pop(row.column, math.nan)).removeprefix("p = ").removeprefix("p ")
        cells[row.column, row.level] = {**_numbers(row, numbers), "Interaction p, nominal": shown}
    return cells


def _numbers(row, numbers: SubgroupNumbers) -> dict[str, str]:
    if instead(row):
        return {"Estimate": row.note or instead(row), "95% CI": ""}
    scale = "points" if numbers.measure == "difference" else "ratio"
    estimate, interval = wording.interval_text(row, scale=scale)
    return {"Estimate": estimate.removesuffix(" points"), "95% CI": interval}


def counted_levels(results: pd.DataFrame, measure: str) -> tuple[int, int, int]:
    """Subgroup columns compared, their levels, and the levels with an estimate in every comparison."""
    rows = results[(results["column"] != ALL) & (results["measure"] == measure)]
    given = rows.groupby(["column", "level"])["estimate"].agg(lambda values: values.notna().all())
    return rows["column"].nunique(), len(given), int(given.sum())
