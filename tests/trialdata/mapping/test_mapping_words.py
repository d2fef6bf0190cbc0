"""The list of words: columns and datasets that exist, and no word that means two things."""

from collections import Counter

import pytest
from sent_tables import DEFINITION, table

from trialdata.mapping.columns import DATES, NEEDED
from trialdata.mapping.propose import propose
from trialdata.mapping.words import WORDS, code_of, columns_of, folded, parameter_of, parts_of, rank_of
from trialdata.schema import DATASETS


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_column_with_words_is_one_of_the_dataset(dataset):
    known = {*DATASETS[dataset].kinds, *DATES, "RESCFL", "AVISIT", "SITEID", "STUDYID"}
    assert set(columns_of(dataset)) <= known
    assert {column for group in NEEDED[dataset] for column in group} <= set(columns_of(dataset))


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_column_is_known_by_its_own_name_first(dataset):
    assert [name for name in columns_of(dataset) if rank_of(name, "", dataset, name) != 0] == []


def test_no_word_stands_for_two_parameters():
    words = Counter(
        word for words in WORDS["parameters"].values() for word in {folded(word) for word in words}
    )
    assert [word for word, count in words.items() if count > 1] == []


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_word_stands_for_two_columns_of_a_dataset(dataset):
    words_of = {
        column: WORDS["columns"][dataset].get(column) or WORDS["columns"]["any"][column]
        for column in columns_of(dataset)
    }
    words = Counter(word for listed in words_of.values() for word in set(map(folded, listed)))
    assert [word for word, count in words.items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "paramcd"),
    [
        *(
            ("血小板计数", "PLAT"),
            ("PLT", "PLAT"),
            ("ｐｌｔ", "PLAT"),
            ("Platelet (GI/L)", "PLAT"),
            ("血小板(×10⁹/L)", "PLAT"),
        ),
        *(
            ("MPV", "MPV"),
            ("血小板压积", "PCT"),
            ("平均血小板体积", "MPV"),
            ("大血小板比率", "PLCR"),
        ),  # catalogue of inputs, 2: not counts
        *(("尿蛋白", ""), ("血小板抗体", ""), ("", ""), ("中性粒细胞百分比", ""), ("血小板(%)", "")),
    ],
)
def test_parameters_by_their_words(text, paramcd):
    assert parameter_of(text) == paramcd


@pytest.mark.parametrize(
    ("header", "name", "unit", "note"),
    [
        ("血小板(×109/L)", "血小板", "×109/L", ""),
        ("血小板【10^9/L】", "血小板", "10^9/L", ""),
        ("PLT 10^9/L", "PLT", "10^9/L", ""),
        ("PLT (个/ΜL)", "PLT", "个/ΜL", ""),  # the header's µ in capitals
        ("HGB (G/L)", "HGB", "", "G/L"),
        ("年龄(岁)", "年龄", "", "岁"),
        ("采样日期", "采样日期", "", ""),
    ],
)
def test_a_header_in_its_parts(header, name, unit, note):
    assert parts_of(header) == (name, unit, note)


def test_codes_by_their_words():
    assert [code_of("SEX", text) for text in ("男", "Female", "1", "X")] == ["M", "F", "", ""]
    assert code_of("EOSSTT", "失访") == "DISCONTINUED"
    assert code_of("AEOUT", "死亡") == "FATAL"


def test_ages_in_months_and_the_duration_of_disease_in_months_only():
    people = table("受试者编号,组别,年龄(月),病程(月)\nA,RTX,400,12\n")
    (mapping,) = propose([people], DEFINITION).mapping.tables
    assert (mapping.columns["DURMO"], mapping.values) == ("病程(月)", {"AGEU": "MONTHS"})
    years = table("受试者编号,组别,年龄(岁),病程(年)\nA,RTX,40,1\n")
    (mapping,) = propose([years], DEFINITION).mapping.tables
    assert "DURMO" not in mapping.columns
    assert mapping.values == {}
