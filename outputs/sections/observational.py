"""The outputs about arms that were not randomised."""

from functools import partial

from outputs.entry import Entry
from outputs.observational import e_value, estimands, left_out, negative_controls, tipping_strength

_entry = partial(Entry, "observational")

ENTRIES = (
    _entry("estimands", "For whom the answer is", estimands.estimands_output),
    _entry("e_value", e_value.TITLE, e_value.e_value_output),
    _entry("tipping_strength", tipping_strength.TITLE, tipping_strength.tipping_strength_output),
    _entry("left_out", left_out.TITLE, left_out.left_out_output),
    _entry("negative_controls", negative_controls.TITLE, negative_controls.negative_controls_output),
)
