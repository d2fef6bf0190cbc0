"""Pictures of figures: drawn by a Chromium that is there, without a network, with everything that must be said."""

import asyncio
import datetime
import re
import struct

import pytest

from outputs.output import View
from outputs.slide import Slide
from reports.pictures import browser, camera, pictures, the_same
from reports.shown import show_all
from trialdata.errors import StudyDataError

CUT = datetime.date(2026, 12, 31)
RATES = Slide("response_rates", View("FAS", "OR1Y"))
needs_browser = pytest.mark.skipif(browser() is None, reason="no Chromium on PATH")


@pytest.fixture
def data(derived):
    return derived("nct07057778", CUT)


def words(svg: bytes) -> str:
    """What stands in the picture, letter by letter."""
    text = svg.decode()
    assert not re.search(r"(?:href|src)=[\"'](?!#)|url\((?![\"'&quot;]*#)|<image|<script|@import", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.mark.browser
@needs_browser
def test_a_picture_says_what_it_is_of_and_is_the_same_every_time(data):
    flow = Slide("participant_flow", View("FAS", "OR1Y"))
    (first, flowing), again = (list(pictures(data, [RATES, flow])) for _ in range(2))
    assert [svg for _, svg in (first, flowing)] == [svg for _, svg in again]
    shown, svg = first
    said = words(svg)
    assert 'width="1600" height="900"' in svg.decode()[:300]
    for wanted in (
        "NCT07057778 · data cut 2 of 3, 31 Dec 2026",
        "Synthetic data",
        "confidential",
        shown.code,
    ):
        assert wanted in said
    assert shown.headline in said
    assert not any(subject in svg.decode() for subject in data.adsl["USUBJID"])


@pytest.mark.browser
@needs_browser
def test_a_png_has_twice_the_pixels(data):
    ((_, png),) = pictures(data, [RATES], "png")
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (3200, 1800)


@pytest.mark.browser
@needs_browser
def test_what_has_no_figure_is_left_out_and_progress_is_told(data):
    told = []
    slides = [Slide("ledger", View()), Slide("tipping_point", View("FAS", "OR1Y"))]
    assert list(pictures(data, slides, progress=lambda done, of: told.append((done, of)))) == []
    assert told == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize("named", ["/nowhere/chromium", "/etc"])
def test_without_a_browser_it_is_said_what_to_install(monkeypatch, data, named):
    monkeypatch.setenv("BROWSER_PATH", named)
    assert browser() is None
    with pytest.raises(StudyDataError, match="install Chromium or Google Chrome"):
        next(pictures(data, [RATES]))


def test_the_browser_is_the_one_named_else_the_first_on_path(monkeypatch, tmp_path):
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser() is None
    for name in ("google-chrome", "chromium"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
        assert browser() == tmp_path / name
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "google-chrome"))
    assert browser() == tmp_path / "google-chrome"


def test_a_browser_that_cannot_be_run_is_said(monkeypatch, tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("no program")
    broken.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(broken))
    with pytest.raises(StudyDataError, match="does not start"), camera():
        pass


def test_inner_names_of_an_svg_stay_and_colours_with_the_same_letters_too():
    svg = b'<defs id="defs-abc123"/><g clip-path="url(#clipabc123xy)" fill="#abc123"><clipPath id="clipabc123xy"/>'
    assert the_same(svg) == svg.replace(b"-abc123", b"-figure").replace(b"pabc123", b"pfigure")
    assert the_same(b"\x89PNG") == b"\x89PNG"


def test_a_figure_whose_file_leaves_out_small_counts_does_not_leave(derived):
    data = derived("nct07057778", CUT)
    (shown,) = show_all(data, [Slide("bleeding_shift", View("SAF", "OR1Y"))])
    assert "Left out of this file" in " ".join(shown.notes)
    assert shown.output.figure is None
    assert not [n for n in shown.output.chart().counts if 1 <= n < 5]
    (rates,) = show_all(data, [RATES])
    assert rates.output.figure is not None


@pytest.mark.parametrize("name", ["platelet_participants", "sites"])
def test_participants_and_sites_are_refused(data, name):
    with pytest.raises(StudyDataError, match="shows single participants or sites"):
        next(show_all(data, [Slide(name, View())]))


def test_a_figure_with_a_mark_for_each_participant_leaves_its_table_alone(data):
    (shown,) = show_all(data, [Slide("liver", View("SAF", "OR1Y"))])
    assert shown.output.figure is None and not shown.output.table.empty


@pytest.mark.browser
@needs_browser
def test_who_draws_may_have_an_event_loop_of_their_own(data):
    async def asked() -> int:
        return sum(len(picture) for _, picture in pictures(data, [RATES], "png"))

    assert asyncio.run(asked()) > 0
