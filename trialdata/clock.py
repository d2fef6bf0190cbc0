"""The time of day, for the register of data cuts alone: no number may depend on it.

The command line and the dashboard ask here and pass the time on; tests/test_architecture.py lets nobody else.
"""

import datetime


def utc_now() -> datetime.datetime:
    """The present time in UTC."""
    return datetime.datetime.now(datetime.UTC)
