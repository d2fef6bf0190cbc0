"""The commands of cli.py: arguments in, one Answer out."""
