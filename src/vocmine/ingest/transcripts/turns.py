"""Turns as transcripts hold them, and the rows that a corpus is built from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from vocmine.corpus import ColumnOptions, RawRows
from vocmine.corpus.roles import infer_roles
from vocmine.corpus.vocabulary import read_speaker

BATCH_ROWS: Final = 5_000
LONGEST_GAP: Final = 1.5
"""Seconds of silence after which the same speaker starts another turn."""
LONGEST_TURN: Final = 8_000
"""Characters beyond which a turn is not joined to the next: about ten minutes of speech."""

_MOST_SPEAKERS: Final = 1_000
_OWN: Final = ("start_s", "end_s", "speaker_label", "speaker_from", "speaker_confidence", "cues")
_KNOWN: Final = ColumnOptions(
    text="text",
    contact_id="contact_id",
    turn="turn",
    speaker="speaker",
    at="at",
    channel="channel",
    language="language",
)


class Turn(NamedTuple):
    """One turn, or one cue of a turn.

    Attributes
    ----------
    contact_id : str
        The call or chat.
    text : str
        What is said.
    label : str or None
        The speaker, as the source writes it.
    start_s, end_s : float or None
        Seconds since the start of the contact.
    role : str or None
        The speaker's role, where the source has a field for it.
    at : datetime or str or None
        When it was said, where the source tells.
    language : str or None
        As the source names it.
    cues : int
        Cues joined in the turn.
    """

    contact_id: str
    text: str
    label: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    role: str | None = None
    at: datetime | str | None = None
    language: str | None = None
    cues: int = 1


class Malformed(NamedTuple):
    """A row that cannot be read; `why` names its line or place, and none of its words."""

    why: str


Row = Turn | Malformed


def join_cues(rows: Iterable[Row]) -> Iterator[Row]:
    """Join the cues of one named speaker that follow each other; see the package for the rule."""
    turn: Turn | None = None
    for row in rows:
        if turn is not None and isinstance(row, Turn) and _goes_on(turn, row):
            turn = row._replace(
                text=f"{turn.text} {row.text}", start_s=turn.start_s, at=turn.at, cues=turn.cues + row.cues
            )
            continue
        if turn is not None:
            yield turn
        turn = row if isinstance(row, Turn) else None
        if turn is None:
            yield row
    if turn is not None:
        yield turn


def _goes_on(turn: Turn, cue: Turn) -> bool:
    same = turn.label is not None and (turn.label, turn.contact_id) == (cue.label, cue.contact_id)
    fits = len(turn.text) + len(cue.text) < LONGEST_TURN
    return same and fits and (cue.start_s or 0.0) - (turn.end_s or 0.0) < LONGEST_GAP


def raw_rows(rows: Iterable[Row], source: str, *, channel: str, notes: Sequence[str] = ()) -> Iterator[RawRows]:
    """Give rows to a corpus, some thousands at a time, the role of each speaker being told or inferred.

    A role comes from the source's own field (`speaker_from` is ``metadata``), else from the speaker's label
    (``label``), else from what the speaker says (``inferred``, with `speaker_confidence`); else it is unknown. What is
    inferred on the first thousands of turns of a contact holds for all of them.

    Parameters
    ----------
    rows : iterable of Turn or Malformed
        The turns of a contact one after the other.
    source : str
        Name of the file.
    channel : str
        One of `schema.CHANNELS`.
    notes : sequence of str
        How the file was read, in French.
    """
    contacts = _Contacts()
    position, left = 0, iter(rows)
    batch = list(islice(left, BATCH_ROWS))
    while True:
        turns = [(position + place, row) for place, row in enumerate(batch) if isinstance(row, Turn)]
        malformed = {position + place: row.why for place, row in enumerate(batch) if isinstance(row, Malformed)}
        told = contacts.tell([turn for _, turn in turns])
        records = [{**_record(turn), "channel": channel, **more} for (_, turn), more in zip(turns, told, strict=True)]
        positions = np.array([place for place, _ in turns], dtype=np.int64)
        yield RawRows(_frame(records), source, positions, malformed, notes=tuple(notes), known=_KNOWN)
        position += len(batch)
        batch = list(islice(left, BATCH_ROWS))
        if not batch:
            return


def _record(turn: Turn) -> dict[str, object]:
    at = turn.at.isoformat() if isinstance(turn.at, datetime) else turn.at
    return {
        "text": turn.text, "contact_id": turn.contact_id, "at": at, "language": turn.language, "start_s": turn.start_s,
        "end_s": turn.end_s, "speaker_label": turn.label, "cues": turn.cues,
    }  # fmt: skip


def _frame(records: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(records), columns=[*_KNOWN, *_OWN], dtype=object)
    floats = dict.fromkeys(("start_s", "end_s", "speaker_confidence"), "float64")
    return frame.astype({**floats, "turn": "int64", "cues": "int64"})


class _Contacts:
    """What is known of the contact being read, from one batch to the next: its speakers and its number of turns."""

    def __init__(self) -> None:
        self._contact: str | None = None
        self._n_turns = 0
        self._told: dict[str, dict[str, object]] = {}

    def tell(self, turns: Sequence[Turn]) -> list[dict[str, object]]:
        """Return, for each turn, its rank in its contact, the role of its speaker and where this comes from."""
        told: list[dict[str, object]] = []
        for contact, group in groupby(turns, key=attrgetter("contact_id")):
            if contact != self._contact:
                self._contact, self._n_turns, self._told = contact, 0, {}
            said = list(group)
            told += ({"turn": rank, **role} for rank, role in enumerate(self._roles(said), start=self._n_turns))
            self._n_turns += len(said)
        return told

    def _roles(self, turns: Sequence[Turn]) -> list[dict[str, object]]:
        unknown = _told("unknown", None)
        for turn in turns:
            is_new = turn.label not in self._told and len(self._told) < _MOST_SPEAKERS
            if turn.label is not None and turn.role is None and is_new:
                role, trouble = read_speaker(turn.label)
                self._told[turn.label] = unknown if trouble or role == "unknown" else _told(role, "label")
        anonymous = {label for label, told in self._told.items() if told["speaker_from"] is None}
        if anonymous:
            known = {label: str(told["speaker"]) for label, told in self._told.items() if label not in anonymous}
            guesses = infer_roles(((turn.label, turn.text) for turn in turns if turn.label and not turn.role), known)
            for label in anonymous & set(guesses):
                if guesses[label].role != "unknown":
                    self._told[label] = _told(guesses[label].role, "inferred", guesses[label].confidence)
        return [
            _told(turn.role, "metadata") if turn.role else self._told.get(turn.label or "", unknown) for turn in turns
        ]


def _told(role: str, origin: str | None, confidence: float | None = None) -> dict[str, object]:
    return {"speaker": role, "speaker_from": origin, "speaker_confidence": confidence}
