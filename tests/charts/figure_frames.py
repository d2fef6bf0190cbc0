"""Small results frames for the figures, written out by hand."""

from types import SimpleNamespace

import pandas as pd

E = SimpleNamespace(trt="IGU+RTX", label="Iguratimod + rituximab", role="experimental")
E2 = SimpleNamespace(trt="IGU", label="Iguratimod <b>alone</b> & more", role="experimental")
C = SimpleNamespace(trt="RTX", label="Rituximab", role="control")
POOLED = SimpleNamespace(trt="All", label="All participants", role="pooled")
NAN = float("nan")


def rates(*rows):
    return pd.DataFrame(rows, columns=["arm", "n", "N", "estimate", "conf_low", "conf_high"])


def differences(*rows):
    return pd.DataFrame(rows, columns=["comparison", "estimate", "conf_low", "conf_high"])


def counts(**by_arm):
    """`counts(RTX={"CR": 3, "NOTDUE": 2})`: one row per arm and state."""
    rows = [(arm, state, n) for arm, states in by_arm.items() for state, n in states.items()]
    return pd.DataFrame(rows, columns=["arm", "state", "n"])


def visits(*rows):
    return pd.DataFrame(rows, columns=["arm", "time", "n", "N", "estimate", "conf_low", "conf_high"])


def course(*rows):
    return pd.DataFrame(rows, columns=["arm", "time", "n", "estimate", "conf_low", "conf_high"])


def records(*rows):
    return pd.DataFrame(rows, columns=["ARM", "USUBJID", "WEEK", "AVAL"])


def curve(*rows):
    names = ["arm", "time", "n_risk", "n_event", "n_censor", "estimate", "conf_low", "conf_high"]
    return pd.DataFrame(rows, columns=names)


def texts(figure) -> list[str]:
    """Every word of a figure that is not a tick."""
    return [note.text for note in figure.layout.annotations]


def noted(figure, words: str):
    """The one annotation that holds these words."""
    (found,) = [note for note in figure.layout.annotations if words in note.text]
    return found


def traces_of(figure, kind: str):
    return [trace for trace in figure.data if trace.type == kind]
