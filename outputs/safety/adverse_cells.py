"""What the tables of adverse events share: cells as text, the class and term of a row, and cells kept out of files."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.safety.events import ALL, AdverseEvents, participants_with
from analysis.safety.terms import WHOLE_CLASS, only_events
from outputs import wording
from outputs.basis import Basis
from outputs.safety.counts import DERIVED, arm_columns, count_text
from outputs.small_cells import NOT_SHOWN, hidden_of, suppressed

Keys = tuple[str, ...]
ROW = ("SOC", "TERM")
ANY = "Any adverse event"
ANY_ROW = ("", "")
INDENT = "\u2003"
COUNTED = "participants with at least one event"
NOT_RECORDED = "not recorded"
NO_EVENTS = "No adverse event is on file at this cut."
KINDS = {
    "any": "All events",
    "grade3": "Grade 3 or more",
    "serious": "Serious",
    "related": "Related",
    "serious_related": "Serious and related",
}
NEEDED = {
    "grade3": ("GRADE",),
    "serious": ("SERIOUS",),
    "related": ("RELATED",),
    "serious_related": ("SERIOUS", "RELATED"),
}
NEEDED_WORDS = {
    "GRADE": "CTCAE grades are",
    "SERIOUS": "Seriousness is",
    "RELATED": "The relation to treatment is",
}


def of_kind(events: AdverseEvents, kind: str) -> AdverseEvents:
    """The events of one of KINDS; ValueError for another word."""
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; expected one of {tuple(KINDS)}")
    return only_events(
        events, least_grade=3 if kind == "grade3" else 0, serious="serious" in kind, related="related" in kind
    )


def nothing_to_count(events: AdverseEvents, kind: str, basis: Basis) -> str:
    """Why a table of events of this kind has nothing to show; empty when it has."""
    absent = [NEEDED_WORDS[name] for name in NEEDED.get(kind, ()) if name not in events.recorded]
    if basis.nobody():
        return basis.nobody()
    if "ANY" not in events.recorded:
        return NO_EVENTS
    if absent:
        return f"{absent[0]} not recorded in the data of this cut."
    return (
        ""
        if len(of_kind(events, kind).rows)
        else f"No treatment-emergent event at this cut ({KINDS[kind].lower()})."
    )


def any_counts(events: AdverseEvents) -> pd.DataFrame:
    """One row per arm, "All" last, for any event: SOC and TERM empty."""
    return participants_with(events.rows, (), events.sizes).assign(SOC="", TERM="")


def with_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts as results: whole numbers, the share, the method."""
    whole = {name: counts[name].astype("Int64") for name in ("n", "N", "events") if name in counts}
    n, N = whole["n"].astype(float), whole["N"].astype(float)
    return counts.assign(**whole, estimate=n / N.where(N > 0), method=COUNTED)


def with_comparisons(counts: pd.DataFrame, compared: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Counts (measure "count"), then what compares them, as results; a comparison has no count of its own."""
    columns = [*keys, "measure", "comparison", "arm", "control", "n", "N", "events"]
    columns += ["estimate", "conf_low", "conf_high", "method"]
    parts = [
        counts.assign(measure="count", comparison="", control=""),
        compared.drop(columns=["n", "N"], errors="ignore"),
    ]
    results = pd.concat(parts, ignore_index=True).reindex(columns=columns)
    return results.astype(
        {"n": "Int64", "N": "Int64", "events": "Int64"} | dict.fromkeys(columns[-4:-1], float)
    )


def count_cell(row) -> str:
    """ "12 (20%) [15]": participants with an event, their share, the events."""
    if pd.isna(row.n):
        return NOT_RECORDED if row.method == NOT_RECORDED else NOT_SHOWN
    known = bool(row.N) and pd.notna(getattr(row, "events", None))
    return f"{count_text(int(row.n), int(row.N))}{f' [{row.events}]' if known else ''}"


def compared_cells(
    compared: pd.DataFrame,
    keys: Sequence[str],
    rows: Sequence[Keys],
    basis: Basis,
    hidden: frozenset[Keys] = frozenset(),
    *,
    measures: Mapping[str, str],
) -> dict[str, list[str]]:
    """A column of texts for each measure and comparison: estimate and interval; where an arm is hidden, neither."""
    several = len(basis.comparisons) > 1
    columns = {}
    for measure, title in measures.items():
        of_measure = compared[compared["measure"] == measure]
        for arm, control in basis.comparisons:
            own = of_measure[(of_measure["arm"] == arm) & (of_measure["control"] == control)]
            texts = {each: estimate_text(row) for each, row in _keyed(own, keys)}
            heading = f"{title}, {arm} vs {control}" if several else title
            columns[heading] = [
                NOT_SHOWN if {(*row, arm), (*row, control)} & hidden else texts.get(row, "–") for row in rows
            ]
    return columns


def estimate_text(row) -> str:
    """ "8.3 (−1.2 to 18.9)": a difference in points with one decimal, a ratio with two."""
    estimate, interval = wording.interval_text(
        row, scale="points" if row.measure == "difference" else "ratio", decimals=1
    )
    return f"{estimate.removesuffix(' points')} ({interval})" if interval else estimate


def hidden_counts(counts: pd.DataFrame, keys: Sequence[str]) -> frozenset[Keys]:
    """The cells (values of `keys`, arm) whose number of participants leaves no file; only the arms add up, to "All".

    A participant stands in a class once and in each of its terms, so that terms say nothing of their class's sum.
    """
    hidden = hidden_of(counts, over={"arm": ALL}, within=tuple(keys), counts=("n",), at_most="N")["n"]
    return frozenset(each for each, _ in _keyed(counts[hidden], [*keys, "arm"]))


def without_hidden(results: pd.DataFrame, hidden: frozenset[Keys], keys: Sequence[str]) -> pd.DataFrame:
    """Results without the numbers of hidden cells, nor of comparisons with one."""
    columns = [*keys, "arm"]
    gone = [each in hidden for each, _ in _keyed(results, columns)]
    if "control" in results:
        control = [each in hidden for each, _ in _keyed(results, [*keys, "control"])]
        gone = [a or b for a, b in zip(gone, control, strict=True)]
    return suppressed(
        results, pd.DataFrame({"n": gone}, index=results.index, dtype=bool), derived=(*DERIVED, "years")
    )


def term_labels(rows: Sequence[Keys]) -> list[str]:
    """What each row is called: a class, a term under its class, or a term alone, with its class where two have it."""
    classes = {soc for soc, term in rows if soc and term == WHOLE_CLASS}
    terms = [term for soc, term in rows if term]
    labels = []
    for soc, term in rows:
        if not soc:
            labels.append(ANY)
        elif term == WHOLE_CLASS:
            labels.append(soc)
        elif soc in classes:
            labels.append(f"{INDENT}{term}")
        else:
            labels.append(f"{term} ({soc})" if terms.count(term) > 1 else term)
    return labels


def arm_column_cells(basis: Basis, *, total: bool = True) -> dict[str, tuple[str, str]]:
    """What the columns by arm add to the cell of a row: the arm; "All" leaves it open."""
    columns = arm_columns(basis, total=total)
    return {label: ("ARM", "" if arm == ALL else arm) for arm, label in columns.items()}


def _keyed(frame: pd.DataFrame, keys: Sequence[str]):
    """Each row as the values of `keys` and the row itself."""
    values = frame[list(keys)].itertuples(index=False, name=None)
    return zip(values, frame.itertuples(index=False), strict=True)
