"""Every check that loads has words for the overview."""

import pathlib
import re

from outputs.finding_words import WORDS, counted

REFERENCE = pathlib.Path(__file__).parents[2] / "docs/reference/findings.md"


def test_every_warning_and_note_has_words():
    loads = re.findall(
        r"^\| `(\w+)` \| (?:warning|note) ", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(loads) > 50
    assert not set(loads) - set(WORDS)


def test_counts_speak_in_the_right_number():
    assert counted("visit_disagrees", 1) == "count outside its visit window"
    assert counted("visit_disagrees", 13) == "counts outside their visit window"
