"""Results in words of antibody tests: positive or negative, and how they turn from baseline to the last one.

Rule: docs/reference/safety.md, section 4.
"""

import re

import pandas as pd

from trialdata.values import plain

POSITIVE = {"positive", "pos", "pos.", "reactive", "+", "++", "+++", "++++", "阳性"}
NEGATIVE = {"negative", "neg", "neg.", "nonreactive", "non-reactive", "-", "阴性"}
TITRE = re.compile(r"([<≤]?)\s*1\s*[:/]\s*(\d+)")
LOWEST_POSITIVE_TITRE = 80  # the entry criterion of the EULAR/ACR classification of lupus, 2019
CHANGES = ("positive to negative", "positive both times", "negative to positive", "negative both times")


def result_of(text: str) -> str:
    """ "positive" or "negative" of a result as reported: "pos", "阴性", "1:320"; "" for what cannot be read."""
    word = plain(text).casefold()
    if word in POSITIVE:
        return "positive"
    if word in NEGATIVE:
        return "negative"
    titre = TITRE.fullmatch(word)
    if titre is None:
        return ""
    return "positive" if not titre[1] and int(titre[2]) >= LOWEST_POSITIVE_TITRE else "negative"


def conversions(texts: pd.DataFrame) -> pd.DataFrame:
    """One row per participant and antibody: ARM, BASE and LAST ("" without one) and CHANGE ("" unless both are known).

    `texts` as in `Laboratory`. LAST is the result of the latest day after baseline; of several a positive one.
    """
    known = texts[texts["RESULT"] != ""]
    key = ["USUBJID", "ARM", "PARAMCD"]
    base = known[known["BASELINE"]].groupby(key)["RESULT"].last().rename("BASE")
    later = known[known["AFTER"]].sort_values(["ADY", "RESULT"], kind="stable")
    last = later.groupby(key)["RESULT"].last().rename("LAST")
    both = pd.concat([base, last], axis=1).fillna("").reset_index()
    same = both["BASE"] == both["LAST"]
    turned = (both["BASE"] + " to " + both["LAST"]).where(~same, both["BASE"] + " both times")
    return both.assign(CHANGE=turned.where((both["BASE"] != "") & (both["LAST"] != ""), "").astype("str"))
