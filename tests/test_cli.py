"""The command line: what it prints, where, and with which exit status."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.adam import derive
from cli import main
from outputs.catalogue import is_about_one
from reports.export import as_csv, json_text
from trialdata.study import load_study

ROOT = Path(__file__).parents[1]
STUDIES = ("nct07057778", "nct04915482")

# Wu 2022 (all-trans retinoic acid + low-dose rituximab against low-dose rituximab), overall response 90/112
# against 33/56. Limits and p-values worked out from the counts in R (prop.test, fisher.test, PropCIs), printed
# to 3 decimals for limits and 5 for p-values.
WU_2022 = {
    ("difference", "Miettinen-Nurminen"): (0.214, 0.069, 0.362, None),
    ("difference", "Newcombe"): (0.214, 0.069, 0.359, None),
    ("risk ratio", "Katz log"): (1.36, 1.08, 1.73, None),
    ("odds ratio", "Woolf logit"): (2.85, 1.41, 5.79, None),
    ("test", "Pearson chi-square"): (None, None, None, 0.00311),
    ("test", "Yates chi-square"): (None, None, None, 0.00557),
    ("test", "Fisher exact"): (None, None, None, 0.00518),
}


@pytest.fixture
def run(capsys, monkeypatch):
    """`run("rates", ...)` is (exit status, standard output, standard error)."""
    monkeypatch.delenv("ITP_ROOT", raising=False)
    monkeypatch.delenv("ITP_VIEW", raising=False)

    def call(*argv: str) -> tuple[int, str, str]:
        try:
            status = main([str(word) for word in argv])
        except SystemExit as stopped:
            status = stopped.code
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.fixture
def facts(run):
    """`facts("rates", ...)` is the JSON on standard output; the exit status has to be 0."""

    def call(*argv: str) -> dict:
        status, out, err = run(*argv)
        assert status == 0, err
        return json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))

    return call


def test_rates_from_counts_give_the_published_numbers(facts):
    rows = facts("rates", "--counts", "90/112", "33/56")["results"]
    found = {(row["measure"], row["method"]): row for row in rows}
    for key, (estimate, low, high, p_value) in WU_2022.items():
        row = found[key]
        tolerance = 0.0005 if key[0] == "difference" else 0.005
        for name, expected in (("estimate", estimate), ("conf_low", low), ("conf_high", high)):
            if expected is not None:
                assert row[name] == pytest.approx(expected, abs=tolerance)
        if p_value is not None:
            assert row["p_value"] == pytest.approx(p_value, abs=5e-6)


def test_rates_are_unrounded_and_name_the_arms(facts):
    rows = facts("rates", "--counts", "1/3", "1/4", "--arms", "new", "old")["results"]
    assert [row["arm"] for row in rows[:14]] == ["new"] * 7 + ["old"] * 7
    assert rows[0]["estimate"] == 1 / 3
    assert (str(rows[0]["n"]), str(rows[0]["N"])) == ("1", "3")
    assert {row["comparison"] for row in rows[14:]} == {"new - old"}


def test_rates_of_strata_are_summed_up_and_compared_within(facts):
    strata = ["--counts", "40/50", "15/25", "--counts", "50/62", "18/31", "--strata", "men", "women"]
    rows = facts("rates", *strata)["results"]
    assert (rows[0]["n"], rows[0]["N"]) == (90, 112)
    assert {row["method"] for row in rows} >= {"stratified Miettinen-Nurminen", "Breslow-Day"}


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--counts", "1/2", "1/3", "--counts", "1/2"], "same number of arms"),
        (["--counts", "1/2", "1/3", "--strata", "a", "b"], "--strata needs one name for each --counts"),
        (["--counts", "1/2", "1/3", "--arms", "a"], "--arms needs one name for each of --counts"),
    ],
)
def test_counts_that_do_not_fit_together_are_refused(run, argv, said):
    status, out, err = run("rates", *argv)
    assert (status, out) == (2, "")
    assert said in err


def test_one_arm_has_rates_and_no_comparison(facts):
    said = facts("rates", "--counts", "9/10")
    assert {row["measure"] for row in said["results"]} == {"rate"}
    assert said["footnotes"] == []


def test_three_arms_are_each_compared_with_the_last(facts):
    rows = facts("rates", "--counts", "9/10", "8/10", "3/10", "--arms", "a", "b", "c")["results"]
    assert {row["comparison"] for row in rows if row["comparison"]} == {"a - c", "b - c"}


def test_what_is_not_estimable_is_null_and_an_infinite_limit_is_a_word(facts):
    rows = facts("rates", "--counts", "16/42", "0/21")["results"]
    (woolf,) = [row for row in rows if row["method"] == "Woolf logit"]
    assert woolf["estimate"] == "Infinity"  # romiplostim, Kuter 2008: no responder among controls
    assert rows[0]["p_value"] is None


@pytest.mark.parametrize("counts", ["112/90", "a/b", "5", "-1/4", "1/2/3"])
def test_wrong_counts_are_wrong_usage(run, counts):
    status, out, err = run("rates", "--counts", counts)
    assert (status, out) == (2, "")
    assert "90/112" in err or "--counts" in err


def test_help_lists_every_command_with_one_line(run):
    status, out, _ = run("--help")
    assert status == 0
    for command in (
        "studies",
        "check",
        "outputs",
        "results",
        "rates",
        "participants",
        "trace",
        "reconcile",
        "datasets",
    ):
        (line,) = [line for line in out.splitlines() if line.strip().startswith(f"{command} ")]
        assert len(line.split()) > 3


def test_studies_name_both_trials_and_their_cuts(facts):
    rows = {row["study"]: row for row in facts("studies")["results"]}
    assert set(STUDIES) <= set(rows)
    assert rows["nct07057778"]["registry"] == "NCT07057778"
    assert rows["nct07057778"]["planned_subjects"] == 120
    assert rows["nct04915482"]["planned_subjects"] == 94
    assert all(len(rows[study]["cuts"].split()) == 3 for study in STUDIES)


def test_the_sample_data_are_accepted(run):
    status, out, err = run("check")
    assert status == 0, err
    assert all(finding["severity"] != "error" for finding in json.loads(out)["results"])


def test_results_head_their_numbers_with_where_they_come_from(facts):
    said = facts("results", "response_rates", "--study", "NCT07057778")
    assert said["study"] == "Pku-IGU-ITP-03"
    assert said["registry"] == "NCT07057778"
    assert (said["population"], said["endpoint"], said["filters"]) == ("FAS", "OR1Y", {})
    assert said["view"] == "true"
    assert len(said["content_hash"]) == len(said["definition_hash"]) == 64
    assert {row["arm"] for row in said["results"] if row["arm"]} == {"IGU+RTX", "RTX"}


def test_a_rate_is_its_responders_over_its_due(facts):
    said = facts("results", "response_rates", "--study", "nct07057778")
    people = facts("participants", "--study", "nct07057778")["results"]
    rates = [row for row in said["results"] if row["method"] == "Wilson score"]
    assert sum(row["N"] for row in rates) <= len(people)
    assert all(row["estimate"] == row["n"] / row["N"] for row in rates)


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        (["results", "nonsense", "--study", "nct07057778"], "outputs"),
        (["results", "participant_trace", "--study", "nct07057778"], "trace"),
        (["results", "response_rates", "--study", "nct07057778", "--endpoint", "NOPE"], "OR1Y"),
        (["results", "response_rates", "--study", "nct07057778", "--population", "XX"], "FAS"),
        (["results", "response_rates", "--study", "nct07057778", "--filter", "HAIR=red"], "SEX"),
        (["results", "response_rates", "--study", "nct07057778", "--filter", "SEX"], "COLUMN=LEVEL"),
        (["results", "response_rates"], "--study"),
        (["results", "response_rates", "--study", "nct1"], "nct07057778"),
        (["results", "response_rates", "--study", "nct07057778", "--cut", "2001-01-01"], "2027-06-30"),
        (["trace", "nobody", "--study", "nct07057778"], "participants"),
        (["rates", "--counts", "1/2", "--arms", "a", "b"], "--arms"),
        ([], "COMMAND"),
    ],
)
def test_wrong_usage_says_what_would_be_right(run, argv, word):
    status, out, err = run(*argv)
    assert (status, out) == (2, "")
    assert word in err


def test_a_filter_is_kept_with_the_result_and_hides_p_values(facts):
    said = facts("results", "response_rates", "--study", "nct07057778", "--filter", "SEX=F")
    assert said["filters"] == {"SEX": ["F"]}
    assert all(row.get("p_value") is None for row in said["results"])


def test_a_filter_that_leaves_nobody_is_answered(facts):
    said = facts("results", "response_rates", "--study", "nct07057778", "--filter", "SEX=none")
    assert any("obody" in note for note in said["footnotes"])


def test_every_output_has_results_as_json(facts, monkeypatch):
    data = derive(load_study(ROOT, "nct04915482"))
    monkeypatch.setattr("commands.results.analysis_data", lambda arguments: data)
    monkeypatch.setattr("analysis.observational.resamples.RESAMPLES", 100)
    listed = [row["output"] for row in facts("outputs")["results"]]
    for output in listed:
        if not is_about_one(output):
            assert facts("results", output, "--study", "nct04915482")["output"] == output


def test_trace_has_one_row_per_platelet_record(facts):
    people = facts("participants", "--study", "nct07057778")["results"]
    said = facts("trace", people[0]["USUBJID"], "--study", "nct07057778", "--endpoint", "OR1Y")
    assert said["detail"]
    days = [row["ADY"] for row in said["results"]]
    assert days == sorted(days) and len(days) > 1
    assert all(row["CLAUSE"] for row in said["results"])


def test_the_pooled_view_names_no_arm(run, monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "pooled")
    status, out, err = run("results", "response_rates", "--study", "nct07057778")
    assert status == 0, err
    assert "IGU" not in json.dumps(json.loads(out)["results"])


def test_the_checks_of_the_pooled_view_name_no_arm(run, monkeypatch):
    command = ("check", "--study", "nct07057778", "--format", "csv")
    assert "RTX" in run(*command)[1]  # somebody was treated as the other arm
    monkeypatch.setenv("ITP_VIEW", "pooled")
    status, out, _ = run(*command)
    assert status == 0 and "visit_disagrees" in out
    assert "RTX" not in out and "TRT01" not in out


def test_a_view_that_does_not_exist_shows_nothing(run, monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "coded")
    status, out, err = run("results", "response_rates", "--study", "nct07057778")
    assert (status, out) == (2, "")
    assert "pooled" in err


def test_refused_data_end_with_status_1_and_nothing_on_standard_output(run, tmp_path):
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies/bad.toml").write_text('studyid = "BAD"\nnonsense = 1\n')
    status, out, err = run("--root", tmp_path, "results", "response_rates", "--study", "bad")
    assert (status, out) == (1, "")
    assert "bad.toml" in err and "nonsense" in err


def test_csv_has_a_header_and_the_same_rows(run):
    status, out, _ = run("rates", "--counts", "90/112", "33/56", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert float(rows[0]["estimate"]) == 90 / 112


def test_csv_neutralises_formulas_in_text_but_not_in_numbers():
    rows = pd.DataFrame(
        {"AEDECOD": ["=HYPERLINK(1)", "+1", "-x", "@a", "\tb", "\rc", "plain"], "CHG": [-1.5] * 7}
    )
    written = list(csv.DictReader(io.StringIO(as_csv(rows), newline="")))
    assert [row["AEDECOD"][0] for row in written] == ["'"] * 6 + ["p"]
    assert {row["CHG"] for row in written} == {"-1.5"}


def test_json_writes_no_nan_literal():
    rows = pd.DataFrame({"n": [1], "estimate": [float("nan")], "conf_low": [float("-inf")], "who": [None]})
    assert json.loads(json_text({}, rows))["results"] == [
        {"n": 1, "estimate": None, "conf_low": "-Infinity", "who": None}
    ]


def test_it_runs_as_a_script_from_another_folder(tmp_path):
    command = [sys.executable, str(ROOT / "cli.py"), "rates", "--counts", "1/2", "--format", "table"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Wilson score" in done.stdout


@pytest.fixture
def own_answers(tmp_path, facts):
    """Our answers of one endpoint as a statistician's file, and the path to write it to."""
    rows = facts("participants", "--study", "nct07057778")["results"]
    lines = [f"{row['USUBJID']},OR1Y,{row['ANSWERSOFAR']}" for row in rows]
    return tmp_path / "mine.csv", lines


