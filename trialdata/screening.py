"""Screen failures: rows of adsl of people who were screened and never enrolled, told by TRT01P."""

import pandas as pd

from trialdata.definition import StudyDefinition

SCREEN_FAILURE = "Screen failure"
WORDS = ("screenfailure", "screenfail", "screenfailed", "scrnfail", "scrfail", "筛选失败")


def is_screen_failure(adsl: pd.DataFrame, definition: StudyDefinition) -> pd.Series:
    """Whether each row of adsl is a screen failure."""
    return says_screen_failure(adsl["TRT01P"].astype("str"), definition)


def says_screen_failure(planned: pd.Series, definition: StudyDefinition) -> pd.Series:
    """Whether each text of TRT01P is a word for it; an arm of the study is an arm, whatever its name."""
    arms = [arm.trt for arm in definition.arms]
    plain = planned.str.lower().str.replace(r"[\s_.-]+", "", regex=True)
    return plain.isin(WORDS) & ~planned.isin(arms)
