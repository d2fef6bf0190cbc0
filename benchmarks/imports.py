"""A large import, against reading its file bare; and what another session feels while it runs.

The import runs in a process of its own: the thread that waits for it must leave the interpreter to the others.
"""

import datetime
import io
import statistics
import threading
import time
from collections.abc import Iterator

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from analysis.adam import derive
from benchmarks.measure import Ratio, median_seconds
from benchmarks.server import ROOT
from trialdata.import_process import prepare_apart
from trialdata.limits import Limits
from trialdata.study import find_study, load_study

ROWS = 200_000
SLOWDOWN = 2.5  # on two cores: the import keeps one of them busy
STUDY, CUT = "nct07057778", datetime.date(2026, 12, 31)
PATIENT = Limits(seconds=600)


def import_ratios() -> Iterator[Ratio]:
    """An import of 200,000 counts as CSV and as workbook, and a derivation meanwhile."""
    adsl, adlb = large_datasets()
    csv = {"adsl.csv": as_csv(adsl), "adlb.csv": as_csv(adlb)}
    book = {"counts.xlsx": as_workbook({"adsl": adsl, "adlb": adlb})}
    bare_csv = median_seconds(lambda: pd.read_csv(io.BytesIO(csv["adlb.csv"]), dtype="str"), times=3)
    size = f"{ROWS:,} counts"
    yield Ratio("import", f"{size}, CSV", "pandas.read_csv alone", seconds_of(csv), bare_csv)
    bare_book = median_seconds(lambda: read_workbook(book["counts.xlsx"]), times=1)
    yield Ratio("import", f"{size}, workbook", "calamine alone", seconds_of(book), bare_book)
    quiet, meanwhile = felt_by_others(csv)
    yield Ratio("import", "a derivation while it runs", "the same in quiet", meanwhile, quiet, SLOWDOWN)


def large_datasets() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sample's participants many times over, with as many counts as are allowed."""
    folder = ROOT / "data/sample/pku_igu_itp_03" / CUT.isoformat()
    adsl, adlb = (
        pd.read_csv(folder / name, dtype="str", keep_default_na=False) for name in ("adsl.csv", "adlb.csv")
    )
    copies = -(-ROWS // len(adlb))
    many = [
        pd.concat([frame.assign(USUBJID=frame["USUBJID"] + f"-{copy}") for copy in range(copies)])
        for frame in (adsl, adlb)
    ]
    counts = many[1].head(ROWS - 1)
    return many[0][many[0]["USUBJID"].isin(counts["USUBJID"])], counts


def as_csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def as_workbook(frames: dict[str, pd.DataFrame]) -> bytes:
    """One sheet a dataset."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"strings_to_formulas": False}) as workbook:
        for name, frame in frames.items():
            sheet = workbook.add_worksheet(name)
            for place, row in enumerate([list(frame.columns), *frame.to_numpy().tolist()]):
                sheet.write_row(place, 0, row)
    return written.getvalue()


def read_workbook(content: bytes) -> None:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()


def seconds_of(files: dict[str, bytes]) -> float:
    """How long the import of the files takes, which has to end in data."""
    started = time.perf_counter()
    prepared = prepare_apart(ROOT, find_study(ROOT, STUDY), files, CUT, limits=PATIENT)
    if not prepared.ready:
        raise AssertionError("the files of the benchmark are not ready to be accepted")
    return time.perf_counter() - started


def felt_by_others(files: dict[str, bytes]) -> tuple[float, float]:
    """Median seconds of a derivation in quiet, and while another thread waits for an import."""
    study = load_study(ROOT, STUDY)
    quiet = median_seconds(lambda: derive(study), times=15)
    waiting = threading.Thread(target=seconds_of, args=(files,))
    waiting.start()
    durations = []
    while waiting.is_alive():
        durations.append(median_seconds(lambda: derive(study), times=1))
    return quiet, statistics.median(durations)
