"""The chart of an output as a static picture: SVG written by us, which needs neither script nor browser."""
