"""A cut is accepted once, for one date, unchanged; retired with a reason; on SQLite and on PostgreSQL."""

import datetime
import json
import stat

import pandas as pd
import pytest

from tests.trialdata.store.kept import (
    AT,
    FIRST,
    MAPPING,
    REPORT,
    accept,
    as_accepted,
    fresh,
    small_definition,
    small_frames,
)
from trialdata.errors import StudyDataError
from trialdata.findings import finding, together
from trialdata.loading import load_texts

SECOND = datetime.date(2026, 3, 15)


def test_what_was_accepted_is_what_is_read(store):
    frames = small_frames()
    frames["adlb"] = frames["adlb"].assign(SRCFILE="lab.xlsx", SRCROW="7", NOTE="日 'quoted', \n\t ")
    cut = accept(store, frames)
    assert not cut.already
    read = fresh(store).read_texts(cut)
    assert list(read) == sorted(frames)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(read[name], frame, check_column_type=False)
    pd.testing.assert_frame_equal(store.read_report(cut), REPORT)
    assert fresh(store).standing_cuts(small_definition(store.folder.parent)) == [cut]
    assert store.verify() == []


def test_the_manifest_says_what_the_cut_rests_on(store):
    definition = small_definition(store.folder.parent)
    cut = accept(store)
    said = json.loads((store.cuts / cut.id / "manifest.json").read_bytes())
    assert {name: said[name] for name in ("format", "study", "cutoff", "accepted", "mapping")} == {
        "format": 1,
        "study": "demo",
        "cutoff": "2026-02-15",
        "accepted": "2026-03-01T08:15:00Z",
        "mapping": MAPPING,
    }
    assert said["definition"] == definition.content_hash
    assert said["sent"] == {"lab.xlsx": "0" * 64}
    rows = {name: file["rows"] for name, file in said["files"].items()}
    assert rows == {
        **{"adsl.parquet": 4, "adlb.parquet": 9, "adqs.parquet": 2, "adcm.parquet": 1, "adae.parquet": 1},
        **{"adex.parquet": 4, "findings.parquet": 0, "load_report.parquet": 1},
    }
    assert cut.rows == 4 + 9 + 2 + 1 + 1 + 4


