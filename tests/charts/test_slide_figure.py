"""The slide of a figure: nothing beyond its edges, nothing over another, and no word lost."""

import re
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from figure_frames import E2, C, E
from test_flow_figure import FLOW
from test_response_figures import DIFFERENCE, TWO

from charts.flow import flow_figure
from charts.response import rates_figure
from charts.slide_figure import EDGE, HEIGHT, WIDTH, SlideWords, has_marks, slide_figure
from charts.theme import enlarged, look_of

ARMS = (E, C)
SENTENCE = "Counted among the due at this cut, a pending answer is no response (95% CI 1.0 to 2.0). "
MARKS = ("Synthetic data", "Comparative interim results, confidential", "Arms not randomised")
WORDS = SlideWords(
    "Response: 82% vs 52%", "Of 55 due", ("Wilson interval.",), "NCT1 · cut 2", MARKS, "K7QD-2M4X"
)
FULL = SlideWords(2 * SENTENCE, 3 * SENTENCE, (9 * SENTENCE,), 2 * SENTENCE, MARKS, "K7QD-2M4X")


def rates(times: float) -> go.Figure:
    with enlarged(times):
        return rates_figure(TWO, DIFFERENCE, ARMS, theme="print")


def flow(times: float) -> go.Figure:
    with enlarged(times):
        return flow_figure(FLOW, (E, E2, C), theme="print")


def around(figure: go.Figure, plain: go.Figure) -> list:
    """The words of the slide itself: those that the figure on a page does not have."""
    return list(figure.layout.annotations[len(plain.layout.annotations) :])


def box(note, figure: go.Figure) -> tuple[float, float]:
    """Top and bottom of words in pixels from the top of the slide."""
    margin, height = figure.layout.margin, figure.layout.height
    top = margin.t + (1 - note.y) * (height - margin.t - margin.b)
    return top, top + note.font.size * 1.28 * (note.text.count("<br>") + 1)


def words(note) -> str:
    return re.sub(r"<[^>]+>", "", note.text.replace("<br>", " "))


@pytest.mark.parametrize("said", [WORDS, FULL], ids=["short", "long"])
@pytest.mark.parametrize("draw", [rates, flow])
@pytest.mark.parametrize("size", [1.0, 0.65])
def test_nothing_is_clipped_and_nothing_overlaps(draw, said, size):
    figure = slide_figure(draw, said, size=size)
    assert (figure.layout.width, figure.layout.height) == (WIDTH * size, HEIGHT * size)
    spans = sorted({box(note, figure) for note in around(figure, draw(1.0))})
    rows = sorted({round(top): round(bottom) for top, bottom in spans}.items())
    assert rows[0][0] >= 28 * size and rows[-1][1] <= HEIGHT * size
    plot = (figure.layout.margin.t, HEIGHT * size - figure.layout.margin.b)
    assert plot[1] - plot[0] > 100 * size
    for (_, bottom), (top, _) in pairwise(rows):
        assert bottom <= top + 1


@pytest.mark.parametrize("said", [WORDS, FULL], ids=["short", "long"])
def test_no_word_is_lost(said):
    figure = slide_figure(rates, said)
    written = " ".join(map(words, around(figure, rates(1.0))))
    wanted = [said.headline, said.line, *said.notes, said.context, *said.marks, said.code]
    assert set(" ".join(wanted).split()) <= set(written.split())


def test_a_parenthesis_does_not_break_over_a_line():
    figure = slide_figure(rates, FULL)
    lines = [line for note in around(figure, rates(1.0)) for line in note.text.split("<br>")]
    assert all(line.count("(") == line.count(")") for line in lines)


def test_synthetic_data_is_violet_and_markup_is_shown_letter_by_letter():
    figure = slide_figure(rates, SlideWords("<b>1</b>", marks=MARKS, code="K7QD-2M4X"))
    texts = [note.text for note in around(figure, rates(1.0))]
    assert '<span style="color:#5C3F6B"><b>Synthetic data</b></span>' in texts[-1]
    assert "&lt;b&gt;1&lt;/b&gt;" in texts[0]


def test_a_low_figure_has_the_type_of_a_slide_and_a_high_one_fits():
    """Chart text of 14 pt is 23 pixels at 120 pixels to the inch."""
    assert slide_figure(rates, WORDS).layout.font.size == pytest.approx(23)
    high = slide_figure(flow, WORDS)
    assert high.layout.font.size < 23
    assert high.layout.margin.l >= EDGE


def test_the_same_figure_has_the_same_names_for_its_traces():
    first, second = slide_figure(rates, WORDS), slide_figure(rates, WORDS)
    assert first.to_json() == second.to_json()
    assert all(trace.uid for trace in first.data)


def test_axes_alone_are_no_figure():
    assert has_marks(rates(1.0))
    assert not has_marks(rates_figure(TWO.assign(n=0, N=0), None, ARMS))
    assert not has_marks(go.Figure(go.Scatter(x=[None], y=[None])))


def test_enlarged_figures_are_drawn_larger_inside_the_block_alone():
    assert rates(2.0).layout.height == 2 * rates(1.0).layout.height
    with enlarged(2.0), enlarged(1.5):
        assert look_of("light").px(10) == 30
    assert look_of("light").px(10) == 10
