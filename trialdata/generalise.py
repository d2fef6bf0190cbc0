"""What may come in is made less telling: ages pooled, sites masked, free text and dates in text left out.

It runs once, after conversion, which leaves no column of dates, and before anything is checked, shown or kept.
Every change is a row of the load report that gives the kind of what stood there ("a date"), not the value.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from trialdata.conversion.convert import Converted
from trialdata.dates_in_text import without_dates
from trialdata.findings import finding, row_findings
from trialdata.identifiers import SITE_NAMES, free_text_header, names_a_site, written_freely
from trialdata.load_report import as_report, entries, note
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.provenance import SOURCE_COLUMNS, SRCFILE, SRCROW, at_source
from trialdata.schema import DATASETS
from trialdata.values import read_number

Frames = dict[str, pd.DataFrame]
Parts = list[pd.DataFrame]
OLDEST_SHOWN, OLDEST = 89, 120  # years; beyond the second it is no age, and a check says so
OLD = "an age above 89"


def deidentified(converted: Converted, mapping: ImportMapping) -> tuple[Converted, ImportMapping]:
    """The datasets made less telling, and the mapping with the codes of sites, which the next cut uses again."""
    texts, findings = dict(converted.texts), list(converted.findings)
    report: Parts = [_ages_hidden(converted.report, texts)]
    for step in (_ages_pooled, _free_text_left_out):
        texts = step(texts, report, findings)
    texts, sites = _sites_masked(texts, mapping.sites, report, findings)
    texts = without_dates(texts, report)
    names = {name: sites[name] for name in sorted(sites, key=len, reverse=True) if names_a_site(name)}
    findings = [_renamed(part, ("found", "expected"), names) for part in findings]
    whole = _renamed(as_report(report), ("before", "after"), names)
    return replace(converted, texts=texts, report=whole, findings=tuple(findings)), mapping.replace(
        sites=sites
    )


def _ages(frame: pd.DataFrame) -> pd.Series:
    texts = {text: read_number(text) for text in frame["AGE"].unique()}
    above = {text: 91.0 if reading.noticed == "above" else reading.value for text, reading in texts.items()}
    return frame["AGE"].map(above).astype("float64")


def _pooled(frame: pd.DataFrame) -> pd.Series:
    """Rows with an age that is not shown."""
    age = _ages(frame)
    return (age > OLDEST_SHOWN) & (age <= OLDEST) & (age != OLDEST_SHOWN + 1)


def _ages_pooled(texts: Frames, report: Parts, findings: Parts) -> Frames:
    found = 0
    for name, frame in texts.items():
        if "AGE" not in frame or not (old := _pooled(frame)).any():
            continue
        rows = frame[old]
        found += len(rows)
        report.append(_changed(rows, "AGE", before=OLD, after="90", rule="ages above 89 pooled"))
        if name == "adsl":
            noticed = row_findings("age_above_89", name, rows, column="AGE", found=OLD)
            findings.append(at_source(noticed, frame[list(SOURCE_COLUMNS)]))
        texts = texts | {name: frame.assign(AGE=frame["AGE"].mask(old, "90"))}
    report.append(note("all files", "looked for ages above 89", after=f"{found:,} found"))
    return texts


def _ages_hidden(report: pd.DataFrame, texts: Frames) -> pd.DataFrame:
    """The report of the conversion, without an age above 89 that was written in another way."""
    places = [frame.loc[_pooled(frame), list(SOURCE_COLUMNS)] for frame in texts.values() if "AGE" in frame]
    old = {(file, row) for part in places for file, row in part.itertuples(index=False, name=None)}
    cells = zip(report["file"], report["row"].astype("str"), report["after"], strict=True)
    hidden = [
        (file, row) in old and OLDEST_SHOWN < read_number(after).value <= OLDEST for file, row, after in cells
    ]
    hit = pd.Series(hidden, index=report.index, dtype=bool)
    return report.assign(before=report["before"].mask(hit, OLD), after=report["after"].mask(hit, "90"))


def _free_text_left_out(texts: Frames, report: Parts, findings: Parts) -> Frames:
    """Columns of remarks that no analysis reads; verbatim terms of events and medication stay."""
    for name, frame in texts.items():
        extra = [c for c in frame if c not in DATASETS[name].kinds and c not in SOURCE_COLUMNS]
        remarks = [c for c in extra if c in SITE_NAMES or _is_remark(c, frame[c])]
        for column in remarks:
            why = "names of sites are not kept" if column in SITE_NAMES else "free text is not kept"
            report.append(note(_files(frame), why, column=column, before=f"{_filled(frame[column])} cells"))
        texts = texts | {name: frame.drop(columns=remarks)}
    return texts


def _is_remark(column: str, cells: pd.Series) -> bool:
    return free_text_header(column) or (
        not re.fullmatch("(AE|CM|MH)(TERM|TRT|DECOD)", column)
        and written_freely(column, list(cells.unique()))
    )


def _filled(cells: pd.Series) -> int:
    return int((cells != "").sum())


def _sites_masked(
    texts: Frames, known: Mapping[str, str], report: Parts, findings: Parts
) -> tuple[Frames, dict[str, str]]:
    """Sites called by a name get a code, the one they had before where the mapping knows it."""
    codes = dict(known)
    for name, frame in texts.items():
        for column in ("SITEID", "SITEGR1"):
            if column not in frame:
                continue
            called = {site: _code(site, codes, frame[column]) for site in frame[column].unique()}
            masked = {site: code for site, code in called.items() if code != site}
            if not masked:
                continue
            codes |= masked
            rows = frame[frame[column].isin(list(masked))]
            after = rows[column].map(masked)
            report.append(_changed(rows, column, before="a site", after=after, rule="sites masked"))
            if any(map(names_a_site, masked)):
                found = f"names of {len(masked)} sites"
                findings.append(finding("site_name", _files(frame), column=column, found=found))
            frame = frame.assign(**{column: frame[column].map(called)})
            texts = texts | {name: frame}
    report.append(
        note("all files", "looked for names of sites", after=f"{len(codes) - len(known)} new ones masked")
    )
    return texts, codes


def _code(site: str, codes: dict[str, str], column: pd.Series) -> str:
    """The code of a site: its own where it is one already, else the next that nobody has."""
    if site in codes:
        return codes[site]
    if not names_a_site(site) or site in codes.values():
        return site
    taken = {*codes.values(), *column.unique()}
    codes[site] = next(code for n in range(1, 10_000) if (code := f"Site {n:02d}") not in taken)
    return codes[site]


def _renamed(frame: pd.DataFrame, columns: tuple[str, ...], names: Mapping[str, str]) -> pd.DataFrame:
    """The frame with the code of a site wherever a text has its name."""
    for name, code in names.items():
        frame = frame.assign(**{c: frame[c].str.replace(name, code, regex=False) for c in columns})
    return frame


def _changed(
    rows: pd.DataFrame, column: str, *, before: str, after: "pd.Series | str", rule: str
) -> pd.DataFrame:
    return entries(rows[SRCFILE], rows[SRCROW].astype("Int64"), column, before=before, after=after, rule=rule)


def _files(frame: pd.DataFrame) -> str:
    return " and ".join(frame[SRCFILE].unique()[:3])
