"""Evaluation of drug-induced serious hepatotoxicity: highest ALT or AST against highest bilirubin.

Rule: docs/reference/safety.md, section 4; thresholds after the guidance of the Food and Drug Administration,
Drug-Induced Liver Injury: Premarketing Clinical Evaluation, 2009.
"""

import numpy as np
import pandas as pd

from analysis.safety.ctcae import above, below
from analysis.safety.laboratory import Laboratory

ENZYMES = ("ALT", "AST")
ENZYME_MULTIPLE, BILIRUBIN_MULTIPLE = 3, 2
WITHIN_DAYS = 30
QUADRANTS = ("HY", "ENZYME", "BILIRUBIN", "NEITHER")  # upper right, lower right, upper left, lower left


def multiples(lab: Laboratory) -> pd.DataFrame:
    """The values of ALT, AST and bilirubin after baseline that have an upper limit, with TIMES (the limit)."""
    rows = lab.rows
    taken = rows["AFTER"] & rows["KNOWN"] & rows["PARAMCD"].isin([*ENZYMES, "BILI"]) & rows["ANRHI"].notna()
    return rows[taken].assign(TIMES=rows["POINT"] / rows["ANRHI"])


def liver_peaks(lab: Laboratory) -> pd.DataFrame:
    """One row per participant with both: ARM, ENZYME (the higher of ALT and AST) and QUADRANT.

    ENZYMEX, ENZYMEDY, BILIX, BILIDY: multiples of the upper limit of normal and the first study day of the peak.
    """
    rows = multiples(lab).sort_values(["TIMES", "ADY"], ascending=[False, True], kind="stable")
    enzyme = rows[rows["PARAMCD"].isin(ENZYMES)].drop_duplicates("USUBJID")
    enzyme = enzyme[["USUBJID", "ARM", "PARAMCD", "TIMES", "ADY"]]
    enzyme.columns = pd.Index(["USUBJID", "ARM", "ENZYME", "ENZYMEX", "ENZYMEDY"])
    bilirubin = rows[rows["PARAMCD"] == "BILI"].drop_duplicates("USUBJID")[["USUBJID", "TIMES", "ADY"]]
    bilirubin.columns = pd.Index(["USUBJID", "BILIX", "BILIDY"])
    both = enzyme.merge(bilirubin, on="USUBJID").sort_values("USUBJID", ignore_index=True)
    high, yellow = _high_enzyme(both["ENZYMEX"]), _high_bilirubin(both["BILIX"])
    quadrant = np.select([high & yellow, high, yellow], ["HY", "ENZYME", "BILIRUBIN"], "NEITHER")
    return both.assign(QUADRANT=pd.array(quadrant, dtype="str"))


def potential_cases(lab: Laboratory) -> pd.DataFrame:
    """One row per participant with a potential Hy's law case: the first pair of values that makes it one.

    USUBJID, ARM, ENZYME, ENZYMEX, ENZYMEDY, BILIX, BILIDY: bilirubin above 2 times its limit on the day of an ALT or
    AST of 3 times its limit or more, or at most 30 days later.
    """
    rows = multiples(lab)
    high = rows[rows["PARAMCD"].isin(ENZYMES) & _high_enzyme(rows["TIMES"])]
    yellow = rows[(rows["PARAMCD"] == "BILI") & _high_bilirubin(rows["TIMES"])]
    pairs = high[["USUBJID", "ARM", "PARAMCD", "TIMES", "ADY"]].merge(
        yellow[["USUBJID", "TIMES", "ADY"]], on="USUBJID", suffixes=("", "_BILI")
    )
    pairs = pairs[(pairs["ADY_BILI"] - pairs["ADY"]).between(0, WITHIN_DAYS)]
    order = ["USUBJID", "ADY", "ADY_BILI", "TIMES", "TIMES_BILI"]
    first = pairs.sort_values(order, ascending=[True, True, True, False, False]).drop_duplicates("USUBJID")
    names = {
        "PARAMCD": "ENZYME",
        "TIMES": "ENZYMEX",
        "ADY": "ENZYMEDY",
        "TIMES_BILI": "BILIX",
        "ADY_BILI": "BILIDY",
    }
    return first.rename(columns=names).reset_index(drop=True)


def _high_enzyme(times: pd.Series) -> np.ndarray:
    return ~below(times.to_numpy(float), np.full(len(times), float(ENZYME_MULTIPLE)))


def _high_bilirubin(times: pd.Series) -> np.ndarray:
    return above(times.to_numpy(float), np.full(len(times), float(BILIRUBIN_MULTIPLE)))
