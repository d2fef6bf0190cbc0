"""The pooled view of a study: what a reader may see who must not see the arms.

Columns are allowed by name, never forbidden by name: a column that nobody thought of stays out. What is left
depends on the arms in no way: with the arms of the participants exchanged, the pooled view is the same.
"""

import hashlib
import re
from typing import Any

import pandas as pd

from trialdata.check_list import CHECKS
from trialdata.definition import Arm, StudyDefinition
from trialdata.findings import listed
from trialdata.schema import DATASETS, FILLED, REQUIRED, empty_column, empty_frame
from trialdata.screening import SCREEN_FAILURE, is_screen_failure

POOLED = Arm(trt="All", label="All participants", role="pooled")
NOT_AN_ARM = "none of the arms"
ALLOWED = {
    "adsl": (
        *(
            "USUBJID",
            "STUDYID",
            "SITEID",
            "DCUTDY",
            "TRTSDT",
            "RANDDT",
            "AGE",
            "SEX",
            "DURMO",
            "PRIORLN",
            "STERFL",
        ),
        *("RANDFL", "ITTFL", "FASFL", "PPROTFL", "SAFFL", "EOSSTT", "EOSDY", "DTHDY"),
    ),
    "adlb": (
        *("USUBJID", "PARAMCD", "ADY", "AVAL", "AVALC", "AVALU", "AVISIT", "AVISITN", "ABLFL", "DTYPE"),
        *("ANRLO", "ANRHI"),
    ),
    "adqs": ("USUBJID", "PARAMCD", "ADY", "AVAL", "ABLFL"),
    "adcm": ("USUBJID", "CMCLAS", "ASTDY", "AENDY"),
    "adae": ("USUBJID", "AEDECOD", "AEBODSYS", "AETOXGR", "AESER", "AEOUT", "ASTDY", "AENDY", "TRTEMFL"),
}
ROUTINE_PARAMETERS = (  # a drug level or an antibody against a drug would tell the arm
    *("PLAT", "HGB", "HCT", "RBC", "WBC", "NEUT", "LYM", "MONO", "EOS", "BASO", "MPV"),
    *("ALT", "AST", "ALP", "GGT", "BILI", "ALB", "CREAT", "BUN", "UREA", "GLUC", "SODIUM", "K", "CRP"),
    *("RETIC", "LDH", "HAPTO", "IGG", "IGA", "IGM"),
)
NOT_POOLED = ("class_not_rescue", "transfusion_written_differently", "file_not_read")  # checks
NAMES_OF_ARMS = re.compile(r"TRT|ARM|STRAT|KIT|DOSE|RAND|EX[A-Z]|REGIMEN|DRUG")


def pooled_definition(definition: StudyDefinition) -> StudyDefinition:
    """The definition with one arm, and only the subgroups and covariates that stay visible."""
    return definition.replace(
        arms=(POOLED,),
        subgroups=tuple(s for s in definition.subgroups if not NAMES_OF_ARMS.search(s.column)),
        covariates=tuple(name for name in definition.covariates if not NAMES_OF_ARMS.search(name)),
        strata=(),
        doses=(),
        negative_controls=(),
    )


def pooled_parts(
    definition: StudyDefinition,
    frames: dict[str, pd.DataFrame],
    findings: pd.DataFrame,
    every_finding: pd.DataFrame,
) -> dict[str, Any]:
    """The frames, findings, definition and hash of the pooled view, by field of `Study`.

    The findings listed are chosen among all of them after sorting: the first ones of a file sorted by arm would
    be of one arm.
    """
    pooled = pooled_definition(definition)
    visible = {name: _visible(name, frames[name], pooled) for name in ALLOWED}
    visible["adsl"] = visible["adsl"].assign(**_arms_pooled(frames["adsl"], frames["adex"], definition))
    rescue = [rescue.cmclas for rescue in definition.rescue]
    visible["adcm"] = visible["adcm"][visible["adcm"]["CMCLAS"].isin(rescue)]
    visible["adlb"] = visible["adlb"][visible["adlb"]["PARAMCD"].isin(ROUTINE_PARAMETERS)]
    visible = {name: _in_fixed_order(frame) for name, frame in visible.items()}
    visible["adex"] = empty_frame(DATASETS["adex"])
    every = _visible_findings(every_finding if len(every_finding) else findings, visible["adsl"].columns)
    return {
        "definition": pooled,
        "findings": _without_rows(listed(every)),
        "every_finding": _without_rows(every),
        "content_hash": _hash(visible),
        "view": "pooled",
        **visible,
    }


