"""Who counts: the flags of one subject, as endpoints.md section 6 derives them."""

from tests.independent.twin.days import is_missing
from trialdata.definition import StudyDefinition


def populations_of(adsl: dict, adex: list[dict], definition: StudyDefinition, *, cut_has: set[str]) -> dict:
    """Flag by population, "Y" or "N".

    `cut_has` names what the cut has: the columns of ADSL, and "adex" where it has such a file. Flags in the
    file win and an empty cell is N; ITT is not used where nothing was randomised.
    """
    if adsl["TRT01P"] not in [arm.trt for arm in definition.arms]:
        return dict.fromkeys(("ITTFL", "FASFL", "PPROTFL", "SAFFL"), "N")
    assigned = not is_missing(adsl["TRT01P"])
    treated = is_treated(adsl, adex, cut_has)
    randomised = adsl.get("RANDFL") == "Y" if "RANDFL" in cut_has else assigned
    derived = {"ITTFL": randomised, "FASFL": assigned and treated, "SAFFL": treated}
    flags = {}
    for name, value in derived.items():
        flags[name] = yes(adsl.get(name) == "Y" if name in cut_has else value)
    kept_to_protocol = adsl.get("PPROTFL") == "Y" if "PPROTFL" in cut_has else True
    flags["PPROTFL"] = yes(flags["FASFL"] == "Y" and kept_to_protocol)
    if not definition.randomised:
        del flags["ITTFL"]
    return flags


def yes(value: bool) -> str:
    return "Y" if value else "N"


def is_treated(adsl: dict, adex: list[dict], cut_has: set[str]) -> bool:
    """Treated: the first the cut has of TRTSDT, adex, TRT01A, everyone."""
    if "TRTSDT" in cut_has:
        return not is_missing(adsl.get("TRTSDT"))
    if "adex" in cut_has:
        return any(row["USUBJID"] == adsl["USUBJID"] for row in adex)
    if "TRT01A" in cut_has:
        return not is_missing(adsl.get("TRT01A"))
    return True
