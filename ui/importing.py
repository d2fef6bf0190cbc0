"""Import: the files as they were sent, what only a person can say about them, and the data cut they become.

The files live in this session's memory, go through a process of their own and are kept nowhere; what is kept is
the accepted, de-identified data cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from itertools import groupby

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from outputs.imported import (
    Frames,
    conversions_output,
    import_counts_output,
    import_findings_output,
    import_queries_output,
    import_tables_output,
)
from outputs.wording import plural
from trialdata.accepting import accept, last_cut
from trialdata.clock import utc_now
from trialdata.cut_changes import vanished_subjects
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.import_process import prepare_apart
from trialdata.importing import Prepared
from trialdata.mapping.answer import answered
from trialdata.mapping.import_mapping import ImportMapping, Question
from trialdata.mapping.mapping_toml import load_mapping
from trialdata.store.stored_cut import StoredCut
from ui.block import Block
from ui.frame import without_study
from ui.queries import query_workbook
from ui.session import process_view, root, studies
from ui.show import show, show_sortable
from ui.stored_cuts import tell
from ui.words import plain, quiet

Answers = dict[str, str | None]
KEY = "import"  # in the session: what was read last, and the files it was read from
EXPECTED = (
    "CSV, XLSX, SAS (XPT, SAS7BDAT), Parquet, Dataset-JSON, or a ZIP file of these, as the sites send them. The files "
    "are read on this machine and not kept: what is kept is the accepted, de-identified data cut."
)


@dataclass(frozen=True, eq=False)
class Sent:
    """The files in the box and the data cutoff beside it; their bytes are copied only when they are read."""

    definition: StudyDefinition
    files: Sequence[UploadedFile]
    cut: date

    @property
    def key(self) -> tuple:
        """What tells the same files for the same cut."""
        ids = [file.file_id for file in self.files]
        return (self.definition.name, self.definition.content_hash, self.cut, *ids)


@dataclass(frozen=True, eq=False)
class Arrival:
    """What the files were found to be, beside the data cut before them; what is shown of it is built once."""

    known: Prepared
    definition: StudyDefinition
    last: Frames | None

    @cached_property
    def gone(self) -> list[str]:
        """The participants of the last data cut that the files do not have."""
        return vanished_subjects(self.last or {}, self.known.texts)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What would be stored, what was found, what to ask the sites, what was converted, how it was read."""
        known = self.known
        outputs = [import_findings_output(known), import_queries_output(known)]
        if known.texts:
            outputs.insert(0, import_counts_output(self.definition, known, self.last))
            outputs += [conversions_output(known.report), import_tables_output(known.mapping)]
        return tuple(map(Block, outputs))


def definition_chosen() -> StudyDefinition:
    """The study of the sidebar, which may have no data cut yet."""
    definition = studies().get(st.session_state.get("study", ""))
    if definition is None:
        raise StudyDataError(f"There is no study definition (*.toml) in {root() / 'studies'}.")
    if isinstance(definition, StudyDataError):
        raise definition
    return definition


