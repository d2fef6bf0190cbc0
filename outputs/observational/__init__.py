"""Outputs about arms that were not randomised; rules: docs/reference/nonrandomised.md."""
