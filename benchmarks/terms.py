"""A page with 500 terms of adverse events in three arms, against a blank page."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.measure import Ratio
from benchmarks.pages import SLOWEST, alternating_reruns
from benchmarks.server import ROOT, serving
from benchmarks.session import Session

TERMS, CLASSES, OF_EACH = 500, 25, 8
STUDY, CUT = "nct07057778", "pku_igu_itp_03/2027-06-30"
THIRD_ARM = '\n[[arms]]\ntrt = "THIRD"\nlabel = "Third arm"\nrole = "experimental"\n'
PAGE = "adverse_events"
ALL_TERMS = "event_rows=Both"


def term_ratios() -> Iterator[Ratio]:
    """The page as it opens, classes alone, and with every class and term."""
    with (
        study_of_many_terms() as root,
        serving(ROOT / "benchmarks/apps/blank.py") as blank_port,
        serving(ROOT / "app.py", ITP_ROOT=str(root)) as port,
        Session(blank_port) as blank,
        Session(port) as session,
    ):
        blank.rerun()
        session.rerun()
        for query, measured in (("", "classes"), (ALL_TERMS, "every term")):
            session.query = query
            ours, against = alternating_reruns(session, blank, PAGE)
            name = f"{TERMS} terms x 3 arms, {measured}"
            yield Ratio("page rerun", name, "blank page", ours, against, SLOWEST)


@contextmanager
def study_of_many_terms() -> Iterator[Path]:
    """A root with the sample trial in three arms, whose adverse events are of 500 terms."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "studies").mkdir()
        definition = (ROOT / f"studies/{STUDY}.toml").read_text(encoding="utf-8")
        (root / f"studies/{STUDY}.toml").write_text(definition + THIRD_ARM, encoding="utf-8")
        shutil.copytree(ROOT / "data/sample" / CUT, root / "data/sample" / CUT)
        write_events(root / "data/sample" / CUT)
        yield root


def write_events(cut: Path) -> None:
    """Every third participant into the third arm, and 8 events of each term."""
    adsl = pd.read_csv(cut / "adsl.csv", dtype="str", keep_default_na=False)
    third = (np.arange(len(adsl)) % 3 == 0) & (adsl["TRT01P"] != "").to_numpy()
    arms = {
        name: adsl[name].mask(third & (adsl[name] != "").to_numpy(), "THIRD") for name in ("TRT01P", "TRT01A")
    }
    adsl = adsl.assign(**arms)
    adsl.to_csv(cut / "adsl.csv", index=False)
    treated = adsl.loc[adsl["TRT01A"] != "", "USUBJID"].to_numpy()
    rng = np.random.default_rng(1)
    term = np.repeat(np.arange(TERMS), OF_EACH)
    day = rng.integers(1, 30, len(term))
    events = {
        "USUBJID": rng.choice(treated, len(term)),
        "AEDECOD": [f"Term {number}" for number in term],
        "AEBODSYS": [f"Class {number % CLASSES}" for number in term],
        "AETOXGR": rng.integers(1, 4, len(term)),
        "AESER": rng.choice(["Y", "N"], len(term), p=[0.1, 0.9]),
        "AEREL": rng.choice(["RELATED", "NOT RELATED"], len(term)),
        "AEACN": "DOSE NOT CHANGED",
        "AEOUT": "RECOVERED/RESOLVED",
        "ASTDY": day,
        "AENDY": day + 3,
        "TRTEMFL": "Y",
    }
    pd.DataFrame(events).to_csv(cut / "adae.csv", index=False)
