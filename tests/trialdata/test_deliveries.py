"""From files as sent to the response rates on screen: the sample in five shapes gives the rates of the sample.

Each delivery is answered, accepted as a data cut, loaded and analysed; the next data cut asks nothing.
"""

import datetime
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import deliveries
import pandas as pd
import pytest
from deliveries import ROOT, SAMPLE, sample

from analysis.adam import AnalysisData, derive
from outputs.output import View
from outputs.response import response_rates_output
from trialdata.accepting import accept
from trialdata.importing import Prepared, prepare
from trialdata.mapping.answer import answered
from trialdata.mapping.mapping_toml import load_mapping
from trialdata.study import find_study, load_study
from ui.session import Loaded

NAME = "nct07057778"
CUT, NEXT = datetime.date(2026, 12, 31), datetime.date(2027, 6, 30)
AT = datetime.datetime(2027, 1, 15, 9, 0, tzinfo=datetime.UTC)
STEROID = {"rescue:CORTICOSTEROID": ""}  # at a steady dose: no rescue


@dataclass(frozen=True)
class Delivery:
    """A shape, what a person answers, and the columns that the shape cannot carry."""

    make: str
    answers: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()  # columns of adsl


DELIVERIES = [
    Delivery(
        "chinese_workbook",
        {
            "arms:联合组": "IGU+RTX",
            "arms:单药组": "RTX",
            "units:PLAT": "10^9/L",
            "rescue:原有激素": "",
            "rescue:激素加量": "CORTICOSTEROID INCREASE",
            "rescue:丙种球蛋白": "IVIG",
            "rescue:血小板输注": "PLATELET TRANSFUSION",
            "rescue:新的ITP治疗": "NEW ITP THERAPY",
        },
    ),
    Delivery("sdtm", STEROID, without=("EOSSTT", "EOSDY", "DCSREAS")),  # of DS, which is not read
    Delivery(
        "redcap",
        STEROID
        | {
            "arms:1": "IGU+RTX",
            "arms:2": "RTX",
            "codes:SEX:1": "M",
            "codes:SEX:2": "F",
            "units:PLAT": "10^9/L",
        },
    ),
    Delivery("dataset_json_zip"),
    Delivery("adam_with_dates", STEROID),
]
every_delivery = pytest.mark.parametrize("delivery", DELIVERIES, ids=[each.make for each in DELIVERIES])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A place with the definition of the study and without any data."""
    (tmp_path / "studies").mkdir()
    shutil.copy(ROOT / "studies" / f"{NAME}.toml", tmp_path / "studies")
    return tmp_path


def sent(delivery: Delivery, cut: datetime.date) -> dict[str, bytes]:
    return getattr(deliveries, delivery.make)(sample(cut), cut)


def answered_import(root: Path, delivery: Delivery) -> Prepared:
    definition, files = find_study(root, NAME), sent(delivery, CUT)
    first = prepare(definition, files, CUT)
    assert {question.key for question in first.open} == set(delivery.answers)
    mapping = first.mapping
    for key, value in delivery.answers.items():
        mapping = answered(mapping, key, value)
    return prepare(definition, files, CUT, mapping)


def as_stored(root: Path, cut: datetime.date) -> AnalysisData:
    return derive(load_study(root, NAME, cut))


def as_sample(folder: Path, cut: datetime.date, without: tuple[str, ...]) -> AnalysisData:
    """The sample as its folder has it, but for the columns of adsl that a delivery cannot carry."""
    (folder / "studies").mkdir(parents=True)
    shutil.copy(ROOT / "studies" / f"{NAME}.toml", folder / "studies")
    data = folder / find_study(folder, NAME).data / cut.isoformat()
    shutil.copytree(SAMPLE / cut.isoformat(), data)
    adsl = pd.read_csv(data / "adsl.csv", dtype=str, keep_default_na=False)
    adsl.drop(columns=list(without)).to_csv(data / "adsl.csv", index=False)
    return derive(load_study(folder, NAME, cut))


def rates(data: AnalysisData) -> pd.DataFrame:
    return response_rates_output(data, View()).results


def responses(data: AnalysisData) -> pd.DataFrame:
    columns = ["USUBJID", "PARAMCD", "AVAL", "AVALC", "DUEFL"]
    return data.adrs[columns].sort_values(["USUBJID", "PARAMCD"]).reset_index(drop=True)


@every_delivery
def test_a_delivery_gives_the_rates_of_the_sample_and_the_next_asks_nothing(delivery, root):
    prepared = answered_import(root, delivery)
    definition = find_study(root, NAME)
    accept(root, definition, prepared, at=AT)
    stored, expected = as_stored(root, CUT), as_sample(root / "folder", CUT, delivery.without)
    pd.testing.assert_frame_equal(responses(stored), responses(expected))
    pd.testing.assert_frame_equal(rates(stored), rates(expected))

    again = prepare(definition, sent(delivery, NEXT), NEXT, load_mapping(root, definition))
    assert again.open == ()
    assert again.ready
    accept(root, definition, again, at=AT)
    expected = as_sample(root / "next folder", NEXT, delivery.without)
    pd.testing.assert_frame_equal(rates(as_stored(root, NEXT)), rates(expected))


def test_a_delivery_without_the_columns_of_subgroups_can_be_looked_at(root):
    delivery = DELIVERIES[1]
    accept(root, find_study(root, NAME), answered_import(root, delivery), at=AT)
    data = as_stored(root, CUT)
    assert "DURMO" not in data.adsl and "DURMO" in [each.column for each in data.definition.subgroups]
    assert Loaded(data).levels["DURMO"] == ["missing"]


def test_the_rates_of_the_sample_are_not_those_without_its_rescue(root):
    """The comparison above can fail: a delivery whose rescue was denied has other responses."""
    delivery = DELIVERIES[0]
    denied = Delivery(delivery.make, delivery.answers | {"rescue:激素加量": "", "rescue:丙种球蛋白": ""})
    accept(root, find_study(root, NAME), answered_import(root, denied), at=AT)
    expected = as_sample(root / "folder", CUT, ())
    assert not responses(as_stored(root, CUT)).equals(responses(expected))
