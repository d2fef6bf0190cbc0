"""The outputs about safety, exposure and disposition."""

from functools import partial

from outputs.entry import Entry
from outputs.safety import (
    adverse_overview,
    exposure_doses,
    exposure_time,
    interruptions,
    rescue,
    steroids,
)

_entry = partial(Entry, "safety")

ENTRIES = (
    _entry(
        "adverse_overview",
        "Adverse events: how many participants had any",
        adverse_overview.adverse_overview_output,
    ),
    _entry("exposure_doses", "Doses given and planned", exposure_doses.exposure_doses_output),
    _entry("exposure_time", "Time on treatment", exposure_time.exposure_time_output),
    _entry(
        "exposure_interruptions",
        "Interruptions and changes of dose, with reasons",
        interruptions.exposure_interruptions_output,
    ),
    _entry("steroid_dose", "Corticosteroid dose over time, and cumulative", steroids.steroid_dose_output),
    _entry("steroid_stop", "Time to corticosteroid stop", steroids.steroid_stop_output),
    _entry("rescue_use", "Rescue by class, with reasons", rescue.rescue_use_output),
    _entry("time_to_rescue", "Time to first rescue", rescue.time_to_rescue_output),
    _entry("concomitant", "Other concomitant medication", rescue.concomitant_output),
)
