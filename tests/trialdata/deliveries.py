"""The sample of NCT07057778 as five sites would send it: the same participants in five shapes.

Every function takes the datasets of a data cut as text and the date of the cut, and gives files by name.
"""

import datetime
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
from sending import workbook

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample" / "pku_igu_itp_03"
Frames = dict[str, pd.DataFrame]
Files = dict[str, bytes]
CHINESE = {
    **{"IGU+RTX": "联合组", "RTX": "单药组", "M": "男", "F": "女"},
    **{"ONGOING": "在研", "COMPLETED": "完成", "DISCONTINUED": "脱落"},
    **{"CORTICOSTEROID INCREASE": "激素加量", "IVIG": "丙种球蛋白", "PLATELET TRANSFUSION": "血小板输注"},
    **{"NEW ITP THERAPY": "新的ITP治疗", "CORTICOSTEROID": "原有激素"},
}
LOW = 125  # the lower limit of normal of the sample


def sample(cut: datetime.date) -> Frames:
    """The six datasets of the sample at a data cut as text, without screen failures; of adqs the WHO grades."""
    frames = {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted((SAMPLE / cut.isoformat()).glob("*.csv"))
    }
    enrolled = frames["adsl"][frames["adsl"]["TRT01P"] != "Screen failure"]
    graded = frames["adqs"][frames["adqs"]["PARAMCD"] == "WHOBLD"].reset_index(drop=True)
    return frames | {"adsl": enrolled, "adqs": graded}


def dated(frames: Frames, cut: datetime.date) -> Frames:
    """The datasets with dates in the place of study days; day 1 of nobody treated is the randomisation."""
    adsl = frames["adsl"]
    day_one = {
        subject: cut - datetime.timedelta(days=int(day) - 1)
        for subject, day in zip(adsl["USUBJID"], adsl["DCUTDY"], strict=True)
    }

    def date(subject: str, day: str) -> str:
        if not day:
            return ""
        after = int(day) - 1 if int(day) > 0 else int(day)
        return (day_one[subject] + datetime.timedelta(days=after)).isoformat()

    with_dates = {}
    for name, frame in frames.items():
        days = [column for column in frame if column.endswith("DY")]
        dates = {
            f"{column[:-1]}T": [date(*cell) for cell in zip(frame["USUBJID"], frame[column], strict=True)]
            for column in days
        }
        with_dates[name] = frame.drop(columns=days).assign(**dates).drop(columns="DCUTDT", errors="ignore")
    start = adsl["USUBJID"].map(lambda subject: day_one[subject].isoformat())
    treated = adsl["SAFFL"] == "Y"
    with_dates["adsl"] = with_dates["adsl"].assign(TRTSDT=start.where(treated, ""), RANDDT=start)
    return with_dates


def number(text: str) -> object:
    """The number for a cell of a workbook, where the text is one: the sample has words such as ND too."""
    return float(text) if text.replace(".", "", 1).isdigit() else text


def count(value: str, reported: str) -> object:
    """A count as a hospital prints it: the limit, an arrow below normal, a word where it was not taken."""
    if reported or not value:
        return reported or "未查"
    plain = number(value)
    return f"{value}↓" if isinstance(plain, float) and plain < LOW else plain


