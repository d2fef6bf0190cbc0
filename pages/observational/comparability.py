"""Comparability: for whom the answer is, how alike the arms were, and what weighting makes of it."""

from outputs.observational.words import ESTIMANDS, TRUNCATED, TRUNCATIONS
from outputs.safety.adverse_pair import experimental_arms
from ui.comparability import populations, warned
from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show

reading = guard()
first = reading.output("estimands")
head(reading, first, above=populations(first))
if first.output.empty:
    show(reading, first)
else:
    experimental = experimental_arms(reading.data)
    with controls():
        several = len(experimental) > 1
        arm = control("Against control", experimental, key="comparability_arm") if several else ""
        estimand = control("Numbers are for", ESTIMANDS, key="comparability_estimand")
        truncated = estimand in TRUNCATED
        cut = control("Truncate weights at", TRUNCATIONS, key="comparability_truncate") if truncated else "0"

    of_weights = {"arm": arm, "estimand": estimand, "truncate": cut}
    warned(reading.output("comparability_warnings", **of_weights))
    show(reading, reading.output("estimands", arm=arm, truncate=cut))
    show(reading, reading.output("observational_balance", **of_weights))
    show(reading, reading.output("observational_baseline", **of_weights))
    show(reading, reading.output("propensity_overlap", arm=arm, estimand=estimand))
    show(reading, reading.output("propensity_weights", **of_weights))
    show(reading, reading.output("propensity_model", arm=arm))
