"""Mapped tables typed by hand, and what conversion makes of them."""

import datetime

import pandas as pd

from tests.definitions import bare_definition
from trialdata.conversion.convert import convert_tables
from trialdata.definition import Endpoint, RescueClass, Visits
from trialdata.findings import together
from trialdata.mapping.import_mapping import ImportMapping, MappedTable

CUT = datetime.date(2025, 12, 31)
DEFINITION = bare_definition(
    visits=Visits((0.0, 1.0, 2.0, 4.0)),
    rescue=(RescueClass("IVIG"),),
    endpoints=(Endpoint("OR", "Overall response", "confirmed_response", window_days=(2, 29)),),
)


def mapped(dataset: str, columns: dict, *, file: str = "", headers: dict | None = None) -> MappedTable:
    """A table of `dataset`: a list of cells for each column, or one text for all rows; rows from 2 on."""
    length = max(len(cells) for cells in columns.values() if isinstance(cells, list))
    frame = pd.DataFrame(
        {name: cells if isinstance(cells, list) else [cells] * length for name, cells in columns.items()},
        dtype="str",
    )
    rows = [str(row) for row in range(2, length + 2)]
    frame = frame.assign(SRCFILE=file or f"{dataset}.csv", SRCROW=pd.array(rows, dtype="str"))
    return MappedTable(dataset, frame, headers or {name: name for name in columns})


class Import:
    """Tables converted under a mapping."""

    def __init__(self, *tables: MappedTable, cut: datetime.date = CUT, **choices):
        self.tables = tables
        self.converted = convert_tables(tables, DEFINITION, ImportMapping(**choices), cut)

    def cells(self, dataset: str, column: str) -> list[str]:
        return self.converted.texts[dataset][column].tolist()

    def report(self, column: str | None = None) -> list[tuple]:
        """(row, column, before, after, rule) of every entry, or of those of one column."""
        report = self.converted.report
        if column is not None:
            report = report[report["column"] == column]
        rows = [None if pd.isna(row) else int(row) for row in report["row"]]
        return list(
            zip(rows, report["column"], report["before"], report["after"], report["rule"], strict=True)
        )

    def checks(self) -> dict[str, list]:
        """The rows named by each check, None where a finding names none."""
        found: dict[str, list] = {}
        for part in self.converted.findings:
            for check, row in zip(part["check"], part["row"], strict=True):
                found.setdefault(check, []).append(None if pd.isna(row) else int(row))
        return found

    def found(self, check: str) -> list[str]:
        """As they are listed: the first rows, then how many there are in all."""
        shown = together(list(self.converted.findings))
        return shown.loc[shown["check"] == check, "found"].tolist()


def labs(avals: list[str], **columns) -> MappedTable:
    """adlb with a platelet count in each row, on day 1 of subject S-01 unless `columns` say otherwise."""
    return mapped("adlb", {"USUBJID": "S-01", "PARAMCD": "PLAT", "ADY": "1", "AVAL": avals, **columns})


def subjects(**columns) -> MappedTable:
    """adsl, one subject S-01, S-02, ... for each cell of the longest column."""
    length = max([len(cells) for cells in columns.values() if isinstance(cells, list)], default=1)
    ids = [f"S-{number:02}" for number in range(1, length + 1)]
    return mapped("adsl", {"USUBJID": ids, "TRT01P": "A", "SITEID": "01", **columns})
