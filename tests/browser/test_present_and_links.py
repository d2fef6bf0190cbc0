"""The arrow keys through the plan; a view or a slide opened by its address is the same for another reader."""

from urllib.parse import parse_qs, urlsplit

import pytest

WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def other(reader, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield type(reader)(context, reader.address)
    context.close()


def copied(reader) -> str:
    return reader.page.url.removeprefix(reader.address + "/")


def test_arrow_keys_go_on_and_back_and_the_address_opens_the_same_slide(reader, other):
    reader.open("present?study=NCT07057778&slide=5")
    title = reader.title
    reader.page.keyboard.press("ArrowRight")
    reader.page.wait_for_url("**slide=6**")
    reader.settle()
    on = reader.title
    assert on != title
    assert reader.page.get_by_test_id("stSidebar").is_hidden()
    assert reader.page.get_by_test_id("stHeader").is_hidden()
    other.open(copied(reader))
    assert other.title == on
    reader.page.keyboard.press("ArrowLeft")
    reader.page.wait_for_url("**slide=5**")
    reader.settle()
    assert reader.title == title
    assert reader.errors == [] and other.errors == [] and reader.elsewhere == []


def test_leaving_brings_the_menu_back_and_forgets_the_slide(reader):
    reader.open("present?study=NCT04915482&slide=2")
    reader.page.get_by_test_id("stPageLink-NavLink").first.click()
    reader.page.get_by_test_id("stHeader").wait_for(state="visible")
    reader.settle()
    assert parse_qs(urlsplit(reader.page.url).query) == {"study": ["NCT04915482"]}


def test_a_slide_fits_the_width_of_a_phone(phone):
    phone.open("present?study=NCT04915482&slide=5")
    assert phone.title
    assert not phone.page.evaluate(WIDER_THAN_THE_WINDOW)
    assert phone.errors == []


def test_filters_endpoint_and_a_control_of_the_page_are_all_in_the_address(reader, other):
    reader.open("response?study=NCT04915482&cut=2023-03-31")
    reader.choose("Endpoint", "Response at week 26")
    reader.page.get_by_text("Filters", exact=True).click()
    reader.settle()
    reader.choose("Sex", "F")
    reader.page.keyboard.press("Escape")
    reader.page.get_by_test_id("stButtonGroup").get_by_text("Left out", exact=True).click()
    reader.settle()

    def table(of):
        of.unfold("table-response_rates")
        return of.page.get_by_test_id("stPopoverBody").get_by_test_id("stTable").inner_text()

    other.open(copied(reader))
    assert other.title == reader.title
    assert table(other) == table(reader)
    kept = parse_qs(urlsplit(reader.page.url).query)
    assert {"study", "cut", "endpoint", "SEX", "missing"} <= set(kept)
    assert "filtered: 1" in other.page.get_by_test_id("stMarkdown").first.inner_text()


def test_the_link_of_a_view_opens_it_for_another_reader(reader, other):
    reader.open("response?study=NCT04915482&cut=2023-03-31")
    reader.page.get_by_text("Filters", exact=True).click()
    reader.settle()
    reader.choose("Sex", "F")
    reader.page.keyboard.press("Escape")
    title = reader.title
    reader.unfold("save-response_rates")
    link = reader.page.get_by_test_id("stPopoverBody").get_by_test_id("stPageLink-NavLink").first
    code = link.inner_text().split()[-1]
    link.click()
    reader.page.wait_for_url("**/find?**")
    reader.settle()
    assert reader.title == title
    other.open(f"find?study=NCT04915482&code={code}")
    assert other.title == title
    assert reader.errors == [] and other.errors == []
