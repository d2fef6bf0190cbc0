"""What surrounds every page: the column it stands in, and what is said when something goes wrong."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from trialdata.errors import NoDataCutError, StudyDataError
from ui.session import Reading, WithoutStudy

LOG = logging.getLogger("itp")
WIDTH = 1120


@contextmanager
def framed(*, wide: bool = False) -> Iterator[None]:
    """The centred column of a page, or the whole width; refused data are text, anything else an apology."""
    with st.container(horizontal_alignment="center").container(
        width="stretch" if wide else WIDTH, gap="medium"
    ):
        try:
            yield
        except StudyDataError as error:
            refused(error)
        except Exception as error:
            log_without_values(error)
            st.error(
                "Something went wrong here, and it is a fault of the software, not of your data. "
                "The other pages still work; the log says where it happened.",
                title="This page could not be shown",
            )


def refused(error: StudyDataError) -> None:
    """Every reason why the data of a study were refused, one line each."""
    reasons = [line.strip() for line in str(error).splitlines() if line.strip()]
    if isinstance(error, NoDataCutError):
        st.header("This study has no data cut yet")
    else:
        st.header("The data of this study were refused")
        st.markdown(":small[:gray[Choose another study or data cut in the sidebar, or correct the files.]]")
    with st.container(border=True, gap="xsmall"):
        for reason in reasons:
            st.text(reason)


def log_without_values(error: Exception) -> None:
    """The kind of error and where it happened; its message is left out, it may quote a participant."""
    where = "".join(traceback.format_tb(error.__traceback__))
    LOG.error("%s\n%s", type(error).__name__, where)


def guard() -> Reading:
    """What the reader chose; a page that is run without the frame stops here."""
    reading = st.session_state.get("reading")
    if reading is None:
        st.error("Open the dashboard from its start page.")
        st.stop()
    return reading


def without_study() -> WithoutStudy:
    """For a page that needs no study: the layout the reader chose, where a study lets them choose."""
    reading = st.session_state.get("reading")
    return WithoutStudy(compact=reading.compact if reading else False)
