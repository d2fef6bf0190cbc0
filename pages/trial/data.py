"""Data: what the checks found, what to ask the sites, and how complete the counts are."""

from ui.frame import guard
from ui.page import head
from ui.queries import query_workbook
from ui.show import show, show_sortable

reading = guard()
findings = reading.output("findings")
queries = reading.output("queries")
head(reading, findings)
show(reading, reading.output("completeness"))
show(reading, reading.output("finding_counts"))
show_sortable(reading, queries, workbook=lambda: query_workbook(queries))
show(reading, findings)
if not reading.data.study.report.empty:
    show(reading, reading.output("load_report"))
