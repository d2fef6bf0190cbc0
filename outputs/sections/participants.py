"""The outputs about single participants."""

from functools import partial

from outputs import (
    compared_participants,
    heatmap,
    one_participant,
    participant_tables,
    participants,
)
from outputs.entry import Entry

_entry = partial(Entry, "participants")

ENTRIES = (
    _entry("participants", "The list of participants", participants.participants_output, True),
    _entry("platelet_heatmap", "Everybody's platelets at every visit", heatmap.platelet_heatmap_output, True),
    _entry("swimlanes", "One lane per participant", participants.swimlanes_output, True),
    _entry(
        "participant_course",
        "One participant's course",
        one_participant.participant_course_output,
        True,
    ),
    _entry(
        "participant_trace",
        "How the rule read each count",
        one_participant.participant_trace_output,
        True,
    ),
    _entry(
        "participant_verdicts",
        "One participant's answer for every endpoint",
        one_participant.participant_verdicts_output,
        True,
    ),
    _entry(
        "participant_adverse",
        "One participant's adverse events",
        participant_tables.participant_adverse_output,
        True,
    ),
    _entry(
        "participant_treatment",
        "One participant's doses and medication",
        participant_tables.participant_treatment_output,
        True,
    ),
    _entry(
        "participant_laboratory",
        "One participant's laboratory values",
        participant_tables.participant_laboratory_output,
        True,
    ),
    _entry(
        "compared_participants",
        "Participants side by side",
        compared_participants.compared_participants_output,
        True,
    ),
)
