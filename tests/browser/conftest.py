"""A dashboard of its own on a free loopback port, and a Chromium to look at it; skipped where there is none."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium on PATH and CHROMIUM does not name one"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The dashboard, started as `make run` starts it."""
    port = free_port()
    command = [sys.executable, "-m", "ui", "--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/_stcore/health", server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, server: subprocess.Popen) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            assert server.poll() is None, "the dashboard ended before it answered"
            time.sleep(0.2)
    raise AssertionError(f"the dashboard did not answer within {SECONDS_TO_START} s")


class Reader:
    """A tab of the browser that writes down what a reader must never meet."""

    def __init__(self, context: BrowserContext, address: str):
        self.address = address
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", lambda socket: self._asked(socket.url))
        context.on("request", lambda request: self._asked(request.url))

    def _console(self, message) -> None:
        # a deep link makes the front end look below its own path first, and be refused
        expected = "404" in message.text and "/_stcore/" in (message.location or {}).get("url", "")
        if message.type == "error" and not expected:
            self.errors.append(message.text)

    def _asked(self, url: str) -> None:
        own = self.address.split("://")[1]
        if url.split("://")[-1].split("/")[0] != own and not url.startswith(("data:", "blob:")):
            self.elsewhere.append(url)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run and every figure is drawn."""
        self.page.wait_for_timeout(200)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('[data-testid=stPlotlyChart]')]"
            ".every(chart => chart.querySelector('.main-svg'))",
            timeout=60_000,
        )
        self.page.wait_for_timeout(200)

    def go(self, section: str, page: str) -> None:
        """By the menu."""
        self.page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
        self.page.get_by_test_id("stTopNavDropdownLink").get_by_text(page, exact=True).click()
        self.settle()

    def unfold(self, action: str) -> None:
        """Open a quiet action of an output ("list-ledger"); a click that meets a rerun is lost and made again."""
        for _ in range(3):
            self.page.locator(f".st-key-{action} button").first.click()
            self.settle()
            if self.page.get_by_test_id("stPopoverBody").count():
                return
        raise AssertionError(f"{action} does not open")

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option).click()
        self.settle()

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, reduced_motion="reduce", accept_downloads=True
    )
    yield Reader(context, address)
    context.close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Reader]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
        color_scheme="dark",
        user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36",
    )
    yield Reader(context, address)
    context.close()
