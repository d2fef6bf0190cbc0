"""A deck of slides (PPTX): native charts and tables that can be edited."""
