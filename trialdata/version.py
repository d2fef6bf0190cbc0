"""The version of this software."""

import tomllib
from pathlib import Path


def version() -> str:
    """The version of this software, as pyproject.toml states it."""
    project = Path(__file__).parents[1] / "pyproject.toml"
    return tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
