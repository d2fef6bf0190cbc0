"""What the dashboard says when data are refused, when it has a fault, and when arms are hidden."""

import logging
import shutil
from pathlib import Path

import pytest
from opening import DEFINITIONS, PAGES, ROOT, opened, words
from streamlit.testing.v1 import AppTest

from ui import session

IGU, TPO = "NCT07057778", "NCT04915482"


@pytest.fixture
def own_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of both trials that a test may damage."""
    shutil.copytree(ROOT / "studies", tmp_path / "studies")
    for definition in DEFINITIONS.values():
        shutil.copytree(ROOT / definition.data, tmp_path / definition.data)
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    return tmp_path


def latest_cut(root: Path, study: str) -> Path:
    return max((root / DEFINITIONS[study].data).iterdir())


def damage(cut: Path) -> None:
    """Two mistakes at once: a platelet count and a study day in words."""
    lines = (cut / "adlb.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    place = {name: header.index(name) for name in ("ADY", "AVAL")}
    row = lines[1].split(",")
    row[place["AVAL"]] = "many"
    row[place["ADY"]] = "soon"
    lines[1] = ",".join(row)
    (cut / "adlb.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_refused_data_are_named_with_every_reason(own_root):
    damage(latest_cut(own_root, TPO))
    app = opened("response", study=TPO)
    assert "refused" in app.header[0].value
    reasons = [text.value for text in app.text]
    assert any("adlb.csv" in reason and "many" in reason for reason in reasons)
    assert any("adlb.csv" in reason and "soon" in reason for reason in reasons)
    assert not app.title


def test_other_cuts_and_studies_stay_reachable(own_root):
    damage(latest_cut(own_root, TPO))
    app = opened("response", study=TPO)
    app.selectbox(key="cut").set_value(app.selectbox(key="cut").options[-1]).run()
    assert len(app.title) == 1
    app.selectbox(key="study").select("nct07057778").run()
    assert len(app.title) == 1
    assert IGU in words(app)


def test_a_definition_that_cannot_be_read_does_not_hide_the_others(own_root):
    (own_root / "studies" / "broken.toml").write_text('studyid = "X"\nunknown_key = 1\n', encoding="utf-8")
    app = opened("overview", study=IGU)
    assert len(app.title) == 1
    app.selectbox(key="study").select("broken").run()
    assert "refused" in app.header[0].value
    assert any("unknown_key" in text.value for text in app.text)


def test_no_study_at_all_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert any("studies" in text.value for text in app.text)


def test_a_changed_file_is_read_again(own_root):
    definition = session.find_study(own_root, "nct07057778")
    cut = session.cuts(definition).dates[-1]
    before = session.load(definition, cut)
    assert session.load(definition, cut) is before
    file = latest_cut(own_root, IGU) / "adae.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    after = session.load(definition, cut)
    assert len(after.data.adae) == len(before.data.adae) - 1


def test_a_fault_ends_in_an_apology_and_a_log_without_values(monkeypatch, caplog):
    participant = "-".join(["01", "001"])

    def faulty(*_, **__):
        raise ValueError(f"participant {participant} has no row")

    monkeypatch.setattr(session, "build", faulty)
    session.st.cache_resource.clear()
    with caplog.at_level(logging.ERROR, logger="itp"):
        app = opened("overview", study=IGU)
    session.st.cache_resource.clear()
    assert "fault of the software" in app.error[0].value
    assert "ValueError" in caplog.text
    assert participant not in caplog.text + words(app)


@pytest.mark.parametrize("page", PAGES.values())
def test_a_page_without_its_frame_shows_nothing(page):
    app = AppTest.from_file(str(ROOT / page), default_timeout=60).run()
    assert app.error[0].value == "Open the dashboard from its start page."
    assert not app.get("plotly_chart")
    assert not app.title


def shown(app: AppTest) -> str:
    """Text, tables and figures of a page."""
    tables = [frame.value.to_csv() for frame in (*app.table, *app.dataframe)]
    return "\n".join([words(app), *tables, *(chart.proto.spec for chart in app.get("plotly_chart"))])


@pytest.mark.parametrize("study", [IGU, TPO])
def test_pooled_view_shows_no_arm_anywhere(study, monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "pooled")
    arms = [name for arm in DEFINITIONS[study].arms for name in (arm.trt, arm.label)]
    for page in ("response", "platelets", "durability", "participants"):
        app = opened(page, study=study)
        assert not app.error
        assert "pooled view" in words(app)
        assert [arm for arm in arms if arm in shown(app)] == []


def test_a_view_that_does_not_exist_shows_no_data(monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "unblinded")
    app = opened("response", study=IGU)
    assert any("ITP_VIEW" in text.value for text in app.text)
    assert not app.get("plotly_chart")
