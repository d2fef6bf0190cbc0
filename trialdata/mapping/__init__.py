"""How the tables that sites send become the datasets of the study: proposed, confirmed by a person, kept as TOML."""
