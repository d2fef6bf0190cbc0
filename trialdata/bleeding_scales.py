"""The bleeding instruments that are known: their range, and from which grade bleeding is clinically significant.

WHO scale; ITP-BAT (Rodeghiero 2013), whose domains skin, mucosa and organ are never added up; Chinese ITP bleeding
score (2016, 2020). Instruments are never mixed. Rule: docs/reference/safety.md, section 3.
"""

from dataclasses import dataclass, replace

import pandas as pd

from trialdata.definition import StudyDefinition


@dataclass(frozen=True)
class Scale:
    """One instrument, or one domain of it: grades 0 to `highest`; clinically significant from `significant`."""

    paramcd: str
    label: str
    highest: int
    significant: int
    instrument: str = ""

    @property
    def grades(self) -> range:
        return range(self.highest + 1)


WHO = Scale("WHOBLD", "WHO bleeding scale", 4, 2, "WHO scale")
SCALES = {
    scale.paramcd: scale
    for scale in (
        WHO,
        Scale("SMOGSKIN", "ITP-BAT, skin", 3, 3, "ITP-BAT"),
        Scale("SMOGMUC", "ITP-BAT, mucosa", 3, 2, "ITP-BAT"),
        Scale("SMOGORG", "ITP-BAT, organ", 5, 1, "ITP-BAT"),
        Scale("CNBLD", "Chinese ITP bleeding score", 10, 2, "Chinese score"),
    )
}


def scales_of(definition: StudyDefinition, adqs: pd.DataFrame) -> dict[str, Scale]:
    """The instruments that adqs has, those of the endpoints first; one named there but unknown is a WHO scale."""
    named = dict.fromkeys(endpoint.bleeding for endpoint in definition.endpoints if endpoint.bleeding)
    known = {
        code: SCALES.get(code, replace(WHO, paramcd=code, label=f"WHO bleeding scale ({code})"))
        for code in named
    }
    given = set(adqs["PARAMCD"].unique())
    return {code: scale for code, scale in (known | SCALES).items() if code in given}
