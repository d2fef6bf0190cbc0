"""The planned day in the name of a visit: week w is day 7w + 1, the baseline is day 1 (catalogue of inputs, 24)."""

import pytest
from sent_tables import DEFINITION

from trialdata.mapping.import_mapping import NO_PLANNED_DAY, ImportMapping
from trialdata.mapping.visit_words import guessed_day, planned_day, unplanned, visit_day


@pytest.mark.parametrize(
    "text",
    [
        *(
            "W4",
            "w04",
            "W 4",
            "Week 4",
            "week-4",
            "WEEK_4",
            "Wk 4",
            "Week 4 (Day 29)",
            "4W",
            "4 weeks",
            "Visit Week 4",
        ),
        *(
            "第4周",
            "第 4 周",
            "第４周",
            "第四周",
            "4周",
            "第04周",
            "治疗第4周",
            "第4周末",
            "第4周访视",
            "随访第4周",
        ),
    ],
)
def test_week_four_is_day_29(text):
    assert visit_day(text, DEFINITION) == 29


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            ("D28", 28),
            ("Day 28", 28),
            ("第28天", 28),
            ("第二十八天", 28),
            ("第28日", 28),
            ("D-7", -7),
            ("Day1", 1),
        ),
        *(("第十二周", 85), ("第二十六周", 183), ("W0", 1), ("第0周", 1), ("第1周", 8)),
        *(("基线", 1), ("Baseline", 1), ("BASELINE", 1), ("基线访视", 1), ("BL", 1)),
    ],
)
def test_days_baselines_and_chinese_numerals(text, day):
    assert visit_day(text, DEFINITION) == day


@pytest.mark.parametrize(
    "text", ["V5", "Visit 5", "Screening", "筛选", "D0", "Month 3", "5", "", "第5次", "W4/W8"]
)
def test_what_states_no_day_of_the_plan_has_none_and_is_no_visit_outside_it(text):
    assert visit_day(text, DEFINITION) is None
    assert unplanned(text) == (text == "")


def test_a_week_after_the_last_one_of_the_plan_is_asked():
    assert visit_day("W26", DEFINITION) == 183
    assert visit_day("W27", DEFINITION) is None
    assert visit_day("Day 2025", DEFINITION) is None


@pytest.mark.parametrize(
    "text", ["计划外访视", "Unscheduled 1.1", "EOT", "End of treatment", "提前退出", "Early termination"]
)
def test_visits_outside_the_plan_have_no_planned_day(text):
    assert visit_day(text, DEFINITION) is None
    assert unplanned(text)


def test_the_mapping_decides_before_the_words():
    mapping = ImportMapping(visits={"V5": 29.0, "W4": 30.0, "W8": NO_PLANNED_DAY})
    days = [planned_day(text, mapping, DEFINITION) for text in ("V5", "W4", "W8", "W1")]
    assert days == [29, 30, None, 8]


def test_what_is_proposed_for_visits_that_are_asked():
    # 3 months of 30.4375 days after day 1: 91.3 + 1
    assert [guessed_day(text) for text in ("筛选", "Screening", "D0", "M3", "V5")] == [-1, -1, 1, 92, None]
