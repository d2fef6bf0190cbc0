"""The HTML report: its numbers are those of the tables, it needs nothing from outside, and it can be read aloud."""

import re

import pytest
from lxml import html

from outputs.output import View
from outputs.slide import Slide
from reports.document.html import as_html, html_report
from tests.reports.document.conftest import CHINESE, LONG, RANDOMISED


@pytest.fixture(scope="session")
def page(told):
    return html.fromstring(as_html(told))


def article(page, piece):
    (found,) = page.xpath(f'//article[@id="o-{piece.number.replace(".", "-")}"]')
    return found


def test_every_table_is_the_table_of_its_output(told, page):
    compared = 0
    for piece in told.pieces:
        table = piece.shown.output.table
        found = article(page, piece).xpath(".//table")
        assert len(found) == (0 if table.empty else 1), piece.number
        if found:
            head = [cell.text_content() for cell in found[0].xpath("./thead/tr/th")]
            rows = [
                [c.text_content() for c in row.xpath("./th|./td")] for row in found[0].xpath("./tbody/tr")
            ]
            assert head == [str(name) for name in table]
            shown = [
                ["" if cell is None or cell != cell else str(cell) for cell in row]
                for row in table.to_numpy()
            ]
            assert [[c.strip() for c in row] for row in rows] == [[c.strip() for c in row] for row in shown]
            compared += 1
    assert compared > 40


def test_tables_can_be_read_aloud(page):
    for table in page.xpath("//table"):
        assert table.xpath("./caption")[0].text_content().startswith("Table ")
        assert table.xpath("./thead/tr/th") and not table.xpath('./thead//th[not(@scope="col")]')
        assert not table.xpath('./tbody//th[not(@scope="row")]')
        assert not [cell for cell in table.xpath("./tbody//th") if not cell.text_content().strip()]


def test_every_figure_has_a_title_and_a_description(told, page):
    drawn = [piece for piece in told.pieces if piece.chart is not None]
    assert len(drawn) == len(page.xpath("//figure")) > 10
    for piece in drawn:
        (figure,) = article(page, piece).xpath(".//svg")
        assert figure.get("role") == "img"
        title, description = (
            figure.xpath(f'./*[@id="{figure.get(name)}"]')[0]
            for name in ("aria-labelledby", "aria-describedby")
        )
        assert title.text == piece.title and description.text


def test_it_needs_nothing_from_outside_and_runs_nothing(told):
    text = as_html(told)
    page = html.fromstring(text)
    assert not page.xpath("//script|//link|//img|//iframe|//object|//embed|//base|//form")
    attributes = {name for each in page.iter() if isinstance(each.tag, str) for name in each.attrib}
    assert not [
        name for name in attributes if name.startswith("on") or name in ("src", "srcset", "xlink:href")
    ]
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert "url(" not in text and "@import" not in text and "http:" not in text.replace("http:\\", "")


def test_links_of_the_contents_lead_to_every_output_in_order(told, page):
    links = [link.removeprefix("#") for link in page.xpath("//nav//@href")]
    assert links == page.xpath("//article/@id")
    ids = page.xpath("//@id")
    assert len(set(ids)) == len(ids)


def test_an_output_with_nothing_to_show_says_why(told, page):
    empty = [piece for piece in told.pieces if piece.shown.output.empty]
    assert empty
    for piece in empty:
        assert piece.shown.output.empty in article(page, piece).text_content()
        assert not article(page, piece).xpath(".//svg")


def test_footnotes_stand_below(told, page):
    for piece in told.pieces:
        text = article(page, piece).text_content()
        assert [note for note in piece.shown.output.footnotes if note not in text] == []


def test_words_of_the_study_are_words_and_no_markup(awkward):
    text = as_html(awkward)
    page = html.fromstring(text)
    assert not page.xpath("//td//b|//th//b")
    labels = [arm.label for arm in awkward.data.definition.arms]
    assert labels[0] in page.text_content()
    if labels[0] == LONG:
        assert CHINESE in page.text_content()
        assert len(LONG) > 120 and "<b>&</b>" not in text


def test_pins_stand_first_with_their_comments(derived):
    data = derived(*RANDOMISED[:2])
    view = View("FAS", "OR1Y", (("SEX", ("F",)),))
    pin = Slide("response_rates", view, show="both", note="Look again <next> time.")
    page = html.fromstring(html_report(data, [Slide("standing", View("FAS", "OR1Y"))], pins=[pin]))
    assert [each.text_content() for each in page.xpath("//main/h2")] == ["Pinned", "Efficacy"]
    first = page.xpath("//main/article")[0]
    assert first.get("id") == "o-P-1"
    assert "Look again <next> time." in first.text_content()
    assert "only sex F" in first.text_content()


def test_the_running_head_is_text_for_css(told):
    (content,) = re.findall(r"@top-left \{ content: \"([^\"]*)\"", as_html(told))
    spoken = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), content)
    assert spoken == told.running
