"""When a file is written: the one place that reads the clock.

File formats ask for it (Dataset-JSON, SAS transport); no number and no name rests on it.
"""

import datetime


def creation_time() -> datetime.datetime:
    """Now, in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