def write_answers(path: Path, lines: list[str], header: str = "USUBJID,PARAMCD,AVALC") -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_changes_lead_from_the_earlier_cut_to_this_one(facts):
    said = facts("changes", "--study", "nct07057778", "--cut", "2026-12-31", "--endpoint", "RESPW12")
    assert said["options"] == {"since": "2026-03-31"}
    rates = {
        (row["cut"], row["arm"]): (row["n"], row["N"])
        for row in said["results"]
        if row["endpoint"] == "RESPW12" and row["measure"] in ("rate", "change in rate")
    }
    for arm in ("IGU+RTX", "RTX"):
        added = [row for row in said["causes"] if row["arm"] == arm and not row["line"].endswith(" cut")]
        assert rates["change", arm] == (sum(row["n"] for row in added), sum(row["N"] for row in added))
    assert len(said["movers"]) == sum(rates["change", arm][1] for arm in ("IGU+RTX", "RTX"))
    assert {row["kind"] for row in said["records"]} == {"new", "corrected", "completed", "vanished"}


def test_changes_since_a_cut_of_choice_and_at_the_first(run, facts):
    said = facts("changes", "--study", "nct07057778", "--since", "2026-03-31")
    assert said["cut"] == "2027-06-30" and said["options"] == {"since": "2026-03-31"}
    first = facts("changes", "--study", "nct07057778", "--cut", "2026-03-31")
    assert first["results"] == first["movers"] == []
    assert "This is the first data cut: there is none before it to compare with." in first["footnotes"]
    status, out, err = run("changes", "--study", "nct07057778", "--since", "2027-06-30")
    assert (status, out) == (2, "")
    assert "no data cut before this one of date '2027-06-30'" in err and "2026-03-31, 2026-12-31" in err


