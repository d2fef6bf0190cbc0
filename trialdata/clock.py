"""The time of day, for the register of data cuts and for files that say when they were written: no number rests on it.

The command line and the dashboard ask here and pass the time on; tests/test_architecture.py lets nobody else.
"""

import datetime


def utc_now() -> datetime.datetime:
    """The present time in UTC."""
    return datetime.datetime.now(datetime.UTC)
