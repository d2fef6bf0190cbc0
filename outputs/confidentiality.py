"""What must be said of every number while a trial runs."""

from analysis.adam import AnalysisData


def confidentiality(data: AnalysisData) -> str:
    """The mark of each output of an ongoing trial; empty once nobody is followed and enrolment is complete."""
    planned = data.definition.planned_subjects or 0
    ongoing = (data.adsl["ONSTUDY"] == "Y").any() or len(data.adsl) < planned
    if not ongoing:
        return ""
    by_arm = len(data.definition.arms) > 1
    return "Comparative interim results, confidential" if by_arm else "Interim results, confidential"
