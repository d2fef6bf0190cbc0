"""Screen failures: rows of adsl of people who were screened and never enrolled, told by TRT01P."""

import re

import pandas as pd

from trialdata.definition import StudyDefinition

SCREEN_FAILURE = "Screen failure"
WORDS = ("screenfailure", "screenfail", "screenfailed", "scrnfail", "scrfail", "筛选失败")


def is_screen_failure(adsl: pd.DataFrame, definition: StudyDefinition) -> pd.Series:
    """Whether each row of adsl is a screen failure."""
    planned = adsl["TRT01P"].astype("str")
    return planned.isin([text for text in planned.dropna().unique() if says_screen_failure(text, definition)])


def says_screen_failure(planned: str, definition: StudyDefinition) -> bool:
    """Whether a text of TRT01P is a word for it; an arm of the study is an arm, whatever its name."""
    plain = re.sub(r"[\s_.-]+", "", planned.lower())
    return plain in WORDS and planned not in [arm.trt for arm in definition.arms]
