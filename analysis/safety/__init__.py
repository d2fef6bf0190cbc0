"""What treatment costs the participants: adverse events, bleeding, laboratory, exposure, disposition."""
