"""A bundle verified: identical, or each thing that differs by its name."""

import hashlib
import io
import json
import re
import zipfile

import pytest

from outputs.slide import view_code
from reports.bundle import build_bundle, long_csv, zipped
from reports.bundle_files import members
from reports.plan import Plan
from reports.verify import verify
from tests.reports.small_root import RATES, RULES, SLIDES, loaded
from tests.trialdata.small_study import ADLB, write_study
from tests.trialdata.store.kept import AT as ACCEPTED
from tests.trialdata.store.kept import accept
from trialdata.errors import StudyDataError
from trialdata.store import open_store

DAY = (2026, 1, 15)


@pytest.fixture
def data(root):
    return loaded(root)


@pytest.fixture
def bundle(root, data):
    return build_bundle(data, SLIDES, root=root, plan=Plan(SLIDES))


def changed(bundle: bytes, name: str, content: bytes, *, rehashed: bool = True) -> bytes:
    """The bundle with one file replaced; `rehashed`: by somebody who wrote manifest and long table anew."""
    files = members(bundle) | {name: content}
    if rehashed:
        results = [json.loads(files[each]) for each in sorted(files) if each.startswith("results/")]
        files["results.csv"] = long_csv(results).encode()
        said = json.loads(files.pop("manifest.json"))
        said["files"] = {each: hashlib.sha256(files[each]).hexdigest() for each in files}
        files["manifest.json"] = json.dumps(said).encode()
    return zipped(files, DAY)


def with_manifest(bundle: bytes, **changes) -> bytes:
    files = members(bundle)
    files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | changes).encode()
    return zipped(files, DAY)


def result(bundle: bytes, code: str) -> dict:
    return json.loads(members(bundle)[f"results/{code}.json"])


def test_a_bundle_is_identical(root, bundle):
    found = verify(bundle, root)
    assert found.identical
    assert (found.problems, found.warnings, len(found.differences)) == ((), (), 0)
    assert found.outputs == 3
    assert found.numbers > 20


@pytest.mark.parametrize("rehashed", [False, True])
def test_one_altered_number_is_named_with_both_values(root, data, bundle, rehashed):
    code = view_code(data, RATES)
    said = result(bundle, code)
    row = next(place for place, each in enumerate(said["results"]) if each["n"] is not None)
    then = said["results"][row]["n"]
    said["results"][row]["n"] = then + 1
    found = verify(
        changed(bundle, f"results/{code}.json", json.dumps(said).encode(), rehashed=rehashed), root
    )
    assert found.differences.to_numpy().tolist() == [["response_rates", code, row + 1, "n", then + 1, then]]
    told = "\n".join(found.problems)
    assert (f"results/{code}.json: its content is not the one" in told) is not rehashed
    assert not found.identical


def test_the_last_digit_counts_unless_a_tolerance_is_given(root, data, bundle):
    code = view_code(data, RATES)
    said = result(bundle, code)
    row = next(each for each in said["results"] if isinstance(each["conf_low"], float))
    row["conf_low"] += 1e-15
    altered = changed(bundle, f"results/{code}.json", json.dumps(said).encode())
    assert list(verify(altered, root).differences["column"]) == ["conf_low"]
    assert verify(altered, root, tolerance=1e-12).identical


@pytest.mark.parametrize("value", [None, True, "0.5", "Infinity"])
def test_what_is_no_number_is_not_taken_for_one(root, data, bundle, value):
    code = view_code(data, RATES)
    said = result(bundle, code)
    next(each for each in said["results"] if each["n"] is not None)["n"] = value
    altered = changed(bundle, f"results/{code}.json", json.dumps(said).encode())
    assert verify(altered, root, tolerance=0.5).differences["in_bundle"].tolist() == [value]


