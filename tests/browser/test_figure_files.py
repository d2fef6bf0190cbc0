"""A figure saved by the reader's own browser: the whole slide, light in the dark theme, and nothing fetched."""

import re
from pathlib import Path

import pytest

RATES = "response?study=NCT04915482&cut=2023-03-31"


def saved(reader, kind: str) -> tuple[str, bytes]:
    """Name and content of the file that the camera gives."""
    reader.open(RATES)
    reader.unfold("save-response_rates")
    reader.page.get_by_role("button", name="Figure, SVG or PNG").click()
    dialog = reader.page.get_by_role("dialog")
    dialog.get_by_test_id("stPlotlyChart").wait_for()
    reader.settle()
    if kind == "png":
        dialog.get_by_text("PNG", exact=True).click()
        reader.settle()
    with reader.page.expect_download() as expected:
        dialog.locator(".modebar-btn").first.click()
    return expected.value.suggested_filename, Path(expected.value.path()).read_bytes()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_svg_arrives_with_everything_that_must_be_said(reader, theme):
    reader.page.emulate_media(color_scheme=theme)
    name, content = saved(reader, "svg")
    svg = content.decode()
    code = re.search(r"_([A-Z0-9]{4}-[A-Z0-9]{4})\.svg$", name)
    assert code and name.startswith("nct04915482_2023-03-31_response_rates_")
    assert 'width="1600" height="900"' in svg[:400]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", svg))
    for said in (
        "NCT04915482 · data cut 2 of 3, 31 Mar 2023",
        "Synthetic data",
        "confidential",
        "Arms not randomised",
    ):
        assert said in words
    assert code[1] in words
    assert not re.search(r"(?:href|src)=[\"'](?!#)|<image|<script|@import|@font-face", svg)
    assert "fill: rgb(255, 255, 255)" in svg and "rgb(18, 22, 27)" not in svg
    assert reader.errors == [] and reader.elsewhere == []


def test_a_png_has_twice_the_pixels_of_a_slide(reader):
    name, content = saved(reader, "png")
    assert name.endswith(".png") and content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20]) == 3200 and int.from_bytes(content[20:24]) == 1800
    assert reader.errors == [] and reader.elsewhere == []
