"""`LiveContact`: a conversation as it goes, each new turn read once, with an alert when the risk crosses a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from vocmine.corpus import Corpus
from vocmine.errors import InputError
from vocmine.schema import SIGNALS
from vocmine.signals.queue import CHURN, REASONS, WEIGHTS

if TYPE_CHECKING:
    from vocmine.analysis import Analysis

_SPEAKERS: Final = {"customer": "client", "agent": "conseiller"}


class Scorer(Protocol):
    """What scores a corpus: a `vocmine.Miner`."""

    def score(self, corpus: Corpus) -> Analysis:
        """Score a corpus."""
        ...


class LiveState(NamedTuple):
    """Where a conversation stands after a turn.

    Attributes
    ----------
    turn : int
        Rank of the turn, from 0.
    risk : float
        0 to 1, as in `escalation_queue`, over all that the customer has said.
    alert : bool
        Whether this turn took the risk over the threshold.
    frustration : int
        Of the customer's last turn, 0 to 3.
    peak : int
        The worst so far.
    signals : tuple of str
        Heard so far, in the order of `vocmine.schema.SIGNALS`.
    new : tuple of (str, str)
        Signals that this turn is the first to carry, with the words that show them.
    """

    turn: int
    risk: float
    alert: bool
    frustration: int
    peak: int
    signals: tuple[str, ...]
    new: tuple[tuple[str, str], ...]


class LiveContact:
    """Follow one conversation turn by turn; earlier turns are not read again.

    Parameters
    ----------
    miner : Miner
        Loaded once for all conversations.
    channel : str, default "phone"
    threshold : float, default 0.5
        Risk from which there is an alert, 0 to 1.

    Raises
    ------
    InputError
        If the threshold is not from 0 to 1.

    Examples
    --------
    >>> import vocmine as vm
    >>> call = LiveContact(vm.Miner())
    >>> call.hear("Bonjour, je n'ai toujours pas reçu mon remboursement.").alert
    False
    >>> call.hear("Je comprends, je regarde.", speaker="agent").turn
    1
    """

    def __init__(self, miner: Scorer, *, channel: str = "phone", threshold: float = 0.5) -> None:
        if not 0 <= threshold <= 1:
            raise InputError(f"threshold is {threshold}, expected 0 to 1; it is compared with the risk")
        self._miner = miner
        self._channel = channel
        self._threshold = threshold
        self._turn = -1
        self._best: dict[str, float] = {}
        self._severe = 0.0
        self._leaving = 0.0
        self._state = LiveState(-1, 0.0, alert=False, frustration=0, peak=0, signals=(), new=())

    @property
    def state(self) -> LiveState:
        """Where the conversation stands."""
        return self._state

    def hear(self, text: str, speaker: str = "customer") -> LiveState:
        """Read a new turn.

        Parameters
        ----------
        text : str
        speaker : {"customer", "agent"}

        Raises
        ------
        InputError
            If the speaker is another, or the text is blank.
        """
        if speaker not in _SPEAKERS:
            raise InputError(f"speaker is {speaker!r}, expected customer or agent")
        row = {"texte": text, "id": "live", "locuteur": _SPEAKERS[speaker], "canal": self._channel}
        corpus = Corpus.from_records([row])
        if not len(corpus):
            raise InputError("got a turn without text, expected words; leave silent turns out")
        self._turn += 1
        if speaker == "agent":
            self._state = self._state._replace(turn=self._turn, alert=False, new=())
            return self._state
        self._state = self._after(self._miner.score(corpus))
        return self._state

    def _after(self, analysis: Analysis) -> LiveState:
        contact = analysis.contacts.iloc[0]
        found: list[str] = [*analysis.contacts["signals"].explode().dropna()]
        spans = analysis.spans
        quotes = {name: str(spans.loc[spans["label"] == name, "quote"].iloc[0]) for name in found}
        new = tuple((name, quotes[name]) for name in found if name not in self._best)
        for name in found:
            self._best[name] = max(self._best.get(name, 0.0), float(contact[f"p_{name}"]))
        if "churn_intent" in found:
            left = CHURN.get(contact["churn_level"], 1.0)
            self._leaving = max(self._leaving, left * float(contact["p_churn_intent"]))
        level = analysis.tables["contact_scores"]["frustration"][0].as_py() or 0
        if level > 1:
            self._severe = max(self._severe, float(contact["p_frustrated"]) * (level - 1) / 2)
        risk = self._risk()
        return LiveState(
            turn=self._turn,
            risk=risk,
            alert=risk >= self._threshold > self._state.risk,
            frustration=level,
            peak=max(level, self._state.peak),
            signals=tuple(name for name in SIGNALS if name in self._best),
            new=new,
        )

    def _risk(self) -> float:
        heard = {
            reason: max((self._best.get(name, 0.0) for name in told), default=0.0) for reason, told in REASONS.items()
        }
        heard |= {"severe": self._severe, "leaving": self._leaving}
        return float(1 - np.prod([1 - WEIGHTS[reason] * p for reason, p in heard.items()]))
