"""What every safety output rests on: the safety set by the treatment received, whatever set the reader chose."""

import dataclasses

from analysis.adam import AnalysisData
from analysis.safety.events import AdverseEvents, adverse_events
from analysis.safety.laboratory import Laboratory, laboratory
from outputs.basis import Basis
from outputs.output import View

SAFETY = "SAF"


def safety_basis(data: AnalysisData, view: View) -> Basis:
    """The basis of the safety set under the reader's filters."""
    return Basis(data, dataclasses.replace(view, population=SAFETY))


def events_of(basis: Basis) -> AdverseEvents:
    """The adverse events of the participants of a basis; read-only."""
    return basis.data.once(_events, basis.view)


def laboratory_of(basis: Basis) -> Laboratory:
    """The laboratory values of the participants of a basis; read-only."""
    return basis.data.once(_laboratory, basis.view)


def _events(data: AnalysisData, view: View) -> AdverseEvents:
    basis = Basis(data, view)
    return adverse_events(data, basis.subjects, basis.trts)


def _laboratory(data: AnalysisData, view: View) -> Laboratory:
    return laboratory(data, Basis(data, view).subjects)
