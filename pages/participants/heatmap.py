"""Heat map: everybody's platelets at every visit, sorted by response."""

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
heatmap = reading.output("platelet_heatmap")
head(reading, heatmap)
show(reading, heatmap)
