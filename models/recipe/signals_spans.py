"""The words that cues and held-out heads show for each signal that is said of a real account."""

from __future__ import annotations

import numpy as np
import pandas as pd
from marked import LABELS
from signals_crossfit import HeldOut
from signals_fit import Evidence
from signals_measured import Said

from vocmine.inference.backends.evidence import read_tokens
from vocmine.schema import SIGNALS
from vocmine.signals.shown import CLEAR, joined


def held_out_spans(held_out: HeldOut, evidence: Evidence, said: Said) -> pd.DataFrame:
    """Return the spans that the library would show, with heads that never saw the account.

    Returns
    -------
    DataFrame
        `contact_id`, `signal`, `start`, `end`: code points of the repaired account.
    """
    rows = []
    for unit_row in np.flatnonzero(evidence.real):
        unit = held_out.units[unit_row]
        logits, edges = held_out.tokens[unit_row].astype(np.float32), held_out.edges[unit_row]
        for place in np.flatnonzero(said.present[unit_row, : len(SIGNALS)]):
            hits = [
                hit
                for hit in evidence.hits[unit_row][0]
                if hit.signal == LABELS[place] and hit.affirmed and hit.strength > 1
            ]
            heard = _heard(unit.turns[0], logits[:, place], edges)
            clear = [span for score, span in heard if score >= CLEAR]
            found = [span for span, _ in joined(hits, clear)] or [max(heard)[1]]
            rows += [(unit.name, LABELS[place], *span) for span in found]
    return pd.DataFrame(rows, columns=["contact_id", "signal", "start", "end"])


def _heard(text: str, logits: np.ndarray, edges: np.ndarray) -> list[tuple[float, tuple[int, int]]]:
    """Return by segment the logit and the words of its evidence."""
    found = []
    for segment in np.unique(edges[:, 0]):
        mine = np.flatnonzero(edges[:, 0] == segment)
        pooled, shown = read_tokens(logits[mine][None, :, None], np.ones((1, len(mine)), dtype=np.bool_))
        first, last = (int(edge) for edge in shown[0])
        start, end = int(edges[mine[first], 1]), int(edges[mine[last - 1], 2])
        while start and not (text[start - 1].isspace() or text[start].isspace()):
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        found.append((float(pooled[0, 0]), (start, end)))
    return found
