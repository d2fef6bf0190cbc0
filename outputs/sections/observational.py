"""The outputs about arms that were not randomised."""

from functools import partial

from outputs.entry import Entry
from outputs.observational import adjusted_difference, estimands

_entry = partial(Entry, "observational")

ENTRIES = (
    _entry("estimands", "For whom the answer is", estimands.estimands_output),
    _entry(
        "adjusted_difference", "Crude and adjusted difference", adjusted_difference.adjusted_difference_output
    ),
)
