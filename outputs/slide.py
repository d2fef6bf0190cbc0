"""One view of one output as it is kept: on a slide, as a pin, in a bundle. It has a short code that finds it again."""

import hashlib
import json
from dataclasses import dataclass

from analysis.adam import AnalysisData
from outputs.catalogue import beyond_defaults, build
from outputs.output import Output, View
from trialdata.study import Study

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 1 I L O U, which are misread
LENGTH = 8
SHOWN_AS = ("chart", "table", "both")


@dataclass(frozen=True)
class Slide:
    """An output, the reader's view and what was chosen for the output alone ((name, value), ...).

    `show`: "chart" (the table where there is none), "table" or "both". `note` is said beside it, by the speaker or as
    the comment of a pin.
    """

    output: str
    view: View
    options: tuple[tuple[str, str], ...] = ()
    show: str = "chart"
    note: str = ""

    def built(self, data: AnalysisData, **computed: object) -> Output:
        """The output in this view; `computed` takes the place of options that are no text, as a comparison of cuts."""
        return build(self.output, data, self.view, **dict(self.options) | computed)


def view_code(data: AnalysisData, slide: Slide) -> str:
    """ "K7QD-2M4X": the same view of the same data cut has the same code on every machine."""
    return code_of(data.study, slide)


def code_of(study: Study, slide: Slide) -> str:
    """The code of a view before anything is derived."""
    digest = int.from_bytes(hashlib.sha256(_identity(study, slide).encode()).digest())
    letters = []
    for _ in range(LENGTH):
        digest, place = divmod(digest, len(ALPHABET))
        letters.append(ALPHABET[place])
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def _identity(study: Study, slide: Slide) -> str:
    """What is shown, not how: neither `show` nor `note`, nor an option that is as it would be anyway."""
    filters = sorted((column, sorted(levels)) for column, levels in slide.view.filters)
    parts = [
        study.definition.studyid,
        study.content_hash,
        study.view,
        slide.output,
        slide.view.population,
        slide.view.endpoint or study.definition.leading.paramcd,
        filters,
        beyond_defaults(slide.output, slide.options),
    ]
    return json.dumps(parts, ensure_ascii=False)
