"""The outputs about arms that were not randomised."""

from functools import partial

from outputs.entry import Entry
from outputs.observational import estimands, weighted_hazard, weighted_platelets, weighted_survival

_entry = partial(Entry, "observational")

ENTRIES = (
    _entry("estimands", "For whom the answer is", estimands.estimands_output),
    _entry("weighted_survival", "Weighted curves", weighted_survival.weighted_survival_output),
    _entry("weighted_hazard", "Hazard ratio, crude and weighted", weighted_hazard.weighted_hazard_output),
    _entry("weighted_platelets", "Median platelets, weighted", weighted_platelets.weighted_platelets_output),
)