def test_a_missing_row_column_and_another_headline_are_named(root, data, bundle):
    code = view_code(data, RATES)
    said = result(bundle, code)
    said["results"].pop()
    del said["results"][0]["estimate"]
    said["headline"] = "Better than all others"
    found = verify(changed(bundle, f"results/{code}.json", json.dumps(said).encode()), root).differences
    assert list(found["column"]) == ["headline", "number of rows", "estimate"]
    assert found["in_bundle"].tolist()[0] == "Better than all others"
    assert found["in_bundle"].tolist()[2] == "(missing)"


def test_one_bit_of_the_cut_is_another_content(root, bundle):
    path = root / "data/demo/2026-01-15/adlb.csv"
    content = bytearray(path.read_bytes())
    content[content.index(b"45,45") + 1] ^= 1
    path.write_bytes(content)
    found = verify(bundle, root)
    assert [re.sub(r"[0-9a-f]{12}", "#", each) for each in found.problems] == [
        "Data cut 2026-01-15: found another content (hash #), expected the one of the bundle (#); nothing was "
        "computed: take the data that the bundle was made of."
    ]
    assert (found.identical, found.numbers) == (False, 0)


def test_another_value_of_the_definition_is_named(root, bundle):
    write_study(root, toml=RULES.replace("window_days = [2, 29]", "window_days = [2, 57]"))
    found = verify(bundle, root)
    assert found.problems == (
        "Study definition, endpoints, OR, window_days: [2, 29] in the bundle, [2, 57] here; nothing was computed.",
    )


def test_a_comment_in_the_definition_is_a_warning(root, bundle):
    write_study(root, toml=f"# looked at again\n{RULES}")
    found = verify(bundle, root)
    assert found.identical
    assert found.warnings == ("The study definition is written in another way and says the same.",)


def test_a_study_or_cut_that_is_not_there_is_said(root, bundle, tmp_path):
    (root / "data/demo/2026-01-15").rename(root / "data/demo/2026-01-16")
    (said,) = verify(bundle, root).problems
    assert said == "data/demo: found no data cut 2026-01-15, expected one of 2026-01-16."
    (root / "studies/demo.toml").unlink()
    write = root / "studies/other.toml"
    write.write_text(RULES.replace('"DEMO"', '"OTHER"').replace("NCT00000000", "NCT00000001"))
    assert verify(bundle, root).problems == ('There is no study "DEMO"; known: other.',)


def test_a_later_cut_changes_nothing(root, bundle):
    accept(open_store(root))
    assert verify(bundle, root).identical


def test_a_retired_cut_and_one_imported_again(root):
    first = accept(open_store(root))
    bundle = build_bundle(loaded(root), [RATES], root=root)
    assert verify(bundle, root).identical
    open_store(root).retire(first.id, "a wrong export", at=ACCEPTED)
    (said,) = verify(bundle, root).problems
    assert said == "Data cut 2026-02-15 was retired on 2026-03-01T08:15:00Z: a wrong export"


def test_the_same_cells_imported_elsewhere_are_the_same_cut(root, tmp_path):
    accept(open_store(root))
    bundle = build_bundle(loaded(root), [RATES], root=root)
    elsewhere = tmp_path / "elsewhere"
    write_study(elsewhere, toml=RULES)
    accept(open_store(elsewhere))
    assert verify(bundle, elsewhere).identical


def test_another_version_is_a_warning(root, bundle):
    found = verify(with_manifest(bundle, version="0.0.9", packages={"numpy": "1.0"}), root)
    assert found.identical
    assert found.warnings[0] == "The bundle was made with this software 0.0.9, this is 0.1.0."
    assert any(said.startswith("The bundle was made with numpy 1.0, this is") for said in found.warnings)


def test_another_smallest_cell_is_said(root, bundle, monkeypatch):
    monkeypatch.setenv("ITP_SMALLEST_CELL", "1")
    assert verify(bundle, root).problems == (
        "The bundle was made with ITP_SMALLEST_CELL = 5, here it is 1; set it to the same.",
    )


