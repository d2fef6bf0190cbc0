"""A slow second implementation of the derivation rules, written from docs/reference/endpoints.md alone.

One subject at a time, plain lists and loops, each sentence of the rules as literally as it can be put. It was
written by someone who had not read `analysis/`; where the two differ, the sentence decides.
"""

from tests.independent.twin.course import Course, shadow_classes
from tests.independent.twin.days import visit_of, window_of
from tests.independent.twin.populations import populations_of
from tests.independent.twin.statuses import status_of
from tests.independent.twin.subject import Subject
from tests.independent.twin.times import time_of

__all__ = [
    "Course",
    "Subject",
    "populations_of",
    "shadow_classes",
    "status_of",
    "time_of",
    "visit_of",
    "window_of",
]
