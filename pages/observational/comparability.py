"""Comparability: for whom an answer is, how alike the arms were, and what weighting makes of it."""

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
estimands = reading.output("estimands")
head(reading, estimands)
show(reading, estimands)
