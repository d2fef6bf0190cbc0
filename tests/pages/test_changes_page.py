"""Since the last cut: the cut before unless another is chosen, the blocks of a later cut, the words of the first."""

import pytest
from opening import CUTS, DEFINITIONS, opened
from opening import words as escaped_words

from ui.session import load

IGU = "NCT07057778"
FIRST, SECOND, LATEST = sorted(cut for study, cut in CUTS if study == IGU)


def due(cut) -> set[str]:
    """Who of the full analysis set is due for the primary endpoint at a cut, as derived (which has its own twin)."""
    data = load(DEFINITIONS[IGU], cut).data
    rows = data.adrs[data.adrs["PARAMCD"] == data.definition.leading.paramcd]
    analysed = data.adsl.loc[data.adsl["FASFL"] == "Y", "USUBJID"]
    return set(rows.loc[rows["DUEFL"] == "Y", "USUBJID"]) & set(analysed)


def words(app) -> str:
    return escaped_words(app).replace("\\", "")


def said(app) -> str:
    return app.title[0].value.replace("\\", "")


def test_the_cut_before_is_compared_with_and_another_one_can_be_chosen():
    app = opened("changes", study=IGU, endpoint="Response at week 12")
    assert said(app) == "Response at week 12: 67% vs 44%, unmoved since the cut of 31 Dec 2026"
    app.selectbox(key="since").select(FIRST.isoformat()).run()
    assert said(app) == "Response at week 12: 67% vs 44%; 69% vs 41% at the cut of 31 Mar 2026"
    assert not app.exception and not app.error


def test_a_later_cut_has_counts_movers_and_records():
    app = opened("changes", study=IGU, cut=SECOND)
    text = words(app)
    for block in ("Overall response: from then to now", "Who moved the rate", "Records changed"):
        assert f"**{block}**" in text
    movers = app.dataframe[0].value
    newly_due = due(SECOND) - due(FIRST)
    assert len(newly_due) > 50
    assert set(movers["USUBJID"]) == newly_due and set(movers["CAUSE"]) == {"newly due"}


def test_the_first_cut_is_answered_in_words():
    app = opened("changes", study=IGU, cut=FIRST)
    assert app.title[0].value == "Since the last cut"
    assert "This is the first data cut: there is none before it to compare with." in words(app)
    assert not app.dataframe


def test_the_pooled_view_names_no_arm(monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "pooled")
    app = opened("changes", study=IGU, cut=SECOND)
    assert not app.exception and not app.error
    text = words(app) + "".join(frame.value.to_csv() for frame in app.dataframe)
    assert "RTX" not in text and "ituximab" not in text


@pytest.mark.parametrize("by", ["By dataset", "By site"])
def test_records_are_counted_by_dataset_or_site(by):
    app = opened("changes", study=IGU, cut=LATEST, by=by)
    assert not app.exception
    assert "**Records changed**" in words(app)