def chinese_workbook(frames: Frames, cut: datetime.date) -> Files:
    """One workbook: 随访表 with a column of counts and one of dates for each visit, and three more sheets."""
    datasets = dated(frames, cut)
    adsl, plat = datasets["adsl"], datasets["adlb"]
    plat = plat[plat["PARAMCD"] == "PLAT"]
    planned = plat[plat["AVISIT"] != "Unscheduled"].drop_duplicates(["USUBJID", "AVISIT"])
    weeks = sorted(planned["AVISITN"].astype(float).unique())
    cells = {
        (row["USUBJID"], float(row["AVISITN"])): (count(row["AVAL"], row["AVALC"]), row["ADT"])
        for row in planned.to_dict("records")
    }
    rest = plat.drop(planned.index)
    visits = ["基线" if week == 0 else f"第{week:g}周" for week in weeks]
    header = [
        "受试者编号",
        "中心",
        "组别",
        "性别",
        "年龄",
        "首次给药日期",
        "随机日期",
        "研究状态",
        "退出日期",
    ]
    header += [f"{what}_{visit}" for visit in visits for what in ("血小板", "采样日期")]
    rows = [
        [
            *(row["USUBJID"], row["SITEID"], CHINESE[row["TRT01P"]], CHINESE[row["SEX"]], number(row["AGE"])),
            *(row["TRTSDT"], row["RANDDT"], CHINESE[row["EOSSTT"]], row["EOSDT"]),
            *(cell for week in weeks for cell in cells.get((row["USUBJID"], week), ("", ""))),
        ]
        for row in adsl.to_dict("records")
    ]
    unplanned = [
        [row["USUBJID"], row["ADT"], count(row["AVAL"], row["AVALC"])] for row in rest.to_dict("records")
    ]
    bleeding = [
        [row["USUBJID"], row["ADT"], number(row["AVAL"])] for row in datasets["adqs"].to_dict("records")
    ]
    medication = [
        [
            row["USUBJID"],
            row["CMDECOD"],
            CHINESE.get(row["CMCLAS"], row["CMCLAS"]),
            row["ASTDT"],
            row["AENDT"],
        ]
        for row in datasets["adcm"].to_dict("records")
    ]
    sheets = {
        "随访表": [header, *rows],
        "计划外采血": [["受试者编号", "采样日期", "血小板(×10⁹/L)"], *unplanned],
        "出血评分": [["受试者编号", "评估日期", "WHO出血评分"], *bleeding],
        "合并用药": [["受试者编号", "药物名称", "药物类别", "开始日期", "结束日期"], *medication],
    }
    return {"随访表.xlsx": workbook(sheets)}


def transport(
    frame: pd.DataFrame, name: str, dates: tuple[str, ...] = (), numbers: tuple[str, ...] = ()
) -> bytes:
    """A SAS transport file of version 5; `dates` are numbers with the format DATE9."""
    typed = frame.reset_index(drop=True).copy()
    for column in dates:
        typed[column] = pd.to_datetime(typed[column]).map(lambda day: day.date() if pd.notna(day) else None)
    for column in numbers:
        typed[column] = pd.to_numeric(typed[column], errors="coerce")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.xpt")
        pyreadstat.write_xport(
            typed,
            str(path),
            table_name=name.upper(),
            file_format_version=5,
            variable_format=dict.fromkeys(dates, "DATE9."),
        )
        return path.read_bytes()


def sdtm(frames: Frames, cut: datetime.date) -> Files:
    """DM, LB, QS, CM and EX; the status at the end of the study would stand in DS, which is not read."""
    datasets = dated(frames, cut)
    adsl, adlb, adqs, adcm, adex = (datasets[name] for name in ("adsl", "adlb", "adqs", "adcm", "adex"))

    def domain(name: str, of: pd.DataFrame, **columns: object) -> pd.DataFrame:
        return pd.DataFrame(
            {"STUDYID": "Pku-IGU-ITP-03", "DOMAIN": name, "USUBJID": of["USUBJID"], **columns}
        )

    result = adlb["AVALC"].where(adlb["AVALC"] != "", adlb["AVAL"])
    domains = {
        "dm": domain(
            *("DM", adsl),
            **{"SITEID": adsl["SITEID"], "AGE": adsl["AGE"], "AGEU": "YEARS", "SEX": adsl["SEX"]},
            **{"ARM": adsl["TRT01P"], "ACTARM": adsl["TRT01A"], "RFSTDTC": adsl["RANDDT"]},
            **{"RFXSTDTC": adsl["TRTSDT"], "DTHDTC": adsl["DTHDT"]},
        ),
        "lb": domain(
            *("LB", adlb),
            **{"LBTESTCD": adlb["PARAMCD"], "LBORRES": result, "LBORRESU": adlb["AVALU"]},
            **{
                "LBSTRESC": result,
                "LBSTRESU": adlb["AVALU"],
                "LBSTAT": (result == "").map({True: "NOT DONE", False: ""}),
            },
            **{"LBBLFL": adlb["ABLFL"], "VISIT": adlb["AVISIT"], "LBDTC": adlb["ADT"]},
        ),
        "qs": domain(
            *("QS", adqs), **{"QSTESTCD": adqs["PARAMCD"], "QSORRES": adqs["AVAL"], "QSDTC": adqs["ADT"]}
        ),
        "cm": domain(
            *("CM", adcm),
            **{"CMTRT": adcm["CMDECOD"], "CMDECOD": adcm["CMDECOD"], "CMCLAS": adcm["CMCLAS"]},
            **{"CMSTDTC": adcm["ASTDT"], "CMENDTC": adcm["AENDT"]},
        ),
        "ex": domain(
            *("EX", adex),
            **{"EXTRT": adex["EXTRT"], "EXDOSE": adex["EXDOSE"], "EXDOSU": adex["EXDOSU"]},
            **{"EXSTDTC": adex["ASTDT"], "EXENDTC": adex["AENDT"]},
        ),
    }
    return {f"{name}.xpt": transport(frame, name) for name, frame in domains.items()}


