"""The outputs about safety, exposure and disposition."""

from functools import partial

from outputs.entry import Entry
from outputs.safety import adverse_overview

_entry = partial(Entry, "safety")

ENTRIES = (
    _entry(
        "adverse_overview",
        "Adverse events: how many participants had any",
        adverse_overview.adverse_overview_output,
    ),
)
