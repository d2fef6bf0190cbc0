"""An import in its own process: the same answer, progress, and a sentence where a limit ends it."""

import datetime
from pathlib import Path

import pandas as pd
import pytest
from small_study import CUT, FILES, TOML, write_study

from trialdata.errors import StudyDataError
from trialdata.import_process import prepare_apart
from trialdata.importing import prepare
from trialdata.limits import Limits
from trialdata.study import find_study

REPOSITORY = Path(__file__).parents[2]
BROKEN = """
import trialdata.importing

def prepare(*given, **named):
    raise ValueError("S-" + "01")

trialdata.importing.prepare = prepare
"""
DAY = datetime.date.fromisoformat(CUT)
SENT = {name: content.lstrip("\n").encode() for name, content in FILES.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_study(tmp_path)
    return tmp_path


def test_another_process_gives_the_same_answer_and_tells_how_far_it_is(root):
    told = []
    definition = find_study(root, "demo")
    apart = prepare_apart(
        root, definition, SENT, DAY, progress=lambda done, doing: told.append((done, doing))
    )
    here = prepare(definition, SENT, DAY)
    assert apart.ready
    assert (apart.files, apart.mapping, apart.questions) == (here.files, here.mapping, here.questions)
    pd.testing.assert_frame_equal(apart.findings, here.findings)
    pd.testing.assert_frame_equal(apart.report, here.report)
    for name, text in here.texts.items():
        pd.testing.assert_frame_equal(apart.texts[name], text)
    assert len(told) > 6
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(0 <= done <= 1 for done, _ in told)


def test_a_refusal_has_the_findings_and_no_data(root):
    sent = SENT | {"adsl.csv": SENT["adsl.csv"].replace(b"USUBJID", b"NAME", 1)}
    apart = prepare_apart(root, find_study(root, "demo"), sent, DAY)
    assert apart.refused
    assert not apart.texts


def test_files_that_take_too_long_are_a_sentence(root):
    with pytest.raises(StudyDataError, match=r"more than 0\.1 seconds.*ITP_MAX_SECONDS"):
        prepare_apart(root, find_study(root, "demo"), SENT, DAY, limits=Limits(seconds=0.1))


def test_files_that_need_too_much_memory_are_a_sentence(root):
    rows = "".join(f"S-01,PLAT,{day % 300 + 1},12,12,10^9/L,,\n" for day in range(190_000))
    sent = SENT | {"adlb.csv": SENT["adlb.csv"] + rows.encode()}
    with pytest.raises(StudyDataError, match=r"of memory.*ITP_MAX_MEMORY_MEGABYTES"):
        prepare_apart(root, find_study(root, "demo"), sent, DAY, limits=Limits(memory_megabytes=700))


def test_a_definition_that_is_refused_in_the_other_process_is_the_same_sentence(root):
    definition = find_study(root, "demo")
    (root / "studies" / "demo.toml").write_text(TOML + "\nunknown_key = 1\n", encoding="utf-8")
    with pytest.raises(StudyDataError, match="unknown_key"):
        prepare_apart(root, definition, SENT, DAY)


def test_a_fault_of_ours_is_logged_without_a_value(root, monkeypatch, caplog):
    definition = find_study(root, "demo")
    monkeypatch.setenv("PYTHONPATH", f"{root}:{REPOSITORY}")
    (root / "sitecustomize.py").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(RuntimeError):
        prepare_apart(root, definition, SENT, DAY)
    assert "ValueError" in caplog.text
    assert "S-01" not in caplog.text
