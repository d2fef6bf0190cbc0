"""Study definitions: what is read, and the sentence for what is refused."""

from pathlib import Path

import pytest
from small_study import TOML

from trialdata.definition import KINDS
from trialdata.errors import StudyDataError
from trialdata.parsing import find_studies, find_study


def write(root: Path, name: str, toml: str) -> Path:
    (root / "studies").mkdir(exist_ok=True)
    (root / "studies" / f"{name}.toml").write_text(toml, encoding="utf-8")
    return root


def refusal(root: Path, toml: str) -> list[str]:
    """The sentences of the refusal, one a line."""
    with pytest.raises(StudyDataError) as error:
        find_studies(write(root, "demo", toml))
    return str(error.value).split("\n")


def test_defaults_are_those_of_the_endpoint_rules(tmp_path):
    endpoint = find_study(write(tmp_path, "demo", TOML), "demo").endpoint("OR")
    assert (endpoint.r_count, endpoint.r_fold, endpoint.cr_count) == (30, 2, 100)
    assert (endpoint.confirm_days, endpoint.bleeding_window_days, endpoint.bleeding_max) == (7, 3, 0)
    assert (endpoint.bleeding_missing, endpoint.rescue, endpoint.missing) == (
        "absent",
        "nonresponse",
        "nonresponse",
    )
    assert endpoint.rescue_classes is None


@pytest.mark.parametrize("name", ["demo", "DEMO", "nct00000000", "NCT00000000"])
def test_a_study_is_found_by_file_studyid_or_registry_number(tmp_path, name):
    assert find_study(write(tmp_path, "demo", TOML), name).studyid == "DEMO"


def test_studies_come_in_the_order_of_the_file_names(tmp_path):
    for name in ("b", "c", "a"):
        write(tmp_path, name, TOML.replace('"DEMO"', f'"{name}"'))
    assert [study.name for study in find_studies(tmp_path)] == ["a", "b", "c"]


def test_an_unknown_study_names_the_known_ones(tmp_path):
    with pytest.raises(StudyDataError, match='no study "other"; known: demo'):
        find_study(write(tmp_path, "demo", TOML), "other")


def test_a_broken_file_does_not_hide_the_other_studies(tmp_path):
    write(write(tmp_path, "broken", "studyid ="), "demo", TOML)
    assert find_study(tmp_path, "demo").studyid == "DEMO"
    assert find_study(tmp_path, "NCT00000000").studyid == "DEMO"


def test_no_study_at_all_is_a_sentence(tmp_path):
    with pytest.raises(StudyDataError, match="found no study definition"):
        find_studies(tmp_path)


def test_a_byte_order_mark_is_accepted(tmp_path):
    assert find_study(write(tmp_path, "demo", "\ufeff" + TOML), "demo").studyid == "DEMO"


@pytest.mark.parametrize(("written", "share"), [("0.75", 0.75), ('"2/3"', 2 / 3), ('"0.5"', 0.5)])
def test_fraction_is_a_number_or_a_text(tmp_path, written, share):
    durable = f"""
[[endpoints]]
paramcd = "DUR"
label = "Durable"
kind = "durable_counts"
visits = [1, 4]
fraction = {written}
"""
    study = find_study(write(tmp_path, "demo", TOML + durable), "demo")
    assert study.endpoint("DUR").fraction == pytest.approx(share, abs=1e-12)


def test_source_may_stand_in_any_table_and_assumed_beside_it(tmp_path):
    toml = (
        TOML.replace('trt = "A"', 'trt = "A"\nsource = "registry"\nassumed = ["ratio"]')
        .replace("weeks =", 'source = "assumed"\nweeks =')
        .replace('cmclas = "IVIG"', 'cmclas = "IVIG"\nsource = "publication"')
        .replace('data = "data/demo"', 'data = "data/demo"\nsource = "registry"\nassumed = ["masking"]')
    )
    toml += '\n[[subgroups]]\ncolumn = "SEX"\nlabel = "Sex"\nsource = "assumed"\n'
    toml += '\n[enrolment]\nstart = 2025-07-01\nend = 2026-07-01\nsource = "registry"\n'
    study = find_study(write(tmp_path, "demo", toml), "demo")
    assert study.arms[0].assumed == ("ratio",)
    assert study.enrolment.start.isoformat() == "2025-07-01"
    assert (study.assumed, study.visits.source, study.subgroups[0].source) == (
        ("masking",),
        "assumed",
        "assumed",
    )


