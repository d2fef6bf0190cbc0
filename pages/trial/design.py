"""Design: the study definition in words, with what is assumed marked as such."""

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
design = reading.output("design")
head(reading, design)
show(reading, design)
show(reading, reading.output("design_endpoints"))
