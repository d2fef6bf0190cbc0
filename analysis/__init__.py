"""A `Study` becomes numbers: frames in, results frames out; no files, no clock, no streamlit, no plotly."""
