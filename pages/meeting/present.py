"""Present: the slides of the deck plan, one at a time, for the wall of a meeting room."""

from ui.frame import guard
from ui.present import present

present(guard())
