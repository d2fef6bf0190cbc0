"""Figures of safety."""
