"""A process that imports until it is killed: `python importer.py` forks one for each line on its standard input.

A line is JSON: the root, the URL of the register, the file to report to, and the imports to make, each a date and
a first platelet count. The report has a line "ready", then "begin DATE" and "kept ID", "same ID" or "refused TEXT"
for each import, and "done".
"""

import datetime
import json
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.trialdata.store.kept import FIRST, accept, check_once, small_definition, small_frames
from trialdata.errors import StudyDataError
from trialdata.store.rules import refuse_unfit
from trialdata.store.store import Store

FRAMES = {platelets: small_frames(platelets=platelets) for platelets in ("12", "13")}


def run(order: dict) -> None:
    report = os.open(order["report"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(*words: str) -> None:
        os.write(report, (" ".join(words).replace("\n", " ") + "\n").encode())

    definition = small_definition(Path(order["root"]))
    store = Store(Path(order["root"]) / "store", order["url"])
    if order.get("largest_file"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)
    say("ready", str(os.getpid()))
    while order.get("go") and not Path(order["go"]).exists():
        time.sleep(0.001)
    for date, platelets in order["imports"]:
        say("begin", date)
        try:
            store.start()
            cut_date = datetime.date.fromisoformat(date)
            cut = accept(store, FRAMES[platelets], cut=cut_date, definition=definition)
            say("same" if cut.already else "kept", cut.id)
        except StudyDataError as error:
            say("refused", str(error))
    say("done")


def main() -> None:
    check_once()
    with tempfile.TemporaryDirectory() as root:  # checked before the first fork: no kill meets the checks
        for frames in FRAMES.values():
            refuse_unfit(small_definition(Path(root)), frames, FIRST, Path(root))
        accept(Store(Path(root) / "store", ""))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(json.loads(line))
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
