"""Cases that once went wrong in the engine, with the answer worked by hand from endpoints.md."""

from analysis.adam import derive
from tests.independent.frames import study_of
from tests.independent.generate import Participant, platelet_row
from tests.independent.worked import DEFINITION


def test_a_count_the_day_before_treatment_is_a_record_of_the_first_participant_too():
    participant = Participant(adsl={"TRT01P": "A", "DCUTDY": 40}, adlb=[platelet_row(-1, 12)])
    data = derive(study_of([participant, participant], DEFINITION))
    platelets = data.adlb[data.adlb["PARAMCD"] == "PLAT"]
    assert platelets["RECFL"].tolist() == ["Y", "Y"]
    assert platelets["VISITFL"].tolist() == ["Y", "Y"]
