"""The deck plan on screen: slides chosen, put in order, dropped and added, saved, and made into a deck on the click."""

import streamlit as st

from outputs.catalogue import CATALOGUE
from outputs.output import View
from outputs.slide import SHOWN_AS, Slide
from outputs.wording import plural
from reports.codes import remember
from reports.deck.deck import build_deck
from reports.deck.template import open_template
from reports.export import file_stem
from reports.plan import Plan, default_plan, outputs_to_show, plan_of, population_of, save_plan
from trialdata.errors import StudyDataError
from ui.page import controls
from ui.session import Reading, root
from ui.show import Offer, offer
from ui.words import plain, quiet

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
KEY = "deck"  # in the session: the study, and its slides by number in their order
SHOWN = {"chart": "Chart", "table": "Table", "both": "Chart and table"}


class Listed:
    """The slides of a study as one reader arranged them: each under a number that it keeps."""

    def __init__(self, study: str, plan: Plan) -> None:
        self.study, self.title = study, plan.title
        self.slides: dict[int, Slide] = {}
        for slide in plan.slides:
            self.add(slide)

    def add(self, slide: Slide) -> None:
        number = st.session_state.get(f"{KEY}-next", 0)
        st.session_state[f"{KEY}-next"] = number + 1
        self.slides[number] = slide

    def move(self, number: int, by: int) -> None:
        order = list(self.slides)
        at = order.index(number)
        to = min(max(at + by, 0), len(order) - 1)
        order.insert(to, order.pop(at))
        self.slides = {each: self.slides[each] for each in order}


def plan_on_screen(reading: Reading) -> Plan:
    """The slides in their order, each with its box and two buttons; the plan of those that are kept."""
    listed = _listed(reading)
    with st.container(gap="xxsmall"):
        st.markdown(f"**Slides**  \n{quiet('In the order of the deck, after the title slide.')}")
        for place, (number, slide) in enumerate(listed.slides.items(), start=1):
            _row(listed, place, number, slide)
    kept = [s for number, s in listed.slides.items() if st.session_state.get(f"{KEY}-keep-{number}", True)]
    return Plan(tuple(kept), listed.title)


def _listed(reading: Reading) -> Listed:
    """What the reader arranged, else the plan of the study."""
    name = reading.data.definition.name
    listed = st.session_state.get(KEY)
    if not isinstance(listed, Listed) or listed.study != name:
        listed = st.session_state[KEY] = Listed(name, _plan(reading))
    return listed


def _plan(reading: Reading) -> Plan:
    try:
        return plan_of(root(), reading.data)
    except StudyDataError as error:
        st.error(plain(f"{error} The plan of the software stands here instead."))
        return default_plan(reading.data)


def _row(listed: Listed, place: int, number: int, slide: Slide) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        words = f"{place}. {plain(CATALOGUE[slide.output].title)} {quiet(plain(_of(slide)))}"
        st.checkbox(words, value=True, key=f"{KEY}-keep-{number}", width="stretch")
        with st.container(horizontal=True, gap="xxsmall", width="content"):
            for by, arrow, word in ((-1, "↑", "up"), (1, "↓", "down")):
                st.button(
                    arrow,
                    type="tertiary",
                    key=f"{KEY}-{word}-{number}",
                    on_click=listed.move,
                    args=(number, by),
                    help=f"Slide {place} one place {word}",
                )


def _of(slide: Slide) -> str:
    """What tells a slide from another of the same output."""
    filters = [f"{column} {' or '.join(levels)}" for column, levels in slide.view.filters]
    options = [f"{name} {value}" for name, value in slide.options]
    return " · ".join([SHOWN[slide.show].lower(), slide.view.population, *filters, *options])


def added(reading: Reading) -> None:
    """One more slide, of any output that may leave, in the view of the sidebar."""
    with st.expander("Add a slide"), st.form(f"{KEY}-add", border=False):
        titles = {name: CATALOGUE[name].title for name in outputs_to_show()}
        output = st.selectbox("Output", list(titles), format_func=titles.get, key=f"{KEY}-output")
        shown = st.selectbox("Shown as", list(SHOWN_AS), format_func=SHOWN.get, key=f"{KEY}-show")
        note = st.text_input("Note for the speaker", key=f"{KEY}-note", max_chars=500)
        st.markdown(quiet("With the population, endpoint and filters of the sidebar."))
        if st.form_submit_button("Add", key=f"{KEY}-add-slide"):
            _listed(reading).add(Slide(output, _view(reading, output), show=shown, note=note))
            st.rerun()


def _view(reading: Reading, output: str) -> View:
    view = reading.view
    population = population_of(output)
    return View(view.population if population == "FAS" else population, view.endpoint, view.filters)


def offered(reading: Reading, plan: Plan, pins: list[Slide]) -> None:
    """Save the plan, add what is pinned, and the deck as a file."""
    with st.container(gap="xsmall"):
        st.markdown(f"**Deck**  \n{quiet('PowerPoint, with charts and tables that can be edited.')}")
        template = _template()
        with controls():
            if plan.slides:
                offer([_deck(reading, plan, template)], of=KEY)
                st.button("Save the plan", on_click=_save, args=(reading, plan), key=f"{KEY}-save")
            else:
                st.markdown(":gray[Choose at least one slide.]")
            if pins:
                words = f"Add the {plural(len(pins), 'pinned output')}"
                st.button(words, on_click=_add_all, args=(reading, pins), key=f"{KEY}-pins")
            st.button("Start again from the saved plan", on_click=_forget, key=f"{KEY}-again")
        if said := st.session_state.pop(f"{KEY}-said", ""):
            st.markdown(plain(said))


def _deck(reading: Reading, plan: Plan, template: bytes | None) -> Offer:
    def content() -> bytes:
        made = build_deck(
            reading.data,
            plan,
            template=template,
            built=reading.built,
        )
        remember(root(), reading.data, plan.slides)
        return made

    name = f"{file_stem(reading.data, 'deck')}.pptx"
    return Offer("Deck, PPTX", name, PPTX, content, "pptx", ":material/download:")


def _template() -> bytes | None:
    """The sponsor's template, checked as soon as it is there."""
    file = st.file_uploader(
        "Template of the sponsor, PPTX (optional)", type="pptx", key=f"{KEY}-template", width=420
    )
    if file is None:
        return None
    content = file.getvalue()
    try:
        open_template(content)
    except StudyDataError as error:
        st.error(plain(f"{error} Our own slides are taken instead."))
        return None
    return content


def _save(reading: Reading, plan: Plan) -> None:
    try:
        path = save_plan(root(), reading.data.definition, plan)
        st.session_state[f"{KEY}-said"] = f"Saved as {path.parent.name}/{path.name}."
    except StudyDataError as error:
        st.session_state[f"{KEY}-said"] = str(error)


def _add_all(reading: Reading, slides: list[Slide]) -> None:
    for slide in slides:
        _listed(reading).add(slide)


def _forget() -> None:
    st.session_state.pop(KEY, None)
