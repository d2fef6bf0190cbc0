"""A report as one document, and the files it becomes."""
