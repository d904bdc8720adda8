"""However the rows are cut into frames, the scores are the same, and so are their types."""

import pandas as pd
import pytest

from tests.scale.conftest import CONTACTS, TURNS, contacts, in_order, turns
from vocmine.errors import InputError
from vocmine.scale import score_frames


def cut(frame, rows):
    return [frame.iloc[start : start + rows] for start in range(0, len(frame), rows)]


@pytest.mark.parametrize("rows", [1, 7, 40])
@pytest.mark.parametrize(("frame", "columns"), [(contacts(40), CONTACTS), (turns(20, each=4), TURNS)])
@pytest.mark.parametrize("table", ["contacts", "turns"])
def test_scores_do_not_depend_on_the_cut(tiny_miner, frame, columns, table, rows):
    whole = pd.concat(score_frames([frame], tiny_miner, table=table, **columns))
    parts = list(score_frames(cut(frame, rows), tiny_miner, table=table, **columns))
    pd.testing.assert_frame_equal(in_order(pd.concat(parts)), in_order(whole), rtol=0, atol=1e-5)
    assert {tuple(part.dtypes) for part in parts} == {tuple(whole.dtypes)}


def test_a_contact_longer_than_its_frames_is_one_contact(tiny_miner):
    frame = turns(2, each=30)
    scores = pd.concat(score_frames(cut(frame, 4), tiny_miner, **TURNS))
    assert scores.loc[~scores["rejected"], "contact_id"].tolist() == ["K00000", "K00001"]
    assert scores["rows"].sum() == len(frame)


def test_frames_are_scored_as_they_are_asked_for(tiny_miner):
    def endless():
        while True:
            yield contacts(5)

    scores = score_frames(endless(), tiny_miner, **CONTACTS)
    assert len(next(scores)) > 0
    assert len(next(scores)) > 0


def test_an_empty_frame_gives_an_empty_one_and_nothing_gives_nothing(tiny_miner):
    assert [len(scores) for scores in score_frames([contacts(0)], tiny_miner, **CONTACTS)] == [0]
    assert list(score_frames([], tiny_miner, **CONTACTS)) == []


def test_wrong_columns_are_told_before_any_frame_is_read(tiny_miner):
    with pytest.raises(InputError, match="got no contact_id"):
        score_frames([], tiny_miner, text="message")
