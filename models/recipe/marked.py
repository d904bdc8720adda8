"""Texts with their signals marked where they stand: real accounts, and texts written for this project, in one shape.

A unit is a contact (the customer's turns, for signals) or one agent's turn (for styles), cut into the segments that the
library encodes. Labels are of units; marks are of characters, for the words that show a label.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from places import BENCHMARKS, RECIPE

from vocmine.evaluation import data_folder, read_folds
from vocmine.schema import SIGNALS, STYLES
from vocmine.text import normalise, segment

LABELS = (*SIGNALS, *STYLES)
_MARK = re.compile(r"\[([^\[\]|]+)\|([a-z_,]+)\]")
_TURN = re.compile(r"\s*//\s*(?=[CA]:)")
_ABOUT: tuple[str, ...] = ("variant", "channel", "traps", "sentiment", "scale", "domain")
_QUOTES = str.maketrans("’‘`´", "''''")


@dataclass(frozen=True)
class Marked:
    """One unit.

    Attributes
    ----------
    source : str
        ``annotated`` (one quote a signal), ``read`` (every quote) or ``written`` (every quote).
    name : str
    fold : int
    turns : tuple of str
    segments : tuple of (int, int, int)
        Turn, start, end.
    marks : tuple of (int, int, int, int)
        Turn, start, end, place in `LABELS`.
    labels : float32 array of shape (labels,)
        1 or 0; NaN where the unit does not say.
    frustration : int
        0 to 3, -1 where the unit does not say.
    about : dict of str to str
        ``variant``, ``channel``, ``traps``, ``sentiment``, ``scale``.
    """

    source: str
    name: str
    fold: int
    turns: tuple[str, ...]
    segments: tuple[tuple[int, int, int], ...]
    marks: tuple[tuple[int, int, int, int], ...]
    labels: NDArray[np.float32]
    frustration: int
    about: dict[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The segments' texts."""
        return [self.turns[turn][start:end] for turn, start, end in self.segments]


def accounts() -> list[Marked]:
    """Read the accounts of Services Publics+: those annotated with a quote a signal, and those read since."""
    frame = pd.read_csv(data_folder() / "services_publics_plus" / "dev.csv", dtype=str, keep_default_na=False)
    texts = dict(zip(frame["contact_id"], frame["title"] + ". " + frame["text"], strict=True))
    folds = read_folds(BENCHMARKS / "folds" / "services_publics_plus.csv")
    lines = (data_folder() / "signals_dev" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    for row in map(json.loads, lines):
        text = normalise(texts[row["contact_id"]]).text
        marks = [(0, *_place(text, quote), LABELS.index(key)) for key, quote in row["signals"].items()]
        found.append(_unit("annotated", row["contact_id"], (text,), marks, int(row["frustration"]), row))
    for row in _read_accounts():
        text = normalise(texts[row["contact_id"]]).text
        marks = [(0, start, end, LABELS.index(key)) for key, start, end in row["marks"]]
        found.append(_unit("read", row["contact_id"], (text,), marks, row["frustration"], row))
    by_id = dict(zip((one.name for one in found), folds.assign([one.name for one in found]), strict=True))
    return [_in_fold(one, int(by_id[one.name])) for one in found]


def written(kind: str = "signals") -> list[Marked]:
    """Read the texts written for this project; conversations give one unit for the customer, one an agent's turn."""
    path = RECIPE / f"written_{kind}.tsv"
    found = []
    for rank, row in enumerate(csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=3)):
        found += read_line(f"w{rank}", row)
    return found


def read_line(name: str, row: list[str]) -> list[Marked]:
    """Read one line: domain, channel, variant, frustration, sentiment, scale, traps, text with its marks."""
    domain, channel, variant, frustration, sentiment, scale, traps, text = row
    about = {"domain": domain, "channel": channel, "variant": variant, "sentiment": sentiment, "scale": scale}
    about["traps"] = traps
    said: list[tuple[str, list[tuple[int, int, int]]]] = []
    found = []
    for place, turn in enumerate(_TURN.split(text)):
        clean, marks = _unmarked(turn.removeprefix("C:").removeprefix("A:").strip())
        if turn.startswith("A:"):
            styled = [(0, *mark) for mark in marks]
            found.append(_unit("written", f"{name}/{place}", (clean,), styled, -1, about, agent=True))
        else:
            said.append((clean, marks))
    marks_of = [(turn, *mark) for turn, (_, marks) in enumerate(said) for mark in marks]
    if said:
        found.append(_unit("written", name, tuple(clean for clean, _ in said), marks_of, int(frustration), about))
    # All turns of a contact are of one fold: by its whole text.
    fold = int(hashlib.sha256(text.encode()).hexdigest(), 16) % 5
    return [_in_fold(one, fold) for one in found]


def _unit(
    source: str,
    name: str,
    turns: tuple[str, ...],
    marks: list[tuple[int, int, int, int]],
    frustration: int,
    about: Mapping[str, Any],
    *,
    agent: bool = False,
) -> Marked:
    labels = np.full(len(LABELS), np.nan, dtype=np.float32)
    known = slice(len(SIGNALS), None) if agent else slice(0, len(SIGNALS))
    labels[known] = 0
    labels[[mark[3] for mark in marks]] = 1
    kept = {key: str(about[key]) for key in _ABOUT if key in about}
    return Marked(source, name, -1, turns, tuple(_cut(turns)), tuple(marks), labels, frustration, kept)


def _in_fold(unit: Marked, fold: int) -> Marked:
    return replace(unit, fold=fold)


def _cut(turns: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
    for turn, text in enumerate(turns):
        for start, end in segment(text):
            piece = text[start:end]
            if piece.strip():
                yield turn, start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _unmarked(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """Take the marks out of a text; return it with (start, end, label) of each."""
    clean, marks, last = "", [], 0
    for found in _MARK.finditer(text):
        clean += text[last : found.start()]
        marks += [(len(clean), len(clean) + len(found[1]), LABELS.index(key)) for key in found[2].split(",")]
        clean += found[1]
        last = found.end()
    clean += text[last:]
    repaired = normalise(clean).text
    return (clean, marks) if repaired == clean else (repaired, [_moved(clean, repaired, mark) for mark in marks])


def _moved(before: str, after: str, mark: tuple[int, int, int]) -> tuple[int, int, int]:
    start, end = _place(after, before[mark[0] : mark[1]])
    return start, end, mark[2]


def _place(text: str, quote: str) -> tuple[int, int]:
    """Return where a quote stands in a text whose blanks and apostrophes may differ from its own."""
    words = [re.escape(word) for word in quote.translate(_QUOTES).split()]
    found = re.search(r"\s+".join(words), text.translate(_QUOTES), re.IGNORECASE)
    if found is None:
        raise ValueError(f"a quote of {len(quote)} characters is not in its text of {len(text)}")
    return found.span()


def _read_accounts() -> Iterator[dict[str, Any]]:
    """Read what was read of the other accounts: offsets in the repaired text, so that no word of it is kept here."""
    path = RECIPE / "signals_accounts.json"
    yield from json.loads(path.read_text(encoding="utf-8")) if path.exists() else ()
