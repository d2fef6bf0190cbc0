"""Response rates by arm, their comparison, best response, and the ledger of who is counted.

The denominator of a rate is the participants of the analysis set who are due (DUEFL "Y"); MISSING and
PENDING among them count as no response unless they are taken out on purpose.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from analysis import proportions

MISSING_RULES = ("nonresponse", "exclude")
WILSON = "Wilson score"
CLOPPER_PEARSON = "Clopper-Pearson exact"
MIETTINEN_NURMINEN = "Miettinen-Nurminen"
NEWCOMBE = "Newcombe"
RATIO_SCORE = "Koopman/Miettinen-Nurminen score"
KATZ = "Katz log"
WOOLF = "Woolf logit"
CONDITIONAL_EXACT = "conditional exact"
PEARSON = "Pearson chi-square"
YATES = "Yates chi-square"
FISHER = "Fisher exact"
SHARE = "share of the due"
INTERVALS = (  # measure, method, limits, and whether they invert the score test
    ("difference", MIETTINEN_NURMINEN, proportions.miettinen_nurminen, True),
    ("difference", NEWCOMBE, proportions.newcombe, False),
    ("risk ratio", RATIO_SCORE, proportions.risk_ratio_score, True),
    ("risk ratio", KATZ, proportions.katz, False),
    ("odds ratio", WOOLF, proportions.woolf, False),
)
COMPARISON_COLUMNS = ["comparison", "measure", "estimate", "conf_low", "conf_high", "p_value"]
COMPARISON_COLUMNS += ["statistic", "df", "method"]
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


def response_rates(
    adrs: pd.DataFrame, arms: Sequence[str], *, missing: str = "nonresponse", conf_level: float = 0.95
) -> pd.DataFrame:
    """Two rows per arm (Wilson, Clopper-Pearson): responders `n` of `N` due, rate and interval.

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
    return rates_from_counts(counts, conf_level=conf_level)


def rates_from_counts(counts: Iterable[tuple[str, int, int]], *, conf_level: float = 0.95) -> pd.DataFrame:
    """The frame of `response_rates` from (arm, responders, participants) alone."""
    counts = list(counts)
    for arm, n, N in counts:
        if not 0 <= n <= N:
            raise ValueError(f"{arm}: {n} responders of {N} participants is not possible")
    rows = [
        (arm, n, N, proportions.ratio(n, N), *interval(n, N, conf_level), method)
        for arm, n, N in counts
        for method, interval in ((WILSON, proportions.wilson), (CLOPPER_PEARSON, proportions.clopper_pearson))
    ]
    return pd.DataFrame(rows, columns=["arm", "n", "N", "estimate", "conf_low", "conf_high", "method"])


def rate_comparisons(
    rates: pd.DataFrame, *, experimental: str, control: str, conf_level: float = 0.95
) -> pd.DataFrame:
    """Nine rows, experimental against control: difference, risk ratio, odds ratio and tests by each method.

    `rates` is a frame of `response_rates`. The p of "Miettinen-Nurminen" belongs to the score test that its
    interval inverts. An arm without participants: every number NaN, the methods stay.
    """
    x1, n1 = _counts(rates, experimental)
    x0, n0 = _counts(rates, control)
    rows = [*_interval_rows(x1, n1, x0, n0, conf_level), *_test_rows(x1, n1, x0, n0)]
    return pd.DataFrame(rows, columns=COMPARISON_COLUMNS).assign(comparison=f"{experimental} - {control}")


def rates_and_comparisons(rates: pd.DataFrame, pairs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """`rates` (measure "rate"), then its `rate_comparisons` of each (experimental, control), in one frame."""
    compared = [rate_comparisons(rates, experimental=arm, control=control) for arm, control in pairs]
    whole = pd.concat([rates.assign(measure="rate"), *compared], ignore_index=True)
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


def _interval_rows(x1: int, n1: int, x0: int, n0: int, conf_level: float) -> Iterator[dict]:
    table, score = (x1, n1, x0, n0), proportions.score_test(x1, n1, x0, n0)
    both_arms = n1 > 0 and n0 > 0
    estimates = {
        "difference": x1 / n1 - x0 / n0 if both_arms else proportions.NAN,
        "risk ratio": proportions.ratio(x1 * n0, x0 * n1) if both_arms else proportions.NAN,
        "odds ratio": proportions.odds_ratio(*table),
    }
    for measure, method, interval, test in INTERVALS:
        limits = interval(*table, conf_level)
        yield _interval_row(
            measure, method, estimates[measure], limits, score if test else proportions.NO_TEST
        )
    conditional, limits = proportions.conditional_odds_ratio(*table, conf_level)
    yield _interval_row("odds ratio", CONDITIONAL_EXACT, conditional, limits, proportions.NO_TEST)


def _interval_row(measure, method, estimate, limits, test) -> dict:
    return {
        "measure": measure,
        "estimate": estimate,
        "conf_low": limits.low,
        "conf_high": limits.high,
        "p_value": test.p_value,
        "statistic": test.statistic,
        "df": proportions.NAN if test is proportions.NO_TEST else 1,
        "method": method,
    }


def _test_rows(x1: int, n1: int, x0: int, n0: int) -> Iterator[dict]:
    for method, test in ((PEARSON, proportions.pearson), (YATES, proportions.yates)):
        statistic, p_value = test(x1, n1, x0, n0)
        yield {"measure": "test", "p_value": p_value, "statistic": statistic, "df": 1, "method": method}
    yield {"measure": "test", "p_value": proportions.fisher(x1, n1, x0, n0), "method": FISHER}


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
