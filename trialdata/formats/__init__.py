"""Files as they were sent become tables of text: the format is decided by content, nothing is converted."""
