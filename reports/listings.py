"""Listings: participant-level rows as an export of their own, asked for by name, without anybody's identifier.

A participant is P001, P002, ... in an order that tells nothing; sites, days of the cut, places in the files sent and
full dates are left out. In no report, deck, figure or bundle.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.adam import AnalysisData
from analysis.cut_steps import CutComparison
from analysis.populations import analysis_set
from outputs.catalogue import CATALOGUE, build, is_about_one, is_about_two_cuts, option_names
from outputs.context import context_words, marks
from outputs.output import View
from reports.datasets import analysis_datasets
from reports.no_dates import follows_cut_day, without_full_dates
from trialdata.errors import StudyDataError

DATASETS = {  # listings that are no output: the answers themselves
    "verdicts": ("ADRS", "The answer of every participant for every endpoint"),
    "times": ("ADTTE", "The time to every event of every participant"),
}
NOT_LISTED = (
    *("findings", "queries", "load_report"),  # point into the files of the sites and quote them
    *("overview_platelets", "platelet_participants"),  # figures: no row for each participant
)
DROPPED = ("STUDYID", "SUBJID", "SITEID", "SITE", "FILE", "ROW", "DCUTDY", "SRCDOM", "SRCVAR", "SRCSEQ")
SHORTEST = 4  # characters of an identifier that is looked for inside texts
NOTICE = (
    "Participant-level, pseudonymised: P001, P002, ... stand for participants at this data cut alone, in an order "
    "that tells nothing. No site, no date, no day of the data cut. Not anonymous: who holds the data cut can find "
    "each row again."
)


@dataclass(frozen=True, eq=False)
class Listing:
    """One listing: `frame` has PARTICIPANT first, sorted by it; `notes` say what it is of."""

    name: str
    title: str
    frame: pd.DataFrame
    notes: tuple[str, ...]


def listing_names() -> list[str]:
    """What can be asked for by name."""
    listed = [
        entry.id
        for entry in CATALOGUE.values()
        if entry.participant_level
        and entry.id not in NOT_LISTED
        and not is_about_one(entry.id)
        and "usubjids" not in option_names(entry.id)
    ]
    return [*listed, *DATASETS]


def listing(data: AnalysisData, name: str, view: View, *, since: CutComparison | None = None) -> Listing:
    """The listing of that name in a view; StudyDataError for a name that there is not."""
    if name not in listing_names():
        raise StudyDataError(f"There is no listing {name!r}; there are {', '.join(listing_names())}.")
    if name in DATASETS:
        dataset, title = DATASETS[name]
        rows = _rows_of(data, dataset, view)
        footnotes: tuple[str, ...] = ()
    else:
        options = {"since": since} if is_about_two_cuts(name) else {}
        if is_about_two_cuts(name) and since is None:
            raise StudyDataError(f"{name}: there is no earlier data cut to compare with.")
        output = build(name, data, view, **options)
        title, rows = output.title, output.results
        footnotes = tuple(note for note in (output.empty, *output.footnotes) if note)
    notes = (NOTICE, context_words(data, view), *marks(data), *footnotes)
    return Listing(name, title, pseudonymised(rows, data), notes)


def _rows_of(data: AnalysisData, dataset: str, view: View) -> pd.DataFrame:
    """The rows of an analysis dataset of the participants in the view."""
    (frame,) = (each.frame for each in analysis_datasets(data) if each.name == dataset)
    inside = analysis_set(data, view.population, view.filters)["USUBJID"]
    return frame[frame["USUBJID"].isin(inside)]


def pseudonyms(data: AnalysisData) -> dict[str, str]:
    """P001, P002, ... by USUBJID: the same within a data cut, in an order that follows from the counts in it.

    The key holds the counts beside the hash of the cut, which every report names, so that nobody without the data can
    work the order out from guessed identifiers.
    """
    counts = ",".join(map(repr, data.study.adlb["AVAL"].tolist()))
    key = hashlib.blake2b(f"{data.study.content_hash} {counts}".encode()).digest()
    everybody = sorted(
        set(data.adsl["USUBJID"]) | set(data.screen_failures["USUBJID"]),
        key=lambda usubjid: hashlib.blake2b(usubjid.encode(), key=key).digest(),
    )
    digits = max(3, len(str(len(everybody))))
    return {usubjid: f"P{place:0{digits}}" for place, usubjid in enumerate(everybody, start=1)}


def pseudonymised(rows: pd.DataFrame, data: AnalysisData) -> pd.DataFrame:
    """The rows with PARTICIPANT in place of USUBJID, sorted by it, without what gives somebody back."""
    named = pseudonyms(data)
    cut_day = rows["USUBJID"].map(data.adsl.set_index("USUBJID")["DCUTDY"]).astype("float64")
    columns = {"PARTICIPANT": rows["USUBJID"].map(named)}
    for column, values in rows.drop(columns="USUBJID").items():
        if str(column).upper() in DROPPED:
            continue
        if not pd.api.types.is_numeric_dtype(values):
            columns[str(column)] = _without_identifiers(values.astype("str").mask(values.isna(), ""), named)
        elif not follows_cut_day(values.astype("float64"), cut_day):
            columns[str(column)] = values
    return pd.DataFrame(columns).sort_values("PARTICIPANT", kind="stable", ignore_index=True)


def _without_identifiers(texts: pd.Series, named: Mapping[str, str]) -> pd.Series:
    """Texts in which every USUBJID is its pseudonym, and those with a date are empty."""
    known = sorted((each for each in named if len(each) >= SHORTEST), key=len, reverse=True)
    anybody = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known)) or '(?!)'})(?!\w)")
    told = {text: anybody.sub(lambda found: named[found[0]], text) for text in texts.unique()}
    return without_full_dates(texts.map(told).astype("str"))[0]