EXTRA = {  # one change of the TOML, and what the sentence must say
    "unknown key": ('title = "', 'titel = "x"\ntitle = "', ['key "titel"', 'did you mean "title"?']),
    "unknown key in a table": ("washout_days", "wash_out_days", ["[[rescue]] IVIG", '"washout_days"?']),
    "unknown table": ("[[rescue]]", "[[rescues]]", ['key "rescues"', 'did you mean "rescue"?']),
    "wrong type": (
        "window_days = [2, 29]",
        'window_days = "2-29"',
        ["OR", "window_days", "two whole numbers"],
    ),
    "truth for a number": ("washout_days = 28", "washout_days = true", ["found true", "a whole number"]),
    "not finite": ('bleeding = "WHOBLD"', "r_count = nan", ["r_count", "a number"]),
    "unknown kind": ("confirmed_response", "confirmed_respons", ['"kind"', 'mean "confirmed_response"?']),
    "unknown role": (
        'role = "control"',
        'role = "placebo"',
        ["[[arms]] B", '"role"', '"placebo"', '"control"'],
    ),
    "role of the software": ('role = "control"', 'role = "pooled"', ["[[arms]] B", '"pooled"']),
    "unknown design": ('"randomized"', '"randomised"', ['"design"', 'did you mean "randomized"?']),
    "key of another kind": (
        'bleeding = "WHOBLD"',
        "avisitn = 4",
        ["avisitn", "confirmed_response", "confirm_days"],
    ),
    "arm without label": ('label = "Drug B"\n', "", ["[[arms]] B", '"label"', "required"]),
    "arm with an empty label": ('label = "Drug B"', 'label = " "', ["[[arms]] B", '"label"', "not empty"]),
    "no control": ('role = "control"', 'role = "experimental"', ["0 arms with the role control"]),
    "arm twice": ('trt = "B"', 'trt = "A"', ['"trt"', '"A" more than once']),
    "visit twice": ("[0, 1, 2, 4]", "[0, 1, 1, 4]", ["[visits]", "weeks", "1 more than once"]),
    "visits in disorder": ("[0, 1, 2, 4]", "[0, 2, 1, 4]", ["[visits]", "ascending"]),
    "unknown rescue class": (
        'bleeding = "WHOBLD"',
        'rescue_classes = ["IVIGG"]',
        ["[[endpoints]] OR", "rescue_classes", 'did you mean "IVIG"?'],
    ),
    "window turned round": ("[2, 29]", "[29, 2]", ["window_days", "the first before the last"]),
    "missing window": ("window_days = [2, 29]\n", "", ["window_days", "confirmed_response needs it"]),
    "absolute data folder": ('"data/demo"', '"/etc"', ['"data"', "a folder below"]),
    "data folder above": ('"data/demo"', '"../demo"', ['"data"', "a folder below"]),
    "assumed key unknown": (
        'data = "data/demo"',
        'data = "x"\nassumed = ["phas"]',
        ['"assumed"', '"phase"?'],
    ),
    "unknown source": ('data = "data/demo"', 'data = "x"\nsource = "guess"', ['"source"', '"registry"']),
    "negative washout": ("washout_days = 28", "washout_days = -1", ["washout_days", "a number from 0"]),
    "one arm too few": ("randomized", "single_arm", ["single_arm with 2 arms"]),
}


@pytest.mark.parametrize("case", EXTRA)
def test_what_is_not_understood_is_refused_with_file_and_key(tmp_path, case):
    old, new, expected = EXTRA[case]
    assert old in TOML
    sentences = refusal(tmp_path, TOML.replace(old, new, 1))
    assert all(sentence.startswith("studies/demo.toml") for sentence in sentences)
    assert any(all(part in sentence for part in expected) for sentence in sentences), sentences


