"""The analysis datasets as files on the page: built on the click, kept nowhere."""

import streamlit as st

from reports.dataset_files import FORMATS, base_name, dataset_files, zip_bytes
from trialdata.clock import utc_now
from ui.session import Reading
from ui.show import Offer, offer
from ui.words import quiet

ZIP = "application/zip"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFERED = {  # label, formats, ending
    "all": ("Everything, ZIP", FORMATS, "zip"),
    "xlsx": ("Workbook, XLSX", ("xlsx",), "xlsx"),
    "csv": ("CSV, ZIP", ("csv",), "csv.zip"),
    "xpt": ("SAS transport, ZIP", ("xpt",), "xpt.zip"),
    "json": ("Dataset-JSON, ZIP", ("json",), "json.zip"),
}


def offer_datasets(reading: Reading) -> None:
    """A button for everything and one for each format."""
    name = base_name(reading.data)
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, gap="medium"):
            offer((_offer(reading, key, f"{name}_datasets") for key in OFFERED), of="datasets")
        st.markdown(
            quiet("Participant-level, with the trial's own codes: for those who may see single participants.")
        )


def _offer(reading: Reading, key: str, name: str) -> Offer:
    label, formats, ending = OFFERED[key]
    mime = WORKBOOK if ending == "xlsx" else ZIP
    return Offer(
        label, f"{name}.{ending}", mime, lambda: _content(reading, formats), key, ":material/download:"
    )


def _content(reading: Reading, formats: tuple[str, ...]) -> bytes:
    files, _ = dataset_files(reading.data, formats, utc_now())
    return files[0].content if formats == ("xlsx",) else zip_bytes(files)
