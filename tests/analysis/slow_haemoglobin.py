"""The haemoglobin response counted slowly, value by value, from docs/reference/nonrandomised.md, section 12.

`rows` are rows of adlb typed as dictionaries, `given` the days (first, last or None) of red cell transfusions. Numbers
are fractions, so that no tolerance is needed.
"""

from fractions import Fraction

TO_G_PER_L = {"g/L": 1, "g/dL": 10}
RAISED, LOWERED = ("LDH", "BILI"), ("HAPTO",)
EVERY_MARKER = ("LDH", "BILI", "RETIC")
UNITS = {
    "LDH": {"U/L": 1},
    "BILI": {"µmol/L": 1},
    "RETIC": {"10^9/L": 1},
    "HAPTO": TO_G_PER_L,
    "HGB": TO_G_PER_L,
}
RISE, FREE, NEAR, WINDOW = 20, 7, 7, (2, 100)
BY_SEX = {"F": 120, "M": 130}


def on_calendar(day: int) -> int:
    return day - 1 if day > 0 else day


def apart(first: int, second: int) -> int:
    """Calendar days from the first study day to the second."""
    return on_calendar(second) - on_calendar(first)


def in_one_unit(row: dict) -> dict | None:
    factor = UNITS[row["PARAMCD"]].get(row["AVALU"])
    if factor is None or row["AVAL"] is None:
        return None
    numbers = {name: None if row.get(name) is None else Fraction(str(row[name])) * factor
               for name in ("AVAL", "ANRLO", "ANRHI")}  # fmt: skip
    return {"DAY": row["ADY"], "FLAGGED": row.get("ABLFL") == "Y", "CODE": row["PARAMCD"], **numbers}


def baseline(values: list[dict]) -> dict | None:
    """The flagged value (latest day, highest), else the last by day 1 (highest); of equals the higher limits."""
    flagged = [value for value in values if value["FLAGGED"]]
    may_be = flagged or [value for value in values if value["DAY"] <= 1]
    rank = lambda v: (v["DAY"], v["AVAL"], v["ANRHI"] or -1, v["ANRLO"] or -1)  # noqa: E731
    return max(may_be, key=rank, default=None)


def normal_limit(value: dict, sex: str) -> Fraction | None:
    return value["ANRLO"] if value["ANRLO"] is not None else BY_SEX.get(sex)


def haemolysis(values: list[dict], day: int, raised: tuple[str, ...]) -> str:
    """ "none", "measured" or "yes" within the days around."""
    found = "none"
    for value in values:
        if abs(apart(value["DAY"], day)) > NEAR:
            continue
        limit = value["ANRHI"] if value["CODE"] in raised else value["ANRLO"]
        if limit is None:
            continue
        beyond = value["AVAL"] > limit if value["CODE"] in raised else value["AVAL"] < limit
        if beyond:
            return "yes"
        found = "measured"
    return found


def transfused(given: list[tuple], day: int) -> bool:
    for first, last in given:
        end = first if last is None or last < first else last
        for each in range(first, end + 1):
            if each != 0 and 0 <= apart(each, day) <= FREE:
                return True
    return False


def answer(
    rows: list[dict],
    given: list[tuple],
    sex: str,
    died: int | None,
    *,
    window: tuple[int, int] = WINDOW,
    raised: tuple[str, ...] = RAISED,
) -> tuple:
    """(answer, onset, onset of the complete response, whether haemolysis was measured near one)."""
    values = [value for row in rows if row["PARAMCD"] in UNITS and (value := in_one_unit(row)) is not None]
    haemoglobin = [value for value in values if value["CODE"] == "HGB"]
    markers = [value for value in values if value["CODE"] in (*raised, *LOWERED)]
    base = baseline(haemoglobin)
    if base is None or (died is not None and base["DAY"] > died):
        return "no baseline", None, None, False
    limit = normal_limit(base, sex)
    if limit is None:
        return "no limit of normal", None, None, False
    if base["AVAL"] >= limit:
        return "not anaemic", None, None, False
    days: dict[int, dict] = {}
    for value in haemoglobin:
        late = died is not None and value["DAY"] > died
        if (value["FLAGGED"] and value is base) or late or not window[0] <= value["DAY"] <= window[1]:
            continue
        lowest = days.get(value["DAY"])
        if lowest is None or value["AVAL"] < lowest["AVAL"]:
            days[value["DAY"]] = value
    onset, complete, measured = [], [], False
    for day, value in days.items():
        at = normal_limit(value, sex)
        normal = at is not None and value["AVAL"] >= at
        if transfused(given, day) or not (normal or value["AVAL"] - base["AVAL"] >= RISE):
            continue
        onset.append(day)
        near = haemolysis(markers, day, raised)
        if normal and near != "yes":
            complete.append(day)
            measured |= near == "measured"
    if complete:
        return "CR", min(onset), min(complete), measured
    if onset:
        return "R", min(onset), None, False
    ended = died is not None and died <= window[1]
    return "NR" if days or ended else "MISSING", None, None, False
