"""The one exception whose text is shown to the user."""

import pandas as pd


class StudyDataError(Exception):
    """A definition or data file that cannot be used: where, what was found, what was expected, what to do.

    The text is one sentence a line, written for a trial coordinator. Anything else that is raised is a bug.
    `findings` has the findings behind a refusal of data files; None where a definition was refused.
    """

    def __init__(self, text: str, findings: pd.DataFrame | None = None):
        super().__init__(text)
        self.findings = findings


class NoDataCutError(StudyDataError):
    """The study is defined, but nobody has sent data of it yet."""


class UnknownStudyError(StudyDataError):
    """A study or data cut that does not exist was asked for; the text says which do."""
