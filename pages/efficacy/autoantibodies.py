"""Autoantibodies: response by class of autoantibody, and the haemoglobin response of those with anaemia."""

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
classes = reading.output("autoantibody_classes")
head(reading, classes)
show(reading, classes)
show(reading, reading.output("haemoglobin_response"))
