"""The course of every participant up to the cut, as sorted arrays that the endpoints share.

Records are read once; bleeding once per assessment and window; rescues once per set of classes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.endpoints.bleeding import (
    Assessments,
    BleedingAtRecords,
    nearest_assessment,
    on_treatment,
    read_assessments,
)
from analysis.endpoints.records import Records, read_records
from analysis.endpoints.rescue import Rescues, read_rescues
from analysis.endpoints.subjects import Subjects
from analysis.visits import visit_windows
from trialdata.definition import StudyDefinition


@dataclass(frozen=True, eq=False)
class Course:
    """Subjects with their platelet records, bleeding assessments and rescues."""

    definition: StudyDefinition
    subjects: Subjects
    records: Records
    adqs: pd.DataFrame
    adcm: pd.DataFrame
    windows: pd.DataFrame  # of the analysis visits
    _read: dict = field(default_factory=dict)

    def assessments(self, paramcd: str) -> Assessments:
        """All graded assessments of a PARAMCD, before treatment too; none for paramcd ""."""
        return self.once(
            ("assessments", paramcd), lambda: read_assessments(self.adqs, paramcd, self.subjects)
        )

    def assessments_on_treatment(self, paramcd: str) -> Assessments:
        return self.once(("on treatment", paramcd), lambda: on_treatment(self.assessments(paramcd)))

    def bleeding(self, paramcd: str, window_days: float) -> BleedingAtRecords:
        """The assessment read with each record."""
        return self.once(
            ("bleeding", paramcd, window_days),
            lambda: nearest_assessment(self.records, self.assessments_on_treatment(paramcd), window_days),
        )

    def rescues(self, classes: tuple[str, ...] | None) -> Rescues:
        """The rescues of these classes; None for every class of the study."""
        named = [rescue for rescue in self.definition.rescue if classes is None or rescue.cmclas in classes]
        return self.once(("rescues", classes), lambda: read_rescues(self.adcm, named, self.subjects))

    def shadow(self, classes: tuple[str, ...] | None) -> np.ndarray:
        """Per record the position among `rescues(classes)` of one whose shadow covers it, -1 outside every shadow."""
        return self.once(
            ("shadow", classes),
            lambda: self.rescues(classes).covering(self.records.subject, self.records.day),
        )

    def once(self, name: tuple, read: Callable[[], Any]) -> Any:
        """What `read` makes, made once per name: endpoints with the same words share it."""
        if name not in self._read:
            self._read[name] = read()
        return self._read[name]


def read_course(
    definition: StudyDefinition,
    subjects: Subjects,
    adlb: pd.DataFrame,
    adqs: pd.DataFrame,
    adcm: pd.DataFrame,
) -> Course:
    """The course from derived ADLB and from ADQS and ADCM, all as they are at the cut."""
    return Course(
        definition, subjects, read_records(adlb, subjects), adqs, adcm, visit_windows(definition.visits)
    )
