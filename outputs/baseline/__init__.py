"""Participants at baseline, and how far the arms lie apart."""