def _visible(name: str, frame: pd.DataFrame, definition: StudyDefinition) -> pd.DataFrame:
    """The allowed columns; those the loader always gives come empty where they are not allowed."""
    named = [*definition.covariates, *(subgroup.column for subgroup in definition.subgroups)]
    allowed = {*ALLOWED[name], *(named if name == "adsl" else ())}
    kept = frame[[column for column in frame.columns if column in allowed]]
    dataset = DATASETS[name]
    always = [column for column in dataset.named(REQUIRED) + dataset.named(FILLED) if column.name not in kept]
    return kept.assign(**{column.name: empty_column(column.kind, kept.index) for column in always})


def _arms_pooled(adsl: pd.DataFrame, adex: pd.DataFrame, definition: StudyDefinition) -> dict[str, pd.Series]:
    """TRT01P and TRT01A that say only who is in the trial and who was treated.

    Without TRTSDT, who was treated follows from adex, which the pooled view does not have: TRT01A keeps it.
    """
    planned = _pooled(adsl["TRT01P"], definition).mask(is_screen_failure(adsl, definition), SCREEN_FAILURE)
    actual = _pooled(adsl["TRT01A"], definition) if "TRT01A" in adsl else None
    dated = "TRTSDT" in adsl and (adsl["TRTSDT"] != "").any()
    if not dated and len(adex):
        dosed = adsl["USUBJID"].isin(adex["USUBJID"])
        given = planned if actual is None else actual.where(actual != "", planned)
        actual = given.where(dosed, "")
    return {"TRT01P": planned} if actual is None else {"TRT01P": planned, "TRT01A": actual}


def _pooled(arm: pd.Series, definition: StudyDefinition) -> pd.Series:
    known = arm.isin([each.trt for each in definition.arms])
    return arm.mask(known, POOLED.trt).where(known | (arm == ""), NOT_AN_ARM)


def _in_fixed_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Sorted by its own content: a file sorted by arm must not tell the arm by the order of its rows."""
    columns = [column for column in ("USUBJID", "PARAMCD", "ADY", "ASTDY") if column in frame]
    columns += sorted(set(frame.columns) - set(columns))
    return frame[columns].sort_values(columns, ignore_index=True)


def _visible_findings(findings: pd.DataFrame, adsl_columns: pd.Index) -> pd.DataFrame:
    """Findings about visible columns, sorted by what they say."""
    visible = findings[_about_visible(findings, set(adsl_columns))]
    visible = visible[~visible["check"].isin(NOT_POOLED)]
    return visible.sort_values(["severity", "check", "file", "column", "USUBJID", "found"], ignore_index=True)


def _without_rows(findings: pd.DataFrame) -> pd.DataFrame:
    """In a file sorted by arm the row would tell the arm."""
    return findings.assign(row=pd.array([pd.NA] * len(findings), dtype="Int64"))


def pooled_refusal(findings: pd.DataFrame) -> pd.DataFrame:
    """The errors as the pooled view may name them: of a column that it does not show, the place alone."""
    errors = findings[findings["severity"] == "error"]
    hidden = ~_about_visible(errors, set()) & errors["row"].notna()
    return errors.assign(
        USUBJID=errors["USUBJID"].mask(hidden, ""),
        found=errors["found"].mask(hidden, "something that the pooled view does not show"),
        expected=errors["expected"].where(~hidden, errors["check"].map(lambda check: CHECKS[check].expected)),
    ).reset_index(drop=True)


def _about_visible(findings: pd.DataFrame, adsl_columns: set[str]) -> pd.Series:
    allowed = {name: {*columns, ""} for name, columns in ALLOWED.items()}
    allowed["adsl"] |= adsl_columns - {"TRT01P", "TRT01A"}
    datasets = findings["file"].str.lower().str.extract(r"^(ad[a-z]{2})")[0]
    places = zip(datasets, findings["column"], strict=True)
    seen = [column in allowed.get(name, ()) for name, column in places]
    return pd.Series(seen, index=findings.index, dtype=bool)


def _hash(frames: dict[str, pd.DataFrame]) -> str:
    """SHA-256 of what is visible: the hash of the files would change with the arms."""
    digest = hashlib.sha256()
    for name, frame in sorted(frames.items()):
        digest.update(f"{name}\0{','.join(frame.columns)}\0{len(frame)}\0".encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()
