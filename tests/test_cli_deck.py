"""`cli.py deck`: what it writes, says and refuses."""

import hashlib
import stat

import pytest

from outputs.output import View
from outputs.slide import Slide
from reports.plan import Plan, as_toml
from tests.reports.deck.conftest import opened, words
from tests.reports.deck.test_template import sponsor
from tests.test_cli import facts, run  # noqa: F401

STUDY = ("--study", "nct07057778", "--cut", "2026-12-31")
PLAN = Plan(
    (
        Slide("response_rates", View("FAS", "OR1Y", (("SEX", ("F",)),)), note="Said."),
        Slide("method", View("FAS", "OR1Y"), show="table"),
    ),
    "Two slides",
)


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(as_toml(PLAN), encoding="utf-8")
    return path


def test_the_deck_is_written_and_told(facts, plan, tmp_path):  # noqa: F811
    target = tmp_path / "deck.pptx"
    said = facts("deck", *STUDY, "--plan", plan, "--output", target)
    content = target.read_bytes()
    deck = opened(content)
    assert (said["file"], said["slides"], said["bytes"]) == (str(target), len(deck.slides), len(content))
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert (said["study"], said["cut"]) == ("Pku-IGU-ITP-03", "2026-12-31")
    assert [(row["output"], row["note"]) for row in said["results"]] == [
        ("response_rates", "Said."),
        ("method", ""),
    ]
    first, second = (row["code"] for row in said["results"])
    assert first in words(deck.slides[1])
    assert second in words(deck.slides[2])
    assert "Two slides" in words(deck.slides[0])
    assert "only sex F" in words(deck.slides[1])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deck.pptx", "plan.toml"]


def test_progress_stands_on_standard_error(run, plan, tmp_path):  # noqa: F811
    status, out, err = run("deck", *STUDY, "--plan", plan, "--output", tmp_path / "deck.pptx")
    assert status == 0
    assert err.splitlines() == ["Slide 1 of 2", "Slide 2 of 2"]
    assert out.startswith("{")


def test_a_template_is_taken(facts, plan, tmp_path):  # noqa: F811
    template = tmp_path / "sponsor.pptx"
    template.write_bytes(sponsor())
    facts("deck", *STUDY, "--plan", plan, "--template", template, "--output", tmp_path / "deck.pptx")
    assert opened((tmp_path / "deck.pptx").read_bytes()).slides[1].slide_layout.name == "版式 5"


@pytest.mark.parametrize(
    ("options", "status", "expected"),
    [
        (("--output", "{folder}"), 2, "is a folder; --output names a file."),
        (("--output", "{folder}/none/deck.pptx"), 2, "cannot be written: there is no folder"),
        (("--output", "{folder}/plan.toml/deck.pptx"), 2, "cannot be written: there is no folder"),
        (
            ("--output", "{folder}/d.pptx", "--template", "{folder}/none.pptx"),
            2,
            "cannot be read: No such file",
        ),
        (("--output", "{folder}/d.pptx", "--template", "{folder}/plan.toml"), 1, "The template: found"),
        (
            ("--output", "{folder}/d.pptx", "--plan", "{folder}/none.toml"),
            1,
            "could not be read (No such file",
        ),
        (("--output", "{folder}/d.pptx", "--plan", "{folder}/bad.toml"), 1, "bad.toml: not valid TOML"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(options, status, expected, run, plan, tmp_path):  # noqa: F811
    (tmp_path / "bad.toml").write_text("title =", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    found, out, err = run("deck", *STUDY, *(option.format(folder=tmp_path) for option in options))
    assert (found, out) == (status, "")
    assert expected in err
    assert len(err.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before
