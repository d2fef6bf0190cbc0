"""Figures about arms that were not randomised."""