MORE = {  # a table added at the end, and what the sentence must say
    "endpoint twice": (
        '[[endpoints]]\nparamcd = "OR"\nlabel = "x"\nkind = "time_in_response"',
        ['"OR" more than once'],
    ),
    "visit not in the grid": (
        '[[endpoints]]\nparamcd = "W3"\nlabel = "x"\nkind = "response_at_visit"\navisitn = 3',
        ["[[endpoints]] W3", "avisitn", "found 3", "0, 1, 2, 4"],
    ),
    "range of visits not in the grid": (
        '[[endpoints]]\nparamcd = "D"\nlabel = "x"\nkind = "durable_counts"\nvisits = [1, 5]\nat_least = 1',
        ["[[endpoints]] D", "visits", "found 5"],
    ),
    "neither at_least nor fraction": (
        '[[endpoints]]\nparamcd = "D"\nlabel = "x"\nkind = "durable_counts"\nvisits = [1, 4]',
        ["neither at_least nor fraction"],
    ),
    "both at_least and fraction": (
        '[[endpoints]]\nparamcd = "D"\nlabel = "x"\nkind = "durable_counts"\nvisits = [1, 4]\n'
        'at_least = 1\nfraction = "1/2"',
        ["both at_least and fraction"],
    ),
    "fraction that divides by zero": (
        '[[endpoints]]\nparamcd = "D"\nlabel = "x"\nkind = "durable_counts"\nvisits = [1, 4]\nfraction = "1/0"',
        ["fraction", '"2/3"'],
    ),
    "interim endpoint that does not exist": (
        '[interim]\nendpoint = "OR1"',
        ["[interim]", '"OR1"', 'did you mean "OR"?'],
    ),
    "spending without gamma": (
        '[interim]\nendpoint = "OR"\nspending = "hwang_shih_decani"',
        ["[interim]", "gamma"],
    ),
    "historical rate beside a control": (
        '[[historical]]\nendpoint = "OR"\nrate = 0.4\nreference = "x"',
        ["[[historical]] OR", "randomized", "single_arm"],
    ),
    "historical rate of no endpoint": (
        '[[historical]]\nendpoint = "OR1"\nrate = 0.4\nreference = "x"',
        ["[[historical]] OR1", 'did you mean "OR"?'],
    ),
    "historical rate in percent": (
        '[[historical]]\nendpoint = "OR"\nrate = 40\nreference = "x"',
        ["[[historical]] OR", "rate", "found 40", "between 0 and 1"],
    ),
    "historical rate from nowhere": (
        '[[historical]]\nendpoint = "OR"\nrate = 0.4\nreference = " "',
        ["[[historical]] OR", "reference", "where the rate comes from"],
    ),
    "rescue class twice": ('[[rescue]]\ncmclas = "IVIG"', ['"IVIG" more than once']),
    "unknown event": (
        '[[endpoints]]\nparamcd = "T"\nlabel = "x"\nkind = "treatment_failure"\nevents = ["relapse"]',
        ["events", '"relapse"', '"rescue"'],
    ),
    "day of an event that is not asked for": (
        '[[endpoints]]\nparamcd = "T"\nlabel = "x"\nkind = "treatment_failure"\nevents = ["death"]\n'
        "from_day = { count = 57 }",
        ["from_day", '"count"'],
    ),
    "enrolment date as text": (
        '[enrolment]\nstart = "2025-07-01"\nend = 2026-07-01',
        ["[enrolment]", "start", "a date such as 2025-07-01"],
    ),
    "enrolment that ends before it starts": (
        "[enrolment]\nstart = 2026-07-01\nend = 2025-07-01",
        ["[enrolment]", "end", "2026-07-01"],
    ),
    "two primaries": (
        '[[endpoints]]\nparamcd = "X"\nlabel = "x"\nkind = "time_in_response"\nprimary = true\n'
        '[[endpoints]]\nparamcd = "Y"\nlabel = "y"\nkind = "time_in_response"\nprimary = true',
        ["primary", "X, Y", "at most one"],
    ),
}


@pytest.mark.parametrize("case", MORE)
def test_contradictions_between_tables_are_refused(tmp_path, case):
    added, expected = MORE[case]
    sentences = refusal(tmp_path, TOML + "\n" + added + "\n")
    assert any(all(part in sentence for part in expected) for sentence in sentences), sentences


def test_a_primary_endpoint_without_a_rate_leaves_the_lead_to_the_first_that_has_one(tmp_path):
    extra = '[[endpoints]]\nparamcd = "TTF"\nlabel = "Failure"\nkind = "treatment_failure"\nprimary = true\n'
    toml = TOML.replace("primary = true", "") + "\n" + extra + 'events = ["rescue"]\n'
    definition = find_study(write(tmp_path, "demo", toml), "demo")
    assert [e.paramcd for e in definition.endpoints if e.primary] == ["TTF"]
    assert definition.leading.kind == "confirmed_response"


def test_a_study_without_any_rate_is_refused(tmp_path):
    toml = TOML.replace('kind = "confirmed_response"', 'kind = "time_to_response"').replace(
        "primary = true", ""
    )
    (sentence,) = refusal(tmp_path, toml)
    assert "no endpoint with a rate" in sentence


def test_every_reason_comes_at_once(tmp_path):
    toml = TOML.replace('role = "control"', 'role = "contrl"').replace("confirmed_response", "response")
    toml = (
        toml.replace("washout_days = 28", 'washout_days = "28"') + '\n[interim]\nendpoint = "NO"\nsides = 3\n'
    )
    sentences = refusal(tmp_path, toml)
    for part in ('"role"', '"kind"', '"washout_days"', '"sides"'):
        assert any(part in sentence for sentence in sentences), part


def test_toml_that_cannot_be_read_names_the_place(tmp_path):
    (sentence,) = refusal(tmp_path, 'studyid = "DEMO"\ntitle = \n')
    assert "studies/demo.toml" in sentence
    assert "line 2" in sentence
    (tmp_path / "studies" / "demo.toml").write_bytes('studyid = "D"\ntitle = "试验"'.encode("gb18030"))
    with pytest.raises(StudyDataError, match=r"line 2: found text that is not UTF-8"):
        find_studies(tmp_path)


