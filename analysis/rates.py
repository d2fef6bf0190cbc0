"""Response rates by arm, their comparison, best response, and the ledger of who is counted.

The denominator of a rate is the participants of the analysis set who are due (DUEFL "Y"); MISSING and
PENDING among them count as no response unless they are taken out on purpose.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import pandas as pd

from analysis import proportions
from analysis.rate_methods import INTERVALS, TESTS, Counts, interval_rows, rate_rows, test_rows

__all__ = ["INTERVALS", "TESTS"]  # the methods by measure; the functions below are this module's own

MISSING_RULES = ("nonresponse", "exclude")
SHARE = "share of the due"
RATE_COLUMNS = ["arm", "n", "N", "estimate", "conf_low", "conf_high", "method", "note"]
COMPARISON_COLUMNS = ["comparison", "measure", "estimate", "conf_low", "conf_high", "p_value"]
COMPARISON_COLUMNS += ["statistic", "df", "method", "note"]
RESPONSES = ("CR", "R", "NR", "PENDING", "MISSING")
YES_NO = ("Y", "N", "PENDING", "MISSING")
STATUS_LABELS = {
    "CR": "Complete response",
    "R": "Response",
    "NR": "No response",
    "Y": "Yes",
    "N": "No",
    "PENDING": "Pending",
    "MISSING": "Missing",
}
NR_REASONS = ("rescue", "death", "unconfirmed", "bleeding", "never reached")
EVERYBODY = "All"
KEPT = 256  # comparisons


def response_rates(
    adrs: pd.DataFrame,
    arms: Sequence[str],
    *,
    missing: str = "nonresponse",
    methods: str = "quick",
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Rows per arm, two by the quick set (Wilson, Clopper-Pearson): `n` of `N` due, rate and interval.

    `adrs` has one row per participant of the analysis set for one endpoint: ARM, AVAL (1 response, 0 none,
    NaN pending or missing), DUEFL. `missing="exclude"` takes pending and missing out of the denominator.
    """
    if missing not in MISSING_RULES:
        raise ValueError(f"missing is {missing!r}; expected one of {MISSING_RULES}")
    due = adrs[adrs["DUEFL"] == "Y"]
    if missing == "exclude":
        due = due[due["AVAL"].notna()]
    responders = due.groupby("ARM")["AVAL"].sum()
    participants = due["ARM"].value_counts()
    counts = [(arm, int(responders.get(arm, 0)), int(participants.get(arm, 0))) for arm in arms]
    return rates_from_counts(counts, methods=methods, conf_level=conf_level)


def rates_from_counts(
    counts: Iterable[tuple[str, int, int]], *, methods: str = "quick", conf_level: float = 0.95
) -> pd.DataFrame:
    """The frame of `response_rates` from (arm, responders, participants), by each method of a set.

    `methods`: "quick" (two rows an arm), or "cheap" and "full" (all seven). `note` tells of a missing interval
    and of one without width.
    """
    counts = list(counts)
    for arm, n, N in counts:
        if not 0 <= n <= N:
            raise ValueError(f"{arm}: {n} responders of {N} participants is not possible")
    rows = [row for of_arm in counts for row in rate_rows(of_arm, methods, conf_level)]
    return pd.DataFrame(rows, columns=RATE_COLUMNS)