def test_a_pooled_process_computes_no_bundle_with_arms_but_its_own(root, bundle, monkeypatch):
    pooled = build_bundle(loaded(root, view="pooled"), SLIDES, root=root)
    assert verify(pooled, root).identical
    monkeypatch.setenv("ITP_VIEW", "pooled")
    assert verify(pooled, root).identical
    assert verify(bundle, root).problems == (
        "The bundle shows the arms, and ITP_VIEW is pooled here: it is verified without.",
    )


def test_files_changed_missing_and_added_are_named(root, bundle):
    files = members(bundle)
    del files["plan.json"]
    files |= {"README.txt": b"other words", "more.txt": b""}
    assert verify(zipped(files, DAY), root).problems == (
        "plan.json: missing from the bundle.",
        "README.txt: its content is not the one that manifest.json names (SHA-256); it was changed after it was "
        "written.",
        "more.txt: found in the bundle, and manifest.json does not name it.",
    )


def test_a_long_table_that_says_otherwise_is_named(root, bundle):
    said = members(bundle)["results.csv"].replace(b"response_rates", b"other_rates", 1)
    files = members(bundle) | {"results.csv": said}
    problems = verify(zipped(files, DAY), root).problems
    assert "results.csv: does not say what the files in results/ say." in problems


@pytest.mark.parametrize(
    ("slide", "told"),
    [
        ({"output": "participants"}, "participants is an output that shows single participants or sites"),
        ({"output": "of_later"}, 'There is no output "of_later" in this version.'),
        (
            {"options": {"usubjid": "S-01"}},
            'There is no option of response_rates "usubjid" in this study; it has',
        ),
        ({"population": "PP"}, "There is no analysis set"),
        ({"population": "SAF"}, "its code belongs to another view."),
        ({"filters": []}, "A kept view: found something else"),
    ],
)
def test_a_view_that_cannot_be_computed_is_named(root, data, bundle, slide, told):
    code = view_code(data, RATES)
    said = result(bundle, code)
    said["slide"] |= slide
    found = verify(changed(bundle, f"results/{code}.json", json.dumps(said).encode()), root)
    assert any(code in problem and told in problem for problem in found.problems)
    assert not found.identical


def test_what_is_no_bundle_is_said_in_one_sentence(root, bundle):
    def archive(**files: bytes) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written:
            for name, file in files.items():
                written.writestr(name, file)
        return content.getvalue()

    pointing = json.loads(members(bundle)["manifest.json"])
    pointing["files"]["../../etc/passwd"] = "0"
    cases = {
        b"no zip at all": "without its directory",
        bundle[:-200]: "without its directory",
        archive(**{"a.txt": b""}): "found no manifest.json",
        archive(**{"manifest.json": b"[]"}): "found no JSON object",
        archive(**{"manifest.json": b"{}"}): "found another content than that of a bundle",
        archive(**{"manifest.json": b"[" * 100_000}): "found no JSON object",
        archive(**{"../manifest.json": b"{}"}): "points out of the archive",
        archive(**{"/manifest.json": b"{}"}): "points out of the archive",
        archive(**{"manifest.json": bytes(30_000_000)}): "times as large unpacked",
        with_manifest(bundle, format=2): "found format 2, expected 1",
        archive(**{"manifest.json": json.dumps(pointing).encode()}): "a file name that points elsewhere",
    }
    for content, told in cases.items():
        with pytest.raises(StudyDataError, match=re.escape(told)) as refused:
            verify(content, root)
        assert "\n" not in str(refused.value)


def test_other_data_cannot_pass_for_the_ones_of_the_bundle(root, bundle):
    write_study(root, toml=RULES, files={"adlb.csv": ADLB.replace("8,45,45", "8,46,46")})
    other = loaded(root)
    said = json.loads(members(bundle)["manifest.json"])
    claimed = with_manifest(bundle, cut=said["cut"] | {"content_hash": other.study.content_hash})
    found = verify(claimed, root)
    assert not found.identical
    assert any("its code belongs to another view" in problem for problem in found.problems)
