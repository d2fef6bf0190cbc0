"""The laboratory parameters of a cut as a reader chooses among them."""

from analysis.adam import AnalysisData
from analysis.safety.laboratory import parameters_in
from outputs.safety.laboratory_tables import chosen_key


def parameter_choices(data: AnalysisData) -> dict[str, str]:
    """KEY to "Haemoglobin, g/L", the one shown first at the head; one empty choice where there is none."""
    offered = parameters_in(data)
    first = chosen_key("", list(offered))
    return {first: offered.get(first, "None")} | offered
