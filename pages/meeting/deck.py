"""Deck and report: what is shown at a meeting, chosen and put in order, and the files made of it."""

from ui.deck import added, offered, plan_on_screen
from ui.frame import guard
from ui.page import title
from ui.pins import quietly_pinned
from ui.report import reports_offered

reading = guard()
title(
    reading,
    "Deck and report",
    "Each slide keeps its own population, endpoint and filter; the files are made when you ask for them.",
)
plan, pins = plan_on_screen(reading), quietly_pinned(reading)
added(reading)
offered(reading, plan, pins)
reports_offered(reading, pins)
