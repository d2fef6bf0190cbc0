"""A changed rule is a choice of the page and its address; a statistician's file is compared and forgotten."""

import datetime

import pytest
from opening import CUTS, DEFINITIONS, opened, words

from ui.session import load

IGU = "NCT07057778"
LATEST = max(cut for study, cut in CUTS if study == IGU)


def said(app) -> str:
    return app.title[0].value.replace("\\", "")


def first_frame(app):
    return app.dataframe[0].value


def test_a_change_is_said_beside_the_protocol_and_stands_in_the_address():
    app = opened("rules", study=IGU)
    assert said(app) == "Overall response by the protocol's rule: 80% vs 58%"
    assert "Change a parameter below" in words(app)
    app.selectbox(key="rule_confirm_days").select("0").run()
    assert said(app) == "With no confirmation: 83% vs 64% (protocol 80% vs 58%)"
    assert "**Who changes class**" in words(app) and "Change a parameter" not in words(app)
    assert len(first_frame(app)) == 17


def test_a_link_restores_a_typed_number():
    app = opened("rules", study=IGU, rule_r_count="45")
    assert app.title[0].value.startswith("With response threshold 45 instead of 30")


def test_back_to_the_protocol():
    app = opened("rules", study=IGU, rule_r_count="50", rule_rescue="Ignored")
    assert "rescue ignored" in app.title[0].value
    next(button for button in app.button if button.label == "Back to the protocol").click().run()
    assert "by the protocol" in app.title[0].value
    assert "rule_r_count" not in app.query_params


def test_another_endpoint_begins_with_its_own_protocol():
    app = opened("rules", study=IGU, rule_r_count="50")
    app.selectbox(key="endpoint").select("RESPW26").run()
    assert app.title[0].value.startswith("Response at week 26 by the protocol")


def test_nonsense_is_said():
    app = opened("rules", study=IGU, rule_r_count="many")
    assert not app.exception and not app.error
    assert 'found "many", expected a number.' in words(app).replace("\\", "")


def test_no_identifier_reaches_the_address():
    app = opened("rules", study=IGU, rule_confirm_days="0")
    known = load(DEFINITIONS[IGU], LATEST).data.adsl["USUBJID"]
    assert not any(usubjid in str(app.query_params) for usubjid in known)


def answers(frame) -> tuple[str, bytes, str]:
    return ("mine.csv", frame.to_csv(index=False).encode(), "text/csv")


@pytest.fixture
def adrs():
    frame = load(DEFINITIONS[IGU], LATEST).data.adrs
    return frame.loc[frame["PARAMCD"] == "OR1Y", ["USUBJID", "PARAMCD", "AVALC"]].reset_index(drop=True)


def test_our_own_answers_agree(adrs):
    app = opened("reconcile", study=IGU)
    assert app.title[0].value == "Reconcile"
    app.file_uploader(key="submitted").set_value(answers(adrs)).run()
    assert app.title[0].value == f"All {len(adrs)} compared answers agree"
    assert "Every answer agrees." in words(app)


def test_a_disagreement_is_listed_and_no_identifier_leaves_the_session(adrs, caplog):
    usubjid = adrs["USUBJID"][7]
    adrs.loc[7, "AVALC"] = "NR" if adrs["AVALC"][7] != "NR" else "CR"
    app = opened("reconcile", study=IGU)
    app.file_uploader(key="submitted").set_value(answers(adrs)).run()
    assert not app.exception and not app.error
    assert app.title[0].value == f"{len(adrs) - 1} of {len(adrs)} compared answers agree"
    assert first_frame(app)["USUBJID"].to_list() == [usubjid]
    assert usubjid not in str(app.query_params) + app.title[0].value + caplog.text


def test_a_refused_file_says_why_and_leaves_the_page_standing(adrs):
    app = opened("reconcile", study=IGU)
    app.file_uploader(key="submitted").set_value(answers(adrs.drop(columns="AVALC"))).run()
    assert app.header[0].value == "This file was refused"
    assert app.text[0].value.startswith("mine.csv, row 1, column AVALC: found the columns USUBJID, PARAMCD;")
    assert app.title[0].value == "Reconcile" and not app.error


def test_another_cut_is_compared_anew(adrs):
    middle = datetime.date(2026, 12, 31)
    app = opened("reconcile", study=IGU)
    app.file_uploader(key="submitted").set_value(answers(adrs)).run()
    app.selectbox(key="cut").select(middle).run()
    assert not app.title[0].value.startswith("All ")
