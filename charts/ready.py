"""A finished figure that is not encoded again each time it is shown."""

import json

from plotly.basedatatypes import BaseFigure


class ReadyFigure(BaseFigure):
    """A read-only figure: its `to_dict`, plain lists and packed arrays, is made once.

    Streamlit asks a figure for `to_dict` at every rerun, and plotly copies, packs and cleans it each time.
    """

    def __init__(self, figure: BaseFigure):
        self._ready = json.loads(figure.to_json())

    def to_dict(self) -> dict:
        return self._ready
