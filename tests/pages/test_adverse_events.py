"""The page of adverse events: each of its tables, a class that is opened, and a cell that lists its participants."""

import pytest
from opening import CUTS, opened, words
from streamlit.testing.v1 import AppTest

STUDY, CUT = CUTS[0]
TITLES = {
    "Counts": "By class and term",
    "Worst grade": "By worst grade",
    "Differences": "Differences",
    "Per 100 patient-years": "Per 100 patient-years",
}


def with_table(table: str) -> AppTest:
    app = opened("adverse_events", study=STUDY, cut=CUT)
    return (
        next(box for box in app.segmented_control if box.key == "event_table").set_value(key_of(table)).run()
    )


def key_of(table: str) -> str:
    return dict(zip(TITLES, ("terms", "grades", "differences", "rates"), strict=True))[table]


@pytest.mark.parametrize("table", TITLES)
def test_each_table_is_shown_by_itself(table):
    app = with_table(table)
    assert not app.exception and not app.error
    assert f"**{TITLES[table]}**" in words(app)
    assert [
        other for other in TITLES.values() if other != TITLES[table] and f"**{other}**" in words(app)
    ] == []


def test_an_opened_class_has_its_terms_under_it():
    app = opened("adverse_events", study=STUDY, cut=CUT)
    box = next(box for box in app.selectbox if box.key == "event_class")
    first = box.options[1]
    rows = box.set_value(first).run().dataframe[-1].value.iloc[:, 0].tolist()
    place = rows.index(first)
    assert rows[place + 1].startswith("\u2003") and not rows[place].startswith("\u2003")


def test_a_chosen_cell_lists_its_participants():
    app = opened("adverse_events", study=STUDY, cut=CUT)
    table = app.dataframe[-1].value
    app.session_state["cell-adverse_terms"] = (table.iloc[1, 0], "", "")
    app.run()
    n = int(table.iloc[1]["All"].split()[0])
    heading = [m.value for m in app.markdown if m.value.startswith(f"**{n} participant")]
    assert len(heading) == 1 and "All arms" in heading[0]
