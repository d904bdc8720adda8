"""A contact being written: its pools, its values, and the lines said so far."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

from . import slots
from .agreement import agrees
from .model import Contact, Turn
from .parts import Line, Parts, choose_alternatives
from .select import Chooser, in_euros

_CA_SHARE = 0.7
_START = re.compile(rf"^({slots.OPEN}?)(\w)")
_NEW_SENTENCE = re.compile(rf"([.!?…] {slots.OPEN}?)([a-zà-ÿ])")


class Draft:
    """Access to the parts for one contact."""

    def __init__(
        self, contact: Contact, parts: Parts, sentiment: str, tone: str, uses: Counter[str], rng: Random
    ) -> None:
        self.contact = contact
        self.parts = parts
        self.sentiment = sentiment
        self.tone = tone
        self.rng = rng
        self.language = contact.matter.customer.language
        self.values = slots.contact_values(contact, rng)
        self.agent_is_woman = rng.random() < 0.5
        self.values["agent"] = slots.agent_name(self.agent_is_woman, self.values["first"], rng)
        products = parts.domains[contact.matter.reason.domain].products
        self.chooser = Chooser(contact, sentiment, tone, products, uses, rng)

    def reason_line(self, name: str, free: bool = False, sign: str = "") -> Line | None:
        """Line of the reason's own pool `name`, or of the incident's, felt as `sign`."""
        for pool in self._reason_pools(name):
            wanted = [line for line in pool if sign in line.polarity]
            if free:
                wanted = self.by_agent(wanted)
            line = self.chooser.pick(wanted, free)
            if line is not None:
                return line
        return None

    def _reason_pools(self, name: str) -> list[list[Line]]:
        reason, quebec = self.contact.matter.reason, self.contact.matter.customer.quebec
        source = self.parts.incident if self.contact.incident else reason.pools
        french, local = source.get(name, []), source.get(f"{name}_ca", [])
        if not quebec:
            return [french]
        if name in ("problem", "social"):
            return [local]
        return [local, french] if self.rng.random() < _CA_SHARE else [french, local]

    def shared_line(self, *path: str, free: bool = False) -> Line | None:
        """Line of the shared pools, from Quebec first for a customer of Quebec."""
        for language in self._shared_languages():
            pool = self.parts.shared_pool(language, *path)
            if free:
                pool = self.by_agent(pool)
            line = self.chooser.pick(pool, free)
            if line is not None:
                return line
        return None

    def by_agent(self, pool: Sequence[Line]) -> list[Line]:
        """Lines that the agent of this contact can say."""
        quebec = self.contact.matter.customer.quebec
        return [line for line in pool if agrees(line, self.agent_is_woman) and not (quebec and in_euros(line))]

    def _shared_languages(self) -> list[str]:
        if not self.contact.matter.customer.quebec:
            return [self.language]
        return ["ca", "fr"] if self.rng.random() < _CA_SHARE else ["fr", "ca"]

    def said(self, line: Line, by_agent: bool = False) -> str:
        """Expand and fill one line, with a capital first letter."""
        template = slots.with_future(choose_alternatives(line.template, self.rng), by_agent)
        text = slots.fill(template, self.values)
        text = _NEW_SENTENCE.sub(lambda m: m[1] + m[2].upper(), text)
        keep_small = re.match(r"[a-zà-ÿ]", line.template) is not None
        return text if keep_small else _START.sub(lambda m: m[1] + m[2].upper(), text)

    def turn(self, speaker: str, lines: Sequence[Line | None], joiner: str = " ") -> Turn:
        """Join the lines into one turn."""
        kept = [line for line in lines if line is not None]
        return Turn(speaker, _join([self.said(line, speaker == "agent") for line in kept], joiner), kept)

    def has(self, sign: str) -> bool:
        """Whether some line taken so far is felt as `sign`."""
        return any(sign in line.polarity for line in self.chooser.taken)


def _join(texts: list[str], joiner: str) -> str:
    joined = ""
    for text in texts:
        if not joined:
            joined = text
        elif joiner == " " and joined.endswith(","):
            joined += " " + _small_start(text)
        elif joiner == " " and joined[-1] not in ".!?,…:😡👏🙄😊":
            joined += ". " + text
        else:
            joined += joiner + text
    return joined


def _small_start(text: str) -> str:
    """Lower the first letter after a comma, unless the word is a name, an acronym or a slot value."""
    first = text.split(" ", 1)[0]
    if text.startswith(slots.OPEN) or first[1:2].isupper() or not first[:1].isupper():
        return text
    return text[0].lower() + text[1:]


def word_count(template: str) -> int:
    """Words of a template once one alternative of each group is kept."""
    return len(re.sub(r"\[([^|\]]*)[^\]]*\]", r"\1", template).split())
