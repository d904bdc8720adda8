"""Which turns count for the customer: the rule that scores and quotes share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus.corpus import Corpus


def customer_turns(corpus: Corpus) -> NDArray[np.int64]:
    """Say which contact each turn counts for.

    The customer's turns count; in a contact where nobody is named the customer, those of unknown speakers do. Agents'
    turns and quoted messages never do.

    Returns
    -------
    ndarray of int64, shape (n_turns,)
        Row of the turn's contact in the table of contacts, or -1 where the turn does not count.

    Examples
    --------
    >>> turns = [("client", "Toujours pas livré !"), ("conseiller", "Je regarde.")]
    >>> records = [{"id": "A1", "locuteur": who, "texte": said} for who, said in turns]
    >>> customer_turns(Corpus.from_records(records)).tolist()
    [0, -1]
    """
    return turns_that_count(corpus.contacts, corpus.turns)


def turns_that_count(contacts: pa.Table, turns: pa.Table) -> NDArray[np.int64]:
    """Say the same of tables that are not a corpus: ``contact_id``; ``contact_id``, ``speaker`` and ``quoted``."""
    ids = pd.Index(contacts["contact_id"].to_pandas())
    contact = ids.get_indexer(turns["contact_id"].to_pandas()).astype(np.int64)
    speaker = turns["speaker"].to_numpy()
    customer = speaker == "customer"
    named = np.zeros(len(ids), dtype=bool)
    named[contact[customer]] = True
    counts = (customer | ((speaker == "unknown") & ~named[contact])) & ~turns["quoted"].to_numpy()
    return np.where(counts, contact, -1)
