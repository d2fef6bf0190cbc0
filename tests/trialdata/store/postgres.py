"""A PostgreSQL server of the tests alone: on loopback, in a temporary directory, gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest


def binaries() -> Path:
    """Where PostgreSQL is installed; without it the test is skipped, on the automatic checks it fails."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found or on_path:
        return (found[-1] if found else Path(str(on_path))).parent
    missing = "PostgreSQL is not installed (Debian, Ubuntu: apt install postgresql)"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


class Server:
    """One server; `kill` ends it without a farewell, `start` brings it back with what it had committed."""

    def __init__(self) -> None:
        self.bin = binaries()
        in_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # many small files
        self.folder = Path(tempfile.mkdtemp(prefix="itp-postgres-", dir=in_memory))
        self.who = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self.who:  # PostgreSQL refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        data = ["-D", str(self.folder / "data")]
        self.run("initdb", *data, "-U", "itp", "--auth=trust", "--no-sync", "--data-checksums")
        self.databases = 0
        self.start()

    def run(self, program: str, *words: str, **options) -> subprocess.CompletedProcess:
        said = subprocess.run(
            [self.bin / program, *words], capture_output=True, cwd="/", **self.who, **options
        )
        assert said.returncode == 0, said.stderr.decode()
        return said

    def start(self) -> None:
        settings = [f"unix_socket_directories={self.folder}", "listen_addresses=127.0.0.1"]
        self.process = subprocess.Popen(
            [
                *(self.bin / "postgres", "-D", self.folder / "data", "-p", str(self.port)),
                *(word for setting in settings for word in ("-c", setting)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self.who,
        )
        for _ in range(300):
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=1).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None:  # what is left of a killed one still holds the memory
                    time.sleep(0.1)
                    return self.start()
                time.sleep(0.05)
        raise AssertionError("PostgreSQL did not start")

    def url(self, database: str) -> str:
        return f"postgresql://itp@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of an empty database."""
        self.databases += 1
        name = f"register{self.databases}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
