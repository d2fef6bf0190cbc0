"""Exposure once more, in plain Python and day by day, from the sentences of docs/reference/safety.md, section 5.

Rows are dicts with None for a missing number; study days are walked one at a time, without a day 0.
"""

FREQUENCIES = {  # (doses on a day with a dose, days from one such day to the next)
    **{"QD": (1, 1), "每日一次": (1, 1), "BID": (2, 1), "b.i.d.": (2, 1), "TID": (3, 1), "QID": (4, 1)},
    **{"QOD": (1, 2), "隔日一次": (1, 2), "QW": (1, 7), "每周一次": (1, 7), "Q2W": (1, 14)},
}
FACTORS = {"prednisone": 1, "methylprednisolone": 1.25, "dexamethasone": 6.67, "hydrocortisone": 0.25}


def is_day(day):
    return day is not None and day != 0 and day == int(day)


def next_day(day):
    return 1 if day == -1 else day + 1


def often(row, prefix):
    """(doses, days between, once), or None where how often is unknown."""
    if row[f"{prefix}DOSU"].strip().lower().endswith("/day"):
        return (1, 1, False)
    word = row[f"{prefix}DOSFRQ"].strip()
    one_day = is_day(row["AENDY"]) and row["AENDY"] <= row["ASTDY"]
    if word == "ONCE" or (word == "" and one_day):
        return (1, 1, True)
    return (*FREQUENCIES[word], False) if word in FREQUENCIES else None


def unit_of(row, prefix):
    return row[f"{prefix}DOSU"].strip().lower().removesuffix("/day")


def days_of(row, prefix, fudy, open_end=None):
    """{day: doses on it} of one row; doses None where how often is unknown."""
    how = often(row, prefix)
    last = row["AENDY"] if is_day(row["AENDY"]) else (fudy if open_end is None else open_end)
    last = max(last, row["ASTDY"])
    if how is not None and how[2]:
        last = row["ASTDY"]
    found, day, number = {}, row["ASTDY"], 0
    while day <= last:
        if 1 <= day <= fudy:
            found[day] = None if how is None else (how[0] if number % how[1] == 0 else 0)
        day, number = next_day(day), number + 1
    return found


def why_uncounted(row, unit):
    """Whether a dose is in no amount."""
    dose = row["EXDOSE"]
    own = unit_of(row, "EX")
    return dose is None or dose < 0 or own == "" or own != unit or often(row, "EX") is None


def total(rows, unit, plan, fudy):
    """Doses, amount, planned amount and relative dose of one participant and drug; None for what is unknown."""
    given = [row for row in rows if row["EXDOSE"] != 0 and days_of(row, "EX", fudy)]
    uncounted = any(why_uncounted(row, unit) for row in given)
    doses, amount = 0, 0.0
    for row in given:
        for n in days_of(row, "EX", fudy).values():
            doses = None if doses is None or n is None else doses + n
            amount += 0 if uncounted else n * row["EXDOSE"]
    planned = planned_amount(plan, fudy) if plan else None
    relative = None if uncounted or not planned else amount / planned
    days = sorted(day for row in given for day in days_of(row, "EX", fudy))
    return {
        "DOSES": doses, "AMOUNT": None if uncounted else amount, "PLANNED": planned, "RELATIVE": relative,
        "FIRST": days[0] if days else None, "LAST": days[-1] if days else None,
    }  # fmt: skip


def planned_amount(plan, fudy):
    doses = 0
    for day in range(1, max(int(fudy), 0) + 1):
        if plan.doses is None:
            doses += plan.per_day if day <= plan.last_day else 0
        elif plan.every_days is None:
            doses = plan.doses
        elif (day - 1) % plan.every_days == 0 and doses < plan.doses:
            doses += 1
    return doses * plan.dose


def still_on(rows, plan, fudy):
    """(last day with the drug, whether it is over by FUDY)."""
    days = [day for row in rows if row["EXDOSE"] != 0 for day in days_of(row, "EX", fudy)]
    given = [n for row in rows if row["EXDOSE"] != 0 for n in days_of(row, "EX", fudy).values()]
    last = max(days)
    waits = bool(
        plan
        and plan.doses
        and plan.every_days
        and None not in given
        and sum(given) < plan.doses
        and fudy < last + 2 * plan.every_days
    )
    return last, last < fudy and not waits


def changes(rows, unit, fudy):
    """[(kind, reason, days without)] of one participant and drug, in order of day, gaps before changes."""
    shown = [row for row in rows if days_of(row, "EX", fudy)]
    found = []
    for once in (False, True):
        earlier = []
        own = [
            row
            for row in shown
            if row["EXDOSE"] != 0 and bool(often(row, "EX") and often(row, "EX")[2]) == once
        ]
        own.sort(key=lambda row: (min(days_of(row, "EX", fudy)), max(days_of(row, "EX", fudy))))
        for row in own:
            taken = {day for each in earlier for day in days_of(each, "EX", fudy)}
            start = min(days_of(row, "EX", fudy))
            if earlier and start > max(taken):
                before = earlier[-1]
                free = [day for day in range(1, start) if day > max(taken)]
                between = (often(before, "EX") or (1, 1))[1] - 1
                if not once and len(free) - between >= 2:
                    zero = [
                        each["EXADJ"]
                        for each in shown
                        if each["EXDOSE"] == 0 and min(days_of(each, "EX", fudy)) in free and each["EXADJ"]
                    ]
                    found.append(("interrupted", zero[0] if zero else row["EXADJ"], len(free)))
                if not why_uncounted(before, unit) and not why_uncounted(row, unit):
                    old, new = (
                        each["EXDOSE"] * often(each, "EX")[0] / often(each, "EX")[1] for each in (before, row)
                    )
                    if abs(old - new) > 1e-9:
                        found.append(("dose raised" if new > old else "dose lowered", row["EXADJ"], 0))
            earlier.append(row)
    return found


def steroid_on(rows, day, fudy, open_ends):
    """The dose on one day: 0 without a steroid, None where it is unknown."""
    dose = 0.0
    for row in rows:
        single = open_ends.get(row["CMCLAS"]) == "single"
        if row["CMDOSE"] == 0 or day not in days_of(row, "CM", fudy, row["ASTDY"] if single else None):
            continue
        how, factor = often(row, "CM"), FACTORS.get(row["CMDECOD"].split(" ")[0].lower())
        bad = row["CMDOSE"] is None or row["CMDOSE"] < 0 or unit_of(row, "CM") != "mg"
        if bad or how is None or factor is None:
            return None
        dose += row["CMDOSE"] * how[0] / how[1] * factor
    return dose


def on_steroid(rows, day, fudy, open_ends):
    dose = steroid_on(rows, day, fudy, open_ends)
    return dose is None or any(
        row["CMDOSE"] != 0
        and day
        in days_of(row, "CM", fudy, row["ASTDY"] if open_ends.get(row["CMCLAS"]) == "single" else None)
        for row in rows
    )
