"""The variables of the analysis datasets in order: name, label, type, origin, unit, values and how each is made.

Names are CDISC ADaM names where ADaM has one. Labels are plain ASCII of at most 40 characters, names of at most 8:
the limits of a SAS transport file.
"""

from dataclasses import dataclass

TEXT, WHOLE, NUMBER = "text", "integer", "number"
COLLECTED, DERIVED = "collected", "derived"
YES_NO = ("Y", "N")
DAY = "study day"


@dataclass(frozen=True)
class Variable:
    """One variable. An integer is whole wherever its values are; a missing text is empty, a missing number missing."""

    name: str
    label: str
    kind: str  # text | integer | number
    origin: str  # collected | derived
    comment: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()


def _set_flag(name: str, label: str) -> Variable:
    comment = "As the file says; derived where it has no such column (section 6 of the endpoint rules)"
    return Variable(name, label, TEXT, DERIVED, comment, values=YES_NO)


STUDYID = Variable("STUDYID", "Study Identifier", TEXT, COLLECTED, "From the study's definition")
USUBJID = Variable("USUBJID", "Unique Subject Identifier", TEXT, COLLECTED, "The trial's own code")
SITEID = Variable("SITEID", "Study Site Identifier", TEXT, COLLECTED)
SETS = (
    _set_flag("ITTFL", "Intent-To-Treat Population Flag"),
    _set_flag("FASFL", "Full Analysis Set Population Flag"),
    _set_flag("PPROTFL", "Per-Protocol Population Flag"),
    _set_flag("SAFFL", "Safety Population Flag"),
)
CORE = (
    *(STUDYID, USUBJID, SITEID),
    Variable("TRTP", "Planned Treatment", TEXT, COLLECTED, "ADSL.TRT01P"),
    Variable("TRTA", "Actual Treatment", TEXT, DERIVED, "ADSL.TRT01A"),
    *SETS,
)
PARAMETER = (
    Variable("PARAMCD", "Parameter Code", TEXT, DERIVED),
    Variable("PARAM", "Parameter", TEXT, DERIVED, "The whole rule stands under Parameters"),
)
ADSL = (
    *(STUDYID, USUBJID),
    Variable("SUBJID", "Subject Identifier for the Study", TEXT, COLLECTED),
    SITEID,
    Variable("SITEGR1", "Pooled Site Group 1", TEXT, COLLECTED),
    Variable("AGE", "Age", WHOLE, COLLECTED, "Above 89: 90", unit="years"),
    Variable("SEX", "Sex", TEXT, COLLECTED),
    Variable("TRT01P", "Planned Treatment for Period 01", TEXT, COLLECTED),
    Variable(
        *("TRT01A", "Actual Treatment for Period 01", TEXT, DERIVED),
        "As the file says; the planned treatment where it says nothing",
    ),
    Variable("RANDFL", "Randomized Population Flag", TEXT, COLLECTED, values=YES_NO),
    *SETS,
    Variable("DURMO", "Time Since Diagnosis", NUMBER, COLLECTED, unit="months"),
    Variable("PRIORLN", "Prior Lines of Therapy", WHOLE, COLLECTED),
    Variable("STERFL", "Corticosteroid at Entry", TEXT, COLLECTED),
    Variable(
        *("BASE", "Baseline Platelets", NUMBER, DERIVED, "ADLB.AVAL of the row with ABLFL = Y"),
        unit="10^9/L",
    ),
    Variable("BASEDY", "Study Day of Baseline Platelets", WHOLE, DERIVED, "ADLB.ADY of that row", unit=DAY),
    Variable(
        *("EOSSTT", "End of Study Status", TEXT, DERIVED),
        "As known at the cut: ONGOING for everybody on study, whatever happened after it",
        values=("ONGOING", "COMPLETED", "DISCONTINUED"),
    ),
    Variable("EOSDY", "Study Day of End of Study", WHOLE, DERIVED, "Empty while on study", unit=DAY),
    Variable("DCSREAS", "Reason for Discontinuation from Study", TEXT, COLLECTED, "Empty while on study"),
    Variable("DTHDY", "Study Day of Death", WHOLE, DERIVED, "Empty unless known at the cut", unit=DAY),
    Variable("ONSTUDY", "On Study at the Cut", TEXT, DERIVED, "Neither ended nor died", values=YES_NO),
    Variable(
        *("STATUS", "Status at the Cut", TEXT, DERIVED),
        values=("on study", "completed", "withdrawn", "died"),
    ),
)
ADLB = (
    *CORE,
    Variable("ASEQ", "Analysis Sequence Number", WHOLE, DERIVED, "The participant's rows in order of ADY"),
    Variable("PARAMCD", "Parameter Code", TEXT, COLLECTED, values=("PLAT",)),
    Variable("PARAM", "Parameter", TEXT, DERIVED, values=("Platelets (10^9/L)",)),
    Variable("ADY", "Analysis Relative Day", WHOLE, COLLECTED, "Day 1 is the first dose; no day 0", unit=DAY),
    Variable(
        *("AVAL", "Analysis Value", NUMBER, DERIVED),
        "In 10^9/L, whatever unit was sent; of a censored AVALC its limit",
        unit="10^9/L",
    ),
    Variable(
        *("AVALC", "Analysis Value (C)", TEXT, COLLECTED),
        "As reported; <n and >n decide over AVAL: below every threshold, at least n",
    ),
    Variable("AVALU", "Analysis Value Unit", TEXT, DERIVED, values=("10^9/L",)),
    Variable("BASE", "Baseline Value", NUMBER, DERIVED, "AVAL of the row with ABLFL = Y", unit="10^9/L"),
    Variable("CHG", "Change from Baseline", NUMBER, DERIVED, "AVAL - BASE", unit="10^9/L"),
    Variable(
        *("ABLFL", "Baseline Record Flag", TEXT, DERIVED),
        "The flagged row of the file with a count; else the last day up to day 1, the highest of that day",
        values=("Y",),
    ),
    Variable(
        *("ANL01FL", "Analysis Flag 01", TEXT, DERIVED),
        "Y: the count that the endpoint rules read on that day, the lowest of it; not derived (DTYPE), no copy",
        values=("Y",),
    ),
    Variable(
        *("ANL02FL", "Analysis Flag 02", TEXT, DERIVED),
        "Y: among ANL01FL the count that stands for its AVISIT, nearest to the target day",
        values=("Y",),
    ),
    Variable("AVISIT", "Analysis Visit", TEXT, DERIVED, "The analysis window that holds ADY"),
    Variable("AVISITN", "Analysis Visit (N)", NUMBER, DERIVED, "The same in weeks", unit="weeks"),
    Variable("VISIT", "Visit Name", TEXT, COLLECTED, "As the site calls it"),
    Variable("DTYPE", "Derivation Type", TEXT, COLLECTED, "Empty for a measured count"),
    Variable(
        *("SHADOW", "Rescue Class Covering the Day", TEXT, DERIVED),
        "A rescue of this class, or its washout, covers ADY, whatever an endpoint makes of it",
    ),
    Variable("SRCSEQ", "Source Sequence Number", WHOLE, COLLECTED, "LBSEQ of the file; empty without one"),
)
ADRS = (
    *CORE,
    *PARAMETER,
    Variable("AVISIT", "Analysis Visit", TEXT, DERIVED, "Of a response at a visit"),
    Variable("AVISITN", "Analysis Visit (N)", NUMBER, DERIVED, "The same in weeks", unit="weeks"),
    Variable(
        *("ADY", "Analysis Relative Day", WHOLE, DERIVED),
        "Onset of the response; of a response at a visit the day of the visit's count; else empty",
        unit=DAY,
    ),
    Variable(
        *("AVAL", "Analysis Value", NUMBER, DERIVED),
        "1 a response, 0 none, missing while PENDING or MISSING; else the share of days or the grade",
    ),
    Variable(
        *("AVALC", "Analysis Value (C)", TEXT, DERIVED),
        "R and CR by level, or Y; NR or N none; a bleeding grade as text; empty for a share",
    ),
    Variable(
        *("DUEFL", "Due at the Cut Flag", TEXT, DERIVED),
        "Y: the last possible day (DUEDY) has passed; rates are over these; empty: the kind has none",
        values=YES_NO,
    ),
    Variable("DUEDY", "Last Possible Day of the Endpoint", WHOLE, DERIVED, "The same for all", unit=DAY),
    Variable(
        *("REASON", "Reason of No Response", TEXT, DERIVED),
        "Of NR, the first that fits",
        values=("rescue", "death", "unconfirmed", "bleeding", "never reached"),
    ),
    Variable("ONSETDY", "Study Day of Onset of Response", WHOLE, DERIVED, unit=DAY),
    Variable("CRONSDY", "Study Day of Onset of Complete Response", WHOLE, DERIVED, unit=DAY),
    Variable("CONFDY", "Study Day of Confirming Count", WHOLE, DERIVED, unit=DAY),
    Variable("NOBLEED", "Counts Read without Bleeding Assessment", WHOLE, DERIVED),
    Variable("BASEGR", "Bleeding Grade at Baseline", NUMBER, DERIVED),
    Variable("RESPDAYS", "Days in Response", WHOLE, DERIVED, unit="days"),
    Variable("OBSDAYS", "Days Observed", WHOLE, DERIVED, "To the last usable count", unit="days"),
)
ADTTE = (
    *CORE,
    *PARAMETER,
    Variable("STARTDY", "Study Day of Origin", WHOLE, DERIVED, "1, or the onset of the response", unit=DAY),
    Variable(
        *("ADY", "Study Day of Event or Censoring", WHOLE, DERIVED),
        "Censored: the day of the last usable count, not of the cut",
        unit=DAY,
    ),
    Variable("AVAL", "Analysis Value", WHOLE, DERIVED, "ADY - STARTDY + 1", unit="days"),
    Variable("AVALU", "Analysis Value Unit", TEXT, DERIVED, values=("DAYS",)),
    Variable("CNSR", "Censor", WHOLE, DERIVED, "0 an event, 1 censored", values=("0", "1")),
    Variable(
        *("EVNTDESC", "Event Description", TEXT, DERIVED),
        "Empty where censored",
        values=("response", "death", "new_therapy", "rescue", "bleeding", "count"),
    ),
    Variable(
        *("CNSDTDSC", "Censor Date Description", TEXT, DERIVED),
        "Why there is no event, the first that fits; empty where there is one",
        values=("rescue", "death", "completed", "left the study", "end of window", "data cutoff"),
    ),
    Variable(
        *("SRCDOM", "Source Data", TEXT, DERIVED),
        "The dataset of the event, or of the count at which it is censored; empty: censored at day 1",
        values=("ADLB", "ADQS", "ADCM", "ADSL"),
    ),
    Variable("SRCVAR", "Source Variable", TEXT, DERIVED, values=("ADY", "ASTDY", "DTHDY")),
    Variable("SRCSEQ", "Source Sequence Number", WHOLE, DERIVED, "ADLB.ASEQ; empty for other datasets"),
    Variable(
        *("CIFDY", "Study Day of First Event of Any Kind", WHOLE, DERIVED),
        "For cumulative incidence with competing events; of a time to response",
        unit=DAY,
    ),
    Variable(
        *("CIFEVENT", "First Event of Any Kind", TEXT, DERIVED),
        "Empty where censored",
        values=("response", "rescue", "death"),
    ),
)
