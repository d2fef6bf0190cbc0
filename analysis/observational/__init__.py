"""Arms that were not randomised: propensity score, weights, estimates and what could still explain them.

Rules: docs/reference/nonrandomised.md.
"""
