"""Whether the words shown are the words meant: spans against the quotes of annotators and the marks of writers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from signals_accounts import RESULTS, Label
from signals_figures import Integers, Measured, drawn_over
from signals_suites import SUITES, Written

import vocmine as vm
from vocmine.errors import ReadError
from vocmine.evaluation import data_folder
from vocmine.text import normalise

SPANS = RESULTS / "signals_spans.csv"
_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans("’‘`´", "''''")

Stretch = tuple[int, int, int]
"""Turn, start, end."""


@dataclass(frozen=True)
class Shown:
    """A signal that is rightly reported of a contact, in words.

    Attributes
    ----------
    covered : bool
        Whether a span holds half or more of the words of a quote.
    spans, quotes : tuple of int
        Their lengths, words.
    """

    covered: bool
    spans: tuple[int, ...]
    quotes: tuple[int, ...]

    @classmethod
    def of(cls, turns: Sequence[str], spans: Sequence[Stretch], quotes: Sequence[Stretch]) -> Shown:
        """Compare the spans of one signal with its quotes."""
        meant = [_words(turns, quote) for quote in quotes]
        told = [_words(turns, span) for span in spans]
        covered = any(2 * len(quote & span) >= len(quote) for quote in meant if quote for span in told)
        return cls(covered, tuple(map(len, told)), tuple(map(len, meant)))


def _words(turns: Sequence[str], stretch: Stretch) -> set[Stretch]:
    """Return the places of the words that lie in a stretch; one cut in two lies outside."""
    turn, start, end = stretch
    return {(turn, *word.span()) for word in _WORD.finditer(turns[turn]) if start <= word.start() and word.end() <= end}


def span_lines(name: str, pairs: Sequence[Shown]) -> list[Measured]:
    """Measure the words of the right (contact, signal) pairs of a set of texts."""
    if not pairs:
        return []
    covered = np.array([pair.covered for pair in pairs])

    def ratio(rows: Integers) -> float:
        spans = [length for row in rows for length in pairs[row].spans]
        quotes = [length for row in rows for length in pairs[row].quotes]
        return float(np.median(spans) / np.median(quotes)) if spans else 0.0

    held = drawn_over(lambda rows: float(covered[rows].mean()), len(pairs))
    lengths = drawn_over(ratio, len(pairs))
    return [
        Measured.by(name, "right pairs whose span holds half the quote", held, len(pairs), at_least=0.85),
        Measured.by(name, "median span over median quote", lengths, len(pairs), at_most=2.0),
    ]


def pairs_of_suite(name: str, contacts: Iterable[Written], analysis: vm.Analysis) -> list[Shown]:
    """Return the right pairs of a suite, for the signals that it was written for."""
    spans = by_pair(analysis.spans[analysis.spans["kind"] == "signal"].rename(columns={"label": "signal"}))
    found = []
    for each in contacts:
        turns = [turn.text for turn in each.turns]
        for signal in sorted(each.labels & set(SUITES[name])):
            quotes = [
                (place, start, end)
                for place, turn in enumerate(each.turns)
                for start, end, label in turn.marks
                if label == signal
            ]
            if shown := spans.get((each.contact_id, signal)):
                found.append(Shown.of(turns, shown, quotes))
    return found


def pairs_of_accounts(spans: pd.DataFrame, labels: Mapping[str, Label], texts: Mapping[str, str]) -> list[Shown]:
    """Return the right pairs of accounts.

    Parameters
    ----------
    spans : DataFrame
        `contact_id`, `signal`, `start`, `end`.
    labels : mapping of str to Label
    texts : mapping of str to str
        The accounts that the offsets count in.
    """
    told = by_pair(spans.assign(turn=0))
    found = []
    for (name, signal), shown in told.items():
        quote = labels[name]["signals"].get(signal) if name in labels else None
        if quote is not None:
            found.append(Shown.of([texts[name]], shown, [(0, *place(texts[name], quote))]))
    return found


def by_pair(spans: pd.DataFrame) -> dict[tuple[str, str], list[Stretch]]:
    """Return the spans of each contact and signal."""
    found: dict[tuple[str, str], list[Stretch]] = {}
    for row in spans[["contact_id", "signal", "turn", "start", "end"]].itertuples(index=False):
        found.setdefault((str(row[0]), str(row[1])), []).append((int(row[2]), int(row[3]), int(row[4])))
    return found


def place(text: str, quote: str) -> tuple[int, int]:
    """Return where a quote stands in a text whose blanks and apostrophes may differ from its own.

    Raises
    ------
    ReadError
        If it does not stand there.
    """
    words = [re.escape(word) for word in quote.translate(_QUOTES).split()]
    found = re.search(r"\s+".join(words), text.translate(_QUOTES), re.IGNORECASE)
    if found is None:
        raise ReadError(f"a quote of {len(quote)} characters is not in its text of {len(text)}; check the labels")
    return found.span()


def read_spans(path: Path = SPANS) -> pd.DataFrame:
    """Read the held-out spans that the model's recipe writes.

    Raises
    ------
    ReadError
        If they are not there.
    """
    if not path.is_file():
        raise ReadError(f"{path.name} is not there; models/recipe/build_signals.py writes it")
    return pd.read_csv(path, dtype={"contact_id": str})


def read_accounts() -> dict[str, str]:
    """Read the accounts of Services Publics+ as the recipe reads them: title and text, repaired."""
    path = data_folder() / "services_publics_plus" / "dev.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    texts = frame["title"] + ". " + frame["text"]
    return {name: normalise(text).text for name, text in zip(frame["contact_id"], texts, strict=True)}
