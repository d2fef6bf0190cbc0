"""The parameters of ADLB, ADRS and ADTTE: PARAMCD, PARAM and the rule of each endpoint in words."""

import pandas as pd

from outputs.rules import rule
from trialdata.definition import TIME_KINDS, Endpoint, StudyDefinition
from trialdata.units import STORED

LONGEST = 200  # bytes of a text in a SAS transport file
PLAIN = str.maketrans({"×": "x", "⁹": "^9", "≥": ">=", "≤": "<=", "–": "-", "−": "-", "µ": "u", "μ": "u"})


def parameters(definition: StudyDefinition) -> pd.DataFrame:
    """One row per parameter: Dataset, PARAMCD, PARAM, Rule (every clause), Stated by."""
    rows = [("ADLB", "PLAT", f"Platelets ({STORED})", "Platelet counts as laboratories report them", "")]
    for endpoint in definition.endpoints:
        clauses = rule(endpoint, definition)
        words = ". ".join(f"{clause.term}: {clause.sentence}" for clause in clauses)
        dataset = "ADTTE" if endpoint.kind in TIME_KINDS else "ADRS"
        name = param(endpoint, clauses[0].sentence)
        rows.append((dataset, endpoint.paramcd, name, ascii_words(words), endpoint.source))
    return pd.DataFrame(rows, columns=["Dataset", "PARAMCD", "PARAM", "Rule", "Stated by"])


def param(endpoint: Endpoint, sentence: str) -> str:
    """ "Overall response, 1 year: best confirmed response, day 2 to day 365 (days)"; the label alone if too long."""
    unit = " (days)" if endpoint.kind in TIME_KINDS else ""
    label = ascii_words(endpoint.label)
    whole = f"{label}: {ascii_words(sentence)}{unit}"
    return whole if len(whole.encode()) <= LONGEST else f"{label}{unit}"


def ascii_words(text: str) -> str:
    """Text of ours in the letters that every program reads: "x10^9/L"."""
    return text.translate(PLAIN)
