"""Height at entry: it follows from sex, and has nothing to do with the arm chosen or with the outlook."""

from trialdata.synthetic.participants import Participant
from trialdata.synthetic.randomness import Purpose, stream
from trialdata.synthetic.trials import Trial

MEAN = {"F": 159, "M": 171}
SPREAD = 6


def height(trial: Trial, person: Participant) -> int:
    """Whole centimetres."""
    drawn = stream(trial.seed, Purpose.HEIGHT, person.number).standard_normal()
    return round(MEAN[person.sex] + SPREAD * float(drawn))
