"""A Streamlit server on a free loopback port, ended when the block ends."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 120


@contextmanager
def serving(script: Path, **environment: str) -> Iterator[int]:
    """The port of a server that runs `script` in an environment of its own and answers its health check."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    options = [
        "--server.address",
        "127.0.0.1",
        "--server.headless",
        "true",
        "--server.fileWatcherType",
        "none",
    ]
    process = subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env=own_environment() | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_until_healthy(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def own_environment() -> dict[str, str]:
    """The sample trials, whatever ITP_ROOT and ITP_VIEW say here."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ITP_")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {process.stderr.read().decode()[-2000:]}")
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise TimeoutError(f"no answer on port {port} within {PATIENCE_SECONDS} seconds")
