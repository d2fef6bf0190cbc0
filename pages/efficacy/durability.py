"""Durability: how soon a response comes, and how long it lasts."""

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
response = reading.output("cumulative_response")
head(reading, response)
show(reading, response)
for output in ("time_to_response", "duration_of_response", "treatment_failure", "time_in_response"):
    show(reading, reading.output(output))
show(reading, reading.output("durability_numbers"))