def redcap(frames: Frames, cut: datetime.date) -> Files:
    """A raw export: arms and sexes are codes, visits events, medication a repeating form."""
    datasets = dated(frames, cut)
    adsl, adlb, adqs, adcm = (datasets[name] for name in ("adsl", "adlb", "adqs", "adcm"))
    base = {"redcap_repeat_instrument": "", "redcap_repeat_instance": ""}
    rows = [
        base
        | {"record_id": row["USUBJID"], "redcap_event_name": "enrolment_arm_1", "site": row["SITEID"]}
        | {"arm": {"IGU+RTX": "1", "RTX": "2"}[row["TRT01P"]], "sex": {"M": "1", "F": "2"}[row["SEX"]]}
        | {"age": row["AGE"], "trtsdt": row["TRTSDT"], "randdt": row["RANDDT"], "enrolment_complete": "2"}
        | {"eosstt": row["EOSSTT"], "eosdt": row["EOSDT"]}
        for row in adsl.to_dict("records")
    ]
    plat = adlb[adlb["PARAMCD"] == "PLAT"]
    rows += [
        base
        | {
            "record_id": row["USUBJID"],
            "redcap_event_name": f"{row['AVISIT'].lower().replace(' ', '_')}_arm_1",
        }
        | {"lbdtc": row["ADT"], "plt": row["AVALC"] or row["AVAL"] or "ND", "labs_complete": "2"}
        for row in plat.to_dict("records")
    ]
    for form, frame, columns in (
        ("bleeding", adqs, {"ADT": "date_of_assessment", "AVAL": "who_bleeding"}),
        ("conmed", adcm, {"CMDECOD": "cmtrt", "CMCLAS": "cmclas", "ASTDT": "cmstdtc", "AENDT": "cmendtc"}),
    ):
        instance = frame.groupby("USUBJID").cumcount() + 1
        rows += [
            {"record_id": row["USUBJID"], "redcap_event_name": "repeating_arm_1"}
            | {"redcap_repeat_instrument": form, "redcap_repeat_instance": str(number_of)}
            | {sent: row[column] for column, sent in columns.items()}
            | {f"{form}_complete": "2"}
            for row, number_of in zip(frame.to_dict("records"), instance, strict=True)
        ]
    return {"DEMO_DATA_2026-12-31.csv": pd.DataFrame(rows).fillna("").to_csv(index=False).encode()}


def dataset_json_zip(frames: Frames, cut: datetime.date) -> Files:
    """The datasets as they are, one file of Dataset-JSON each, in one ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in frames.items():
            columns = [
                {"itemOID": f"IT.{name}.{column}", "name": column, "label": column, "dataType": "string"}
                for column in frame
            ]
            whole = {
                "datasetJSONCreationDateTime": f"{cut}T00:00:00",
                "datasetJSONVersion": "1.1.0",
                "itemGroupOID": f"IG.{name.upper()}",
                "records": len(frame),
                "name": name.upper(),
                "label": name.upper(),
                "columns": columns,
                "rows": frame.to_numpy().tolist(),
            }
            archive.writestr(f"{name}.json", json.dumps(whole, allow_nan=False))
    return {"datasets.zip": buffer.getvalue()}


def adam_with_dates(frames: Frames, cut: datetime.date) -> Files:
    """ADaM as a sponsor sends it: SAS dates, no study days, no DCUTDY, numbers as numbers."""
    datasets = dated(frames, cut)
    numbers = ("AGE", "DURMO", "PRIORLN", "AVAL", "AVISITN", "ANRLO", "ANRHI", "EXDOSE", "CMDOSE", "AETOXGR")
    return {
        f"{name}.xpt": transport(
            frame,
            name,
            tuple(column for column in frame if column.endswith("DT")),
            tuple(column for column in frame if column in numbers),
        )
        for name, frame in datasets.items()
    }
