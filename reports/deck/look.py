"""Sizes and colours of a slide."""

from pptx.dml.color import RGBColor

from outputs.output import ArmStyle

TITLE, LINE, BODY, FOOT = 25.0, 15.0, 18.0, 11.0  # points
SMALLEST_TITLE = 18.0
LEADING = 1.2  # height of a line as a multiple of the size
TALL_LEADING = 1.45  # of Chinese, Japanese and Korean letters
FULL_WIDTH = "\u2e80"  # from here on such letters

TEXT, GREY = "1C2128", "57606A"
AXIS, GRID, VIOLET = "8C96A1", "D3D7DC", "5C3F6B"
ARM_TEXT = {"#0072B2": "00639B", "#D55E00": "B34E00", "#009E73": "007556"}  # 4.5:1 on white


def rgb(colour: str) -> RGBColor:
    """ "#00639B" or "00639B" as python-pptx has it."""
    return RGBColor.from_string(colour.lstrip("#"))


def arm_text_colour(text: str, arms: tuple[ArmStyle, ...]) -> str:
    """The colour of the words where they are the name of an arm; else empty."""
    named = next((arm for arm in arms if text in (arm.trt, arm.label)), None)
    return ARM_TEXT.get(named.colour, named.colour.lstrip("#")) if named else ""


def leading(text: str) -> float:
    """The height of a line of that text as a multiple of its size."""
    return TALL_LEADING if any(c >= FULL_WIDTH for c in text) else LEADING