def rate_comparisons(
    rates: pd.DataFrame,
    *,
    experimental: str,
    control: str,
    methods: str = "quick",
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Experimental against control, a row per method: difference, risk ratio, odds ratio and tests.

    `rates` is a frame of `response_rates`. `methods`: "quick" (nine rows), "cheap" (every closed form) or "full"
    (with the exact unconditional methods). The p of the intervals that invert the score test is that test's.
    An arm without participants: every number NaN, the methods stay.
    """
    x1, n1 = _counts(rates, experimental)
    x0, n0 = _counts(rates, control)
    table = (x1, n1, x0, n0)
    rows = pd.DataFrame(_compared(table, methods, conf_level), columns=COMPARISON_COLUMNS).assign(
        comparison=f"{experimental} - {control}"
    )
    empty = [arm for arm, size in ((experimental, n1), (control, n0)) if not size]
    return rows.assign(note=f"Nobody in {' or '.join(empty)}.") if empty else rows


@lru_cache(maxsize=KEPT)
def _compared(table: Counts, methods: str, conf_level: float) -> list[dict]:
    """The rows of one comparison; kept, since the outputs about one endpoint compare the same counts."""
    return [*interval_rows(table, methods, conf_level), *test_rows(table, methods)]


def rates_and_comparisons(
    rates: pd.DataFrame, pairs: Iterable[tuple[str, str]], *, methods: str = "quick"
) -> pd.DataFrame:
    """`rates` (measure "rate"), then its `rate_comparisons` of each (experimental, control), in one frame."""
    compared = [
        rate_comparisons(rates, experimental=arm, control=control, methods=methods) for arm, control in pairs
    ]
    whole = pd.concat([rates.assign(measure="rate"), *compared], ignore_index=True)
    whole = whole[[*whole.columns.drop("note"), "note"]]
    return whole.astype({"n": "Int64", "N": "Int64"})  # a comparison has neither; a count stays an integer


def best_response_shares(adrs: pd.DataFrame, arms: Sequence[str], *, yes_no: bool) -> pd.DataFrame:
    """One row per arm and answer: `n` of the `N` due, and the share.

    The answers are those of the endpoint: CR R NR, with `yes_no` Y N, and PENDING MISSING.
    """
    due = adrs[adrs["DUEFL"] == "Y"]
    counts = due.groupby(["ARM", "AVALC"]).size()
    rows = []
    for arm in arms:
        of_arm = {answer: int(counts.get((arm, answer), 0)) for answer in _answers(yes_no)}
        total = sum(of_arm.values())
        rows += [(arm, answer, n, total, proportions.ratio(n, total), SHARE) for answer, n in of_arm.items()]
    return pd.DataFrame(rows, columns=["arm", "category", "n", "N", "estimate", "method"])


def ledger(
    adrs: pd.DataFrame,
    adsl_all: pd.DataFrame,
    adsl_set: pd.DataFrame,
    arms: Sequence[str],
    *,
    yes_no: bool,
    bleeding: bool,
) -> pd.DataFrame:
    """One row per line and arm, "All" last: from everybody enrolled to every answer among the due; adds up.

    enrolled = not in the analysis set + analysis set; analysis set = not yet due + due; due = the sum of the
    level 1 lines but `no_bleeding`, which counts records. `adrs` holds one endpoint and the analysis set
    (ARM, AVALC, DUEFL, REASON, NOBLEED); a participant of the set counts under ARM, others under TRT01P.
    `yes_no`: the endpoint answers Y or N; `bleeding`: it asks for a bleeding assessment, and the line
    `no_bleeding` tells how often there was none.
    """
    outside = adsl_all.loc[~adsl_all["USUBJID"].isin(adsl_set["USUBJID"]), "TRT01P"]
    due = adrs[(adrs["DUEFL"] == "Y") & adrs["USUBJID"].isin(adsl_set["USUBJID"])]
    not_due = adsl_set.loc[~adsl_set["USUBJID"].isin(due["USUBJID"]), "ARM"]
    lines = [
        ("enrolled", "Enrolled", 0, Counter([*outside, *adsl_set["ARM"]])),
        ("not_in_set", "Not in the analysis set", 0, Counter(outside)),
        ("in_set", "Analysis set", 0, Counter(adsl_set["ARM"])),
        ("not_due", "Not yet due", 0, Counter(not_due)),
        ("due", "Due", 0, Counter(due["ARM"])),
        *_answer_lines(due, _answers(yes_no)),
    ]
    if bleeding:
        unassessed = Counter(due.groupby("ARM")["NOBLEED"].sum().to_dict())
        lines.append(("no_bleeding", "Records read without a bleeding assessment", 1, unassessed))
    rows = [
        (code, label, level, arm, n)
        for code, label, level, counts in lines
        for arm, n in _per_arm(counts, arms)
    ]
    return pd.DataFrame(rows, columns=["line", "label", "level", "arm", "n"])


def _counts(rates: pd.DataFrame, arm: str) -> tuple[int, int]:
    rows = rates.loc[rates["arm"] == arm, ["n", "N"]]
    if rows.empty:
        raise ValueError(f"no arm {arm!r} among {list(rates['arm'].unique())}")
    return int(rows["n"].iloc[0]), int(rows["N"].iloc[0])


def _answers(yes_no: bool) -> tuple[str, ...]:
    return YES_NO if yes_no else RESPONSES


def _answer_lines(due: pd.DataFrame, answers: Sequence[str]) -> Iterator[tuple[str, str, int, Counter]]:
    """(code, label, 1, count by arm) for each answer; NR by its reason, one without a reason only if it occurs."""
    explained = (due["AVALC"] == "NR") & due["REASON"].isin(NR_REASONS)
    code = due["AVALC"].where(~explained, "NR " + due["REASON"])
    counts: defaultdict[str, Counter] = defaultdict(Counter)
    for answer, arm in zip(code, due["ARM"], strict=True):
        counts[answer][arm] += 1
    for answer in answers:
        if answer == "NR":
            for reason in NR_REASONS:
                yield f"NR {reason}", f"No response: {reason}", 1, counts[f"NR {reason}"]
        if answer != "NR" or counts["NR"]:
            yield answer, STATUS_LABELS[answer], 1, counts[answer]


def _per_arm(counts: Counter, arms: Sequence[str]):
    """(arm, count) for each arm and, unless that is an arm's own name, their sum as "All"."""
    by_arm = [(arm, int(counts.get(arm, 0))) for arm in arms]
    yield from by_arm
    if EVERYBODY not in arms:
        yield EVERYBODY, sum(n for _, n in by_arm)
