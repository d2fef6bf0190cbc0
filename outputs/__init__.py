"""Numbers, figures and footnotes become a numbered `Output` that pages, slides and the CLI all render."""
