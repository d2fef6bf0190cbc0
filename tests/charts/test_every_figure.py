"""What holds for every figure, in every theme and width, with much, little and no data."""

import datetime
import json
import re

import numpy as np
import pandas as pd
import pytest
from figure_frames import E2, C, E
from test_balance_figure import BALANCE
from test_cut_rows_figure import AT_CUTS, CUTS, ENDPOINTS, MOVERS
from test_exposure_figures import BANDS, NAMED, STEROID
from test_flow_figure import FLOW
from test_forest_figures import FOREST
from test_hazards_figure import ONE, RATIO, residuals, smooth
from test_heatmap_figure import CELLS as HEAT
from test_heatmap_figure import LANES as LANES_OF_HEAT
from test_heatmap_figure import heat
from test_laboratory_figures import ALT, PEAKS
from test_missing_data_figures import CELLS, ROWS, panel
from test_observational_figures import BINS, LOVE, SIZES, SUPPORT, WEIGHTS
from test_overview_figures import COMPLETE, MONTHS, PLAN
from test_participant_figures import LANES, STATES, one
from test_participant_laboratory_figure import ROWS as ROWS_OF_ONE
from test_participants_compared_figure import OTHER, PERSON, compared
from test_platelet_figures import COURSE, RECORDS, SHARES
from test_quality_figures import CHANGES
from test_response_figures import DIFFERENCE, STANDING, TWO, VISITS
from test_rule_figures import APART, MOVED, RATES, RULES
from test_safety_figures import SAFETY_FIGURES
from test_survival_figures import HAND, MEDIANS
from test_tipping_strength_figure import CORNERS, CURVES, MEANINGS, POINTS

from charts.balance import balance_figure
from charts.cut_rows import cut_rows_figure
from charts.data import completeness_figure
from charts.flow import flow_figure
from charts.forest import forest_figure
from charts.hazards import proportional_hazards_figure
from charts.models import model_figure
from charts.observational.deviations import deviation_range
from charts.observational.love import love_figure
from charts.observational.overlap import overlap_figure
from charts.observational.tipping_strength import tipping_strength_figure
from charts.observational.weights import weights_figure
from charts.overview import due_figure, enrolment_figure, sites_figure, small_trajectories_figure
from charts.participant_laboratory import laboratory_figure
from charts.participants import swimlane_figure
from charts.platelets import change_figure, course_figure, participants_figure, thresholds_figure
from charts.quality import distribution_figure, score_figure
from charts.response import best_response_figure, by_visit_figure, rates_figure, standing_figure
from charts.rule_rows import rule_rows_figure
from charts.safety.exposure import relative_dose_figure, steroid_figure
from charts.safety.laboratory import parameter_figure
from charts.safety.liver import liver_figure
from charts.strategies import estimates_figure
from charts.survival import cumulative_incidence_figure, kaplan_meier_figure
from charts.tipping import tipping_figure

