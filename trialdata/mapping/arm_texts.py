"""Which arm of the study each text of the arm columns is. A text that is not an arm letter by letter is asked, but for
the words of a screen failure."""

import difflib
import re
from collections.abc import Sequence

from trialdata.definition import Arm, StudyDefinition
from trialdata.mapping.import_mapping import ImportMapping, MappedTable, Question
from trialdata.mapping.texts import Gathered, Seen, Told, few, texts_of
from trialdata.mapping.words import containing, folded
from trialdata.screening import says_screen_failure

MASKED = re.compile(r"(arm|group|组|treatment)?[a-e\d](组|arm)?")  # A, Group 1, B组: a person has to say
NEAR = 0.6


def arms(tables: Sequence[MappedTable], mapping: ImportMapping, definition: StudyDefinition) -> Told:
    """A question for every spelling of an arm."""
    gathered = Gathered()
    of_adsl = [table for table in tables if table.dataset == "adsl"]
    seen = [each for each in texts_of(of_adsl, "TRT01P", "TRT01A") if not _is_known(each.text, definition)]
    if few(seen, "TRT01P", gathered):
        gathered.questions += [_question(each, mapping, definition) for each in seen]
    return gathered.told(mapping)


def _is_known(text: str, definition: StudyDefinition) -> bool:
    return text in [arm.trt for arm in definition.arms] or says_screen_failure(text, definition)


def _question(seen: Seen, mapping: ImportMapping, definition: StudyDefinition) -> Question:
    answer = mapping.arms.get(seen.text)
    answered = answer is not None and answer in ("", *(arm.trt for arm in definition.arms))
    return Question(
        key=f"arms:{seen.text}",
        about="Arms",
        text=f'Which arm is "{seen.text}"?',
        options=(
            *((arm.trt, f"{arm.trt}: {arm.label}") for arm in definition.arms),
            ("", "none of the arms of the study"),
        ),
        proposed=str(answer) if answered else proposed_arm(seen.text, definition),
        seen=seen.words,
        open=not answered,
    )


def proposed_arm(text: str, definition: StudyDefinition) -> str:
    """The arm whose name, label, role or regimen the text is most like; "" where none is."""
    key = folded(text)
    if len(definition.arms) == 1:
        return definition.arms[0].trt
    for arm in definition.arms:
        if key in (folded(arm.trt), folded(arm.label)):
            return arm.trt
    if not key or MASKED.fullmatch(key):
        return ""
    roles = set(containing("arms", text))
    of_role = [arm for arm in definition.arms if roles == {arm.role}]
    if len(of_role) == 1:
        return of_role[0].trt
    likeness = sorted(((_likeness(key, arm), arm.trt) for arm in definition.arms), reverse=True)
    (best, trt), (second, _) = likeness[:2]
    return trt if best >= NEAR and best > second else ""


def _likeness(key: str, arm: Arm) -> float:
    names = [folded(arm.trt), folded(arm.label), folded(arm.regimen)]
    return max(difflib.SequenceMatcher(None, key, name).ratio() for name in names if name)
