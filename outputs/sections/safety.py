"""The outputs about safety, exposure and disposition."""

from functools import partial

from outputs.entry import Entry
from outputs.safety import adverse_overview, bleeding, bleeding_counts, bleeding_rates

_entry = partial(Entry, "safety")

ENTRIES = (
    _entry(
        "adverse_overview",
        "Adverse events: how many participants had any",
        adverse_overview.adverse_overview_output,
    ),
    _entry("bleeding_rates", "Any and clinically significant bleeding", bleeding_rates.bleeding_rates_output),
    _entry("bleeding_by_visit", "Bleeding grade at each visit", bleeding.bleeding_by_visit_output),
    _entry("bleeding_shift", "Bleeding from baseline to worst", bleeding.bleeding_shift_output),
    _entry("bleeding_free", "Free of clinically significant bleeding", bleeding_rates.bleeding_free_output),
    _entry(
        "bleeding_by_count", "Bleeding grade and platelet count", bleeding_counts.bleeding_by_count_output
    ),
    _entry("bleeding_discordant", "Bleeding against the count", bleeding_counts.bleeding_discordant_output),
)
