"""Outputs to files."""