def test_an_output_about_two_cuts_takes_the_earlier_one_as_option(run, facts):
    asked = ("results", "cut_causes", "--study", "nct07057778")
    assert facts(*asked)["options"] == {"since": "2026-12-31"}
    assert facts(*asked, "--option", "since=2026-03-31")["options"] == {"since": "2026-03-31"}
    status, _, err = run(*asked, "--option", "since=March")
    assert status == 2 and "'March' is not a date" in err


def test_reconcile_lists_what_does_not_agree_and_counts_the_rest(facts, own_answers):
    path, lines = own_answers
    said = facts("reconcile", write_answers(path, lines), "--study", "nct07057778")
    assert said["results"] == []
    counts = {row["measure"]: row["n"] for row in said["counts"] if not row["arm"]}
    assert counts["compared"] == counts["agree"] == len(lines)
    usubjid, _, answer = lines[0].split(",")
    other = "NR" if answer != "NR" else "CR"
    write_answers(path, [f"{usubjid},OR1Y,{other}", *lines[1:]])
    said = facts("reconcile", path, "--study", "nct07057778", "--endpoint", "OR1Y")
    (row,) = said["results"]
    assert (row["USUBJID"], row["RESULT"], row["OURS"], row["THEIRS"]) == (usubjid, "differ", answer, other)
    assert row["CLAUSE"] and row["ROW"] == 2
    assert f"{len(lines) - 1} of {len(lines)} compared answers agree" in said["footnotes"]


