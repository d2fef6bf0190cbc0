"""The output that has nothing to show, and says why."""

from outputs.basis import Basis
from outputs.output import Output


def nothing_to_show(basis: Basis, output_id: str, title: str, why: str) -> Output:
    return Output(
        id=output_id,
        title=title,
        population=basis.population,
        arms=basis.styles,
        headline=title,
        footnotes=basis.notes(),
        badges=basis.badges(),
        empty=why,
    )
