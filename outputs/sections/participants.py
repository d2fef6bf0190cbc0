"""The outputs about single participants."""

from functools import partial

from outputs import (
    heatmap,
    one_participant,
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
)
