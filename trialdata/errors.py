"""The one exception whose text is shown to the user."""


class StudyDataError(Exception):
    """A definition or data file that cannot be used: where, what was found, what was expected, what to do.

    The text is one sentence a line, written for a trial coordinator. Anything else that is raised is a bug.
    """
