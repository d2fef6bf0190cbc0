"""The words of a comparison that was not randomised: for whom an answer is, and what is said beside every number."""

from analysis.observational.weighting import INVERSE, OF_TREATED, OVERLAP
from trialdata.definition import Arm

ESTIMANDS = {OVERLAP: "Choice was open", INVERSE: "All treated", OF_TREATED: "Chose the combination"}
WEIGHTS = {
    OVERLAP: "Overlap weights",
    INVERSE: "Inverse probability weights",
    OF_TREATED: "Weights of the treated",
}
TRUNCATIONS = {"0": "None", "1": "1%", "5": "5%"}
RANDOMISED = "The arms of this study were randomised: they need no score to be comparable."
ONE_ARM = "There is one arm: nothing is compared."
POOLED = "The pooled view shows no arms: nothing is compared."


def truncation(chosen: str) -> float:
    """The share that "0", "1" or "5" stands for; ValueError for anything else."""
    if chosen not in TRUNCATIONS:
        raise ValueError(f"truncate is {chosen!r}; expected one of {tuple(TRUNCATIONS)}")
    return int(chosen) / 100


def sentence(estimand: str, experimental: Arm, control: Arm) -> str:
    """For whom the answer of an estimand is, in one plain sentence."""
    return {
        OVERLAP: "For participants like those who might have received either treatment.",
        INVERSE: "For all participants of the trial, had all received the one treatment or the other.",
        OF_TREATED: f"For participants like those who received {experimental.label}, had they received "
        f"{control.label} instead.",
    }[estimand]
