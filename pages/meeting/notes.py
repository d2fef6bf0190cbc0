"""Pinned: what was put aside at this data cut, in the order in which it becomes slides or a section of the report."""

from outputs.wording import plural
from ui.frame import guard
from ui.page import title
from ui.pins import listed_pins, pinned

reading = guard()
pins = pinned(reading)
title(reading, plural(len(pins), "pinned output") if pins else "Nothing is pinned at this data cut")
listed_pins(reading, pins)
