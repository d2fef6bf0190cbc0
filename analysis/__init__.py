"""A `Study` becomes numbers: frames in, results frames out; no files, no clock, no streamlit, no plotly."""

import pandas as pd

pd.set_option("mode.string_storage", "python")  # in many small frames Arrow's text takes half of all time
