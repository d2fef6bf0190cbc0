"""A cut keeps the rules it was accepted with: what a changed rule moved is told apart from what the data moved."""

import datetime
import json
from pathlib import Path

import pytest
from small_study import ADSL, FILES, TOML

from cli import main
from trialdata.accepting import accept
from trialdata.importing import prepare
from trialdata.study import find_study, load_study

FIRST, SECOND = datetime.date(2026, 1, 15), datetime.date(2026, 2, 14)
NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
STRICTER = TOML.replace('kind = "confirmed_response"', 'kind = "confirmed_response"\nr_count = 60')


def imported(root: Path, toml: str, cut: datetime.date, adsl: str) -> None:
    (root / "studies").mkdir(exist_ok=True)
    (root / "studies" / "demo.toml").write_text(toml, encoding="utf-8")
    definition = find_study(root, "demo")
    sent = {name: content.lstrip("\n").encode() for name, content in (FILES | {"adsl.csv": adsl}).items()}
    accept(root, definition, prepare(definition, sent, cut), at=NOW)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """S-01 has 45 on day 8 and 120 on day 15: confirmed at 30, at 60 there is one count only."""
    imported(tmp_path, TOML, FIRST, ADSL)
    later = ADSL.replace(",60,ONGOING", ",90,ONGOING").replace(",40,", ",70,")
    imported(tmp_path, STRICTER, SECOND, later)
    return tmp_path


def changes(root: Path, capsys, *more: str) -> dict:
    assert main(["--root", str(root), "changes", "--study", "demo", *more]) == 0
    return json.loads(capsys.readouterr().out)


def responders(said: dict, arm: str) -> dict:
    (row,) = [row for row in said["results"] if row["arm"] == arm and row["paramcd"] == "OR"]
    return row


def test_the_rule_of_the_day_is_kept(root):
    assert load_study(root, "demo", FIRST).definition.endpoints[0].r_count == 60
    assert load_study(root, "demo", FIRST, as_accepted=True).definition.endpoints[0].r_count == 30


def test_a_participant_moved_by_the_rule_is_named_with_that_cause(root, capsys):
    said = changes(root, capsys)
    movers = [(mover["USUBJID"], mover["CAUSE"]) for mover in said["movers"]]
    assert ("S-01", "rule change") in movers


def test_by_the_rules_of_today_nobody_is_moved_by_a_rule(root, capsys):
    said = changes(root, capsys, "--rules-of-today")
    assert "rule change" not in {mover["CAUSE"] for mover in said["movers"]}
