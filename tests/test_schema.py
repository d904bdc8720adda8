"""Every column of every table says what it holds."""

import pytest

from vocmine.schema import ASPECTS, TABLES, describe


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described(table):
    about = describe(table)["about"]
    assert about.str.len().min() > 3
    assert about.index.is_unique


def test_what_contacts_alone_have_is_there():
    alone = {"satisfaction", "p_satisfaction_negative", "aspects", *(f"aspect_{name}" for name in ASPECTS)}
    assert alone <= set(TABLES["contact_scores"].names)


@pytest.mark.parametrize("table", ["turn_scores", "contact_scores"])
def test_callers_columns_are_there(table):
    assert {"sentiment", "p_negative", "p_neutral", "p_positive", "abstained", "reason"} <= set(TABLES[table].names)
