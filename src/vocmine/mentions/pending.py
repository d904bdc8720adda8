"""The public conversations whose last word is a customer's, and what is known of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from vocmine.corpus import Corpus
from vocmine.text.mask import find_personal

Turn = dict[str, object]
"""One row of `Corpus.to_pandas`."""

_AUDIENCE = {"followers": 1, "likes": 10, "replies": 10, "reposts": 20}  # people that one of each stands for


@dataclass(frozen=True)
class Pending:
    """A contact that waits.

    Attributes
    ----------
    contact_id, conversation_id : str
    turns : tuple of Turn
        What its customer wrote since the company last did.
    since : Timestamp or None
        When the first of these was written.
    to_company, to_others : bool
        The company is spoken to by name, by an answer or in a review; other people are.
    audience : float
        People that may have read it, by the figures that the export has.
    """

    contact_id: str
    conversation_id: str
    turns: tuple[Turn, ...]
    since: pd.Timestamp | None
    to_company: bool
    to_others: bool
    audience: float

    @property
    def texts(self) -> list[str]:
        """What was written, in order."""
        return [str(turn["text"]) for turn in self.turns]


def pending(corpus: Corpus, own: Collection[str]) -> Iterator[Pending]:
    """Give the contacts of the social channel, and the reviews of others, that end with a customer's word.

    Parameters
    ----------
    corpus : Corpus
    own : collection of str
        Accounts of the company, beside the authors of agents' turns.
    """
    frame = corpus.to_pandas()
    frame = frame[(frame["channel"] == "social") | frame["rating"].notna()]
    frame = frame.sort_values(["contact_id", "turn"], kind="stable")
    turns: list[Turn] = frame.astype(object).where(frame.notna(), None).to_dict("records")  # type: ignore[assignment]
    company = _Company(turns, own)
    by_contact: dict[str, list[Turn]] = {}
    for turn in turns:
        by_contact.setdefault(str(turn["contact_id"]), []).append(turn)
    for contact_id, said in by_contact.items():
        last = _since_the_company(said, company)
        if last:
            yield _pending(contact_id, last, answered=len(last) < len(said), company=company)


class _Company:
    """Who speaks for the company, and who wrote each message that is answered."""

    def __init__(self, turns: Iterable[Turn], own: Collection[str]) -> None:
        self.names = {_handle(name) for name in own}
        self._by_id: dict[str, Turn] = {}
        for turn in turns:
            if turn["speaker"] == "agent" and turn.get("author"):
                self.names.add(_handle(turn["author"]))
            if turn.get("message_id"):
                self._by_id[str(turn["message_id"])] = turn

    def said(self, turn: Turn) -> bool:
        return turn["speaker"] in {"agent", "bot"} or _handle(turn.get("author")) in self.names

    def is_named_in(self, turn: Turn) -> bool:
        return any(_handle(name) in self.names for name in mentions(turn))

    def answered_by(self, turn: Turn) -> Turn | None:
        return self._by_id.get(str(turn.get("reply_to")))


def mentions(turn: Turn) -> list[str]:
    """Return the accounts that a message names: those that the export lists, else those in its text."""
    listed = turn.get("mentions")
    if listed is not None and not isinstance(listed, str):
        return [str(name) for name in listed]  # type: ignore[attr-defined]  # a list, or an array out of Arrow
    text = str(turn["text"])
    return [text[start + 1 : end] for start, end, kind in find_personal(text) if kind == "handle"]


def _handle(name: object) -> str:
    return "" if name is None else str(name).strip().removeprefix("@").casefold()


def _since_the_company(turns: list[Turn], company: _Company) -> list[Turn]:
    last: list[Turn] = []
    for turn in turns:
        if company.said(turn):
            last = []
        elif turn["speaker"] != "system":
            last.append(turn)
    return last


def _pending(contact_id: str, turns: list[Turn], *, answered: bool, company: _Company) -> Pending:
    above = [each for turn in turns if (each := company.answered_by(turn)) is not None]
    to_company = (
        answered
        or any(turn.get("rating") is not None or company.is_named_in(turn) for turn in turns)
        or any(company.said(turn) for turn in above)
    )
    to_others = any(not company.said(turn) for turn in above if turn["contact_id"] != contact_id) or (
        bool(company.names) and all(str(turn["text"]).startswith("@") for turn in turns)
    )
    dates = [at for turn in turns if isinstance(at := turn.get("at"), pd.Timestamp)]
    return Pending(
        contact_id=contact_id,
        conversation_id=str(turns[0].get("conversation_id") or contact_id),
        turns=tuple(turns),
        since=min(dates) if dates else None,
        to_company=to_company,
        to_others=to_others and not to_company,
        audience=max(_audience(turn) for turn in turns),
    )


def _audience(turn: Turn) -> float:
    figures = {name: turn.get(name) for name in _AUDIENCE}
    return sum(_AUDIENCE[name] * float(figure) for name, figure in figures.items() if isinstance(figure, int | float))
