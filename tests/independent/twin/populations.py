"""Who counts: the flags of one subject, as endpoints.md section 6 derives them."""

from tests.independent.twin.days import is_missing
from trialdata.definition import StudyDefinition


def populations_of(adsl: dict, adex: list[dict], definition: StudyDefinition, *, cut_has: set[str]) -> dict:
    """Flag by population, "Y" or "N".

    `cut_has` names what the cut has: the columns of ADSL, and "adex" where it has such a file. Flags in the
    file win and an empty cell is N; ITT is not used where nothing was randomised.
    """
    if adsl["TRT01P"] not in [arm.trt for arm in definition.arms]:
        nowhere = dict.fromkeys(("ITTFL", "FASFL", "PPROTFL", "SAFFL"), "N")
        return only_applicable(nowhere, definition, cut_has)
    assigned = not is_missing(adsl["TRT01P"])
    treated = is_treated(adsl, adex, cut_has)
    randomised = adsl.get("RANDFL") == "Y" if "RANDFL" in cut_has else assigned
    derived = {"ITTFL": randomised, "FASFL": assigned and treated, "SAFFL": treated}
    flags = {}
    for name, value in derived.items():
        flags[name] = yes(adsl.get(name) == "Y" if name in cut_has else value)
    flags["PPROTFL"] = yes(flags["FASFL"] == "Y" and adsl.get("PPROTFL") == "Y")
    return only_applicable(flags, definition, cut_has)


def only_applicable(flags: dict, definition: StudyDefinition, cut_has: set[str]) -> dict:
    """ITT wants a randomisation; nothing but PPROTFL itself tells of major protocol deviations."""
    left_out = set() if definition.randomised else {"ITTFL"}
    if "PPROTFL" not in cut_has:
        left_out.add("PPROTFL")
    return {name: flag for name, flag in flags.items() if name not in left_out}


def yes(value: bool) -> str:
    return "Y" if value else "N"


def is_treated(adsl: dict, adex: list[dict], cut_has: set[str]) -> bool:
    """Treated: the first the cut has of TRTSDT, adex, TRT01A, everyone."""
    if "TRTSDT" in cut_has:
        return not is_missing(adsl.get("TRTSDT"))
    if "adex" in cut_has:
        cut = adsl.get("DCUTDY")
        doses = [row["ASTDY"] for row in adex if row["USUBJID"] == adsl["USUBJID"]]
        return not is_missing(cut) and any(day <= cut for day in doses)
    if "TRT01A" in cut_has:
        return not is_missing(adsl.get("TRT01A"))
    return True
