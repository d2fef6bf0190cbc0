"""The tables of autoantibodies and of haemoglobin response: what is read, and the sentence for what is refused."""

import pytest
from small_study import TOML

from trialdata.errors import StudyDataError
from trialdata.parsing import definition_in

CLASSES = '[autoantibodies]\ncolumn = "ABCLASS"\nlabels = { CTD = "Connective tissue disease", ANA = "ANA-positive" }\n'
RESPONSE = '[haemoglobin_response]\ncolumn = "ABCLASS"\nvalues = ["EVANS"]\nwindow_days = [2, 29]\n'


def read(*tables: str):
    return definition_in("\n".join([TOML, *tables]).encode(), "demo.toml")


def test_both_tables_are_read_with_their_defaults():
    definition = read(CLASSES, RESPONSE)
    assert dict(definition.autoantibodies.labels) == {
        "CTD": "Connective tissue disease",
        "ANA": "ANA-positive",
    }
    rule = definition.haemoglobin_response
    assert (rule.rise, rule.normal_female, rule.normal_male) == (2, 12, 13)
    assert (rule.transfusion_free_days, rule.marker_days) == (7, 7)
    assert rule.transfusion_classes == ("RED CELL TRANSFUSION",)
    assert "LDH" in rule.raised and rule.lowered == ("HAPTO",)


def test_neither_table_is_needed():
    definition = read()
    assert definition.autoantibodies is None and definition.haemoglobin_response is None


REFUSED = {  # the table, and what its one sentence must say
    "no column": (CLASSES.replace('column = "ABCLASS"\n', ""), ["[autoantibodies]", '"column"', "required"]),
    "no labels": (CLASSES[: CLASSES.index("labels")], ["[autoantibodies]", '"labels"', "required"]),
    "labels as a list": (
        '[autoantibodies]\ncolumn = "A"\nlabels = ["ANA"]\n',
        ["labels", "a table of texts"],
    ),
    "labels without a name": (
        '[autoantibodies]\ncolumn = "A"\nlabels = { }\n',
        ["labels", "no name", "ANA-positive"],
    ),
    "an empty name": (
        '[autoantibodies]\ncolumn = "A"\nlabels = { ANA = " " }\n',
        ["labels", "a name that is empty"],
    ),
    "one name twice": (
        '[autoantibodies]\ncolumn = "A"\nlabels = { ANA = "Same", CTD = "Same" }\n',
        ["labels", '"Same" more than once'],
    ),
    "no values": (RESPONSE.replace('["EVANS"]', "[]"), ["[haemoglobin_response]", '"values"', '["EVANS"]']),
    "an empty value": (RESPONSE.replace('["EVANS"]', '[""]'), ['"values"', '["EVANS"]']),
    "no window": (RESPONSE.replace("window_days = [2, 29]\n", ""), ['"window_days"', "required"]),
    "a window turned round": (
        RESPONSE.replace("[2, 29]", "[29, 2]"),
        ['"window_days"', "the first before the last"],
    ),
    "a window from day 1": (RESPONSE.replace("[2, 29]", "[1, 29]"), ['"window_days"', "from day 2"]),
    "a rise in g/L": (RESPONSE + "rise = 20\n", ['"rise"', "found 20", "g/dL"]),
    "no rise": (RESPONSE + "rise = 0\n", ['"rise"', "found 0", "above 0"]),
    "normal in g/L": (RESPONSE + "normal_male = 130\n", ['"normal_male"', "found 130", "g/dL, from 5 to 20"]),
    "normal in mmol/L": (RESPONSE + "normal_female = 0.5\n", ['"normal_female"', "g/dL"]),
    "days below 0": (
        RESPONSE + "transfusion_free_days = -1\n",
        ['"transfusion_free_days"', "a number from 0"],
    ),
    "marker days as text": (RESPONSE + 'marker_days = "7"\n', ['"marker_days"', "a whole number"]),
    "a marker nobody knows": (RESPONSE + 'raised = ["LHD"]\n', ['"raised"', '"LHD"', 'did you mean "LDH"?']),
    "a transfusion that is rescue": (
        RESPONSE + 'transfusion_classes = ["IVIG"]\n',
        ['"transfusion_classes"', '"IVIG", a class of [[rescue]]'],
    ),
    "an unknown key": (RESPONSE + "rises = 2\n", ['"rises"', 'did you mean "rise"?']),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_gets_one_sentence(case):
    table, expected = REFUSED[case]
    with pytest.raises(StudyDataError) as error:
        read(table)
    (sentence,) = str(error.value).split("\n")
    assert sentence.startswith("studies/demo.toml")
    assert [part for part in expected if part not in sentence] == [], sentence
