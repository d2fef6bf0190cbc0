"""The outputs about arms that were not randomised."""

from functools import partial

from outputs.entry import TABLE, Entry
from outputs.observational import (
    adjusted_difference,
    balance,
    caution,
    e_value,
    estimands,
    left_out,
    model,
    negative_controls,
    overlap,
    tipping_strength,
    weighted_hazard,
    weighted_platelets,
    weighted_survival,
    weights,
)

_entry = partial(Entry, "observational")

ENTRIES = (
    _entry("estimands", estimands.TITLE, estimands.estimands_output),
    _entry("comparability_warnings", caution.TITLE, caution.comparability_warnings_output),
    _entry("observational_balance", "Balance before and after", balance.observational_balance_output),
    _entry("observational_baseline", "Covariates before and after", balance.observational_baseline_output),
    _entry("propensity_overlap", overlap.TITLE, overlap.propensity_overlap_output),
    _entry("propensity_weights", weights.TITLE, weights.propensity_weights_output, leaves=TABLE),
    _entry("propensity_model", model.TITLE, model.propensity_model_output),
    _entry("adjusted_difference", adjusted_difference.TITLE, adjusted_difference.adjusted_difference_output),
    _entry("weighted_survival", "Weighted curves", weighted_survival.weighted_survival_output),
    _entry("weighted_hazard", "Hazard ratio, crude and weighted", weighted_hazard.weighted_hazard_output),
    _entry("weighted_platelets", "Median platelets, weighted", weighted_platelets.weighted_platelets_output),
    _entry("e_value", e_value.TITLE, e_value.e_value_output),
    _entry("tipping_strength", tipping_strength.TITLE, tipping_strength.tipping_strength_output),
    _entry("left_out", left_out.TITLE, left_out.left_out_output),
    _entry("negative_controls", negative_controls.TITLE, negative_controls.negative_controls_output),
)
