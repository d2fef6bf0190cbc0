"""An import in a process of its own, so that a large or hostile file slows and endangers nobody else's session.

The files go through a pipe, never to disk. The process has limits of time and memory (trialdata/limits.py); what
it does is told as it goes. `python -m trialdata.import_process` is that process.
"""

import datetime
import io
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa

from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.findings import listed
from trialdata.importing import Prepared, Progress, prepare
from trialdata.limits import Limits, default_limits
from trialdata.mapping.import_mapping import ImportMapping, Question
from trialdata.mapping.mapping_toml import read_mapping, write_mapping
from trialdata.parsing import find_study

HERE = Path(__file__).parents[1]
LOG = logging.getLogger("itp")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
NUMBERS = {pa.int64(): pd.Int64Dtype()}


def prepare_apart(
    root: Path,
    definition: StudyDefinition,
    files: Mapping[str, bytes],
    cut: datetime.date,
    mapping: ImportMapping | None = None,
    *,
    limits: Limits | None = None,
    progress: Progress = lambda done, doing: None,
) -> Prepared:
    """What `trialdata.importing.prepare` gives, made in another process; StudyDataError where a limit ends it."""
    limits = limits or default_limits()
    head = {
        "root": str(Path(root).absolute()),
        "study": definition.name,
        "cut": cut.isoformat(),
        "mapping": write_mapping(mapping) if mapping else None,
        "limits": asdict(limits),
    }
    late = threading.Event()
    with _started() as process:
        deadline = threading.Timer(limits.seconds, _end, (process, late))
        deadline.start()
        try:
            return _conversation(process, head, files, progress)
        except (BrokenPipeError, EOFError):
            raise _ended(process, late, limits) from None
        finally:
            deadline.cancel()
            process.kill()


def _started() -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "trialdata.import_process"],
        cwd=HERE,
        env=os.environ | ONE_THREAD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _end(process: subprocess.Popen, late: threading.Event) -> None:
    late.set()
    process.kill()


def _conversation(
    process: subprocess.Popen, head: dict[str, Any], files: Mapping[str, bytes], progress: Progress
) -> Prepared:
    assert process.stdin and process.stdout
    _send(process.stdin, head, files)
    process.stdin.close()
    while True:
        said, parts = _receive(process.stdout)
        if "done" in said:
            progress(said["done"], said["doing"])
        elif "refused" in said:
            raise StudyDataError(said["refused"])
        else:
            return _prepared(said, parts)


def _ended(process: subprocess.Popen, late: threading.Event, limits: Limits) -> Exception:
    """Why there is no answer: too slow, too large, or a fault of ours, which goes to the log without its message."""
    assert process.stderr
    errors = process.stderr.read().decode(errors="replace")
    process.wait()
    if late.is_set():
        return StudyDataError(
            f"The files: reading them takes more than {limits.seconds:g} seconds; send fewer rows at a time, or "
            "raise the limit (setting ITP_MAX_SECONDS)."
        )
    if process.returncode in (OUT_OF_MEMORY, -signal.SIGKILL, -signal.SIGABRT):  # Arrow aborts without memory
        return StudyDataError(
            f"The files: reading them needs more than {limits.memory_megabytes:,.0f} MB of memory; send fewer rows "
            "at a time, or raise the limit (setting ITP_MAX_MEMORY_MEGABYTES)."
        )
    LOG.error("The process of an import ended with %s\n%s", process.returncode, errors)
    return RuntimeError("the process of an import ended")


# What goes through the pipes: a line of JSON with the sizes of the parts that follow it


def _send(pipe: IO[bytes], said: dict[str, Any], parts: Mapping[str, bytes] | None = None) -> None:
    parts = parts or {}
    sizes = [[name, len(part)] for name, part in parts.items()]
    pipe.write(json.dumps(said | {"parts": sizes}).encode() + b"\n")
    for part in parts.values():
        pipe.write(part)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """EOFError where the other side has gone."""
    line = pipe.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    said = json.loads(line)
    parts = {name: pipe.read(size) for name, size in said.pop("parts")}
    return said, parts


def _sent(prepared: Prepared) -> tuple[dict[str, Any], dict[str, bytes]]:
    frames = {"findings": prepared.every_finding, "report": prepared.report} | {
        f"text {name}": frame for name, frame in prepared.texts.items()
    }
    said = {
        "cut": prepared.cut.isoformat(),
        "files": prepared.files,
        "mapping": write_mapping(prepared.mapping),
        "questions": [asdict(question) for question in prepared.questions],
    }
    return said, {name: _as_bytes(frame) for name, frame in frames.items()}


def _prepared(said: dict[str, Any], parts: Mapping[str, bytes]) -> Prepared:
    frames = {name: _as_frame(part) for name, part in parts.items()}
    every = frames.pop("findings")
    return Prepared(
        cut=datetime.date.fromisoformat(said["cut"]),
        files=said["files"],
        mapping=read_mapping(said["mapping"]),
        questions=tuple(map(_question, said["questions"])),
        findings=listed(every),
        every_finding=every,
        report=frames.pop("report"),
        texts={name.removeprefix("text "): frame for name, frame in frames.items()},
    )


def _question(said: dict[str, Any]) -> Question:
    return Question(**said | {"options": tuple(map(tuple, said["options"]))})


def _as_bytes(frame: pd.DataFrame) -> bytes:
    table, sink = pa.Table.from_pandas(frame), io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue()


def _as_frame(part: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(part).read_all().to_pandas(types_mapper=NUMBERS.get)


# The process itself

OUT_OF_MEMORY = 3


def _answer(said: dict[str, Any], files: Mapping[str, bytes], out: IO[bytes]) -> None:
    limits = Limits(**said["limits"])
    definition = find_study(Path(said["root"]), said["study"])
    mapping = read_mapping(said["mapping"]) if said["mapping"] else None
    cut = datetime.date.fromisoformat(said["cut"])

    def progress(done: float, doing: str) -> None:
        _send(out, {"done": done, "doing": doing})

    prepared = prepare(definition, files, cut, mapping, limits=limits, progress=progress)
    _send(out, *_sent(prepared))


def main() -> int:
    said, files = _receive(sys.stdin.buffer)
    bytes_of_memory = int(said["limits"]["memory_megabytes"] * 1024 * 1024)
    resource.setrlimit(resource.RLIMIT_AS, (bytes_of_memory, bytes_of_memory))
    try:
        _answer(said, files, sys.stdout.buffer)
    except StudyDataError as error:
        _send(sys.stdout.buffer, {"refused": str(error)})
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__))
        print(f"{type(error).__name__}\n{where}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
