"""What is reckoned of each contact from its turns and signals: effort, scale, how far leaving and escalation go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from vocmine import schema
from vocmine.corpus import Corpus
from vocmine.schema import SENTIMENTS, SIGNALS
from vocmine.signals.effort import AVOIDABLE, Event, effort_score, find_events, sent_away
from vocmine.signals.heard import Heard
from vocmine.signals.levels import ChurnLevel, Escalation, churn, escalation
from vocmine.signals.scale import cues_of_scale, scale
from vocmine.signals.weighed import Floats, Weighed

_SURE = 1.0


@dataclass
class _Told:
    """What the turns of one contact hold."""

    turns: list[int] = field(default_factory=list)
    events: list[tuple[int, Event]] = field(default_factory=list)
    cues: set[str] = field(default_factory=set)


def reckoned(
    corpus: Corpus, heard: Heard, found: Weighed, spans: pa.Table, sentiment: Floats
) -> tuple[dict[str, pa.Array], pa.Table]:
    """Reckon what stands on turns and signals.

    Parameters
    ----------
    corpus : Corpus
    heard : Heard
    found : Weighed
    spans : pyarrow.Table
        Of the signals, as in `vocmine.schema`.
    sentiment : float array of shape (n_contacts, 4)
        Probabilities of negative, neutral, positive and mixed; NaN where not scored.

    Returns
    -------
    columns : dict of str to pyarrow.Array
        Of the table of contacts.
    spans : pyarrow.Table
        Of the events that cost effort, as in `vocmine.schema`.
    """
    texts: list[str] = corpus.turns["text"].to_pylist()
    told = _told(corpus, heard, texts)
    shown = _shown(corpus, spans)
    rows = [
        _row(each, texts, shown, found, contact, sentiment[contact]) if found.contacts.spoken[contact] else {}
        for contact, each in enumerate(told)
    ]
    columns = {
        name: pa.array([row.get(name) for row in rows], schema.CONTACT_SCORES.field(name).type)
        for name in (
            *("effort", "effort_avoidable", "scale", "churn_level", "competitor", "escalation", "escalation_level"),
        )
    }
    return columns, _spans(corpus, texts, told)


def _told(corpus: Corpus, heard: Heard, texts: list[str]) -> list[_Told]:
    """Gather events and cues by contact; each distinct turn is looked through once."""
    told = [_Told() for _ in range(corpus.contacts.num_rows)]
    mine = np.flatnonzero(heard.contact >= 0).tolist()
    distinct = list(dict.fromkeys(texts[row] for row in mine))
    place = {text: rank for rank, text in enumerate(distinct)}
    cues = cues_of_scale(distinct)
    by_turn: dict[int, list[Event]] = {}
    for event in find_events(distinct):
        by_turn.setdefault(event.turn, []).append(event)
    for row in mine:
        contact, rank = told[heard.contact[row]], place[texts[row]]
        contact.turns.append(row)
        contact.cues |= cues[rank]
        contact.events += [(row, event) for event in by_turn.get(rank, [])]
    agents = np.flatnonzero(heard.agent).tolist()
    names = {name: rank for rank, name in enumerate(corpus.contacts["contact_id"].to_pylist())}
    owners: list[str] = corpus.turns["contact_id"].to_pylist()
    for event in sent_away([texts[row] for row in agents]):
        row = agents[event.turn]
        told[names[owners[row]]].events.append((row, event))
    return told


def _shown(corpus: Corpus, spans: pa.Table) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """Return where each signal is shown, by row of the turn and signal."""
    keys = zip(corpus.turns["contact_id"].to_pylist(), corpus.turns["turn"].to_pylist(), strict=True)
    rows = {key: row for row, key in enumerate(keys)}
    found: dict[tuple[int, str], list[tuple[int, int]]] = {}
    columns = [spans[name].to_pylist() for name in ("contact_id", "turn", "label", "start", "end")]
    for contact_id, turn, label, start, end in zip(*columns, strict=True):
        found.setdefault((rows[contact_id, turn], label), []).append((start, end))
    return found


def _row(
    told: _Told,
    texts: list[str],
    shown: dict[tuple[int, str], list[tuple[int, int]]],
    found: Weighed,
    contact: int,
    sentiment: Floats,
) -> dict[str, object]:
    present = [name for name, there in zip(SIGNALS, found.contacts.present[contact], strict=True) if there]
    mood = None if np.isnan(sentiment).any() else SENTIMENTS[int(sentiment.argmax())]
    events = [event for _, event in told.events]
    left = _level(told, texts, shown, "churn_intent") if "churn_intent" in present else []
    asked = "escalation_request" in present
    gone: ChurnLevel | None = churn(left)
    raised: Escalation | None = escalation(_level(told, texts, shown, "escalation_request"), asked=asked)
    return {
        "effort": round(effort_score(events), 2),
        "effort_avoidable": any(event.kind == AVOIDABLE for event in events),
        "scale": scale(present, int(found.contacts.frustration[contact]), mood, told.cues),
        "churn_level": gone.level if gone else None,
        "competitor": gone.competitor if gone else None,
        "escalation": raised.outcome if raised else None,
        "escalation_level": raised.level if raised else None,
    }


def _level(
    told: _Told, texts: list[str], shown: dict[tuple[int, str], list[tuple[int, int]]], signal: str
) -> Sequence[tuple[str, list[tuple[int, int]]]]:
    return [(texts[row], shown.get((row, signal), [])) for row in told.turns]


def _spans(corpus: Corpus, texts: list[str], told: list[_Told]) -> pa.Table:
    found = sorted(_located(told), key=lambda one: (one[0], one[1].start, one[1].kind))
    keys = corpus.turns.select(["contact_id", "turn"]).take(pa.array([row for row, _ in found], pa.int64()))
    columns = {
        "contact_id": keys["contact_id"],
        "turn": keys["turn"],
        "start": pa.array([event.start for _, event in found], pa.int32()),
        "end": pa.array([event.end for _, event in found], pa.int32()),
        "kind": pa.array(["effort"] * len(found), pa.string()),
        "label": pa.array([event.kind for _, event in found], pa.string()),
        "score": pa.array([_SURE] * len(found), pa.float64()),
        "quote": pa.array([texts[row][event.start : event.end] for row, event in found], pa.string()),
        "why": pa.array([event.why for _, event in found], pa.string()),
    }
    return pa.table(columns, schema=schema.SPANS)


def _located(told: list[_Told]) -> Iterator[tuple[int, Event]]:
    for each in told:
        yield from each.events
