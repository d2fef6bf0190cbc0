"""The shipped study definitions: what the registry states, and what is marked as assumed.

Registry facts as read from the entries NCT07057778 and NCT04915482.
"""

from pathlib import Path

import pytest

from trialdata.definition import KINDS
from trialdata.study import find_studies, find_study
from trialdata.synthetic.trials import AUTOANTIBODY, IGURATIMOD, WEEKS

ROOT = Path(__file__).parents[1]
STUDIES = find_studies(ROOT)
each_study = pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)


def test_both_trials_are_there():
    assert [study.registry for study in STUDIES] == ["NCT04915482", "NCT07057778"]


def test_iguratimod_trial_as_registered():
    study = find_study(ROOT, "Pku-IGU-ITP-03")
    assert (study.registry, study.design, study.masking, study.phase) == (
        "NCT07057778",
        "randomized",
        "single",
        "2",
    )
    assert study.planned_subjects == 120
    assert [(arm.trt, arm.role) for arm in study.arms] == [("IGU+RTX", "experimental"), ("RTX", "control")]
    assert "25 mg twice daily, 26 weeks" in study.arms[0].regimen
    assert all("100 mg weekly, 6 weeks" in arm.regimen for arm in study.arms)
    assert all("ratio" in arm.assumed for arm in study.arms)
    assert study.leading.paramcd == "OR1Y" and study.leading.source == "registry"
    assert study.leading.window_days == (2, 365) and study.leading.rescue == "nonresponse"
    assert {"bleeding", "confirm_days"} <= set(study.leading.assumed)


def test_autoantibody_trial_as_registered():
    study = find_study(ROOT, "IIT2020034")
    assert (study.registry, study.design, study.masking) == ("NCT04915482", "nonrandomized", "none")
    assert study.phase == "2/3" and study.planned_subjects == 94
    assert [arm.role for arm in study.arms] == ["experimental", "control"]
    assert {endpoint.source for endpoint in study.endpoints} == {"assumed"}


@each_study
def test_every_kind_of_endpoint_is_shown(study):
    assert {endpoint.kind for endpoint in study.endpoints} == set(KINDS)
    assert [endpoint.paramcd for endpoint in study.endpoints if endpoint.primary] == ["OR1Y"]
    assert all(len(endpoint.paramcd) <= 8 for endpoint in study.endpoints)


@each_study
def test_what_no_registry_states_is_marked(study):
    assert study.synthetic
    unstated = [study.visits, study.interim, *study.rescue]
    assert {part.source for part in unstated} == {"assumed"}
    assert all(endpoint.source for endpoint in study.endpoints)
    assert study.enrolment.assumed == ("end",)


@each_study
def test_sample_data_follow_the_definition(study):
    trial = {t.studyid: t for t in (IGURATIMOD, AUTOANTIBODY)}[study.studyid]
    assert study.data == f"data/sample/{trial.folder}"
    assert study.visits.weeks == WEEKS
    assert [arm.trt for arm in study.arms] == [arm.trt for arm in trial.arms]
    assert {name for arm in trial.arms for name in arm.rescue} == {rescue.cmclas for rescue in study.rescue}
