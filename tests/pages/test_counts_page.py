"""The page Rates from counts: a published trial from its counts, whatever the state of the studies."""

import re

from opening import DEFINITIONS, ROOT, SECONDS, words
from streamlit.testing.v1 import AppTest

PAGE = "pages/check/counts.py"


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    app.query_params["study"] = next(iter(DEFINITIONS))
    return app.run().switch_page(PAGE).run()


def test_the_example_is_shown_with_every_method():
    app = opened()
    assert not app.exception and not app.error
    assert app.title[0].value.replace("\\", "").startswith("Response: 80% vs 59%, a difference of 21 points")
    text = words(app)
    assert "**Each rate, every method**" in text
    assert "**Comparison in every measure**" in text


def test_the_page_opens_where_the_data_of_the_study_are_refused(monkeypatch, tmp_path):
    (tmp_path / "studies").mkdir()
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).run()
    assert "refused" in app.header[0].value
    app.switch_page(PAGE).run()
    assert not app.exception
    assert app.title[0].value.replace("\\", "").startswith("Response: 80% vs 59%")


def test_what_is_typed_is_kept_under_a_name_of_its_own():
    """Platelets once kept a choice under the same name, and this page then showed an error."""
    keys = {
        path: re.findall(r'key="(\w+)"', path.read_text(encoding="utf-8"))
        for path in (ROOT / "pages").rglob("*.py")
    }
    (typed,) = keys.pop(ROOT / PAGE)
    assert typed not in {key for others in keys.values() for key in others}
