"""The outputs about the trial itself: state of the cut, data, design, and what changed between cuts."""

from functools import partial

from outputs import (
    cut_changes,
    cut_movers,
    design,
    findings,
    imported,
    overview,
    queries,
    record_changes,
    sites,
)
from outputs.baseline import balance, table
from outputs.disposition import completeness, flow, withdrawals
from outputs.entry import NOTHING, Entry

_entry = partial(Entry, "trial")

ENTRIES = (
    _entry("status", "The cut, enrolment, who is due, data findings", overview.status_output),
    _entry("arms", "State by arm: treated, due, left the study, follow-up", overview.arms_output),
    _entry(
        "headline",
        "The primary endpoint, or what can be answered while few are due",
        overview.headline_output,
    ),
    _entry("answerable", "Rates so far for every endpoint with a rate", overview.answerable_output),
    _entry("enrolment", "Enrolment and maturity by month", overview.enrolment_output),
    _entry("due", "Who is due for each endpoint", overview.due_output),
    _entry("sites", "Last record per site against the cut", sites.sites_output, leaves=NOTHING),
    _entry("overview_platelets", "Small platelet trajectories", overview.overview_platelets_output, True),
    _entry("participant_flow", "Participants from screened to analysed", flow.participant_flow_output),
    _entry(
        "follow_up_completeness",
        "Days followed of the days possible, and median follow-up",
        completeness.follow_up_completeness_output,
    ),
    _entry("withdrawals", "Leaving the study over time", withdrawals.withdrawals_output),
    _entry("withdrawal_reasons", "Why participants left the study", withdrawals.withdrawal_reasons_output),
    _entry("baseline_table", "Characteristics at baseline by arm", table.baseline_table_output),
    _entry("baseline_balance", "Standardised differences at baseline", balance.baseline_balance_output),
    _entry("design", "The trial's design, with who states it", design.design_output),
    _entry("design_endpoints", "The rule of every endpoint", design.design_endpoints_output),
    _entry("findings", "Findings of reading and checking", findings.findings_output, True),
    _entry("queries", "What to ask each site", queries.queries_output, True),
    _entry("finding_counts", "Findings counted by kind", findings.finding_counts_output),
    _entry("load_report", "What the import changed", imported.load_report_output, True),
    _entry("completeness", "Platelet counts by visit and arm", findings.completeness_output),
    _entry("cut_changes", "Rates at the earlier cut and at this one", cut_changes.cut_changes_output),
    _entry("cut_causes", "What leads from the earlier counts to these", cut_movers.cut_causes_output),
    _entry("cut_movers", "Who moved the rate between the cuts", cut_movers.cut_movers_output, True),
    _entry("record_changes", "Records new, corrected or gone", record_changes.record_changes_output),
    _entry(
        "changed_records",
        "Each changed record, before and after",
        record_changes.changed_records_output,
        True,
    ),
)