def test_every_kind_can_be_written(tmp_path):
    keys = {
        "response_at_visit": "avisitn = 4\nconfirmed = true",
        "sustained_response": "window_days = [2, 29]\nsustain_days = 10\nhold_fold = 1.5",
        "durable_counts": "visits = [1, 4]\nat_least = 2\nthreshold = 50",
        "treatment_failure": 'events = ["count", "death"]\nfrom_day = { count = 57 }',
        "time_in_response": "max_gap_days = 28",
        "max_bleeding": 'window_days = [2, 29]\nbleeding = "WHOBLD"',
    }
    blocks = [
        f'[[endpoints]]\nparamcd = "K{n}"\nlabel = "x"\nkind = "{kind}"\n'
        + keys.get(kind, "window_days = [2, 29]")
        for n, kind in enumerate(KINDS)
    ]
    study = find_study(write(tmp_path, "demo", TOML + "\n" + "\n".join(blocks)), "demo")
    assert [endpoint.kind for endpoint in study.endpoints[1:]] == list(KINDS)


@pytest.mark.parametrize(
    ("weeks", "sentence"),
    [
        ("[4, 1]", 'key "weeks": found [4, 1], expected weeks in ascending order, each once'),
        ("[1, 3]", 'key "weeks": found 3, expected a week of [visits] after baseline: 1, 2, 4'),
        ("[0, 1]", 'key "weeks": found 0, expected a week of [visits] after baseline: 1, 2, 4'),
    ],
)
def test_visits_of_a_questionnaire(tmp_path, weeks, sentence):
    block = f"""
[[questionnaires]]
paramcd = "FACITF"
label = "FACIT-Fatigue"
range = [0, 52]
better = "higher"
important_change = 4
weeks = {weeks}
"""
    (told,) = [line for line in refusal(tmp_path, TOML + block) if "[[questionnaires]]" in line]
    assert sentence in told


CONTROL = '[[negative_controls]]\nlabel = "Height"\n'
REFUSED_CONTROLS = {  # what stands in the block, and what the sentence must say
    "nothing": ("", ['key "column"', "neither column nor terms nor body_systems"]),
    "both": ('column = "HEIGHTBL"\nterms = ["Fall"]', ["a column and adverse events", "one of the two"]),
    "value alone": ('terms = ["Fall"]\nvalue = "Y"', ['key "value"', "value without column"]),
    "a covariate": ('column = "AGE"', ['"AGE", a covariate', "outside covariates"]),
    "the arm": ('column = "TRT01A"', ['"TRT01A"', "recorded at entry"]),
    "an outcome": ('column = "DTHDY"', ['"DTHDY"', "recorded at entry"]),
    "a flag": ('column = "PPROTFL"', ['"PPROTFL"', "recorded at entry"]),
    "an identifier": ('column = "SITEID"', ['"SITEID"', "recorded at entry"]),
    "what is followed": ('column = "FUDY"', ['"FUDY"', "recorded at entry"]),
    "the disease": ('terms = ["thrombocytopenia "]', ['key "terms"', "does not leave out"]),
    "twice by name": (f'column = "A"\n{CONTROL}column = "B"', ['key "label"', '"Height" more than once']),
    "twice by column": (
        f'column = "A"\n{CONTROL.replace("Height", "Other")}column = "A"',
        ["[[negative_controls]] Other", '"A" more than once'],
    ),
    "unknown key": ('columns = ["A"]', ['key "columns"', 'did you mean "column"?']),
}


@pytest.mark.parametrize("case", REFUSED_CONTROLS)
def test_what_is_no_negative_control_is_refused(tmp_path, case):
    written, expected = REFUSED_CONTROLS[case]
    toml = TOML.replace('data = "data/demo"', 'data = "data/demo"\ncovariates = ["AGE"]')
    sentences = refusal(tmp_path, f"{toml}\n{CONTROL}{written}\n")
    assert len(sentences) == 1
    assert all(part in sentences[0] for part in expected), sentences


def test_negative_controls_are_read(tmp_path):
    blocks = (
        f'{CONTROL}column = "SEX"\nvalue = "M"\n[[negative_controls]]\nlabel = "Injuries"\n'
        'terms = ["Fall"]\nbody_systems = ["Injury"]\nsource = "assumed"\n'
    )
    sex, injuries = find_study(write(tmp_path, "demo", f"{TOML}\n{blocks}"), "demo").negative_controls
    assert (sex.column, sex.value, sex.terms) == ("SEX", "M", ())
    assert (injuries.column, injuries.terms, injuries.body_systems) == ("", ("Fall",), ("Injury",))
