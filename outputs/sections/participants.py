"""The outputs about single participants."""

from functools import partial

from outputs import (
    heatmap,
    one_participant,
    participant_answers,
    participant_laboratory,
    participant_tables,
    participants,
    participants_compared,
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
        participant_answers.participant_trace_output,
        True,
    ),
    _entry(
        "participant_verdicts",
        "One participant's answer for every endpoint",
        participant_answers.participant_verdicts_output,
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
        participant_laboratory.participant_laboratory_output,
        True,
    ),
    _entry(
        "participants_compared",
        "Participants side by side",
        participants_compared.participants_compared_output,
        True,
    ),
    _entry(
        "participants_facts",
        "Facts of participants side by side",
        participants_compared.participants_facts_output,
        True,
    ),
)
