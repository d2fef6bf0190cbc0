"""Open a page of the dashboard as a reader would: by study, data cut and filters in the URL."""

import itertools
from datetime import date
from pathlib import Path

from streamlit.testing.v1 import AppTest

from analysis.populations import subgroup_levels
from trialdata.study import data_cuts, find_studies
from ui.session import load

ROOT = Path(__file__).parents[2]
PAGES = {
    "overview": "pages/trial/overview.py",
    "design": "pages/trial/design.py",
    "data": "pages/trial/data.py",
    "datasets": "pages/trial/datasets.py",
    "changes": "pages/trial/changes.py",
    "baseline": "pages/trial/baseline.py",
    "disposition": "pages/trial/disposition.py",
    "response": "pages/efficacy/response.py",
    "comparison": "pages/efficacy/comparison.py",
    "platelets": "pages/efficacy/platelets.py",
    "durability": "pages/efficacy/durability.py",
    "quality": "pages/efficacy/quality.py",
    "autoantibodies": "pages/efficacy/autoantibodies.py",
    "subgroups": "pages/efficacy/subgroups.py",
    "times": "pages/efficacy/times.py",
    "models": "pages/efficacy/models.py",
    "missing_data": "pages/efficacy/missing_data.py",
    "rules": "pages/efficacy/rules.py",
    "reconcile": "pages/check/reconcile.py",
    "adjusted_difference": "pages/observational/adjusted_difference.py",
    "comparability": "pages/observational/comparability.py",
    "over_time": "pages/observational/over_time.py",
    "unmeasured": "pages/observational/unmeasured.py",
    "bleeding": "pages/safety/bleeding.py",
    "adverse_events": "pages/safety/adverse_events.py",
    "adverse_compared": "pages/safety/adverse_compared.py",
    "adverse_course": "pages/safety/adverse_course.py",
    "laboratory": "pages/safety/laboratory.py",
    "exposure": "pages/safety/exposure.py",
    "participants": "pages/participants/participants.py",
    "heatmap": "pages/participants/heatmap.py",
    "participant": "pages/participants/participant.py",
    "deck": "pages/meeting/deck.py",
    "compare": "pages/participants/compare.py",
    "notes": "pages/meeting/notes.py",
    "present": "pages/meeting/present.py",
    "find": "pages/meeting/find.py",
}
PLANNED = ("present",)  # pages that show the views of the plan, whatever is chosen beside
UNFILTERED = (
    *PLANNED,
    "design",
    "data",
    "datasets",
    "participant",
    "compare",
    "reconcile",
    "counts",
    "deck",
    "notes",
    "find",
)  # pages that a filter leaves as they are
DEFINITIONS = {definition.registry: definition for definition in find_studies(ROOT)}
CUTS = [(registry, cut) for registry, d in DEFINITIONS.items() for cut in data_cuts(d, ROOT)]
SECONDS = 120


def opened(page: str, *, study: str, cut: date | str = "", participant: str = "", **in_url) -> AppTest:
    """The page after its first run."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    app.query_params["study"] = study
    if cut:
        app.query_params["cut"] = str(cut)
    for name, value in in_url.items():
        app.query_params[name] = value
    if participant:
        app.session_state["participant"] = participant
    app.run()
    return app if page == "overview" else app.switch_page(PAGES[page]).run()


def nobody(study: str, cut: date) -> dict[str, str]:
    """One level of every subgroup, a combination that nobody has."""
    loaded = load(DEFINITIONS[study], cut)
    by_column = {s.column: subgroup_levels(loaded.data.adsl, s) for s in loaded.data.definition.subgroups}
    present = set(zip(*by_column.values(), strict=True))
    empty = next(levels for levels in itertools.product(*loaded.levels.values()) if levels not in present)
    return dict(zip(by_column, empty, strict=True))


def words(app: AppTest) -> str:
    """Everything that stands on the page as text."""
    elements = [*app.title, *app.header, *app.markdown, *app.metric, *app.error, *app.caption]
    return "\n".join(str(element.value) for element in elements)
