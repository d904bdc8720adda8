"""The truth of a contact, from the lines that it was really made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .model import Composed, Turn
from .parts import SIGNALS, Line

_NEGATIVE = frozenset(SIGNALS) - {"resolved"}
_THREATS = {"legal_threat", "public_threat", "churn_intent"}
_POLARITIES = {"": "neutral", "-": "negative", "+": "positive", "+-": "mixed"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a careful annotator would say of the whole contact."""

    sentiment: str
    signals: tuple[str, ...]
    frustration: int
    resolved: bool
    styles: tuple[str, ...]


def polarity_of(lines: Iterable[Line]) -> str:
    """Feeling of some lines taken together."""
    signs = {sign for line in lines for sign in line.polarity} - {"="}
    return _POLARITIES["".join(sorted(signs))]


def signals_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """Signals of some lines, in the order of the definitions."""
    found = {signal for line in lines for signal in line.signals}
    return tuple(signal for signal in SIGNALS if signal in found)


def customer_lines(turns: Iterable[Turn]) -> list[Line]:
    """All lines that the customer said."""
    return [line for turn in turns if turn.speaker == "customer" for line in turn.lines]


def sentiment_of(composed: Composed) -> str:
    """Sentiment of a whole contact."""
    return polarity_of(customer_lines(composed.turns))


def frustration_of(lines: list[Line], signals: tuple[str, ...], tone: str) -> int:
    """Frustration from 0 to 3, by the rulings on intensity."""
    found = set(signals) & _NEGATIVE
    tones = {line.tone for line in lines}
    if tones & {"furious", "distressed"} or ("anger" in found and found & _THREATS):
        return 3
    if found & {"anger", "agent_hostility", "distrust", "legal_threat"}:
        return 2
    if len(found) >= 3 and tone != "calm":
        return 2
    return int(bool(found) or any("-" in line.polarity for line in lines))


def judge(composed: Composed) -> Judgement:
    """Judge a contact from its lines."""
    lines = customer_lines(composed.turns)
    signals = signals_of(lines)
    styles = {line.style for turn in composed.turns if turn.speaker == "agent" for line in turn.lines}
    return Judgement(
        sentiment=polarity_of(lines),
        signals=signals,
        frustration=frustration_of(lines, signals, composed.tone),
        resolved="resolved" in signals,
        styles=tuple(sorted(styles - {""})),
    )
