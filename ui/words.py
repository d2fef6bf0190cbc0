"""Words as markdown shows them: text from a file or a definition never becomes formatting."""

import re

import pandas as pd

from outputs.output import ArmStyle

MARKDOWN = re.compile(r"([\\`*_{}\[\]#$~<>|:])")
SLOTS = {"#0072B2": "blue", "#D55E00": "orange", "#009E73": "green"}  # .streamlit/config.toml
BADGES = {"synthetic data": "violet", "assumed": "violet"}


def plain(text: object) -> str:
    """Text that markdown shows letter by letter."""
    return MARKDOWN.sub(r"\\\1", str(text))


def literal(table: pd.DataFrame) -> pd.DataFrame:
    """A table of text whose cells and names markdown shows letter by letter: an arm may be called "A_B_"."""
    return table.map(plain).rename(columns=plain)


def quiet(text: str) -> str:
    """Markdown in the small grey of lines and footnotes."""
    return f":small[:gray[{text}]]" if text else ""


def arm_name(text: str, arms: tuple[ArmStyle, ...]) -> str:
    """The text as bold markdown; the name of an arm in the colour of the arm."""
    return f"**{in_colour(text, arms)}**"


def in_colour(text: str, arms: tuple[ArmStyle, ...]) -> str:
    """The text as markdown, in the colour of the arm that it names."""
    slot = next((SLOTS.get(arm.colour) for arm in arms if text in (arm.trt, arm.label)), None)
    return f":{slot}[{plain(text)}]" if slot else plain(text)


def is_arm(text: object, arms: tuple[ArmStyle, ...]) -> bool:
    return any(text in (arm.trt, arm.label) for arm in arms)


def badge(word: str) -> str:
    return f":{BADGES.get(word, 'gray')}-badge[{plain(word)}]"
