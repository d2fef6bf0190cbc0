"""The entries of the catalogue, by section."""
