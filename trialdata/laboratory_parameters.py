"""The laboratory parameters that are known: their codes, the unit each is shown in, and what converts to it.

Molar masses: bilirubin 584.66 g/mol, creatinine 113.12 g/mol, glucose 180.16 g/mol.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from trialdata.units import factor_to_stored, spelled

ACTIVITY = {"u/l": 1.0, "iu/l": 1.0, "ui/l": 1.0, "units/l": 1.0, "ukat/l": 60.0, "nkat/l": 0.06}
GRAMS = {
    **dict.fromkeys(("g/l", "gm/l", "mg/ml"), 1.0),
    **dict.fromkeys(("g/dl", "gm/dl", "g/100ml", "g%"), 10.0),
    **dict.fromkeys(("mg/dl", "mg%"), 0.01),
    "mg/l": 0.001,
}
MILLIGRAMS = {unit: round(1000 * factor, 9) for unit, factor in GRAMS.items()}
UNIT_IN_NAME = re.compile(r"\(([^()]+)\)\s*$")


def moles(of_mg_dl: float, *, milli: bool = False) -> dict[str, float]:
    """Spellings of µmol/L (with `milli`, mmol/L) and of mg/dL, one of which is `of_mg_dl` of them."""
    micro = 0.001 if milli else 1.0
    molar = {"umol/l": micro, "mcmol/l": micro, "mmol/l": 1000 * micro}
    return molar | {"mg/dl": of_mg_dl, "mg%": of_mg_dl, "mg/l": of_mg_dl / 10}


@dataclass(frozen=True)
class Parameter:
    """One parameter. `units`: spelling (as `spelled` makes it) to its factor; `counts`: a count, this often 10^9/L.

    `needs_upper`: its CTCAE grade, or the evaluation of hepatotoxicity, needs the upper limit of normal.
    """

    paramcd: str
    label: str
    unit: str
    names: tuple[str, ...] = ()
    units: Mapping[str, float] = field(default_factory=dict)
    counts: float = 0
    needs_upper: bool = False

    def factor(self, unit: str) -> float | None:
        """What a value in `unit` is multiplied by to be in the unit shown; None for a unit that is not known."""
        if not self.counts:
            return self.units.get(spelled(unit))
        factor = factor_to_stored(unit) if unit.strip() else None
        return None if factor is None else self.counts * factor


def _cells(paramcd: str, label: str, *names: str) -> Parameter:
    return Parameter(paramcd, label, "×10⁹/L", names, counts=1)


def _enzyme(paramcd: str, label: str, *names: str, needs_upper: bool = True) -> Parameter:
    return Parameter(paramcd, label, "U/L", names, ACTIVITY, needs_upper=needs_upper)


def _protein(paramcd: str, label: str, *names: str) -> Parameter:
    return Parameter(paramcd, label, "g/L", names, GRAMS)


PARAMETERS = (
    _enzyme("ALT", "Alanine aminotransferase", "ALAT", "GPT", "SGPT"),
    _enzyme("AST", "Aspartate aminotransferase", "ASAT", "GOT", "SGOT"),
    _enzyme("ALP", "Alkaline phosphatase", "ALKP", "ALKPH", "AKP"),
    _enzyme("GGT", "Gamma-glutamyltransferase", "GGTP", "GAMMAGT"),
    Parameter(
        *("BILI", "Total bilirubin", "µmol/L"),
        names=("TBIL", "TBILI", "BILT", "BILTOT"),
        units=moles(17.104),
        needs_upper=True,
    ),
    Parameter(
        *("IBIL", "Indirect bilirubin", "µmol/L"),
        names=("IBILI", "BILIIND", "BILIND", "UCB"),
        units=moles(17.104),
    ),
    Parameter(*("CREAT", "Creatinine", "µmol/L"), names=("CREA", "SCR"), units=moles(88.4), needs_upper=True),
    _protein("ALB", "Albumin"),
    _protein("HGB", "Haemoglobin", "HB", "HEMOGLOBIN"),
    _cells("WBC", "White blood cells", "LEUK"),
    _cells("NEUT", "Neutrophils", "NEU", "ANC", "NEUTA"),
    _cells("LYM", "Lymphocytes", "LYMPH", "LYMA"),
    _cells("RETIC", "Reticulocytes", "RET", "RETI", "RETICA"),
    Parameter("RETIRBC", "Reticulocytes of red cells", "%", ("RETICP",), {"%": 1.0, "‰": 0.1}),
    _enzyme("LDH", "Lactate dehydrogenase", "LD", needs_upper=False),
    _protein("HAPTO", "Haptoglobin", "HAPTOG"),
    _protein("IGG", "Immunoglobulin G"),
    _protein("IGA", "Immunoglobulin A"),
    _protein("IGM", "Immunoglobulin M"),
    Parameter(
        *("CD19", "B cells (CD19)", "/µL"), names=("BCELL", "BCELLS", "CD19B", "CD19A", "CD20"), counts=1000
    ),
    Parameter("CRP", "C-reactive protein", "mg/L", ("HSCRP",), MILLIGRAMS),
    Parameter("GLUC", "Glucose", "mmol/L", ("GLU",), moles(0.05551, milli=True)),
)
TEXT_PARAMETERS = {
    "ANA": ("Antinuclear antibodies", ("ANTINUC",)),
    "DAT": ("Direct antiglobulin test (Coombs)", ("COOMBS", "DCT", "DAGT")),
}
KNOWN = {name: each for each in PARAMETERS for name in (each.paramcd, *each.names)}
TEXTS = {name: code for code, (_, names) in TEXT_PARAMETERS.items() for name in (code, *names)}


def parameter_of(paramcd: str) -> Parameter | None:
    """The parameter that a PARAMCD names, by its code or a customary other one, in capitals or not."""
    return KNOWN.get(paramcd.strip().upper())


def text_parameter_of(paramcd: str) -> str:
    """ANA or DAT where a PARAMCD names one of them, else ""."""
    return TEXTS.get(paramcd.strip().upper(), "")


def unit_of(avalu: str, param: str = "") -> str:
    """The unit of a value: AVALU, else what stands in brackets at the end of PARAM."""
    named = UNIT_IN_NAME.search(param)
    return avalu.strip() or (named[1].strip() if named else "")


def units_of(rows: pd.DataFrame) -> pd.Series:
    """The unit of each row of adlb as the file writes it, by AVALU, else by PARAM; "" without one."""
    param = rows["PARAM"] if "PARAM" in rows else pd.Series("", rows.index)
    pairs = pd.MultiIndex.from_arrays([rows["AVALU"], param])
    codes, distinct = pairs.factorize()
    return pd.Series(
        np.array([unit_of(*pair) for pair in distinct], dtype=object)[codes], rows.index, dtype="str"
    )
