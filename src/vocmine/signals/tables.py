"""What was weighed, as columns of the tables of turns and contacts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus import Corpus
from vocmine.schema import SIGNALS, STYLES
from vocmine.signals.trajectory import frustration_course
from vocmine.signals.weighed import Group, Weighed


def turn_columns(found: Weighed, agent: NDArray[np.bool_]) -> dict[str, pa.Array]:
    """Return the columns of turns.

    Parameters
    ----------
    found : Weighed
    agent : bool array of shape (n_turns,)
        Turns of agents: those that have styles.
    """
    styles = [
        [name for name, there in zip(STYLES, row, strict=True) if there] if of_agent else None
        for row, of_agent in zip(found.styles.tolist(), agent.tolist(), strict=True)
    ]
    return _columns(found.turns) | {"styles": pa.array(styles, pa.list_(pa.string()))}


def contact_columns(corpus: Corpus, found: Weighed, contact: NDArray[np.int64]) -> dict[str, pa.Array]:
    """Return the columns of contacts.

    Parameters
    ----------
    corpus : Corpus
    found : Weighed
    contact : int array of shape (n_turns,)
        Contact that each turn counts for as its customer's, -1 for none.
    """
    course = frustration_course(corpus, found.turns.frustration, contact)
    return _columns(found.contacts) | course.columns()


def _columns(group: Group) -> dict[str, pa.Array]:
    silent = ~group.spoken
    told = [
        [name for name, there in zip(SIGNALS, row, strict=True) if there] if spoken else None
        for row, spoken in zip(group.present.tolist(), group.spoken.tolist(), strict=True)
    ]
    return {
        "frustration": pa.array(group.frustration, pa.int8(), mask=silent),
        "p_frustrated": pa.array(group.reached[:, 1], mask=silent),
        **{f"p_{name}": pa.array(group.signals[:, rank], mask=silent) for rank, name in enumerate(SIGNALS)},
        "signals": pa.array(told, pa.list_(pa.string())),
    }
