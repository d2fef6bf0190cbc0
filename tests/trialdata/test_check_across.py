"""What two datasets tell differently, each case with one row that is right and one that is not."""

from small_study import ADAE, ADLB, ADSL, findings_of, loaded, with_row

DIED = ADSL.replace("DCUTDY,EOSSTT,EOSDY", "DCUTDY,EOSSTT,EOSDY,DTHDY").replace("ONGOING,\n", "ONGOING,,\n")
DIED = DIED.replace("DISCONTINUED,30", "DISCONTINUED,30,20")  # S-04 died on day 20


def test_rows_after_a_death(tmp_path):
    late = with_row(with_row(ADLB, "S-04,PLAT,20,19,19,10^9/L,,"), "S-04,PLAT,21,19,19,10^9/L,,")
    assert findings_of(tmp_path, "after_death", adsl=DIED, adlb=late) == [
        ("warning", "adlb.csv", 12, "ADY", "S-04")
    ]


def test_an_event_that_begins_after_a_death(tmp_path):
    late = with_row(ADAE, "S-04,Headache,1,N,RECOVERED,25,26,Y")
    (place,) = findings_of(tmp_path, "after_death", adsl=DIED, adae=late)
    assert place == ("warning", "adae.csv", 3, "ASTDY", "S-04")


def test_a_study_that_ends_after_the_death(tmp_path):
    assert findings_of(tmp_path, "end_after_death", adsl=DIED) == [
        ("warning", "adsl.csv", 5, "EOSDY", "S-04")
    ]
    assert findings_of(tmp_path, "end_after_death", adsl=DIED.replace(",30,20", ",20,20")) == []


def test_a_death_needs_a_fatal_event_and_fatal_words_agree(tmp_path):
    fatal = with_row(ADAE, "S-04,Haemorrhage,5,Y,FATAL,18,20,Y")
    assert findings_of(tmp_path, "death_without_event", adsl=DIED) == [
        ("note", "adsl.csv", 5, "DTHDY", "S-04")
    ]
    assert findings_of(tmp_path, "death_without_event", adsl=DIED, adae=fatal) == []
    assert findings_of(tmp_path, "fatal_disagrees", adsl=DIED, adae=fatal) == []
    other = fatal.replace(",5,Y,FATAL", ",4,Y,FATAL")
    assert findings_of(tmp_path, "fatal_disagrees", adsl=DIED, adae=other) == [
        ("warning", "adae.csv", 3, "AEOUT", "S-04")
    ]


def test_an_emergent_event_begins_on_day_1_at_the_earliest(tmp_path):
    early = with_row(ADAE, "S-02,Headache,1,N,RECOVERED,-3,4,Y")
    assert findings_of(tmp_path, "emergent_before_start", adae=early) == [
        ("warning", "adae.csv", 3, "TRTEMFL", "S-02")
    ]


def test_a_treated_subject_without_a_dose(tmp_path):
    doses = "USUBJID,EXTRT,ASTDY\nS-01,Drug A,1\nS-02,Drug B,1\nS-03,Drug A,1\n"
    assert findings_of(tmp_path, "treated_without_dose", adex=doses) == [
        ("warning", "adsl.csv", 5, "SAFFL", "S-04")
    ]
    assert findings_of(tmp_path, "treated_without_dose") == []


def test_another_site_than_in_adsl(tmp_path):
    lines = ADLB.strip().split("\n")
    sites = ["SITEID", *["01"] * 5, *["02"] * 3, "03"]
    adlb = "\n".join(f"{line},{site}" for line, site in zip(lines, sites, strict=True))
    assert findings_of(tmp_path, "site_disagrees", adlb=adlb) == [
        ("warning", "adlb.csv", 10, "SITEID", "S-04")
    ]


def test_a_first_dose_after_the_cut_does_not_give_its_day(tmp_path):
    result = loaded(
        tmp_path, adsl=ADSL.replace("ONGOING,\nS-04", "ONGOING,\nS-04").replace(",F,40,", ",F,-7,")
    )
    (row,) = result.findings[result.findings["check"] == "starts_after_cut"].itertuples()
    assert (row.USUBJID, row.found) == ("S-03", "a first dose after the data cutoff")
    assert "7" not in row.found + row.expected


def test_counts_of_one_visit_on_two_days(tmp_path):
    again = with_row(ADLB, "S-01,PLAT,9,47,47,10^9/L,Week 1,")
    places = findings_of(tmp_path, "several_counts_one_visit", adlb=again)
    assert [(place[2], place[4]) for place in places] == [(3, "S-01"), (11, "S-01")]
    unplanned = with_row(ADLB, "S-01,PLAT,9,47,47,10^9/L,Unscheduled 1,")
    assert findings_of(tmp_path, "several_counts_one_visit", adlb=unplanned) == []


def test_a_visit_in_two_spellings(tmp_path):
    spelled = ADLB.replace("S-04,PLAT,8,18,18,10^9/L,Week 1,", "S-04,PLAT,8,18,18,10^9/L,第1周,")
    assert findings_of(tmp_path, "visit_spelled_differently", adlb=spelled) == [
        ("note", "adlb.csv", 10, "AVISIT", "S-04")
    ]


def test_a_change_that_is_not_the_difference(tmp_path):
    lines = ADLB.strip().split("\n")
    base = ["BASE,CHG", "12,0", "12,33", "12,108", "9,0", "9,21", "20,0", "20,35", "15,0", "15,4"]
    adlb = "\n".join(f"{line},{cells}" for line, cells in zip(lines, base, strict=True))
    assert findings_of(tmp_path, "change_disagrees", adlb=adlb) == [
        ("warning", "adlb.csv", 10, "CHG", "S-04")
    ]


def test_letters_of_their_own_in_subject_codes(tmp_path):
    coded = {"S-01": "01-ZXM-1", "S-02": "01-LWB-2", "S-03": "02-CQ-3", "S-04": "02-HJ-4"}

    def recoded(table: str) -> str:
        for before, after in coded.items():
            table = table.replace(before, after)
        return table

    files = {"adsl": recoded(ADSL), "adlb": recoded(ADLB)}
    result = loaded(tmp_path, **files, adqs=None, adcm=None, adae=None, adex=None)
    assert "initials_in_subject_id" in set(result.findings["check"])
    assert "initials_in_subject_id" not in set(loaded(tmp_path / "plain").findings["check"])