ARMS = [E, E2, C]
BEST = STANDING.rename(columns={"state": "category"}).assign(N=60, estimate=lambda frame: frame["n"] / 60)
DUE = pd.DataFrame([("A", "Overall <b>", 6, 12)], columns=["paramcd", "label", "n", "N"])
SITES = pd.DataFrame([("01", 3, 5.0)], columns=["site", "n", "days"])
COMPARED = pd.DataFrame(
    [
        ("IGU+RTX - RTX", 4.0, 1.6, 0.9, 2.9),
        ("IGU - RTX", 4.0, 1.2, 0.6, 2.2),
        ("IGU+RTX - RTX", 8.0, 2.0, 0.2, 40.0),
    ],
    columns=["comparison", "time", "estimate", "conf_low", "conf_high"],
)
RATIOS = ROWS.assign(estimate=0.4, conf_low=0.0, conf_high=np.inf)
CAUSE = HAND.assign(cause="response", estimate=1 - HAND["estimate"])
FIGURES = {
    "rates against a fixed one": lambda part, **look: rates_figure(part(TWO), None, ARMS, fixed=0.4, **look),
    "rates": lambda part, **look: rates_figure(part(TWO), part(DIFFERENCE), ARMS, **look),
    "standing": lambda part, **look: standing_figure(part(STANDING), ARMS, **look),
    "best": lambda part, **look: best_response_figure(part(BEST), ARMS, **look),
    "by visit": lambda part, **look: by_visit_figure(part(VISITS), ARMS, **look),
    "rules": lambda part, **look: rule_rows_figure(
        part(RATES), part(APART), ARMS, rules=RULES, moved=MOVED, **look
    ),
    "cuts": lambda part, **look: cut_rows_figure(
        part(AT_CUTS), ARMS, endpoints=ENDPOINTS, cuts=CUTS, moved=MOVERS, **look
    ),
    "course": lambda part, **look: course_figure(part(COURSE), ARMS, **look),
    "change": lambda part, **look: change_figure(part(COURSE), ARMS, **look),
    "participants": lambda part, **look: participants_figure(part(RECORDS), part(COURSE), ARMS, **look),
    "small": lambda part, **look: small_trajectories_figure(part(RECORDS), part(COURSE), ARMS, **look),
    "thresholds": lambda part, **look: thresholds_figure(part(SHARES), ARMS, **look),
    "model, log": lambda part, **look: model_figure(part(COURSE), part(COMPARED), ARMS, **look),
    "model, change": lambda part, **look: model_figure(
        part(COURSE), part(COMPARED), ARMS, kind="change", **look
    ),
    "model, share": lambda part, **look: model_figure(
        part(VISITS), part(COMPARED), ARMS, kind="share", row_header="Due", **look
    ),
    "model, score": lambda part, **look: model_figure(
        part(COURSE), part(COMPARED), ARMS, kind="score", direction="above 0 is better", **look
    ),
    "score": lambda part, **look: score_figure(
        part(COURSE), ARMS, label="Fatigue <b>", span=(0, 52), better="higher", **look
    ),
    "distribution": lambda part, **look: distribution_figure(
        part(CHANGES), ARMS, important=4, week=12, **look
    ),
    "survival": lambda part, **look: kaplan_meier_figure(part(HAND), ARMS, medians=part(MEDIANS), **look),
    "survival, weighted": lambda part, **look: kaplan_meier_figure(
        part(HAND), ARMS, rising=True, crude=part(HAND), **look
    ),
    "course, weighted": lambda part, **look: course_figure(
        part(COURSE), ARMS, kind="weighted median", crude=part(COURSE), **look
    ),
    "ratios": lambda part, **look: estimates_figure(part(RATIOS), ratio=True, axis_title="Ratio <b>", **look),
    "incidence": lambda part, **look: cumulative_incidence_figure(part(CAUSE), ARMS, **look),
    "forest": lambda part, **look: forest_figure(part(FOREST), ARMS, **look),
    "hazards": lambda part, **look: proportional_hazards_figure(
        part(residuals(ONE)), part(smooth(ONE)), part(RATIO), ARMS, **look
    ),
    "relative dose": lambda part, **look: relative_dose_figure(part(BANDS), ARMS, bands_named=NAMED, **look),
    "steroid": lambda part, **look: steroid_figure(part(STEROID), ARMS, **look),
    "lanes": lambda part, **look: swimlane_figure(part(STATES), part(LANES), ARMS, **look),
    "one": lambda part, **look: one(**look),
    "compared": lambda part, **look: compared([PERSON, OTHER][: len(part(SITES)) + len(part(TWO))], **look),
    "one laboratory": lambda part, **look: laboratory_figure(part(ROWS_OF_ONE), days=(-1, 100), **look),
    "heat map": lambda part, **look: heat(part(HEAT), part(LANES_OF_HEAT), **look),
    "enrolment": lambda part, **look: enrolment_figure(part(MONTHS), **PLAN, **look),
    "due": lambda part, **look: due_figure(part(DUE), **look),
    "sites": lambda part, **look: sites_figure(part(SITES), **look),
    "estimates": lambda part, **look: estimates_figure(part(ROWS), favours=("B", "<b>A"), **look),
    "estimates, in standard deviations": lambda part, **look: estimates_figure(
        part(ROWS), range_of=deviation_range, decimals=2, **look
    ),
    "tipping strength": lambda part, **look: tipping_strength_figure(
        part(CURVES), part(POINTS), meanings=MEANINGS, corners=CORNERS, **look
    ),
    "tipping": lambda part, **look: tipping_figure(
        [panel(part(CELLS), heading="A <b> vs B")], states=("as it is", "turned <b>"), **look
    ),
    "laboratory": lambda part, **look: parameter_figure(
        part(ALT), ARMS, title="ALT, <b>U/L", limits=(7, 40), **look
    ),
    "liver": lambda part, **look: liver_figure(part(PEAKS), ARMS, **look),
    "flow": lambda part, **look: flow_figure(part(FLOW), ARMS, **look),
    "balance": lambda part, **look: balance_figure(part(BALANCE), ARMS, **look),
    "love": lambda part, **look: love_figure(part(LOVE), **look),
    "overlap": lambda part, **look: overlap_figure(part(BINS), [E2, C], support=SUPPORT, **look),
    "weights": lambda part, **look: weights_figure(part(WEIGHTS), [E2, C], sizes=SIZES, **look),
    "completeness": lambda part, **look: completeness_figure(part(COMPLETE), ARMS, **look),
    **SAFETY_FIGURES,
}
PARTS = {
    "all": lambda frame: frame,
    "one row": lambda frame: frame.head(1),
    "nothing": lambda frame: frame.head(0),
}
MARKUP = re.compile(r"</?(b|br|span)( style=\"[^\"<>]*\")?>")


