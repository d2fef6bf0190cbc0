"""`cli.py report`: what it writes, says and refuses; and the pins in deck and report."""

import hashlib

import pandas as pd
import pytest

from reports.pictures import browser
from reports.pins import pin
from tests.reports.deck.conftest import opened, words
from tests.reports.small_root import AT, RATES, loaded, root  # noqa: F401
from tests.test_cli import facts, run  # noqa: F401


@pytest.fixture
def pinned(root):  # noqa: F811
    """The small study with one pin."""
    pin(root, loaded(root), RATES, "To be discussed.", at=AT)
    return root


def test_a_report_says_what_it_wrote_and_its_pins_stand_first(facts, pinned, tmp_path):  # noqa: F811
    target = tmp_path / "report.html"
    said = facts("--root", pinned, "report", "--study", "demo", "--pins", "--output", target)
    text = target.read_text(encoding="utf-8")
    assert said["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert said["bytes"] == target.stat().st_size and said["outputs"] > 50
    assert text.index("To be discussed.") < text.index("Table 14.1.1")


def test_pins_are_left_out_unless_they_are_asked_for(facts, pinned, tmp_path):  # noqa: F811
    facts("--root", pinned, "report", "--study", "demo", "--output", tmp_path / "report.html")
    assert "To be discussed." not in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json", "rtf"])
def test_every_ending_is_written(facts, root, tmp_path, ending):  # noqa: F811
    target = tmp_path / f"report.{ending}"
    facts("--root", root, "report", "--study", "demo", "--output", target)
    starts = {"xlsx": b"PK", "csv": "\ufeff".encode(), "json": b"{", "rtf": rb"{\rtf1"}
    assert target.read_bytes().startswith(starts[ending])


def test_a_listing_has_no_identifier(facts, root, tmp_path):  # noqa: F811
    target = tmp_path / "listing.csv"
    facts("--root", root, "report", "--study", "demo", "--listing", "verdicts", "--output", target)
    text = target.read_text(encoding="utf-8-sig")
    assert not any(usubjid in text for usubjid in loaded(root).adsl["USUBJID"])
    assert pd.read_csv(target).shape[0] > 0


def test_a_listing_of_nobody_says_so(run, root, tmp_path):  # noqa: F811
    target = tmp_path / "movers.csv"
    asked = ("report", "--study", "demo", "--listing", "rule_movers", "--output", target)
    status, _, err = run("--root", root, *asked)
    assert status == 0 and "Who changes class: nobody is listed." in err
    assert target.read_text(encoding="utf-8-sig").count("\n") == 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--output", "report.docx"), "A report is a file that ends in .html"),
        (("--output", "report.html", "--figures"), "--figures is for a report that ends in .rtf"),
        (("--output", "no_folder/report.html"), "there is no folder no_folder"),
        (("--output", "x.csv", "--listing", "nothing"), "There is no listing 'nothing'; there are"),
    ],
)
def test_wrong_usage_is_one_sentence(run, root, tmp_path, monkeypatch, options, expected):  # noqa: F811
    monkeypatch.chdir(tmp_path)
    status, out, err = run("--root", root, "report", "--study", "demo", *options)
    assert status == 2 and out == "" and expected in err


@pytest.mark.skipif(browser() is None, reason="no Chromium here")
def test_an_rtf_report_has_its_figures_where_they_are_asked_for(facts, root, tmp_path):  # noqa: F811
    target = tmp_path / "report.rtf"
    facts("--root", root, "report", "--study", "demo", "--figures", "--output", target)
    text = target.read_text(encoding="ascii")
    assert text.count("pngblip") > 3 and "Figure 14.2" in text


def test_pins_are_the_last_slides_of_a_deck(facts, pinned, tmp_path):  # noqa: F811
    target = tmp_path / "deck.pptx"
    said = facts("--root", pinned, "deck", "--study", "demo", "--pins", "--output", target)
    assert said["results"][-1]["note"] == "To be discussed."
    last = list(opened(target.read_bytes()).slides)[-1]
    assert said["results"][-1]["code"] in words(last)
    assert "To be discussed." in last.notes_slide.notes_text_frame.text