def test_reconcile_refuses_a_file_with_the_reason(run, own_answers):
    path, lines = own_answers
    write_answers(path, lines, header="USUBJID,PARAMCD,ANSWER")
    status, out, err = run("reconcile", path, "--study", "nct07057778")
    assert (status, out) == (1, "")
    assert err.startswith("mine.csv, row 1, column AVALC: found the columns USUBJID, PARAMCD, ANSWER;")


def test_reconcile_of_no_file_or_endpoint_is_wrong_usage(run, own_answers):
    path, lines = own_answers
    status, out, err = run("reconcile", path, "--study", "nct07057778")
    assert (status, out) == (2, "") and "cannot be read" in err
    status, out, err = run(
        "reconcile", write_answers(path, lines), "--study", "nct07057778", "--endpoint", "X"
    )
    assert (status, out) == (2, "") and "There is no endpoint 'X'" in err


@pytest.mark.parametrize("form", ["csv", "table"])
def test_reconcile_in_other_forms(run, own_answers, form):
    path, lines = own_answers
    write_answers(path, [f"{lines[0].split(',')[0]},OR1Y,PENDING", *lines[1:]])
    status, out, _ = run("reconcile", path, "--study", "nct07057778", "--format", form)
    assert status == 0
    assert "PENDING" in out and "differ" in out


def test_an_option_of_an_output_changes_its_numbers_and_is_named(facts):
    study = ("--study", "nct07057778", "--endpoint", "RESPW12")
    kept = facts("results", "response_rates", *study)
    out = facts("results", "response_rates", *study, "--option", "missing=exclude")
    assert kept["options"] == {} and out["options"] == {"missing": "exclude"}
    assert sum(r["N"] for r in out["results"] if r["N"]) < sum(r["N"] for r in kept["results"] if r["N"])


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("colour=red", "There is no option 'colour' in this output; it has missing."),
        ("missing=perhaps", "An --option was not understood: missing is 'perhaps'"),
        ("missing", "is not NAME=VALUE, such as missing=exclude"),
    ],
)
def test_an_option_that_does_not_exist_is_said(run, option, said):
    status, out, err = run("results", "response_rates", "--study", "nct07057778", "--option", option)
    assert (status, out) == (2, "") and said in err


