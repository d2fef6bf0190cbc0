"""The response figures."""

from charts.rates import difference_figure, rates_figure

__all__ = ["difference_figure", "rates_figure"]
