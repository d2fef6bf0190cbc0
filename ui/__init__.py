"""An output reaches a person: shared controls, the session, and how an output is shown."""