def test_only_the_owner_can_read_the_store(store):
    accept(store)
    paths = [store.folder, *store.folder.rglob("*")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert len(paths) > 10
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_the_same_data_twice_are_one_cut(store):
    first = accept(store)
    sent_again = {name: frame[frame.columns[::-1]] for name, frame in small_frames().items()}
    sent_again["adlb"] = sent_again["adlb"].iloc[::-1].set_index(pd.RangeIndex(2, 11))
    sent_again["adlb"] = sent_again["adlb"].assign(SRCFILE="copy of lab.xlsx", SRCROW="2")
    second = accept(store, sent_again, files={"copy of lab.xlsx": "1" * 64})
    assert (second, second.already) == (first, True)
    assert len(list(store.cuts.iterdir())) == len(store.all_cuts()) == len(store.log()) == 1


@pytest.mark.parametrize("change", ["cell", "row twice", "dataset", "column"])
def test_other_data_for_the_same_date_are_refused_until_the_first_is_retired(store, change):
    first = accept(store)
    frames = small_frames(platelets="13") if change == "cell" else small_frames()
    if change == "row twice":
        twice = pd.concat([frames["adlb"], frames["adlb"].tail(1)])
        frames["adlb"] = twice.set_index(pd.RangeIndex(2, 12))
    if change == "dataset":
        del frames["adex"]
    if change == "column":
        frames["adcm"] = frames["adcm"].assign(CMDOSE="")
    with pytest.raises(StudyDataError) as refused:
        accept(store, frames)
    assert str(refused.value) == (
        "demo, data cut 2026-02-15: found other data than those accepted for this date on 2026-03-01T08:15:00Z, "
        "expected one data cut for a date; retire that one first and give the reason, or give these data the date "
        "they were cut."
    )
    assert [path.name for path in store.cuts.iterdir()] == [first.id]
    store.retire(first.id, "a count was corrected", at=AT)
    second = accept(store, frames)
    assert store.standing_cuts(small_definition(store.folder.parent)) == [second]
    assert store.verify() == []


def test_a_retired_cut_stays_with_its_reason(store):
    cut = accept(store)
    retired = store.retire(cut.id, "  wrong \n export ", at=AT + datetime.timedelta(days=1))
    assert (retired.retired, retired.reason) == ("2026-03-02T08:15:00Z", "wrong export")
    definition = small_definition(store.folder.parent)
    assert fresh(store).standing_cuts(definition) == []
    assert fresh(store).all_cuts(definition) == [retired]
    assert as_accepted(retired) == cut
    assert list(store.read_texts(retired)["adsl"]["USUBJID"]) == ["S-01", "S-02", "S-03", "S-04"]
    assert list(store.log()["event"]) == ["accepted", "retired"]
    assert json.loads(store.log()["detail"][1]) == {"reason": "wrong export"}
    assert store.verify() == []


def test_nothing_is_retired_twice_or_without_a_reason(store):
    cut = accept(store)
    with pytest.raises(StudyDataError, match="Reason: found none, expected one to 500 characters"):
        store.retire(cut.id, " \n ", at=AT)
    with pytest.raises(StudyDataError, match="Reason: found 501 characters"):
        store.retire(cut.id, "x" * 501, at=AT)
    with pytest.raises(StudyDataError, match="what may identify a person") as refused:
        store.retire(cut.id, "ask 13800138000", at=AT)
    assert "13800138000" not in str(refused.value)
    store.retire(cut.id, "wrong export", at=AT)
    with pytest.raises(StudyDataError, match="found no standing data cut of that id"):
        store.retire(cut.id, "wrong export", at=AT)
    assert len(store.log()) == 2


def test_retired_data_come_back_only_on_purpose(store):
    first = accept(store)
    store.retire(first.id, "wrong export", at=AT)
    with pytest.raises(StudyDataError) as refused:
        accept(store)
    assert str(refused.value) == (
        "demo, data cut 2026-02-15: found the data of a cut that was retired on 2026-03-01T08:15:00Z "
        '("wrong export"), expected other data; accept them again on purpose if that no longer holds.'
    )
    second = accept(store, again=True)
    assert second.id != first.id
    assert second.content == first.content
    assert [cut.standing for cut in store.all_cuts()] == [False, True]
    assert store.verify() == []


def test_the_date_of_a_folder_is_taken(store):
    root = store.folder.parent
    definition = small_definition(root)
    (root / definition.data / FIRST.isoformat()).mkdir()
    with pytest.raises(StudyDataError, match="found the folder data/demo/2026-02-15 for the same date"):
        accept(store)
    assert not store.folder.exists()


def test_data_that_would_be_refused_are_not_accepted(store):
    frames = small_frames()
    frames["adlb"] = frames["adlb"].assign(AVAL="many")
    with pytest.raises(StudyDataError, match=r'column AVAL.*"many"') as refused:
        accept(store, frames)
    assert (refused.value.findings["severity"] == "error").any()
    assert not store.folder.exists()


def test_other_dates_and_studies_are_other_cuts(store):
    definition = small_definition(store.folder.parent)
    cuts = [accept(store), accept(store, cut=SECOND)]
    other = accept(store, small_frames(platelets="13"), definition=definition.replace(name="other"))
    assert store.standing_cuts(definition) == cuts
    assert store.all_cuts() == [*cuts, other]
    assert len({cut.content for cut in store.all_cuts()}) == 3


def test_findings_of_the_import_are_told_from_those_that_come_again(store):
    definition = small_definition(store.folder.parent)
    checked = load_texts(definition, small_frames() | {"adex": small_frames()["adex"].iloc[:0]}, FIRST, "")
    of_import = finding("file_not_read", "notes.txt", found="a file of another name")
    frames = small_frames() | {"adex": small_frames()["adex"].iloc[:0]}
    cut = accept(store, frames, findings=together([of_import, checked.findings]))
    kept = store.read_findings(cut)
    assert len(checked.findings) > 0
    assert kept["REPEATED"].sum() == len(checked.findings)
    assert list(kept.loc[~kept["REPEATED"], "file"]) == ["notes.txt"]


def test_before_the_first_cut_nothing_is_made(store):
    definition = small_definition(store.folder.parent)
    assert store.all_cuts() == store.standing_cuts(definition) == store.verify() == []
    assert store.head() == (0, "")
    assert store.log().empty
    assert not store.folder.exists()


def test_a_cell_that_is_no_text_is_a_fault_of_the_caller(store):
    frames = small_frames()
    frames["adlb"].loc[3, "AVISIT"] = None
    with pytest.raises(ValueError, match="no text"):
        accept(store, frames)
