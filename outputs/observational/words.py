"""The words of a comparison that was not randomised: for whom an answer is, and what is said beside every number."""

from analysis.baseline import LABELS
from analysis.observational.groups import MISSING
from analysis.observational.weighting import ESTIMANDS as CODES
from analysis.observational.weighting import INVERSE, OF_TREATED, OVERLAP
from analysis.populations import subgroup_of
from trialdata.definition import Arm, StudyDefinition

ESTIMANDS = {OVERLAP: "Choice was open", INVERSE: "All treated", OF_TREATED: "Chose the combination"}
WEIGHTS = {
    OVERLAP: "Overlap weights",
    INVERSE: "Inverse probability weights",
    OF_TREATED: "Weights of the treated",
}
TRUNCATIONS = {"0": "None", "1": "1%", "5": "5%"}
TRUNCATED = (INVERSE, OF_TREATED)
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


def asked(estimand: str, truncate: str) -> tuple[str, float]:
    """The estimand and the share that truncation cuts, as an output's options name them; ATO has no truncation."""
    if estimand not in CODES:
        raise ValueError(f"estimand is {estimand!r}; expected one of {CODES}")
    share = truncation(truncate)
    return estimand, share if estimand in TRUNCATED else 0.0


def weights_words(estimand: str, truncate: float) -> str:
    """ "Inverse probability weights, truncated at 1% and 99%"."""
    percent = round(100 * truncate)
    cut = f", truncated at {percent}% and {100 - percent}%" if percent else ""
    return f"{WEIGHTS[estimand]}{cut}"


def covariate_label(definition: StudyDefinition, column: str) -> str:
    """What a covariate is called: by the study's subgroups, else as at baseline, else by its column."""
    label = subgroup_of(definition, column).label
    return label if label != column else LABELS.get(column, column)


def term_label(definition: StudyDefinition, term: str, covariate: str) -> str:
    """ "Sex: M" of the column "SEX: M", "Age, years" of "AGE"."""
    label = covariate_label(definition, covariate)
    if term == f"{covariate}{MISSING}":
        return f"{label}: missing"
    return f"{label}{term.removeprefix(covariate)}"
