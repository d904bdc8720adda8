"""A contact being written: its pools, its values, and the lines said so far."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from . import affinity, slots
from .agreement import agrees
from .model import Contact, Turn
from .parts import Line, Parts, choose_alternatives
from .select import Chooser, in_euros

_CA_SHARE = 0.7
# Of the answers after which a customer ends well, the share that settles the matter at once.
_SETTLED = 0.8
# What an agent can put right at the keyboard.
_DONE_AT_ONCE = {"invoice_wrong", "invoice_unexpected", "access_account", "contract_cancellation"}
_CUSTOMER_POOLS = ("problem", "detail", "ask", "social")
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
        self.heard = ""

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

    def answers(self) -> list[Line]:
        """Lines taken so far that carry the style of an agent."""
        return [line for line in self.chooser.taken if line.style]

    def problem_lines(self) -> list[Line]:
        """Lines that say the matter, in the French of the customer."""
        return [line for pool in self._reason_pools("problem") for line in pool]

    def only_points_back(self, line: Line) -> bool:
        """Whether `line` recalls what was told before without naming it."""
        return line in self.parts.shared_pool("fr", "restate") and "{label}" not in line.template

    def customer_lines(self) -> list[Line]:
        """All that customers can say about the reason, whatever their country."""
        reason = self.contact.matter.reason
        names = [name for name in reason.pools if name.split("_")[0] in _CUSTOMER_POOLS]
        return [line for name in names for line in reason.pools[name]]

    def answer(self, solve: bool = False) -> Line | None:
        """Answer of the agent to what was heard; a general one where none speaks of it.

        Parameters
        ----------
        solve
            Only an answer that offers a solution will do.
        """
        if solve and self.contact.is_last and self.rng.random() < _SETTLED:
            settled = self._answer(affinity.settles)
            if settled is not None:
                return settled
        return self._answer((lambda line: line.style == "solution") if solve else (lambda _: True))

    def _answer(self, wanted: Callable[[Line], bool]) -> Line | None:
        lines = self.customer_lines()
        general: list[Line] = []
        for pool in self._reason_pools("agent"):
            said = [line for line in self._sayable(pool) if wanted(line)]
            # Every answer about the incident suits everybody who is hit by it.
            near = said if self.contact.incident else affinity.closest(said, self.heard, lines)
            line = self.chooser.pick(near, free=True)
            if line is not None:
                return line
            general += affinity.unparticular(said, lines)
        pools = [p for name in self._general_answers() for p in self._shared_pools(name)]
        general += [line for pool in pools for line in self._sayable(pool) if wanted(line)]
        general = [line for line in general if affinity.answers_question(line, self.heard)]
        return self.chooser.pick(general, free=True)

    def _general_answers(self) -> list[str]:
        """Shared pools of answers for the kind of matter."""
        cause = self.contact.matter.reason.cause
        if cause == "praise":
            return ["agent_reply_thanks"]
        questions = [line for line in self.chooser.taken if "?" in line.template and word_count(line.template) > 6]
        asked = cause == "information" or (bool(questions) and not self.has("-"))
        if asked:
            return ["agent_reply_info"]
        done = cause in _DONE_AT_ONCE and self.sentiment != "neutral"
        return ["agent_reply_generic", "agent_reply_done"] if done else ["agent_reply_generic"]

    def _shared_pools(self, name: str) -> list[list[Line]]:
        return [self.parts.shared_pool(language, name) for language in self._shared_languages()]

    def _sayable(self, pool: Sequence[Line]) -> list[Line]:
        """Lines that this agent can say on this channel to a customer in this mood."""
        praise = self.contact.matter.reason.cause == "praise"
        mood = {"complained": praise or self.has("-"), "praised": praise or self.has("+")}
        return [line for line in self.by_agent(pool) if affinity.in_place(line, self.contact.channel, **mood)]

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
        text = _join([self.said(line, speaker == "agent") for line in kept], joiner)
        if speaker == "customer":
            self.heard += f" {text}"
        return Turn(speaker, text, kept)

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
