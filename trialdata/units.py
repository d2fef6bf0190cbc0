"""Units of a platelet count, as laboratories spell them, and what makes 10^9/L of them."""

import unicodedata

STORED = "10^9/L"
SAME = (
    *(
        "10^9/l",
        "10*9/l",
        "10**9/l",
        "10e9/l",
        "10e+9/l",
        "109/l",
        "e9/l",
        "gi/l",
        "giga/l",
        "bil/l",
        "10^12/kl",
    ),
    *("10^3/ul", "10*3/ul", "10**3/ul", "10e3/ul", "103/ul", "k/ul", "thou/ul", "thousand/ul", "1000/ul"),
    *("10^3/mm3", "10*3/mm3", "10e3/mm3", "103/mm3", "k/mm3", "thou/mm3", "thousand/mm3"),
    *("10^6/ml", "10*6/ml", "10e6/ml", "106/ml"),
)
THOUSANDTH = (
    *("/mm3", "cells/mm3", "1/mm3", "/ul", "cells/ul", "cell/ul", "1/ul", "percmm", "/cmm", "cells/cmm"),
    *("个/ul", "个/mm3", "permm3"),
)
TENFOLD = ("10^4/ul", "10*4/ul", "10e4/ul", "104/ul", "万/ul", "10^4/mm3", "104/mm3", "万/mm3")
FACTORS = {**dict.fromkeys(SAME, 1.0), **dict.fromkeys(THOUSANDTH, 0.001), **dict.fromkeys(TENFOLD, 10.0)}


def factor_to_stored(unit: str) -> float | None:
    """What a count in `unit` is multiplied by to be in 10^9/L; None for a unit that is not one of counts.

    An empty unit counts as 10^9/L. G/L is giga per litre, g/L gram per litre.
    """
    plain = "".join(unicodedata.normalize("NFKC", unit).split())
    if plain in ("", "G/L"):
        return 1.0
    if plain == "g/L":
        return None
    return FACTORS.get(spelled(unit).removeprefix("x").removeprefix("*"))


def spelled(unit: str) -> str:
    """A unit without blanks and capitals, micro as u: "µmol / L" is "umol/l"."""
    plain = "".join(unicodedata.normalize("NFKC", unit).split())
    return plain.casefold().replace("μ", "u").replace("mcl", "ul").replace("×", "x").replace("mm^3", "mm3")
