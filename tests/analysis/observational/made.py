"""Generated participants of two arms that were not randomised."""

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.observational.groups import Groups, two_groups


def subjects(n: int = 120, seed: int = 1, *, strength: float = 0.8) -> pd.DataFrame:
    """USUBJID, ARM, AGE, SEX, PRIOR and RESPONSE; choice and response depend on the covariates."""
    rng = np.random.default_rng(seed)
    age, sex, prior = rng.normal(45, 14, n).round(), rng.choice(["F", "M"], n), rng.poisson(2, n)
    towards = strength * ((age - 45) / 14 + 0.5 * (prior - 2) - 0.5 * (sex == "M"))
    arm = rng.random(n) < expit(towards)
    response = rng.random(n) < expit(-0.3 + 0.7 * arm - 0.6 * (age - 45) / 14 - 0.3 * (prior - 2))
    return pd.DataFrame(
        {
            "USUBJID": [f"S-{place:03d}" for place in range(n)],
            "ARM": np.where(arm, "A", "B"),
            "AGE": age,
            "SEX": sex,
            "PRIOR": prior.astype(float),
            "RESPONSE": response.astype(float),
        }
    )


def groups(frame: pd.DataFrame, covariates: tuple[str, ...] = ("AGE", "SEX", "PRIOR")) -> Groups:
    return two_groups(frame, covariates, experimental="A", control="B")
