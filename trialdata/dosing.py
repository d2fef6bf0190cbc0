"""How often a dose is given, and what its unit says: the words of CDISC and of Chinese sites, in one table."""

import unicodedata
from dataclasses import dataclass

STEROID_CLASSES = ("corticosteroid", "corticosteroid increase")  # CMCLAS, capitals aside


@dataclass(frozen=True)
class Frequency:
    """`times` doses on each day with a dose, such a day `every` days; `once`: on the first day alone."""

    times: float = 1
    every: int = 1
    once: bool = False


ONCE = Frequency(once=True)
DAILY = Frequency()
WORDS = {
    ONCE: ("once", "single", "sd", "stat", "单次", "一次", "一次性"),
    DAILY: (
        *("qd", "od", "qam", "qpm", "qhs", "qn", "daily", "once daily", "every day"),
        *("每日一次", "每天一次", "每日1次", "每天1次", "每晚一次"),
    ),
    Frequency(2): ("bid", "q12h", "twice daily", "每日两次", "每日二次", "每天两次", "每日2次", "每天2次"),
    Frequency(3): ("tid", "q8h", "每日三次", "每天三次", "每日3次", "每天3次"),
    Frequency(4): ("qid", "q6h", "每日四次", "每天四次", "每日4次", "每天4次"),
    Frequency(every=2): ("qod", "every other day", "隔日一次", "隔天一次", "隔日1次"),
    Frequency(every=7): ("qw", "every week", "once weekly", "weekly", "每周一次", "每周1次"),
    Frequency(every=14): ("q2w", "every 2 weeks", "每两周一次", "每二周一次", "每2周一次"),
}
FREQUENCIES = {word: frequency for frequency, words in WORDS.items() for word in words}
PER_DAY = ("/day", "/d", "/24h", " per day", " daily", "/日", "/天")


def frequency_of(text: str) -> Frequency | None:
    """What a word for how often means, capitals, dots and blanks at its ends aside; None for an unknown one."""
    return FREQUENCIES.get(_plain(text).replace(".", ""))


def dose_unit(text: str) -> tuple[str, bool]:
    """The unit of a dose in small letters, and whether it is a dose per day: "mg/day" is ("mg", True)."""
    unit = "/".join(part.strip() for part in _plain(text).split("/"))
    ending = next((each for each in PER_DAY if unit.endswith(each)), "")
    return unit.removesuffix(ending).strip(), bool(ending)


def dosing_of(unit: str, frequency: str, *, one_day: bool) -> tuple[str, Frequency | None]:
    """Unit and frequency of a row; a unit per day says the frequency, and so does a single day without a word."""
    name, per_day = dose_unit(unit)
    if per_day:
        return name, DAILY
    if one_day and not frequency.strip():
        return name, ONCE
    return name, frequency_of(frequency)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
