"""The page Autoantibodies: listed where the study names what it shows, and in the pooled view."""

from types import SimpleNamespace

import pytest
from opening import DEFINITIONS, opened, words

from ui import sidebar


@pytest.mark.parametrize(
    ("study", "listed"), [("NCT04915482", True), ("NCT07057778", False), ("nct04915482", True)]
)
def test_it_is_listed_for_a_study_that_names_classes_or_a_haemoglobin_response(study, listed, monkeypatch):
    monkeypatch.setattr(sidebar, "st", SimpleNamespace(session_state={}, query_params={"study": study}))
    assert sidebar.has_autoantibodies() is listed


@pytest.mark.parametrize("kept", ["autoantibodies", "haemoglobin_response"])
def test_either_table_is_enough(kept, monkeypatch):
    definition = DEFINITIONS["NCT04915482"]
    others = {name: None for name in ("autoantibodies", "haemoglobin_response") if name != kept}
    monkeypatch.setattr(sidebar, "_looked_at", lambda: definition.replace(**others))
    assert sidebar.has_autoantibodies()


def test_the_pooled_view_shows_classes_and_says_why_there_is_no_haemoglobin_response(monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "pooled")
    app = opened("autoantibodies", study="NCT04915482")
    text = words(app)
    assert not app.exception and not app.error
    assert "The pooled view has no red cell transfusions" in text
    assert not app.get("plotly_chart")


def test_the_pooled_view_shows_no_drugs_given(monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "pooled")
    app = opened("exposure", study="NCT04915482")
    assert not app.exception and not app.error
    tables = " ".join(str(table.value) for table in app.table)
    assert "Danazol" not in tables and "Rituximab" not in tables
