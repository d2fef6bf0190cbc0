"""The outputs about arms that were not randomised."""

from functools import partial

from outputs.entry import Entry
from outputs.observational import estimands

_entry = partial(Entry, "observational")

ENTRIES = (_entry("estimands", "For whom the answer is", estimands.estimands_output),)
