"""Shares of days in response by arm, worked by hand."""

import numpy as np
import pandas as pd

from analysis.response import shares_in_response


def test_median_quartiles_and_pooled_days():
    # type 7 of 0.2, 0.5, 0.8: quartiles halfway between neighbours, 0.35 and 0.65
    answers = pd.DataFrame(
        {
            "ARM": ["A", "A", "A", "A", "B"],
            "AVAL": [0.8, 0.2, 0.5, np.nan, np.nan],
            "RESPDAYS": [80.0, 10.0, 50.0, 0.0, 0.0],
            "OBSDAYS": [100.0, 50.0, 100.0, 0.0, 0.0],
        }
    )
    shares = shares_in_response(answers, ["A", "B"]).set_index("arm")
    numbers = shares.loc["A", ["estimate", "conf_low", "conf_high"]].tolist()
    np.testing.assert_allclose(numbers, [0.5, 0.35, 0.65], rtol=1e-12)
    assert shares.loc["A", ["n", "N", "n_risk"]].tolist() == [140, 250, 3]
    assert shares.loc["B", ["n", "N", "n_risk"]].tolist() == [0, 0, 0]
    assert np.isnan(shares.loc["B", "estimate"])
