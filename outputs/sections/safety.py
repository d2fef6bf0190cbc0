"""The outputs about safety, exposure and disposition."""

from functools import partial

from outputs.entry import Entry
from outputs.safety import (
    adverse_overview,
    evans,
    immunity,
    laboratory_course,
    laboratory_grades,
    laboratory_range,
    liver,
)

_entry = partial(Entry, "safety")

ENTRIES = (
    _entry(
        "adverse_overview",
        "Adverse events: how many participants had any",
        adverse_overview.adverse_overview_output,
    ),
    _entry(
        "laboratory_course", "One laboratory parameter over time", laboratory_course.laboratory_course_output
    ),
    _entry(
        "laboratory_shift",
        "Laboratory grade at baseline and worst after",
        laboratory_grades.laboratory_shift_output,
    ),
    _entry("laboratory_grades", "Worst laboratory grades", laboratory_grades.laboratory_grades_output),
    _entry(
        "laboratory_range", "Values outside the limits of normal", laboratory_range.laboratory_range_output
    ),
    _entry("liver", "Serious hepatotoxicity (eDISH)", liver.liver_output),
    _entry("liver_cases", "Potential Hy’s law cases", liver.liver_cases_output, participant_level=True),
    _entry("evans", "Haemolysis in Evans syndrome", evans.evans_output),
    _entry("antibodies", "Antibodies from baseline to the last result", immunity.antibodies_output),
    _entry("immunity", "Low immunoglobulin G and depleted B cells", immunity.immunity_output),
)
