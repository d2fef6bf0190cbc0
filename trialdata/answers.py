"""The spellings of an answer that mean one thing only: CR, R, NR, Y, N, and what stands for pending or missing."""

from typing import NamedTuple

from trialdata.values import plain, read_flag

RESPONDER = {1.0: "1", 0.0: "0"}  # AVAL of an answer
ANY_RESPONSE, NO_RESPONSE = "RESPONDER", "NONRESPONDER"
LEVELS = {
    **dict.fromkeys(("cr", "complete response", "complete remission"), "CR"),
    **dict.fromkeys(("r", "pr", "partial response"), "R"),
    **dict.fromkeys(("nr", "no response"), "NR"),
}
BOTH = {
    **dict.fromkeys(("responder", "resp"), ANY_RESPONSE),
    **dict.fromkeys(("nonresponder", "non-responder", "non responder"), NO_RESPONSE),
    **dict.fromkeys(("pending",), "PENDING"),
    **dict.fromkeys(("missing", "ne", "not evaluable", "unknown"), "MISSING"),
}
EXPECTED = {
    False: "CR, R, NR, PENDING or MISSING, or RESPONDER, NONRESPONDER, Y, N, 1, 0",
    True: "Y, N, PENDING or MISSING, or RESPONDER, NONRESPONDER, 1, 0",
}
AMBIGUOUS = {
    "response": "; a response of any level is RESPONDER",
    "or": "; a response of any level is RESPONDER",
}


class Answer(NamedTuple):
    """The word of ours ("" where the text is not understood), whether that is another one, and what is expected."""

    word: str
    respelled: bool
    expected: str


def read_answer(text: str, kind: str) -> Answer:
    """An AVALC of an endpoint with a rate.

    An endpoint with levels (CR, R) that is answered yes or no says only whether there was a response; an endpoint
    of yes and no has no levels.
    """
    yes_no = kind in ("sustained_response", "durable_counts")
    given = plain(text)
    word = _word(given.casefold(), yes_no)
    expected = EXPECTED[yes_no] + AMBIGUOUS.get(given.casefold(), "")
    return Answer(word, word != given, expected)


def _word(text: str, yes_no: bool) -> str:
    if not yes_no and text in LEVELS:
        return LEVELS[text]
    flag, understood = read_flag(text)
    word = BOTH.get(text) or (
        {"Y": ANY_RESPONSE, "N": NO_RESPONSE, "": "MISSING"}[flag] if understood else ""
    )
    return {ANY_RESPONSE: "Y", NO_RESPONSE: "N"}.get(word, word) if yes_no else word
