"""Start the dashboard: `python -m ui`, with the options of `streamlit run`."""

import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

# app.py lists the pages. Until it has run once, Streamlit would look for them in pages/ itself, find none at
# the top of that folder, and greet a first visitor who comes by a shared link with "Page not found".
PagesManager.uses_pages_directory = False
sys.argv = ["streamlit", "run", str(Path(__file__).parents[1] / "app.py"), *sys.argv[1:]]
cli.main(prog_name="streamlit")
