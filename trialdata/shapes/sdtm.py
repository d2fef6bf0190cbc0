"""SDTM domains under ADaM names, one row each: DM, LB, QS, AE, CM and EX (SDTM Implementation Guide 3.3).

A value is the standardised result where there is one, else the result as the laboratory gave it. Nothing is
derived here: study days and baselines follow later from days, dates and flags.
"""

import pandas as pd

from trialdata.findings import finding
from trialdata.formats.source_table import SourceTable

DATASET_OF = {"DM": "adsl", "LB": "adlb", "QS": "adqs", "AE": "adae", "CM": "adcm", "EX": "adex"}
KEY_OF = {"DM": "ARM", "LB": "LBTESTCD", "QS": "QSTESTCD", "AE": "AETERM", "CM": "CMTRT", "EX": "EXTRT"}
TIMES = {"STDTC": "ASTDT", "ENDTC": "AENDT", "STDY": "ASTDY", "ENDY": "AENDY"}
Columns = dict[str, tuple[str, ...]]
MEASURED: Columns = {
    "PARAMCD": ("--TESTCD",),
    "PARAM": ("--TEST",),
    "ADT": ("--DTC",),
    "ADY": ("--DY",),
    "AVISIT": ("VISIT",),
}
FIRST_FILLED: dict[
    str, dict[str, tuple[str, ...]]
] = {  # ADaM column: SDTM columns, the first filled one counts; -- is the domain
    "adsl": {
        "TRT01P": ("ARM",),
        "TRT01A": ("ACTARM",),
        "TRTSDT": ("RFXSTDTC",),
        "RANDDT": ("RFSTDTC",),  # day 1 of those who were never treated
        "DTHDT": ("DTHDTC",),
    },
    "adlb": MEASURED | {"ABLFL": ("--LOBXFL", "--BLFL"), "ANRLO": ("--STNRLO",), "ANRHI": ("--STNRHI",)},
    "adqs": MEASURED,
    "adae": {"AEDECOD": ("AEDECOD", "AETERM"), "AEBODSYS": ("AEBODSYS", "AESOC")},
    "adcm": {"CMDECOD": ("CMDECOD", "CMTRT"), "CMCLAS": ("CMCLAS", "CMCAT", "CMDECOD", "CMTRT")},
    "adex": {},
}
RESULTS = (("--STRESN", "--STRESU"), ("--STRESC", "--STRESU"), ("--ORRES", "--ORRESU"))
NOT_KEPT = ("DOMAIN", "VISITNUM", "EPOCH")


def domain_of(table: SourceTable) -> str:
    """The SDTM domain of a table, "" for any other: DOMAIN is the same in every row, its key column is there."""
    frame = table.frame
    if "DOMAIN" not in frame or "USUBJID" not in frame or frame.empty:
        return ""
    domains = frame["DOMAIN"].str.strip().str.upper().unique()
    domain = domains[0] if len(domains) == 1 else ""
    return domain if KEY_OF.get(domain) in frame else ""


def from_sdtm(table: SourceTable, domain: str) -> SourceTable:
    """The table under ADaM names. Columns that have no ADaM name keep their own."""
    dataset, frame = DATASET_OF[domain], table.frame
    found = {name: _present(sources, domain, frame) for name, sources in _columns(dataset, domain).items()}
    if dataset == "adsl" and not _is_filled(frame, "RFXSTDTC"):
        found |= {"TRTSDT": found["RANDDT"], "RANDDT": []}
    new = {name: _first_filled(frame, sources) for name, sources in found.items() if sources}
    sent = {name: sources[0] for name, sources in found.items() if sources}
    if dataset in ("adlb", "adqs"):
        new |= _results(frame, domain)
        sent |= {"AVAL": f"{domain}STRESN", "AVALU": f"{domain}STRESU"}
    sent = {**table.sent, **{name: table.sent.get(source, source) for name, source in sent.items()}}
    used = {source for sources in found.values() for source in sources} | _result_columns(domain)
    rest = [name for name in frame if name not in used and name not in new and name not in NOT_KEPT]
    note = finding("sdtm_domain", table.name, found=f"the SDTM domain {domain}, {len(frame):,} rows")
    return table.replace(
        frame=frame[rest].assign(**new), dataset=dataset, sent=sent, findings=(*table.findings, note)
    )


def _columns(dataset: str, domain: str) -> Columns:
    periods = (
        {name: (f"--{end}",) for end, name in TIMES.items()} if dataset in ("adae", "adcm", "adex") else {}
    )
    return FIRST_FILLED[dataset] | periods


def _present(sources: tuple[str, ...], domain: str, frame: pd.DataFrame) -> list[str]:
    names = [source.replace("--", domain) for source in sources]
    return [name for name in names if name in frame]


def _is_filled(frame: pd.DataFrame, column: str) -> bool:
    return column in frame and bool((frame[column].str.strip() != "").any())


def _first_filled(frame: pd.DataFrame, sources: list[str]) -> pd.Series:
    value = frame[sources[0]]
    for source in sources[1:]:
        value = value.where(value.str.strip() != "", frame[source])
    return value


def _result_columns(domain: str) -> set[str]:
    return {name.replace("--", domain) for pair in RESULTS for name in pair}


def _results(frame: pd.DataFrame, domain: str) -> dict[str, pd.Series]:
    """AVAL and AVALU of each row; a test that was not done says so."""
    value = pd.Series("", frame.index, dtype="str")
    unit = value
    for of_value, of_unit in RESULTS:
        value_name, unit_name = of_value.replace("--", domain), of_unit.replace("--", domain)
        if value_name in frame:
            open_ = value.str.strip() == ""
            value = value.where(~open_, frame[value_name])
            given = frame.get(unit_name, "")
            unit = unit.where(~open_, given)
    status = f"{domain}STAT"
    if status in frame:
        not_done = (value.str.strip() == "") & (frame[status].str.strip() != "")
        value = value.where(~not_done, frame[status])
    return {"AVAL": value, "AVALU": unit}
