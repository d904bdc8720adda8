"""A share says of how many it is; the difference of two shares says whether chance alone could make it."""

import pandas as pd
import pytest

from vocmine.report.shares import difference, share, tally


def test_a_tally_counts_all_contacts_and_shares_those_that_are_scored():
    found = tally(pd.Series(["negative", "negative", "positive", "mixed", None]))
    assert (found["contacts"], found["n"]) == (5, 4)
    assert {name: each["value"] for name, each in found["shares"].items()} == {
        "negative": 0.5,
        "neutral": 0.0,
        "positive": 0.25,
        "mixed": 0.25,
    }
    assert found["net"] == -0.25


def test_a_tally_of_nothing_has_no_share_and_the_widest_interval():
    found = tally(pd.Series([None, None], dtype=object))
    assert found["net"] is None
    assert found["shares"]["negative"] == {"count": 0, "n": 0, "value": None, "low": 0.0, "high": 1.0}


def test_the_difference_is_that_of_newcombe_1998():
    """Table II of the paper, line (a): 56/70 less 48/80, method 10."""
    found = difference(share(56, 70), share(48, 80))
    assert (found["value"], found["low"], found["high"]) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_the_difference_changes_sign_with_its_order():
    one, other = share(9, 10), share(3, 10)
    there, back = difference(one, other), difference(other, one)
    assert (there["low"], there["high"]) == pytest.approx((-back["high"], -back["low"]))
