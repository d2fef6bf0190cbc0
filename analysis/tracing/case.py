"""One participant and one endpoint: the reading of the records and the row that the rule answered with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData, course_of
from analysis.endpoints import RULES
from analysis.endpoints.confirmed import window_of
from analysis.endpoints.loss import find_loss
from analysis.endpoints.reading import Reading, read_endpoint
from analysis.endpoints.sustained import held_by_count
from analysis.endpoints.times import last_day
from trialdata.definition import Endpoint


@dataclass(frozen=True, eq=False)
class Case:
    """`answer` is the row of ADRS or ADTTE; empty for a duration without a response."""

    reading: Reading
    answer: dict

    @property
    def endpoint(self) -> Endpoint:
        return self.reading.endpoint

    @property
    def onset(self) -> float:
        return self.answer.get("ONSETDY", np.nan)

    @property
    def search_end(self) -> float:
        return self.reading.search_end[0]

    @property
    def window(self) -> tuple[float, float]:
        low, high = window_of(self.reading)
        return (2, high) if self.endpoint.kind == "time_to_response" else (low, high)

    @property
    def last_used(self) -> float:
        """Day of the last usable record, NaN without one."""
        return last_day(self.reading, self.reading.usable)[0]

    def loss(self) -> tuple[float, str]:
        """Day and cause of the loss of the response, as this kind of endpoint sees it; NaN, "" without."""
        reading = self.reading
        sustained = self.endpoint.kind == "sustained_response"
        held = held_by_count(reading) if sustained else reading.response_by_count
        days, causes = find_loss(reading, np.array([self.onset]), held)
        return days[0], causes[0]


def read_case(data: AnalysisData, usubjid: str, paramcd: str) -> Case | None:
    """The case of a participant, None for one who is not in ADSL."""
    course, endpoint = course_of(data, usubjid), data.definition.endpoint(paramcd)
    if len(course.subjects) == 0:
        return None
    rows: pd.DataFrame = RULES[endpoint.kind](course, endpoint)
    answer = rows.to_dict("records")
    return Case(read_endpoint(course, endpoint), answer[0] if answer else {})
