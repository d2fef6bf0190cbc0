"""The figures of participants: swim lanes of all, and the course of one."""

from charts.lanes import swimlane_figure
from charts.one_participant import participant_figure

__all__ = ["participant_figure", "swimlane_figure"]
