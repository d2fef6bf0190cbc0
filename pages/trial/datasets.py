"""Analysis datasets: ADSL, ADLB, ADRS and ADTTE as files, and what every variable of them is."""

from ui.datasets import offer_datasets
from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
contents, dictionary = reading.loaded.datasets
head(reading, contents)
offer_datasets(reading)
show(reading, contents)
show(reading, dictionary)
