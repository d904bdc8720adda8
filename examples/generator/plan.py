"""The plan: who contacts which company, when, about what, and what is planted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import numpy as np
from numpy.typing import NDArray

from . import slots
from .calendar import WEEKDAYS, days_between, draw_moment
from .customers import new_customer, set_language
from .model import Contact, Matter
from .parts import Domain, Line, Parts, Reason
from .planted import MAX_CHAIN, REFERENCE_SIZE, Facts
from .volumes import TOLERANCE, draw_matters, expected_contacts, level_gap

# Phone calls are the longest: the mix sets the mean length of the sample.
CHANNEL_FACTORS = {"phone": 0.235, "email": 0.265, "chat": 0.185, "social": 0.315}
ENGLISH_SHARE, SPANISH_SHARE = 0.025, 0.015
ANONYMOUS_SOCIAL, ANONYMOUS_OTHER = 0.44, 0.016
SECOND_MATTER_SHARE = 0.06
_MAX_GROWTHS = 40


@dataclass(slots=True)
class Plan:
    """All contacts in order of time, with the daily level of the incident."""

    contacts: list[Contact]
    incident_extra: list[int]
    incident_sd: float
    incident_mean: float


class Planner:
    """Builds the plan of one run."""

    def __init__(self, parts: Parts, facts: Facts, n_contacts: int, seed: int) -> None:
        self.parts = parts
        self.facts = facts
        self.n_contacts = n_contacts
        self.rng = Random(f"plan-{seed}")
        self.counts_rng = np.random.default_rng(seed)
        self.matters: list[Matter] = []
        self.mix = _channel_mix(parts)
        self.days = days_between(facts.start, facts.end)

    def build(self) -> Plan:
        """Plan everything, then number the contacts in order of time."""
        self._open_matters()
        self._ask_questions()
        extra, sd, mean = self._plant_incident()
        self._fit_size()
        self._share_customers()
        self._choose_languages()
        self._forget_some_ids()
        contacts = sorted((c for m in self.matters for c in m.contacts), key=lambda c: (c.started_at, c.matter.id))
        for number, contact in enumerate(contacts, start=1):
            contact.id = f"K{number:06d}"
            _assign_agent(contact, self.rng)
        return Plan(contacts, extra, sd, mean)

    def _open_matters(self) -> None:
        expected = expected_contacts(self.parts, self.facts, self.n_contacts)
        for domain in self.parts.domains.values():
            for reason in domain.reasons.values():
                self._open_reason(domain, reason, expected[reason.key])

    def _open_reason(self, domain: Domain, reason: Reason, expected: NDArray[np.float64]) -> None:
        """Open all matters of a reason; chains are grown again while they blur a planted change of level."""
        counts = draw_matters(reason, expected, self.facts, self.counts_rng)
        turns = [(day - self.facts.start).days for day in self.facts.turning_points(reason.key)]
        before, best, best_gap = self.matters, self.matters, math.inf
        for _ in range(_MAX_GROWTHS if turns else 1):
            self.matters = list(before)
            for day, count in zip(self.days, counts, strict=True):
                for _ in range(int(count)):
                    self._grow_chain(self._open(domain, reason, day))
            gap = level_gap(self._tally(reason), expected, turns)
            if gap < best_gap:
                best, best_gap = self.matters, gap
            if gap <= TOLERANCE:
                break
        self.matters = best

    def _tally(self, reason: Reason) -> NDArray[np.int64]:
        """Contacts about `reason` on each day; shape (n_days,)."""
        counts = np.zeros(len(self.days), dtype=np.int64)
        for contact in (c for m in self.matters if m.reason is reason for c in m.contacts):
            counts[(contact.started_at.date() - self.facts.start).days] += 1
        return counts

    def _open(self, domain: Domain, reason: Reason, day: date, channel: str = "", quebec: bool | None = None) -> Matter:
        number = len(self.matters) + 1
        customer = new_customer(number, self.rng, quebec)
        matter = slots.build_matter(number, domain, reason, customer, day, self.rng)
        channel = channel or self._channel(reason)
        matter.contacts.append(Contact(matter, draw_moment(day, channel, customer.quebec, self.rng), channel))
        self.matters.append(matter)
        return matter

    def _channel(self, reason: Reason) -> str:
        mix = self.mix[reason.key]
        return self.rng.choices(list(mix), list(mix.values()))[0]

    def _grow_chain(self, matter: Matter) -> None:
        rate = self.facts.repeat_rate(matter.reason.key)
        while len(matter.contacts) < MAX_CHAIN and self.rng.random() < rate:
            last = matter.contacts[-1]
            channel = last.channel if self.rng.random() < 0.45 else self._channel(matter.reason)
            day = self._next_day(last.started_at.date(), matter.reason.domain)
            if day > self.facts.end:
                return
            moment = draw_moment(day, channel, matter.customer.quebec, self.rng)
            matter.contacts.append(Contact(matter, moment, channel))

    def _next_day(self, day: date, domain: str) -> date:
        gaps = range(1, 13)
        weights = [WEEKDAYS[domain][(day + timedelta(days=g)).weekday()] / math.sqrt(g) for g in gaps]
        return day + timedelta(days=self.rng.choices(gaps, weights)[0])

    def _ask_questions(self) -> None:
        scale = min(1.0, self.n_contacts / REFERENCE_SIZE)
        length = (self.facts.end - self.facts.start).days
        for domain in self.parts.domains.values():
            for question in domain.questions:
                reason = domain.reasons[question.reason.split(".")[1]]
                pairs = max(1, round(self.rng.choice([3, 4, 4, 5]) * scale))
                for side in ["A", "B"] * pairs:
                    day = self.facts.start + timedelta(days=self.rng.randrange(length))
                    channel = self.rng.choice(["chat", "email", "phone"])
                    contact = self._open(domain, reason, day, channel).contacts[0]
                    contact.question, contact.side = question, side

    def _plant_incident(self) -> tuple[list[int], float, float]:
        facts, domain = self.facts, self.parts.domains["telecom"]
        reason = domain.reasons["outage"]
        before = self._tally(reason)[: (facts.incident_onset - facts.start).days]
        sd, mean = float(np.std(before)), float(np.mean(before))
        extra = [math.ceil(k * sd) for k in facts.incident_strength[: facts.incident_days]]
        wordings = self._incident_wordings(sum(extra))
        for age, count in enumerate(extra):
            for _ in range(count):
                self._open_incident(facts.incident_onset + timedelta(days=age), *next(wordings))
        return extra, sd, mean

    def _incident_wordings(self, count: int) -> Iterator[tuple[str, Line]]:
        """Every wording once in random order, then all of them again."""
        every = [(key, line) for key, pool in self.parts.incident.items() for line in pool]
        every = [pair for pair in every if pair[0].split("_")[0] in CHANNEL_FACTORS]
        for _ in range(count // len(every) + 1):
            yield from self.rng.sample(every, len(every))

    def _open_incident(self, day: date, pool: str, wording: Line) -> None:
        domain = self.parts.domains["telecom"]
        channel, quebec = pool.removesuffix("_ca"), pool.endswith("_ca")
        matter = self._open(domain, domain.reasons["outage"], day, channel, quebec)
        matter.contacts[0].incident, matter.contacts[0].wording = True, wording
        matter.customer.segment = "B2C"
        span = (day - self.facts.incident_onset).days
        matter.onset = day - timedelta(days=self.rng.randint(0, min(span, 2)))
        matter.product = self.rng.choice([p for p in domain.products if not p.startswith("Forfait")])

    def _fit_size(self) -> None:
        spare = sum(len(m.contacts) for m in self.matters) - self.n_contacts
        watched = set(self.facts.rates) | set(self.facts.repeat) | {"telecom.outage"}
        loose = [
            m
            for m in self.matters
            if len(m.contacts) == 1 and m.reason.key not in watched and not m.contacts[0].question
        ]
        if spare > 0:
            dropped = {m.id for m in self.rng.sample(loose, min(spare, len(loose)))}
            self.matters = [m for m in self.matters if m.id not in dropped]
        for model in self.rng.choices(loose, k=max(-spare, 0)):
            domain = self.parts.domains[model.reason.domain]
            self._open(domain, model.reason, model.contacts[0].started_at.date())

    def _share_customers(self) -> None:
        """Give some customers a second, unrelated matter with the same company."""
        pool = [m for m in self.matters if not m.contacts[0].incident]
        waiting: dict[tuple[str, str, str], Matter] = {}
        for matter in self.rng.sample(pool, int(len(pool) * 2 * SECOND_MATTER_SHARE)):
            customer = matter.customer
            key = (matter.reason.domain, customer.variant, customer.segment)
            other = waiting.pop(key, None)
            if other is None or other.reason is matter.reason:
                waiting[key] = matter
                continue
            matter.customer = other.customer
            names = ("town", "phone", "email", "name", "last", "street", "company", "title")
            matter.fixed |= {name: other.fixed[name] for name in names}

    def _choose_languages(self) -> None:
        shared = _shared_customers(self.matters)
        for language, share in (("en", ENGLISH_SHARE), ("es", SPANISH_SHARE)):
            quota = {
                r.key: len(r.pools.get(language, [])) + 2
                for d in self.parts.domains.values()
                for r in d.reasons.values()
            }
            left = round(share * self.n_contacts)
            for matter in self.rng.sample(self.matters, len(self.matters)):
                if left and quota[matter.reason.key] and _can_change_language(matter, shared):
                    set_language(matter.customer, language, self.rng)
                    fresh = slots.matter_values(
                        self.parts.domains[matter.reason.domain], matter.reason, matter.customer, matter.onset, self.rng
                    )
                    matter.fixed = fresh
                    quota[matter.reason.key] -= 1
                    left -= 1

    def _forget_some_ids(self) -> None:
        shared = _shared_customers(self.matters)
        for matter in self.matters:
            if len(matter.contacts) > 1 or matter.customer.id in shared:
                continue
            social = matter.contacts[0].channel == "social"
            share = ANONYMOUS_SOCIAL if social else ANONYMOUS_OTHER
            matter.customer.anonymous = self.rng.random() < share


def _channel_mix(parts: Parts) -> dict[str, dict[str, float]]:
    """Channel weights of each reason, scaled so that the whole sample keeps the overall mix."""
    mix: dict[str, dict[str, float]] = {}
    for domain in parts.domains.values():
        for reason in domain.reasons.values():
            total = sum(reason.channels.values())
            blend = {
                name: share * (0.5 + 2.0 * reason.channels.get(name, 0.0) / total)
                for name, share in CHANNEL_FACTORS.items()
            }
            mix[reason.key] = blend
    return mix


def _shared_customers(matters: list[Matter]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for matter in matters:
        (twice if matter.customer.id in seen else seen).add(matter.customer.id)
    return twice


def _can_change_language(matter: Matter, shared: set[str]) -> bool:
    contact = matter.contacts[0]
    ordinary = not contact.incident and contact.question is None and len(matter.contacts) == 1
    return ordinary and matter.customer.variant == "fr-FR" and matter.customer.id not in shared


TEAMS = {
    "telecom": ("Télécom", ["A01", "A02", "A03", "A04", "A05"]),
    "energy": ("Énergie", ["A06", "A07", "A08", "A09"]),
    "bank": ("Banque", ["A10", "A11", "A12", "A13"]),
    "parcel": ("Colis", ["A14", "A15", "A16", "A17"]),
}
MIXED_TEAMS = (("Mixte 1", ["A18", "A19", "A20", "A21"]), ("Mixte 2", ["A22", "A23", "A24"]))


def _assign_agent(contact: Contact, rng: Random) -> None:
    if rng.random() < 0.7:
        team, agents = TEAMS[contact.matter.reason.domain]
    else:
        team, agents = rng.choice(MIXED_TEAMS)
    contact.team, contact.agent_id = team, rng.choice(agents)
