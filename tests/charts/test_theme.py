"""Colours: legible (WCAG 2.2, computed from its formula), by role, told apart without colour."""

import pytest
from figure_frames import E2, POOLED, C, E

from charts.theme import ROLE_STYLES, arm_styles, look_of, role_colours, state_styles

THEMES = ("light", "dark", "print")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_formula():
    """Known pairs: black on white is 21:1; #767676 on white is 4.54:1 (WebAIM)."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ROLE_STYLES)
def test_arm_colours_are_legible(role, theme):
    page = look_of(theme).page
    mark, words = role_colours(role, theme)
    assert contrast(mark, page) >= 3
    assert contrast(words, page) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_words_are_legible(theme):
    look = look_of(theme)
    for colour in (look.text, look.grey, look.faint, look.ink):
        assert contrast(colour, look.page) >= 4.5
    assert contrast(look.text, look.widget) >= 4.5
    for colour in (look.axis, look.threshold):
        assert contrast(colour, look.page) >= 2.9


@pytest.mark.parametrize("theme", THEMES)
def test_counts_inside_state_fills_are_legible(theme):
    for state, style in state_styles(theme).items():
        if style.fill.startswith("#"):
            assert contrast(style.text, style.fill) >= 4.5, state


@pytest.mark.parametrize("theme", THEMES)
def test_response_states_stand_out_from_the_page(theme):
    page, styles = look_of(theme).page, state_styles(theme)
    assert contrast(styles["CR"].fill, page) >= 3
    assert contrast(styles["R"].fill, page) >= 2.5  # with its count inside, and thick in the lanes
    assert contrast(styles["CR"].fill, styles["R"].fill) >= 2.5


def test_arms_differ_without_colour():
    styles = arm_styles([E, E2, C])
    assert [s["dash"] for s in styles] == ["solid", "2px,3px", "7px,3px"]
    assert [s["symbol"] for s in styles] == ["circle", "square", "diamond"]


def test_colour_goes_by_role_not_by_order():
    assert [s["colour"] for s in arm_styles([C, E])] == ["#D55E00", "#0072B2"]
    assert [s["colour"] for s in arm_styles([C])] == ["#D55E00"]
    assert [s["colour"] for s in arm_styles([POOLED])] == ["#44525F"]
    assert [s["colour"] for s in arm_styles([E, E2, C], "dark")] == ["#4FA9DF", "#2EBD93", "#F0823F"]


def test_states_are_not_drawn_in_arm_colours():
    arms = {colour for style in ROLE_STYLES.values() for pair in (style.light, style.dark) for colour in pair}
    arms -= {"#44525F", "#B4C0CB"}
    assert not arms & {style.fill for theme in THEMES for style in state_styles(theme).values()}


def test_print_is_light_on_white():
    assert look_of("print").paper == "#FFFFFF"
    assert look_of("print").text == look_of("light").text
    assert look_of("light").paper == look_of("dark").paper == "rgba(0,0,0,0)"


def test_unknown_theme():
    with pytest.raises(ValueError, match="sepia"):
        look_of("sepia")
