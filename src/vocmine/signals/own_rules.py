"""`SignalRules`: signals of a user's own, from a YAML file, without code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from vocmine.corpus import Corpus
from vocmine.corpus.customers import customer_turns
from vocmine.errors import InputError
from vocmine.schema import SIGNALS
from vocmine.signals.cues import CANCELS, PSEUDO, Cue
from vocmine.signals.rules import Rules
from vocmine.text.folding import fold
from vocmine.text.qualifiers import QUALIFIERS

if TYPE_CHECKING:
    from vocmine.analysis import Analysis

_KEYS: Final = frozenset({"description", "phrases", "patterns", "except", "despite", "speaker"})
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,40}")
_TAKEN: Final = frozenset({*SIGNALS, "contact_id"})
_ODD_STAR: Final = re.compile(r"(?<!\w)\*|\*(?=\w)")
_SURE: Final = 3


class OwnSignals(NamedTuple):
    """What was found of signals of one's own.

    Attributes
    ----------
    contacts : DataFrame
        `contact_id`, then one bool column a signal; a row a contact, in the order of the corpus.
    spans : DataFrame
        `contact_id`, `turn`, `start`, `end`, `label`, `quote`, `why`: the words that show it.
    """

    contacts: pd.DataFrame
    spans: pd.DataFrame


@dataclass(frozen=True)
class SignalRules:
    """Signals told by phrases and patterns; build one with `from_yaml` or `from_mapping`.

    Attributes
    ----------
    cues : mapping of str to tuple of Cue
        By signal.
    speakers : mapping of str to str
        Whose turns are looked through: ``customer`` or ``agent``.

    Examples
    --------
    >>> rules = SignalRules.from_mapping({"coupure": {"phrases": ["plus de réseau", "coup* général*"]}})
    >>> corpus = Corpus.from_records(["Bonjour, plus de réseau depuis ce matin.", "Aucune coupure générale ici."])
    >>> rules.score(corpus).contacts["coupure"].tolist()
    [True, False]
    """

    cues: Mapping[str, tuple[Cue, ...]]
    speakers: Mapping[str, str]

    @classmethod
    def from_yaml(cls, path: str | Path) -> SignalRules:
        """Read a file: ``name:``, and below it any of phrases, patterns, except, despite, speaker, description.

        Phrases are words as one writes them, whatever the accents and capitals; ``*`` ends a word in any way. Patterns
        are regular expressions of RE2 on folded text (no accents, no capitals). What matches `except` is no cue. How a
        phrase is meant counts: « pas de coupure » is no outage, unless `despite` names ``negated``.

        Raises
        ------
        InputError
            The file cannot be read, or says something that is not understood: where, and what was expected.
        """
        name = Path(path).name
        try:
            given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else "?"
            raise InputError(f"{name}, line {line}: not YAML; check the indentation and the colons") from None
        except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
            raise InputError(f"{name} cannot be read ({type(error).__name__}); give a YAML file in UTF-8") from None
        if not isinstance(given, dict) or not given:
            raise InputError(f"{name} holds no signals, expected 'name:' lines with phrases below; see docs/signals.md")
        return cls.from_mapping(given)

    @classmethod
    def from_mapping(cls, signals: Mapping[str, Mapping[str, Any]]) -> SignalRules:
        """Build from what a YAML file would hold: name → its phrases, patterns...

        Raises
        ------
        InputError
            As in `from_yaml`.
        """
        cues = {str(name): _cues(str(name), each) for name, each in signals.items()}
        return cls(cues, {str(name): str(each.get("speaker", "customer")) for name, each in signals.items()})

    def score(self, source: Corpus | Analysis) -> OwnSignals:
        """Look through the turns of a corpus, or of an analysis.

        Raises
        ------
        InputError
            If it is neither.
        """
        corpus = source if isinstance(source, Corpus) else getattr(source, "corpus", None)
        if not isinstance(corpus, Corpus):
            raise InputError(f"got a {type(source).__name__}, expected a Corpus or an Analysis")
        ids = corpus.contacts["contact_id"].to_pylist()
        of_turn, ranks = corpus.turns["contact_id"].to_pylist(), corpus.turns["turn"].to_pylist()
        texts: list[str] = corpus.turns["text"].to_pylist()
        turns = {
            "customer": np.flatnonzero(customer_turns(corpus) >= 0).tolist(),
            "agent": np.flatnonzero(corpus.turns["speaker"].to_numpy() == "agent").tolist(),
        }
        rows = []
        for speaker, wanted in turns.items():
            rules = Rules({name: cues for name, cues in self.cues.items() if self.speakers[name] == speaker})
            for row, hits in zip(wanted, rules.find([texts[row] for row in wanted]), strict=True):
                rows += [
                    (of_turn[row], ranks[row], hit.start, hit.end, hit.signal, texts[row][hit.start : hit.end], hit.why)
                    for hit in hits
                    if hit.affirmed
                ]
        spans = pd.DataFrame(rows, columns=["contact_id", "turn", "start", "end", "label", "quote", "why"])
        contacts = pd.DataFrame({"contact_id": ids})
        for name in self.cues:
            contacts[name] = contacts["contact_id"].isin(set(spans.loc[spans["label"] == name, "contact_id"]))
        return OwnSignals(contacts, spans)


def _cues(name: str, given: object) -> tuple[Cue, ...]:
    """Check what is said of one signal, and make its cues."""
    if name in _TAKEN:
        raise InputError(f"signal {name!r} comes with the package; give yours another name")
    if not _NAME.fullmatch(name):
        raise InputError(f"signal {name!r} is no name, expected small letters, figures and _, such as panne_reseau")
    if not isinstance(given, Mapping):
        raise InputError(f"signal {name!r} holds {type(given).__name__}, expected phrases: or patterns: below it")
    if unknown := {str(key) for key in given} - _KEYS:
        raise InputError(f"signal {name!r} has {min(unknown)!r}, expected some of {', '.join(sorted(_KEYS))}")
    if given.get("speaker", "customer") not in ("customer", "agent"):
        raise InputError(f"signal {name!r}: speaker is {given['speaker']!r}, expected customer or agent")
    despite = frozenset(_words(name, given, "despite"))
    if wrong := despite - set(QUALIFIERS):
        raise InputError(f"signal {name!r}: despite names {min(wrong)!r}, expected some of {', '.join(QUALIFIERS)}")
    phrases, patterns, hidden = (_words(name, given, key) for key in ("phrases", "patterns", "except"))
    if not phrases and not patterns:
        raise InputError(f"signal {name!r} has neither phrases nor patterns; give one at least")
    cancelled = CANCELS - despite
    shown = [
        *((_phrase(name, phrase), f"phrase {place}") for place, phrase in enumerate(phrases, start=1)),
        *((_pattern(name, pattern), f"pattern {place}") for place, pattern in enumerate(patterns, start=1)),
    ]
    return (
        *(Cue(name, pattern, _SURE, why, cancelled) for pattern, why in shown),
        *(Cue(name, _phrase(name, phrase), PSEUDO, "except", cancelled) for phrase in hidden),
    )


def _words(name: str, given: Mapping[str, Any], key: str) -> list[str]:
    values = given.get(key, [])
    values = [values] if isinstance(values, str) else values
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise InputError(f"signal {name!r}: {key} is no list of texts; write one a line, each after a dash")
    return list(values)


def _phrase(name: str, phrase: str) -> str:
    """Return the pattern of a phrase: its words, whatever blanks are between them; ``*`` stands for any ending."""
    folded = fold(phrase).strip()
    if not any(map(str.isalnum, folded)) or _ODD_STAR.search(folded):
        raise InputError(f"signal {name!r}: a phrase has no words, or * elsewhere than at the end of one")
    words = [re.escape(word).replace(r"\*", r"\w{0,20}") for word in folded.split()]
    first, last = (r"\b" if edge.isalnum() else "" for edge in (folded[0], folded[-1]))
    return first + r"\s+".join(words) + last


def _pattern(name: str, pattern: str) -> str:
    """Check that both engines read a pattern."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
        expression = re.compile(pattern)
    except (pa.ArrowInvalid, re.error, OverflowError, RecursionError):
        raise InputError(
            f"signal {name!r}: a pattern of {len(pattern)} characters is no expression of RE2 (no look-around, no "
            "back-reference); see https://github.com/google/re2/wiki/Syntax"
        ) from None
    if expression.search("") is not None:
        raise InputError(f"signal {name!r}: a pattern of {len(pattern)} characters matches any text; ask for a word")
    return pattern
