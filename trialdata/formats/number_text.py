"""Numbers as text that reads back as the same number."""

from decimal import Decimal

LONGEST_WHOLE = 1e21  # larger numbers are shorter with an exponent


def number_text(value: float) -> str:
    """The shortest text of the same double: `61` for 61.0, `0.1`, `110101199001010000`, `1e+22`."""
    text = repr(float(value))
    if "e+" in text and abs(value) < LONGEST_WHOLE:
        return f"{Decimal(text):f}"
    return text.removesuffix(".0")
