"""What weakens the answer of one estimand, as sentences above the numbers."""

import pandas as pd

from analysis.adam import AnalysisData
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.attempt import attempt
from outputs.observational.warnings import warnings
from outputs.output import Output, View
from outputs.response import NOT_RANDOMISED

TITLE = "What weakens the answer"
NOTHING = "None of the checks found anything; what was not measured may still differ between the arms."


def comparability_warnings_output(
    data: AnalysisData, view: View, *, arm: str = "", estimand: str = "ATO", truncate: str = "0"
) -> Output:
    """Every warning of section 6 that holds, and why an estimand has no answer."""
    basis = Basis(data, view)
    estimand, share = words.asked(estimand, truncate)
    compared, why = attempt(basis, arm=arm)
    if compared is None:
        return nothing_to_show(basis, "comparability_warnings", TITLE, why)
    refused = compared.propensity.refused(estimand, truncate=share)
    found = [*([f"No adjusted number: {refused}"] if refused else []), *warnings(compared, estimand, share)]
    rows = [{"arm": compared.experimental.trt, "estimand": estimand, "warning": text} for text in found]
    return Output(
        id="comparability_warnings",
        title=TITLE,
        subtitle=words.weights_words(estimand, share),
        population=basis.population,
        arms=basis.styles,
        results=pd.DataFrame(rows, columns=["arm", "estimand", "warning"]).assign(method="check"),
        table=pd.DataFrame({"Warning": found}, dtype="str"),
        headline=f"{wording.plural(len(found), 'warning')} about this comparison",
        footnotes=(NOT_RANDOMISED, f"{compared.sizes}.", *compared.notes(), *basis.notes()),
        badges=basis.badges(),
        empty="" if found else NOTHING,
    )
