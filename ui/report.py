"""The report as files on a page: nothing is built before the click, and what the pages have built is taken."""

from collections.abc import Sequence

import streamlit as st

from outputs.slide import Slide
from outputs.wording import plural
from reports.codes import remember
from reports.contents import all_slides
from reports.export import file_stem
from reports.report_files import report_bytes
from ui.page import controls
from ui.session import Reading, root
from ui.show import XLSX, Offer, offer
from ui.words import quiet

ICON = ":material/download:"
FILES = {  # ending: label, what the file is called, kind
    "html": ("Report, HTML", "report", "text/html"),
    "rtf": ("Tables, RTF", "tables", "application/rtf"),
    "xlsx": ("All results, XLSX", "results", XLSX),
    "csv": ("Results in long form, CSV", "results_long", "text/csv"),
    "json": ("Results in long form, JSON", "results_long", "application/json"),
}


def reports_offered(reading: Reading, pins: list[Slide]) -> None:
    """A file of every output that may leave for each format; what is pinned stands first, with its comments."""
    line = "Every output of this data cut that may leave, with the endpoint and filters of the sidebar"
    first = f"; first the {plural(len(pins), 'pinned output')}" if pins else ""
    with st.container(gap="xsmall"):
        st.markdown(f"**Report and results**  \n{quiet(f'{line}{first}.')}")
        with controls():
            offer([_offer(reading, ending, pins) for ending in FILES], of="report")


def _offer(reading: Reading, ending: str, pins: Sequence[Slide]) -> Offer:
    label, what, mime = FILES[ending]

    def content() -> bytes:
        view = reading.view
        population = None if view.population == "FAS" else view.population
        slides = all_slides(
            reading.data, population=population, endpoint=view.endpoint or None, filters=view.filters
        )
        made = report_bytes(ending, reading.data, slides, pins=pins, built=reading.built)
        remember(root(), reading.data, [*pins, *slides])
        return made

    name = f"{file_stem(reading.data, what)}.{ending}"
    return Offer(label, name, mime, content, f"report-{ending}", ICON)
