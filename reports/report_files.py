"""The files of a report and of a listing by the ending of their name."""

import datetime
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from analysis.adam import AnalysisData
from outputs.slide import Slide
from reports.document.html import as_html
from reports.document.long_form import as_long_json, long_results
from reports.document.pieces import Report, report
from reports.document.rtf import as_rtf
from reports.document.xlsx import as_xlsx
from reports.export import as_csv, json_text
from reports.listings import NOTICE, Listing
from reports.pictures import figures_of
from reports.shown import Built, Progress
from reports.workbook import workbook_bytes

BOM = "\ufeff"  # a spreadsheet takes the file for UTF-8
WRITERS: dict[str, Callable[[Report], bytes]] = {
    "html": lambda told: as_html(told).encode(),
    "rtf": lambda told: as_rtf(told, {}),
    "xlsx": as_xlsx,
    "csv": lambda told: (BOM + as_csv(long_results(told))).encode(),
    "json": lambda told: as_long_json(told).encode(),
}
LISTING_ENDINGS = ("csv", "json", "xlsx")


def report_bytes(
    ending: str,
    data: AnalysisData,
    slides: Sequence[Slide],
    *,
    pins: Iterable[Slide] = (),
    progress: Progress | None = None,
    built: Built | None = None,
    figures: bool = False,
) -> bytes:
    """A report as html, rtf, xlsx, or its results in long form as csv or json.

    `built` gives the output of a slide where somebody has built it already, or knows the cut to compare with.
    `figures`: rtf with each figure as a picture; StudyDataError where there is no Chromium to draw it.
    """
    told = report(data, slides, pins=pins, progress=progress, built=built)
    if figures:
        return as_rtf(told, figures_of([piece.shown for piece in told.pieces]))
    return WRITERS[ending](told)


def listing_bytes(ending: str, told: Listing, data: AnalysisData) -> bytes:
    """A listing as csv, json or xlsx; each file says what it is."""
    if ending == "json":
        facts = {
            "study": data.definition.studyid,
            "cut": str(data.study.cut),
            "listing": told.name,
            "title": told.title,
            "footnotes": list(told.notes),
        }
        return json_text(facts, told.frame).encode()
    if ending == "xlsx":
        about = pd.DataFrame({"About this listing": [told.title, *told.notes]})
        created = datetime.datetime.combine(data.study.cut, datetime.time())
        return workbook_bytes({told.name: told.frame, "About": about}, created)
    return (BOM + as_csv(told.frame.assign(NOTICE=NOTICE))).encode()
