"""The page Import, from files in the box to a data cut in the sidebar: ready, refused, and with questions."""

import datetime
import json
import sys
from pathlib import Path

import openpyxl
import pytest
from opening import ROOT, SECONDS, words
from streamlit.testing.v1 import AppTest

import cli

sys.path.append(str(ROOT / "tests" / "trialdata"))
from small_study import FILES, TOML

CUT = datetime.date(2026, 1, 15)
SENT = {name: content.lstrip("\n").encode() for name, content in FILES.items()}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study without a data cut."""
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "demo.toml").write_text(TOML, encoding="utf-8")
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    return tmp_path


def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).run()
    return app.switch_page("pages/trial/import.py").run()


def read(files: dict[str, bytes], cut: datetime.date = CUT) -> AppTest:
    """The page after the files were put in and read."""
    app = page()
    app.file_uploader(key="sent").set_value([(name, content, "") for name, content in files.items()])
    app.date_input(key="cutoff").set_value(cut)
    app.run()
    return app.button(key="read").click().run()


def accepted(files: dict[str, bytes], cut: datetime.date = CUT) -> AppTest:
    return read(files, cut).button(key="accept").click().run()


def test_a_study_without_a_data_cut_can_be_imported_into(root):
    app = page()
    assert app.title[0].value == "Import a data cut"
    assert "No data cut of this study was imported yet." in words(app)


def test_files_are_read_looked_at_and_accepted(root):
    app = read(SENT)
    assert app.title[0].value == "Ready to be accepted"
    assert not (root / "store").exists()
    app.button(key="accept").click().run()
    assert f"Data cut {CUT} is stored" in app.success[0].value
    assert app.selectbox(key="cut").options == ["1 of 1 · 15 Jan 2026"]


def test_the_imported_cut_is_shown_like_any_other(root):
    accepted(SENT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).run()
    assert not app.error
    values = {metric.label: metric.value for metric in app.metric}
    assert (values["Data cut"], values["Enrolled"]) == ("15 Jan 2026", "4")


def test_the_same_files_again_are_the_same_cut(root):
    accepted(SENT)
    app = accepted(SENT)
    assert "nothing was stored again" in app.success[0].value


def test_other_files_for_the_same_date_are_refused_in_a_sentence(root):
    accepted(SENT)
    app = accepted(SENT | {"adlb.csv": SENT["adlb.csv"].replace(b"S-01,PLAT,8,45,45", b"S-01,PLAT,8,46,46")})
    assert "retire that one first" in app.error[0].value.replace("\\", "")


def test_a_participant_who_is_gone_has_to_be_confirmed(root):
    accepted(SENT)
    fewer = {name: b"\n".join(r for r in c.split(b"\n") if b"S-03" not in r) for name, c in SENT.items()}
    app = read(fewer, CUT + datetime.timedelta(days=30))
    assert "1 participant of the last data cut is not in these files: S-03." in words(app).replace("\\", "")
    assert app.button(key="accept").disabled
    app.checkbox(key="gone").check().run()
    assert not app.button(key="accept").disabled


def test_refused_files_say_why_and_keep_nothing(root):
    app = read(SENT | {"adsl.csv": SENT["adsl.csv"].replace(b"SITEID", b"NAME", 1)})
    assert app.title[0].value == "These files were refused"
    assert not (root / "store").exists()
    assert not [button for button in app.button if button.key == "accept"]


IMPOSSIBLE = SENT | {"adlb.csv": SENT["adlb.csv"].replace(b"S-01,PLAT,8,45,45", b"S-01,PLAT,8,4500,4500")}


def test_refused_files_have_a_query_list_by_site_and_findings_that_sort(root):
    app = read(IMPOSSIBLE)
    assert app.title[0].value == "These files were refused"
    findings, queries = (frame.value for frame in app.dataframe)
    assert "4500" in findings["Found"].str.cat()
    (row,) = queries[queries["Found"].str.contains("4500")].to_dict("records")
    assert (row["Site"], row["Participant"], row["File"]) == ("01", "S-01", "adlb.csv")
    assert row["Answer of the site"] == ""


def test_the_command_writes_the_query_list_of_refused_files(root, tmp_path, capsys):
    sent = tmp_path / "sent"
    sent.mkdir()
    for name, content in IMPOSSIBLE.items():
        (sent / name).write_bytes(content)
    for name in ("queries.xlsx", "queries.csv"):
        asked = ["--root", str(root), "import", *map(str, sorted(sent.iterdir())), "--study", "demo"]
        asked += ["--cut", str(CUT), "--write-queries", str(tmp_path / name)]
        assert cli.main(asked) == 1
        told = json.loads(capsys.readouterr().out)
    assert ("01", "S-01") in {(query["site"], query["USUBJID"]) for query in told["queries"]}
    book = openpyxl.load_workbook(tmp_path / "queries.xlsx", read_only=True)
    assert book.sheetnames[0] == "01"
    lines = (tmp_path / "queries.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Site,Participant,File")
    assert any(line.startswith("01,S-01,adlb.csv") and "4500" in line for line in lines)


def test_a_question_is_answered_on_the_page_and_not_asked_for_the_next_cut(root):
    spelt = {
        name: content.replace(b",A,", "，联合组，".replace("，", ",").encode())
        for name, content in SENT.items()
    }
    app = read(spelt)
    assert app.title[0].value == "A few questions first"
    box = next(box for box in app.selectbox if "联合组" in box.label)
    box.set_value("A")
    submit = next(button for button in app.button if button.label == "Use these answers")
    app = submit.click().run()
    assert app.title[0].value == "Ready to be accepted"
    app.button(key="accept").click().run()
    app = read(spelt, CUT + datetime.timedelta(days=30))
    assert app.title[0].value == "Ready to be accepted"


def test_a_cut_is_retired_with_a_reason_and_leaves_the_sidebar(root):
    app = accepted(SENT)
    app.text_input(key="reason").set_value("a site sent other data")
    app = next(button for button in app.button if button.label == "Retire").click().run()
    assert f"Data cut {CUT} is retired." in app.success[0].value
    assert not [box for box in app.selectbox if box.key == "cut"]


def test_a_reader_who_may_not_see_arms_cannot_import(root, monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "pooled")
    app = page()
    assert not app.file_uploader
    assert "VIEW=pooled" in "\n".join(text.value for text in app.text)


def test_nothing_is_chosen_beforehand_for_masked_arms_and_an_answer_that_is_missing_is_asked_for(root):
    masked = {
        name: content.replace(b",A,", b",Arm 1,").replace(b",B,", b",Arm 2,")
        for name, content in SENT.items()
    }
    app = read(masked)
    boxes = [box for box in app.selectbox if box.label.startswith("Which arm is")]
    assert [box.value for box in boxes] == [None, None]
    app = next(button for button in app.button if button.label == "Use these answers").click().run()
    assert app.title[0].value == "A few questions first"
    assert "Choose an answer." in app.error[0].value
