"""A finished figure that is not encoded again each time it is shown."""

from plotly.basedatatypes import BaseFigure


class ReadyFigure(BaseFigure):
    """A read-only figure: its `to_dict`, arrays already packed, is made once.

    Streamlit asks a figure for `to_dict` at every rerun, and plotly copies and packs it all again each time.
    """

    def __init__(self, figure: BaseFigure):
        self._ready = figure.to_dict()

    def to_dict(self) -> dict:
        return self._ready
