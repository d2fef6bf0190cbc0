"""The outputs about arms that were not randomised."""

from functools import partial

from outputs.entry import Entry
from outputs.observational import balance, caution, estimands, model, overlap, weights

_entry = partial(Entry, "observational")

ENTRIES = (
    _entry("estimands", estimands.TITLE, estimands.estimands_output),
    _entry("comparability_warnings", caution.TITLE, caution.comparability_warnings_output),
    _entry("observational_balance", "Balance before and after", balance.observational_balance_output),
    _entry("observational_baseline", "Covariates before and after", balance.observational_baseline_output),
    _entry("propensity_overlap", overlap.TITLE, overlap.propensity_overlap_output),
    _entry("propensity_weights", weights.TITLE, weights.propensity_weights_output),
    _entry("propensity_model", model.TITLE, model.propensity_model_output),
)
