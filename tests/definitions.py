"""A study definition with nothing in it but two arms, for tests to fill."""

from trialdata.definition import Arm, StudyDefinition, Visits


def bare_definition(**parts) -> StudyDefinition:
    """Arms A and B, no visit and no endpoint, with `parts` in their place."""
    bare = StudyDefinition(
        name="demo",
        studyid="DEMO",
        registry="",
        title="",
        design="randomized",
        data="",
        arms=(Arm("A", "Drug A", "experimental"), Arm("B", "Drug B", "control")),
        visits=Visits(weeks=()),
        endpoints=(),
    )
    return bare.replace(**parts)
