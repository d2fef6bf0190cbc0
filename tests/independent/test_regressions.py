"""Cases that once went wrong in the engine, with the answer worked by hand from endpoints.md."""

from analysis.adam import derive
from analysis.response import response_states
from analysis.trace import trace
from tests.independent.frames import study_of
from tests.independent.generate import Participant, platelet_row
from tests.independent.worked import DEFINITION, make_definition, make_endpoint


def test_a_count_the_day_before_treatment_is_a_record_of_the_first_participant_too():
    participant = Participant(adsl={"TRT01P": "A", "DCUTDY": 40}, adlb=[platelet_row(-1, 12)])
    data = derive(study_of([participant, participant], DEFINITION))
    platelets = data.adlb[data.adlb["PARAMCD"] == "PLAT"]
    assert platelets["RECFL"].tolist() == ["Y", "Y"]
    assert platelets["VISITFL"].tolist() == ["Y", "Y"]


def test_the_trace_holds_a_product_as_the_rule_does():
    # the response of day 8 has to hold at 3 x 10.3, which is 30.900000000000002 in binary
    endpoint = make_endpoint("sustained_response", sustain_days=14, hold_fold=3, window_days=(2, 30))
    counts = {1: 10.3, 8: 40, 15: 40, 25: 30.9}
    participant = Participant(
        adsl={"TRT01P": "A", "DCUTDY": 60}, adlb=[platelet_row(day, count) for day, count in counts.items()]
    )
    data = derive(study_of([participant], make_definition(endpoints=(endpoint,))))
    last = trace(data, "GEN-000000", "X").iloc[-1]
    assert (last["ADY"], last["LEVEL"]) == (25, "holds")
    assert "the response holds" in last["CLAUSE"]


def test_no_level_holds_on_a_shadow_day_after_the_end_of_study():
    # rows after EOSDY are used; IVIG on days 33 to 34 shadows to day 62
    participant = Participant(
        adsl={"TRT01P": "A", "DCUTDY": 90, "EOSDY": 31},
        adlb=[platelet_row(1, 10), platelet_row(26, 50), platelet_row(64, 50)],
        adcm=[{"CMCLAS": "IVIG", "ASTDY": 33, "AENDY": 34}],
    )
    endpoint = make_endpoint("confirmed_response", rescue="washout", max_gap_days=90)
    data = derive(study_of([participant], make_definition(endpoints=(endpoint,))))
    states = response_states(data, "X")[["STARTDY", "ENDDY", "STATE"]].to_numpy().tolist()
    assert states == [[26, 32, "R"], [33, 62, "SHADOW"], [63, 64, "R"]]
