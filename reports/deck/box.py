"""A place on a slide."""

from dataclasses import dataclass

from pptx.util import Emu, Inches, Length

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)  # 16:9


@dataclass(frozen=True)
class Box:
    """Left, top, width and height of a shape."""

    left: Length
    top: Length
    width: Length
    height: Length

    def upper(self, height: Length) -> "Box":
        """The part of that height at the top."""
        return Box(self.left, self.top, self.width, height)

    def below(self, height: Length) -> "Box":
        """What is left under a part of that height."""
        return Box(self.left, Emu(self.top + height), self.width, Emu(self.height - height))
