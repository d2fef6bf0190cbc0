"""Data: what the checks found, and how complete the counts are."""

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
findings = reading.output("findings")
head(reading, findings)
show(reading, reading.output("completeness"))
show(reading, reading.output("finding_counts"))
show(reading, findings)
if not reading.data.study.report.empty:
    show(reading, reading.output("load_report"))
