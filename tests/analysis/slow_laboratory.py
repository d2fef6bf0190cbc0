"""The laboratory rules a second time, in exact fractions and plain loops, from docs/reference/safety.md, section 4.

A row is a dict as typed in a test; numbers are texts, so that no binary rounding comes in.
"""

from fractions import Fraction

FACTORS = {
    "ALT": {"U/L": "1", "IU/L": "1", "µkat/L": "60"},
    "AST": {"U/L": "1", "IU/L": "1", "µkat/L": "60"},
    "BILI": {"µmol/L": "1", "mg/dL": "17.104", "mmol/L": "1000"},
    "HGB": {"g/L": "1", "g/dL": "10"},
    "NEUT": {"10^9/L": "1", "/µL": "0.001"},
}
HIGH = {"ALT": ("3", "5", "20"), "AST": ("3", "5", "20"), "BILI": ("1.5", "3", "10")}
LOW = {"HGB": ("100", "80"), "NEUT": ("1.5", "1", "0.5")}
TINY = Fraction(1, 10**6)


def read(row: dict) -> dict | None:
    """The value of a row in the unit shown, or None where it is in no known unit or no value."""
    factor = FACTORS[row["PARAMCD"]].get(row["AVALU"])
    text = row["AVALC"] or row["AVAL"]
    if factor is None or text in ("", None) or not row["ADY"]:
        return None
    shift = {"<": -TINY, ">": TINY}.get(text[0], Fraction(0))
    value = Fraction(text.lstrip("<>")) * Fraction(factor) * (1 + shift)
    limits = {
        name: None if row[name] in ("", None) else Fraction(row[name]) * Fraction(factor)
        for name in ("ANRLO", "ANRHI")
    }
    return row | limits | {"VALUE": value}


def rank(value: dict) -> tuple:
    """The later, then the higher, then the one with the higher limits of normal, then a measured one."""
    return value["ADY"], value["VALUE"], value["ANRHI"] or 0, value["ANRLO"] or 0, value["DTYPE"] == ""


def values_of(rows: list[dict], usubjid: str, paramcd: str) -> tuple[dict | None, list[dict]]:
    """The baseline and the values after it."""
    own = [
        value
        for row in rows
        if row["USUBJID"] == usubjid and row["PARAMCD"] == paramcd and (value := read(row)) is not None
    ]
    flagged = [value for value in own if value["ABLFL"] == "Y"]
    before = [value for value in own if not value["DTYPE"] and value["ADY"] <= 1]
    candidates = flagged or before
    base = max(candidates, key=rank) if candidates else None
    later = [value for value in own if value["ADY"] > 1 and not value["DTYPE"] and value is not base]
    return base, later


def grade(paramcd: str, value: dict, base: dict | None) -> int | None:
    number = value["VALUE"]
    if paramcd in LOW:
        bounds = [Fraction(bound) for bound in LOW[paramcd]]
        under = [i + 2 for i, bound in enumerate(bounds) if number < bound]
        if under:
            return max(under)
        return None if value["ANRLO"] is None else int(number < value["ANRLO"])
    multiples = [Fraction(multiple) for multiple in HIGH[paramcd]]
    if base is not None and base["ANRHI"] is not None and base["VALUE"] > base["ANRHI"]:
        against = base["VALUE"]
        first = number > against if paramcd == "BILI" else number >= Fraction(3, 2) * against
    elif value["ANRHI"] is None:
        return None
    else:
        against = value["ANRHI"]
        first = number > against
    over = [i + 2 for i, multiple in enumerate(multiples) if number > multiple * against]
    return max(over, default=int(first))


def worst(rows: list[dict], usubjid: str, paramcd: str) -> tuple[int | None, int | None]:
    """The grade of the baseline and the worst after it."""
    base, later = values_of(rows, usubjid, paramcd)
    known = [g for value in later if (g := grade(paramcd, value, base)) is not None]
    return None if base is None else grade(paramcd, base, None), max(known, default=None)


def flag(value: dict) -> str:
    low, high = value["ANRLO"], value["ANRHI"]
    if low is None and high is None:
        return ""
    if low is not None and value["VALUE"] < low:
        return "low"
    return "high" if high is not None and value["VALUE"] > high else "normal"


def flags(rows: list[dict], usubjid: str, paramcd: str, at: str) -> set[str]:
    base, later = values_of(rows, usubjid, paramcd)
    if at == "baseline":
        return {flag(base)} - {""} if base else set()
    known = [value for value in later if flag(value)]
    if at == "last":
        return {flag(max(known, key=rank))} if known else set()
    found = {flag(value) for value in known}
    return found - {"normal"} or found


def liver(rows: list[dict], usubjid: str) -> tuple[str | None, tuple | None]:
    """The quadrant, and the days of the first pair that makes a potential case."""
    enzymes = [v for code in ("ALT", "AST") for v in values_of(rows, usubjid, code)[1] if v["ANRHI"]]
    bilirubin = [v for v in values_of(rows, usubjid, "BILI")[1] if v["ANRHI"]]
    if not enzymes or not bilirubin:
        return None, None
    high = any(v["VALUE"] >= 3 * v["ANRHI"] for v in enzymes)
    yellow = any(v["VALUE"] > 2 * v["ANRHI"] for v in bilirubin)
    pairs = [
        (e["ADY"], b["ADY"])
        for e in enzymes
        for b in bilirubin
        if e["VALUE"] >= 3 * e["ANRHI"] and b["VALUE"] > 2 * b["ANRHI"] and 0 <= b["ADY"] - e["ADY"] <= 30
    ]
    quadrant = {(True, True): "HY", (True, False): "ENZYME", (False, True): "BILIRUBIN"}
    return quadrant.get((high, yellow), "NEITHER"), min(pairs, default=None)


def at_week(
    rows: list[dict], usubjid: str, paramcd: str, target: int, low: int, high: int
) -> Fraction | None:
    """The value of a visit after day 1 whose window is `low` to `high`."""
    later = [v for v in values_of(rows, usubjid, paramcd)[1] if low <= v["ADY"] <= high]
    if not later:
        return None
    return min(later, key=lambda v: (abs(v["ADY"] - target), -v["ADY"], -v["VALUE"]))["VALUE"]
