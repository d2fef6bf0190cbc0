"""Crude and every adjusted difference in response side by side, each with the population it is for."""




TITLE = "Crude and adjusted difference"
