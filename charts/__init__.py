"""Results frames become plotly figures. Imports nothing of ours."""
