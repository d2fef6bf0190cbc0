"""What every safety output rests on: the safety set by the treatment received, whatever set the reader chose."""

import dataclasses

from analysis.adam import AnalysisData
from outputs.basis import Basis
from outputs.output import View

SAFETY = "SAF"


def safety_basis(data: AnalysisData, view: View) -> Basis:
    """The basis of the safety set under the reader's filters."""
    return Basis(data, dataclasses.replace(view, population=SAFETY))
