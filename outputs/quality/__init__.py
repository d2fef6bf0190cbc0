"""The numbered outputs of quality of life."""
