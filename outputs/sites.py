"""Sites: how fresh the data of each are."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.conduct import last_count_by_site
from charts.overview import sites_figure
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.small_cells import NOT_SHOWN, few, hidden_of, smallest_cell, suppressed


def sites_output(data: AnalysisData, view: View) -> Output:
    """One row per site: participants, and how many days before the cut its last record is.

    The day of the last count of one participant and these days give back the first dose: a site with few
    participants has none.
    """
    basis = Basis(data, view)
    results = last_count_by_site(basis.subjects, basis.daily_counts).assign(method="count")
    small = results["n"].map(few)
    results["days"] = results["days"].mask(small)
    last = results["days"].map(lambda d: "no count" if np.isnan(d) else f"{d:.0f} days").astype("str")
    last = last.mask(small, NOT_SHOWN)
    table = pd.DataFrame(
        {
            "Site": results["site"],
            "Participants": results["n"].astype(str),
            "On study": results["on_study"].astype(str),
            "Days before the cut": last.str.removesuffix(" days"),
        }
    )
    return Output(
        id="sites",
        title="Last record per site",
        subtitle="Days between a site's last platelet count and the data cut",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=table,
        figure=lambda theme, compact: sites_figure(results, theme=theme, compact=compact),
        headline="Last record per site",
        alt="; ".join(f"site {site}: {days}" for site, days in zip(results["site"], last, strict=True)) + ".",
        footnotes=(
            "A site far from the cut may be late in entering data.",
            *([f"No days for sites with fewer than {smallest_cell()} participants."] if small.any() else []),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if len(results) else "The data name no sites."),
        as_file=lambda: _sites_in_file(results, table),
    )


def _sites_in_file(results: pd.DataFrame, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    hidden = hidden_of(results, over={"site": None}, counts=("on_study", "n"))
    in_file = suppressed(results, hidden, derived=("days",))
    names = {"n": "Participants", "on_study": "On study"}
    cells = {title: table[title].mask(hidden[name], NOT_SHOWN) for name, title in names.items()}
    days = table["Days before the cut"].mask(hidden.any(axis=1), NOT_SHOWN)
    return in_file, table.assign(**cells, **{"Days before the cut": days})
