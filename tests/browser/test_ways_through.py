"""From a number to its participants and on to one of them; links, downloads, and where an identifier never is."""

import re
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd

MIDDLE = "study=NCT07057778&cut=2026-12-31"
STANDING = ".st-key-figure-standing-0 .barlayer .point path"


def select_row(reader, key: str, row: int = 0) -> None:
    """The table is a canvas: its rows are 35 px high below a header of the same height."""
    table = reader.page.locator(f".st-key-{key}").last
    table.scroll_into_view_if_needed()  # it is drawn once it is in sight
    canvas = table.locator("canvas").first
    canvas.wait_for()
    reader.page.wait_for_timeout(300)
    box = canvas.bounding_box()
    reader.page.mouse.click(box["x"] + 18, box["y"] + 35 * (row + 1.5))
    reader.settle()


def click_segment(reader, place: int) -> None:
    segment = reader.page.locator(STANDING).nth(place)
    segment.scroll_into_view_if_needed()
    reader.page.wait_for_timeout(300)
    box = segment.bounding_box()
    reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 6)
    reader.settle()


def test_a_segment_leads_to_its_participants_and_to_one_of_them(reader):
    reader.open(f"response?{MIDDLE}")
    click_segment(reader, 0)
    listed = reader.page.locator(".st-key-people-standing")
    heading = listed.get_by_test_id("stMarkdown").first.inner_text()
    assert re.fullmatch(r"\d+ participants: .+, complete response", heading)

    select_row(reader, "rows-standing")
    link = reader.page.locator("a", has_text="Open participant").first
    participant = link.inner_text().split("Open participant")[1].strip()
    link.click()
    reader.settle()
    assert reader.title.startswith(f"Participant {participant}: ")
    assert reader.page.get_by_text("How the rule read each count").is_visible()
    assert reader.page.get_by_test_id("stPlotlyChart").count() == 2  # the profile and the laboratory
    assert participant not in reader.page.url
    assert participant not in reader.page.title()
    assert reader.errors == []


def test_clear_takes_the_list_away_and_the_same_segment_brings_it_back(reader):
    reader.open(f"response?{MIDDLE}")
    click_segment(reader, 0)
    listed = reader.page.locator(".st-key-people-standing")
    listed.get_by_role("button", name="Clear").click()
    reader.settle()
    assert listed.count() == 0
    reader.page.locator(STANDING.replace("-0 ", "-1 ")).first.scroll_into_view_if_needed()
    box = reader.page.locator(STANDING.replace("-0 ", "-1 ")).first.bounding_box()
    reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 6)
    reader.settle()
    assert listed.count() == 1


def test_the_keyboard_reaches_every_count_of_the_ledger(reader):
    reader.open(f"response?{MIDDLE}")
    reader.unfold("list-ledger")
    box = reader.page.get_by_role("combobox", name="List the participants of")
    box.focus()
    box.press_sequentially("All arms, due")
    reader.page.keyboard.press("Enter")
    reader.settle()
    heading = reader.page.locator(".st-key-people-ledger").get_by_test_id("stMarkdown").first.inner_text()
    assert re.fullmatch(r"\d+ participants: All arms, due", heading)


def test_a_search_finds_a_participant(reader):
    reader.open(f"participants?{MIDDLE}")
    search = reader.page.get_by_label("Find a participant")
    search.fill("01-00")
    search.press("Enter")
    reader.settle()
    select_row(reader, "participants")
    assert "Open participant 01-00" in reader.page.get_by_test_id("stPageLink").last.inner_text()
    assert "01-00" not in reader.page.url


def test_a_download_arrives_and_names_study_and_cut(reader):
    reader.open(f"response?{MIDDLE}")
    reader.unfold("save-response_rates")
    with reader.page.expect_download() as expected:
        reader.page.get_by_role("button", name="Numbers, CSV").click()
    name = expected.value.suggested_filename
    assert name == "nct07057778_2026-12-31_response_rates_interim_confidential.numbers.csv"
    rates = pd.read_csv(Path(expected.value.path()))
    assert {"arm", "n", "N", "estimate", "conf_low", "conf_high", "method"} <= set(rates)


def test_the_analysis_datasets_arrive_in_one_file_without_the_date_of_the_cut(reader):
    reader.open(f"datasets?{MIDDLE}")
    with reader.page.expect_download() as expected:
        reader.page.get_by_role("button", name="Everything, ZIP").click()
    name = expected.value.suggested_filename
    assert re.fullmatch(r"nct07057778_cut2_[0-9a-f]{8}_synthetic_participant_level_datasets\.zip", name)
    with zipfile.ZipFile(expected.value.path()) as archive:
        assert archive.testzip() is None
        endings = {member.rsplit("_", 1)[1] for member in archive.namelist()}
    assert {"adsl.csv", "adlb.xpt", "adrs.json", "datasets.xlsx", "dictionary.csv"} <= endings
    assert reader.errors == []


def test_controls_are_kept_in_the_url_over_pages_and_back(reader):
    reader.open("response?study=NCT04915482&cut=2023-03-31")
    reader.choose("Population", "Per protocol")
    reader.go("Efficacy", "Platelets")
    kept = parse_qs(urlsplit(reader.page.url).query)
    assert kept == {
        "study": ["NCT04915482"],
        "cut": ["2 of 3 · 31 Mar 2023"],
        "population": ["Per protocol"],
    }
    reader.page.go_back()
    reader.settle()
    assert urlsplit(reader.page.url).path == "/response"
    assert "per protocol" in reader.page.get_by_test_id("stMarkdown").first.inner_text()


def test_a_copied_link_shows_the_same_page_to_another_reader(reader, browser, address):
    reader.open(f"platelets?{MIDDLE}")
    reader.page.get_by_text("Geometric mean", exact=True).first.click()
    reader.settle()
    title = reader.title
    assert "geometric mean" in title
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    other = type(reader)(context, address)
    other.open(reader.page.url.removeprefix(address + "/"))
    assert other.title == title
    context.close()


def test_the_first_visitor_may_come_by_any_address(browser, address, reader):
    reader.open("durability")
    assert reader.page.get_by_text("Page not found").count() == 0
    assert reader.errors == []
