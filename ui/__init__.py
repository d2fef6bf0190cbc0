"""An `Output` reaches a reader in the browser. The only code besides app.py and pages/ that imports streamlit."""
