"""Pins: outputs put aside while exploring, with a comment; they belong to a data cut and survive a restart."""

import datetime
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.adam import AnalysisData
from outputs.slide import Slide
from reports.kept_views import read_slide, refuse_unfit, slide_text
from trialdata.deidentify import check_identifiers
from trialdata.errors import StudyDataError
from trialdata.identifiers import named_in
from trialdata.store import open_store, store_of
from trialdata.values import INERT

if TYPE_CHECKING:
    from trialdata.store.notes import Of, PinRow

LONGEST_COMMENT = 500  # characters
TELLING = re.compile(r"(?=.*\d)(.*-.*|0.*|.{4,})")  # no number of a sentence: 04-017, 0017, 4017, but not 112


@dataclass(frozen=True)
class Pin:
    """One pin: its slide, with the comment as note; `slide` is None where this version or study cannot show it."""

    id: int
    slide: Slide | None
    comment: str
    at: str  # UTC
    trouble: str = ""


def all_pins(root: Path, data: AnalysisData) -> list[Pin]:
    """The pins of this cut and view in their order."""
    store = store_of(root)
    return [_pin(data, row) for row in rows().pins(store, of(data))] if store else []


def pins_of(root: Path, data: AnalysisData) -> list[Slide]:
    """What is pinned and can be shown, in order, each with its comment as note."""
    return [pin.slide for pin in all_pins(root, data) if pin.slide]


def pin(root: Path, data: AnalysisData, slide: Slide, comment: str, *, at: datetime.datetime) -> None:
    """Pin a view with a comment; pinned again it keeps its place and gets the new comment.

    StudyDataError where it may not be pinned, the comment may identify somebody, or the register cannot be written.
    """
    refuse_unfit(data, slide)
    said = checked_comment(data, comment)
    rows().add_pin(open_store(root), of(data), slide_text(replace(slide, note="")), said, at=at)


def unpin(root: Path, data: AnalysisData, pin_id: int) -> None:
    rows().remove_pin(open_store(root), of(data), pin_id)


def move(root: Path, data: AnalysisData, pin_id: int, by: int) -> None:
    """Down by so many places, up where it is negative."""
    rows().move_pin(open_store(root), of(data), pin_id, by)


def comment(root: Path, data: AnalysisData, pin_id: int, text: str) -> None:
    """Another comment; StudyDataError as for `pin`."""
    rows().change_comment(open_store(root), of(data), pin_id, checked_comment(data, text))


def rows():
    """The rows of the register behind it all."""
    from trialdata.store import notes  # SQLAlchemy takes half a second to import

    return notes


def of(data: AnalysisData) -> "Of":
    """Whose notes they are: of a study, a content of its data, a view."""
    return rows().Of(data.definition.studyid, data.study.content_hash, data.study.view)


def checked_comment(data: AnalysisData, text: str) -> str:
    """The comment on one line; StudyDataError where it is too long or may identify a person."""
    said = " ".join(INERT.sub("", text).split())
    if len(said) > LONGEST_COMMENT:
        raise StudyDataError(
            f"Comment: found {len(said):,} characters, expected up to {LONGEST_COMMENT}; say it shorter."
        )
    _, findings = check_identifiers(pd.DataFrame({"COMMENT": [said]}, dtype="str"), "comment")
    if any(map(len, findings)) or named_in(said) or names_participant(data, said):
        raise StudyDataError(
            "Comment: found what may identify a person, expected a comment about the numbers; it goes where the pin "
            "goes: say it in other words."
        )
    return said


def names_participant(data: AnalysisData, text: str) -> bool:
    """Whether a USUBJID of the study stands in the text, or a word that is the end of one after a separator."""
    ids = [usubjid.casefold() for usubjid in data.adsl["USUBJID"]]
    words = [word.casefold() for word in re.findall(r"\w[\w.-]*\w", text) if TELLING.match(word)]
    whole = any(re.search(rf"(?<!\w){re.escape(usubjid)}(?!\w)", text.casefold()) for usubjid in ids)
    return whole or any(usubjid.endswith(f"-{word}") for usubjid in ids for word in words)


def _pin(data: AnalysisData, row: "PinRow") -> Pin:
    try:
        slide = read_slide(row.slide, row.comment)
        refuse_unfit(data, slide)
    except StudyDataError as error:
        return Pin(row.id, None, row.comment, row.at, str(error))
    return Pin(row.id, slide, row.comment, row.at)
