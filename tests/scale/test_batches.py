"""A batch of rows comes in, a table of one schema goes out, and every row is counted in it."""

import pandas as pd
import pytest

from tests.scale.conftest import CONTACTS, TURNS, contacts, turns
from vocmine import Corpus
from vocmine.errors import ColumnError, InputError
from vocmine.scale import BatchScorer, output_schema

BATCHES = {
    "some": contacts(20),
    "none": contacts(0),
    "all rejected": contacts(3).assign(message=[None, " ", "NULL"]),
    "without ids": contacts(3).assign(id=None),
    "no word": contacts(3).assign(message="..."),
}


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
def test_every_batch_has_the_same_schema_and_all_its_rows(tiny_miner, batch):
    scores = BatchScorer(tiny_miner, **CONTACTS).score(batch)
    assert scores.schema.equals(output_schema("contacts"))
    assert sum(scores["rows"].to_pylist()) == len(batch)


def test_turns_have_their_schema_and_their_rows(tiny_miner):
    batch = turns(8)
    by_turn, by_contact = (BatchScorer(tiny_miner, table, **TURNS).score(batch) for table in ("turns", "contacts"))
    assert by_turn.schema.equals(output_schema("turns"))
    assert by_turn.num_rows == len(batch) == sum(by_contact["rows"].to_pylist())
    assert by_contact.num_rows == 8 + by_turn["rejected"].to_pylist().count(True)


def test_the_scores_are_those_of_the_miner(tiny_miner):
    batch = contacts(20)
    scores = BatchScorer(tiny_miner, **CONTACTS).score(batch).to_pandas()
    analysis = tiny_miner.score(Corpus.from_pandas(batch, dayfirst=True, **CONTACTS))
    expected = analysis.contacts.reset_index(drop=True)
    kept = scores[~scores["rejected"]]
    shared = [name for name in scores if name in expected]
    assert {"started_at", "channel", "language", "sentiment", "p_negative", "reason"} <= set(shared)
    pd.testing.assert_frame_equal(kept[shared], expected[shared], check_dtype=False)


def test_rejected_rows_say_which_and_why(tiny_miner):
    batch = pd.DataFrame({"id": ["a", "b", "a", None], "message": ["merci", None, "bonjour", "merci"]})
    scores = BatchScorer(tiny_miner, text="message", contact_id="id").score(batch).to_pandas()
    assert scores["contact_id"].tolist()[:3] == ["a", "b", "a"]
    assert scores["rejected"].tolist() == [False, True, True, True]
    assert scores["reason"].tolist()[1:] == ["missing_text", "duplicate_id", "missing_contact_id"]
    assert scores["detail"].str.contains("expected")[1:].all()
    assert scores["p_negative"].notna().tolist() == [True, False, False, False]


def test_columns_that_are_not_named_are_not_read(tiny_miner):
    batch = pd.DataFrame({"id": ["a"], "message": ["merci"], "canal": ["Courriel"], "date": ["01/02/2025"]})
    scores = BatchScorer(tiny_miner, text="message", contact_id="id").score(batch).to_pandas()
    assert scores["channel"].tolist() == ["other"]
    assert scores["started_at"].isna().all()


def test_dates_are_read_alike_whatever_their_batch(tiny_miner):
    """A batch whose other dates tell the month first still reads 03/04 as the 3rd of April."""
    batch = pd.DataFrame({"id": list("abc"), "message": "merci", "quand": ["03/04/2025", "04/23/2025", "04/24/2025"]})
    for given, month in (({}, 4), ({"dayfirst": None}, 4), ({"dayfirst": False}, 3)):
        scorer = BatchScorer(tiny_miner, text="message", contact_id="id", at="quand", **given)
        assert scorer.score(batch).to_pandas()["started_at"].dt.month[0] == month


def test_quoted_turns_do_not_count_here_either(tiny_miner):
    batch = turns(8).assign(quoted=[False, True, False] * 8)
    scores = BatchScorer(tiny_miner, "turns", **TURNS).score(batch).to_pandas()
    kept = scores[~scores["rejected"]]
    assert (kept["quoted"] == (kept["speaker"] == "customer")).all()


@pytest.mark.parametrize("role", ["text", "contact_id"])
def test_text_and_contact_must_be_named(tiny_miner, role):
    named = {key: column for key, column in CONTACTS.items() if key != role}
    with pytest.raises(InputError, match=f"got no {role}, expected the name of its column"):
        BatchScorer(tiny_miner, **named)


def test_a_zone_may_be_a_name_or_a_column(tiny_miner):
    batch = contacts(2).assign(fuseau="America/Montreal")
    for zone in ("America/Montreal", "fuseau"):
        scores = BatchScorer(tiny_miner, timezone=zone, **CONTACTS).score(batch).to_pandas()
        assert scores["timezone"].dropna().unique().tolist() == ["America/Montreal"]


def test_errors_say_what_there_is(tiny_miner):
    with pytest.raises(ColumnError, match=r"got text='texte', expected one of the columns .*'message'"):
        BatchScorer(tiny_miner, text="texte", contact_id="id").score(contacts(2))
    with pytest.raises(InputError, match="got table='segments', expected 'contacts' or 'turns'"):
        output_schema("segments")