def test_a_changed_rule_is_an_option_with_commas(facts):
    given = ("--option", "changes=r_count=50,confirm_days=14")
    said = facts("results", "rule_sensitivity", "--study", "nct07057778", *given)
    assert {row["rule"] for row in said["results"]} >= {"protocol", "changed"}
    assert said["headline"].startswith("With response threshold 50 instead of 30 and confirmation after 14")


@pytest.fixture
def written(facts, tmp_path):
    """`written("--format", "csv")` is (what is said, the folder)."""

    def call(*options: str) -> tuple[dict, Path]:
        said = facts("datasets", "--study", "nct07057778", "--to", tmp_path / "out", *options)
        return said, tmp_path / "out"

    return call


def test_datasets_are_written_in_every_format_and_listed(written):
    said, folder = written()
    assert sorted(row["file"] for row in said["results"]) == sorted(path.name for path in folder.iterdir())
    endings = [row["file"].rsplit("_", 1)[1] for row in said["results"]]
    expected = {
        f"{name}.{form}" for name in ("adsl", "adlb", "adrs", "adtte") for form in ("csv", "xpt", "json")
    }
    assert set(endings) == expected | {"datasets.xlsx", "contents.csv", "dictionary.csv", "parameters.csv"}
    for row in said["results"]:
        content = (folder / row["file"]).read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert said["view"] == "true" and len(said["content_hash"]) == 64


def test_datasets_agree_with_reconcile(written, facts):
    _, folder = written("--format", "csv", "--format", "xpt")
    for ending in ("adrs.csv", "adrs.xpt", "adtte.csv", "adtte.xpt"):
        (path,) = folder.glob(f"*_{ending}")
        said = facts("reconcile", path, "--study", "nct07057778")
        assert said["results"] == [], ending
        assert re.fullmatch(r"All [\d,]+ compared answers agree", said["footnotes"][0])


def test_datasets_are_not_written_over_unless_asked(written, run):
    said, folder = written("--format", "json")
    (adsl,) = folder.glob("*_adsl.json")
    adsl.write_text("mine")
    again = ("datasets", "--study", "nct07057778", "--to", folder, "--format", "json")
    status, out, err = run(*again)
    assert (status, out) == (2, "") and "is there already; --replace writes over it." in err
    assert adsl.read_text() == "mine"
    status, _, _ = run(*again, "--replace")
    assert status == 0 and adsl.read_text() != "mine"
    assert len(list(folder.iterdir())) == len(said["results"])


def test_datasets_where_nothing_can_be_written_is_said(run, tmp_path):
    (tmp_path / "file").write_text("")
    status, out, err = run("datasets", "--study", "nct07057778", "--to", tmp_path / "file" / "below")
    assert (status, out) == (2, "") and "cannot be written to: Not a directory." in err


def test_a_mapping_is_written_where_there_is_a_folder_for_it(run, tmp_path):
    (tmp_path / "labs.csv").write_text("Subject ID,Result\nS-01,12\n")
    asked = ("--root", ROOT, "import", tmp_path / "labs.csv", "--study", "nct07057778", "--cut", "2027-01-31")
    mapping = tmp_path / "none" / "mapping.toml"
    status, out, err = run(*asked, "--write-mapping", mapping)
    assert (status, out) == (2, "")
    assert err.strip().endswith(f"{mapping} cannot be written: there is no folder {mapping.parent}.")
    status, _, err = run(*asked, "--write-mapping", tmp_path)
    assert status == 2 and "is a folder; --write-mapping names a file." in err
    run(*asked, "--write-mapping", tmp_path / "mapping.toml")
    assert "[[tables]]" in (tmp_path / "mapping.toml").read_text(encoding="utf-8")


def test_pooled_datasets_name_no_arm(run, tmp_path, monkeypatch):
    monkeypatch.setenv("ITP_VIEW", "pooled")
    monkeypatch.setenv("ITP_ROOT", str(ROOT))
    assert main(["datasets", "--study", "nct07057778", "--to", str(tmp_path), "--format", "csv"]) == 0
    for path in tmp_path.iterdir():
        assert "_pooled_" in path.name
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        arms = {row[name] for row in rows for name in ("TRT01P", "TRT01A", "TRTP", "TRTA") if name in row}
        assert arms <= {"All"}
        assert "IGU+RTX" not in path.read_text(encoding="utf-8-sig")
