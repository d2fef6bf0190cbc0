"""Text from files and definitions is shown letter by letter."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.output import ArmStyle
from ui.words import arm_name, badge, literal, plain

ARM = ArmStyle("A+B", "Drug [A] + *B*", "experimental", "#0072B2", "solid", "circle")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold**", r"\*\*bold\*\*"),
        (":red[x]", r"\:red\[x\]"),
        ("<script>", r"\<script\>"),
        ("$a$", r"\$a\$"),
        ("95% CI −0.3 to 46.5", "95% CI −0.3 to 46.5"),
        ("×10⁹/L", "×10⁹/L"),
    ],
)
def test_marks_of_markdown_are_led_by_a_backslash(text, shown):
    assert plain(text) == shown


@given(st.text())
def test_no_mark_stays_alone_and_no_letter_is_lost(text):
    shown = plain(text)
    unescaped = shown.replace("\\\\", "\0")
    assert all(unescaped[i - 1] == "\\" for i, c in enumerate(unescaped) if c in "*_[]`$<>:#~|{}")
    assert len(shown) == len(text) + sum(c in "\\`*_{}[]#$~<>|:" for c in text)


def test_an_arm_has_its_colour_by_short_and_long_name():
    assert arm_name("A+B", (ARM,)) == "**:blue[A+B]**"
    assert arm_name("Drug [A] + *B*", (ARM,)) == r"**:blue[Drug \[A\] + \*B\*]**"
    assert arm_name("All", (ARM,)) == "**All**"


def test_badges_are_violet_for_what_the_data_or_the_registry_do_not_say():
    assert badge("assumed") == ":violet-badge[assumed]"
    assert badge("immature") == ":gray-badge[immature]"


def test_a_table_keeps_its_marks_as_letters():
    shown = literal(pd.DataFrame({"*Arm*": ["A_B_", "<5 [x](y)"]}))
    assert list(shown) == [r"\*Arm\*"]
    assert list(shown[r"\*Arm\*"]) == [r"A\_B\_", r"\<5 \[x\](y)"]
