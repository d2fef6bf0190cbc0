"""Tells long tests apart, and gathers the comparisons of tests/reference from all workers for the page Validation."""

from pathlib import Path

import pytest

from tests.validation import PAGE, Comparison, page, rows

HERE = Path(__file__).parent
REFERENCE = HERE / "reference"
LONG = (  # simulations, faults, whole deliveries, generated studies, all outputs and pages: `make test-long`
    "analysis/observational/test_simulation.py",
    "analysis/test_result_changes.py",
    "browser/test_every_page_in_chromium.py",
    "independent",
    "outputs/test_every_output.py",
    "outputs/test_slide_charts.py",
    "reports/deck/test_deck.py",
    "reports/deck/test_deck_pictures.py",
    "reports/document",
    "reports/test_bundle.py",
    "reports/test_pictures.py",
    "reports/test_verify.py",
    "reports/test_what_leaves_in_words.py",
    "test_cli_bundle.py",
    "test_cli_figures.py",
    "test_cli_report.py",
    "trialdata/store",
    "trialdata/test_any_import.py",
    "trialdata/test_deliveries.py",
    "trialdata/test_rules_of_a_cut.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--validation", action="store_true", help="write docs/reference/validation.md")
    parser.addoption(
        "--long", choices=("only", "without"), help="run the long tests alone, or leave them out"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--long")
    if wanted is None:
        return
    kept = [item for item in items if is_long(item.path) == (wanted == "only")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def is_long(path: Path) -> bool:
    """Whether a test file is one of the long ones."""
    return any((HERE / name) in (path, *path.parents) for name in LONG)


class Gathered:
    """What the reference tests of this run compared."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.comparisons: list[Comparison] = []
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.failed |= report.failed
            self.comparisons += [
                Comparison(**said) for name, said in report.user_properties if name == "validation"
            ]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self._whole() or self.failed:
            return
        written = page(self.comparisons)
        if self.config.getoption("--validation"):
            PAGE.write_text(written, encoding="utf-8")
        elif not PAGE.exists() or rows(PAGE.read_text(encoding="utf-8")) != rows(written):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self.config.pluginmanager.get_plugin("terminalreporter").write_line(
                "docs/reference/validation.md names other comparisons than the tests made: run `make validation`.",
                red=True,
            )

    def _whole(self) -> bool:
        """Every reference test ran: nothing was selected by name, mark, length or a single file."""
        options = self.config.option
        if options.keyword or options.markexpr or options.long == "only" or getattr(options, "lf", False):
            return False
        asked = [Path(str(arg).split("::")[0]).resolve() for arg in self.config.args]
        return any(folder == REFERENCE or folder in REFERENCE.parents for folder in asked)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the controller hears the reports of every worker
        config.pluginmanager.register(Gathered(config), "validation")