@pytest.fixture(params=FIGURES)
def draw(request):
    return FIGURES[request.param]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_layout(draw, part, compact, theme):
    layout = draw(PARTS[part], theme=theme, compact=compact).layout
    assert layout.paper_bgcolor == ("#FFFFFF" if theme == "print" else "rgba(0,0,0,0)")
    assert layout.showlegend is False and layout.dragmode is False and layout.uirevision == "fixed"
    assert layout.width is None and 30 <= layout.height <= 2000
    for name in layout:
        if name.startswith(("xaxis", "yaxis")):
            assert layout[name].fixedrange is True
            assert not layout[name].automargin


@pytest.mark.parametrize("compact", [False, True])
def test_no_text_is_smaller_than_twelve_pixels(draw, compact):
    figure = draw(PARTS["all"], compact=compact)
    sizes = [note.font.size for note in figure.layout.annotations]
    sizes += [
        float(size)
        for note in figure.layout.annotations
        for size in re.findall(r"font-size:([\d.]+)px", note.text)
    ]
    assert min(sizes, default=12) >= 12


def test_only_our_own_markup_is_in_the_words(draw):
    figure = draw(PARTS["all"])
    words = [note.text for note in figure.layout.annotations]
    words += [
        text for trace in figure.data if trace.hovertext is not None for text in np.ravel(trace.hovertext)
    ]
    for text in words:
        assert "<" not in MARKUP.sub("", text), text


def test_words_and_margins_grow_with_the_font(draw):
    plain, large = draw(PARTS["all"]).layout, draw(PARTS["all"], scale=18 / 14).layout
    assert large.font.size == 18
    assert large.height == pytest.approx(plain.height * 18 / 14, abs=1)
    assert large.margin.l == pytest.approx(plain.margin.l * 18 / 14)


def test_a_figure_is_the_same_every_time(draw):
    assert draw(PARTS["all"]).to_json() == draw(PARTS["all"]).to_json()


def test_dates_leave_no_clock():
    today = datetime.date.today().isoformat()
    assert today not in json.dumps(enrolment_figure(MONTHS, **PLAN).to_plotly_json(), default=str)