def sent(definition: StudyDefinition) -> Sent | None:
    """What somebody put into the box; None while something is missing."""
    if process_view() != "true":
        raise StudyDataError("Import shows the arms: start the dashboard without VIEW=pooled to import data.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        files = st.file_uploader("Files of one data cut", accept_multiple_files=True, key="sent", width=520)
        cut = st.date_input("Data cutoff", value=None, format="YYYY-MM-DD", key="cutoff", width=180)
    st.markdown(quiet(EXPECTED))
    if not files or cut is None:
        st.session_state.pop(KEY, None)
        return None
    names = [file.name for file in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StudyDataError(
            f"{twice[0]}: found two files of this name, expected each name once; rename one."
        )
    return Sent(definition, files, cut)


def arrival(sent: Sent) -> Arrival | None:
    """What the files are, read once; None until they have been."""
    key, arrived = st.session_state.get(KEY, (None, None))
    if key == sent.key:
        return arrived
    if not st.button("Read the files", type="primary", icon=":material/upload_file:", key="read"):
        return None
    _read(sent, load_mapping(root(), sent.definition))
    st.rerun()


def _read(sent: Sent, mapping: ImportMapping | None) -> None:
    bar = st.progress(0.0, "Reading")
    try:
        known = prepare_apart(
            root(),
            sent.definition,
            {file.name: file.getvalue() for file in sent.files},
            sent.cut,
            mapping,
            progress=lambda done, doing: bar.progress(done, doing.capitalize()),
        )
    finally:
        bar.empty()
    last = last_cut(root(), sent.definition, sent.cut) if known.ready else None
    st.session_state[KEY] = (sent.key, Arrival(known, sent.definition, last))


def ask(sent: Sent, known: Prepared) -> None:
    """Every question as a control; the answers are used together."""
    with st.form("answers", border=False):
        answers = _asked(known.open)
        certain = [question for question in known.questions if not question.open]
        if certain:
            with st.expander(f"Recognised without asking ({len(certain)})"):
                answers |= _asked(certain)
        if st.form_submit_button("Use these answers", type="primary"):
            _use(sent, known, answers)


def _asked(questions: "tuple[Question, ...] | list[Question]") -> Answers:
    answers = {}
    for about, group in groupby(questions, key=lambda question: question.about):
        st.header(plain(about), anchor=False)
        for question in group:
            answers[question.key] = _control(question)
    return answers


def _control(question: Question) -> str | None:
    """The control of one question, and under it where the text stands."""
    key = f"answer-{question.key}"
    with st.container(gap="xxsmall"):
        answer = _box(question, key) if question.options else _line(question, key)
        if question.seen:
            st.markdown(quiet(plain(question.seen)))
    return answer


def _line(question: Question, key: str) -> str:
    return st.text_input(plain(question.text), question.proposed, key=key)


def _box(question: Question, key: str) -> str | None:
    """Nothing is chosen beforehand where nothing is proposed: an answer that nobody gave is none."""
    words = dict(question.options)
    values = list(words)
    proposed = question.proposed or not question.open or len(values) == 1
    return st.selectbox(
        plain(question.text),
        values,
        index=values.index(question.proposed) if proposed and question.proposed in words else None,
        format_func=lambda value: words.get(value, value),
        placeholder="Choose",
        key=key,
    )


def _use(sent: Sent, known: Prepared, answers: Answers) -> None:
    mapping = known.mapping
    problems = []
    for question in known.questions:
        answer = answers[question.key]
        if answer is None:
            problems.append(f"{question.text} Choose an answer.")
        elif question.open or answer != question.proposed:
            try:
                mapping = answered(mapping, question.key, answer)
            except StudyDataError as error:
                problems.append(str(error))
    if problems:
        st.error("\n\n".join(map(plain, problems)))
    else:
        _read(sent, mapping)
        st.rerun()


def told(arrived: Arrival) -> None:
    """What the import would store, beside the last data cut."""
    for block in arrived.blocks:
        if block.output.id == "import_findings":
            show_sortable(without_study(), block)
        elif block.output.id == "import_queries":
            show_sortable(without_study(), block, workbook=partial(query_workbook, block))
        else:
            show(without_study(), block)


def accepted(sent: Sent, arrived: Arrival, cuts: Sequence[StoredCut]) -> None:
    """The last step: participants who are gone have to be looked at first. `cuts` are the imported ones so far."""
    gone = arrived.gone
    seen = not gone or st.checkbox(
        f"{plural(len(gone), 'participant')} of the last data cut are gone, and this is right", key="gone"
    )
    retired = any(cut.cutoff == sent.cut and not cut.standing for cut in cuts)
    again = retired and st.checkbox("A data cut of this date was retired; accept it again", key="again")
    if st.button(
        "Accept as data cut", type="primary", icon=":material/lock:", disabled=not seen, key="accept"
    ):
        try:
            cut = accept(root(), sent.definition, arrived.known, at=utc_now(), again=again)
        except StudyDataError as error:
            st.error(plain(error))
            return
        tell(told_of(cut))
        st.session_state.pop(KEY, None)
        st.rerun()


def told_of(cut: StoredCut) -> str:
    """What became of an import, in one sentence."""
    if cut.already:
        return f"These data were already the data cut {cut.cutoff}; nothing was stored again."
    return f"Data cut {cut.cutoff} is stored: {cut.rows:,} rows, id {cut.id[:12]}. Choose it in the sidebar."
