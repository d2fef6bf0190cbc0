"""A bundle: what is in it, that it is the same twice, and that nobody is in it."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from outputs.output import View
from outputs.slide import Slide, view_code
from reports.bundle import build_bundle, bundle_slides
from reports.bundle_files import members
from reports.pins import pin
from reports.plan import Plan
from tests.reports.small_root import AT, EVENTS, RATES, SLIDES, loaded
from tests.trialdata.store.kept import accept
from trialdata.errors import StudyDataError
from trialdata.store import open_store
from trialdata.study import load_study

ROOT = Path(__file__).parents[2]
FILES = {
    *("README.txt", "constraints.txt", "definition.toml", "manifest.json", "plan.json"),
    *("recompute.py", "requirements.txt", "results.csv"),
}


@pytest.fixture
def data(root):
    return loaded(root)


@pytest.fixture
def files(root, data):
    return members(build_bundle(data, SLIDES, root=root, plan=Plan((RATES, EVENTS), "Interim look")))


def test_it_holds_what_the_reference_says(files, data, root):
    codes = [view_code(data, slide) for slide in SLIDES]
    assert set(files) == FILES | {f"results/{code}.json" for code in codes}
    said = json.loads(files["manifest.json"])
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == said["files"] | {
        "manifest.json": hashlib.sha256(files["manifest.json"]).hexdigest()
    }
    folder = root / "data/demo/2026-01-15"
    assert said["cut"]["files"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
    }
    assert (said["study"], said["registry"], said["view"]) == ("DEMO", "NCT00000000", "true")
    assert said["cut"]["date"] == "2026-01-15"
    assert said["cut"]["content_hash"] == data.study.content_hash
    assert said["settings"] == {"ITP_SMALLEST_CELL": 5}
    toml = (root / "studies/demo.toml").read_bytes()
    assert files["definition.toml"] == toml
    assert said["definition"] == {
        "file": "studies/demo.toml",
        "sha256": hashlib.sha256(toml).hexdigest(),
    }
    assert [slide["code"] for slide in json.loads(files["plan.json"])["slides"]] == [codes[0], codes[2]]


def test_every_row_is_there_unrounded(files, data):
    said = json.loads(files[f"results/{view_code(data, RATES)}.json"])
    results = RATES.built(data).results
    assert [row["estimate"] for row in said["results"]] == [
        None if pd.isna(value) else value for value in results["estimate"]
    ]
    assert said["slide"] == {
        **{"output": "response_rates", "population": "FAS", "endpoint": "OR"},
        **{"filters": {}, "options": {}, "show": "chart"},
    }
    long = pd.read_csv(io.BytesIO(files["results.csv"]))
    of_rates = long[(long["output"] == "response_rates") & (long["name"] == "n")]
    assert [int(value) for value in of_rates["value"].dropna()] == [
        int(value) for value in results["n"].dropna()
    ]


def test_the_same_input_gives_the_same_bytes_and_one_time(root, data):
    first = build_bundle(data, SLIDES, root=root, plan=Plan(SLIDES))
    assert first == build_bundle(loaded(root), SLIDES, root=root, plan=Plan(SLIDES))
    infos = zipfile.ZipFile(io.BytesIO(first)).infolist()
    assert {info.date_time for info in infos} == {(2026, 1, 15, 0, 0, 0)}
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)


def test_one_view_is_in_it_once(root, data):
    again = Slide("response_rates", View("FAS", ""), show="table", note="said")
    files = members(build_bundle(data, [RATES, again, RATES], root=root))
    assert len([name for name in files if name.startswith("results/")]) == 1


@pytest.mark.parametrize(
    "slide", [Slide("participants", View("FAS", "OR")), Slide("sites", View("FAS", "OR"))]
)
def test_single_participants_and_sites_are_refused(root, data, slide):
    with pytest.raises(StudyDataError, match="shows single participants or sites"):
        build_bundle(data, [slide], root=root)


def test_every_output_plan_and_pins_are_its_views(root, data):
    chosen = Slide("platelet_course", View("FAS", "OR"), (("summary", "mean"),))
    pin(root, data, chosen, "look", at=AT)
    view = View("ITT", "OR", (("SEX", ("F",)),))
    slides = bundle_slides(data, root, Plan((RATES,)), view)
    assert RATES in slides
    assert [slide.options for slide in slides if slide.output == "platelet_course"] == [(), chosen.options]
    assert Slide("adverse_overview", view, show="both") in slides
    outputs = {slide.output for slide in slides}
    assert not outputs & {"participants", "sites", "queries", "cut_changes"}
    assert len(outputs) > 50


def test_the_pooled_view_names_no_arm_and_no_file(root):
    pooled = loaded(root, view="pooled")
    files = members(build_bundle(pooled, SLIDES, root=root, plan=Plan(SLIDES)))
    assert "definition.toml" not in files
    said = json.loads(files["manifest.json"])
    assert set(said["cut"]) == {"date", "cuts", "content_hash"}
    assert said["view"] == "pooled"
    told = b"".join(content for name, content in files.items() if name.startswith("results"))
    assert b"Drug" not in told
    true = load_study(root, "demo")
    assert true.content_hash.encode() not in b"".join(files.values())


def test_an_imported_cut_has_the_hash_of_its_cells(root):
    cut = accept(open_store(root))
    data = loaded(root)
    said = json.loads(members(build_bundle(data, [RATES], root=root))["manifest.json"])
    assert (said["cut"]["content_hash"], said["cut"]["cells"]) == (cut.id, cut.content)
    assert set(said["cut"]["files"]) >= {"adsl.parquet", "adlb.parquet"}
    assert "lab.xlsx" not in json.dumps(said)


@pytest.mark.parametrize("study", ["nct07057778", "nct04915482"])
def test_nobody_is_in_it(derived, study):
    data = derived(study)
    slides = [
        *(Slide(output, View("FAS")) for output in ("baseline_table", "response_rates", "ledger", "status")),
        *(Slide(output, View("SAF")) for output in ("adverse_terms", "liver", "bleeding_rates")),
    ]
    files = members(build_bundle(data, slides, root=ROOT, plan=Plan(tuple(slides))))
    content = b"\n".join(files.values()).decode()
    ids = set(data.adsl["USUBJID"])
    assert len(ids) > 50
    assert not [usubjid for usubjid in ids if usubjid in content]
