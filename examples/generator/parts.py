"""The hand-written parts: loading, checking and expanding them.

A line reads ``"text with [two|three] alternatives and {slots} || - unresolved"``: what stands
after the double bar is the polarity of the line and the signals it shows in every variant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import cast

import yaml

SIGNALS = (
    "repeat_contact",
    "unresolved",
    "effort",
    "waiting",
    "anger",
    "churn_intent",
    "escalation_request",
    "legal_threat",
    "public_threat",
    "harm",
    "distrust",
    "compensation_request",
    "agent_hostility",
    "irony",
    "resolved",
)
STYLES = ("empathic", "defensive", "judging", "solution")
POLARITIES = ("-", "=", "+")
SLOTS = frozenset(
    [
        "since",
        "moment",
        "promised",
        "amount",
        "date",
        "n",
        "town",
        "first",
        "product",
        "ref",
        "phone",
        "email",
        "hour",
        "wait",
        "weeks",
        "competitor",
        "brand",
        "handle",
        "hello",
        "name",
        "last",
        "prev",
        "of_prev",
        "count",
        "nth",
        "label",
        "title",
        "agent",
        "street",
        "company",
    ]
)

_ALTERNATIVES = re.compile(r"\[([^\[\]]+)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_BUT = re.compile(
    r"\b(mais|pourtant|sauf que|dommage|malheureusement|seulement|hélas|cependant|toutefois|en revanche|par contre"
    r"|n['’]empêche|juste que|et ce matin|toujours (pas|rien)|quand même pas|reste que|sans succès)\b"
)

Raw = Mapping[str, object]


class PartError(ValueError):
    """A line of the parts breaks the format; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Line:
    """One hand-written line, before its alternatives and slots are filled."""

    template: str
    polarity: str = "="
    signals: frozenset[str] = frozenset()
    style: str = ""
    tone: str = ""

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots that the line uses."""
        return frozenset(_SLOT.findall(self.template))


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for contact of one domain, with all its pools of lines."""

    id: str
    domain: str
    label: str
    cause: str
    department: str
    weight: float
    channels: dict[str, float]
    pools: dict[str, list[Line]]

    @property
    def key(self) -> str:
        """Full name, ``domain.id``."""
        return f"{self.domain}.{self.id}"

    def pool(self, name: str, variant: str = "fr-FR") -> list[Line]:
        """Lines called `name`, the Quebec ones where the variant asks for them."""
        suffix = "_ca" if variant == "fr-CA" else ""
        return self.pools.get(name + suffix) or self.pools.get(name, [])


@dataclass(frozen=True, slots=True)
class Question:
    """A question that two agents answer in opposite ways."""

    id: str
    reason: str
    question: list[Line]
    answer_a: list[Line]
    answer_b: list[Line]


@dataclass(frozen=True, slots=True)
class Domain:
    """One invented company and its reasons for contact."""

    id: str
    brand: str
    products: list[str]
    competitors: list[str]
    reasons: dict[str, Reason]
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that was written by hand."""

    domains: dict[str, Domain]
    shared: dict[str, dict[str, object]]
    incident: dict[str, list[Line]] = field(default_factory=dict)

    def shared_pool(self, language: str, *path: str) -> list[Line]:
        """Lines of the shared pool at `path`, empty when that language has none."""
        node: object = self.shared.get(language, {})
        for key in path:
            node = cast("Raw", node).get(key, {}) if isinstance(node, Mapping) else {}
        return cast("list[Line]", node) if isinstance(node, list) else []


def parse_line(raw: str, where: str = "", tone: str = "") -> Line:
    """Split a raw line into its text and its tags.

    Examples
    --------
    >>> parse_line("Toujours rien depuis {since}. || - unresolved").polarity
    '-'
    """
    text, _, tags = raw.partition("||")
    words = tags.split()
    polarity = "".join(sorted({word for word in words if word in POLARITIES} - {"="})) or "="
    signals = frozenset(word for word in words if word in SIGNALS)
    style = next((word for word in words if word in STYLES), "")
    unknown = [w for w in words if w not in SIGNALS and w not in STYLES and w not in POLARITIES]
    template = text.strip()
    _check(template, unknown, where)
    return Line(template, polarity, signals, style, tone)


def _check(template: str, unknown: list[str], where: str) -> None:
    if unknown:
        raise PartError(f"{where}: unknown tags {unknown} on « {template} »")
    bare = _ALTERNATIVES.sub("", template)
    if any(mark in bare for mark in "[]|"):
        raise PartError(f"{where}: unbalanced or nested alternatives in « {template} »")
    slots = set(_SLOT.findall(template)) - SLOTS
    if slots or re.search(r"[{}]", _SLOT.sub("", template)):
        raise PartError(f"{where}: unknown or broken slots {sorted(slots)} in « {template} »")


def choose_alternatives(template: str, rng: Random) -> str:
    """Replace every ``[a|b]`` group by one of its alternatives."""
    return _ALTERNATIVES.sub(lambda group: rng.choice(group[1].split("|")), template)


def _lines(raw: object, where: str) -> list[Line]:
    return [parse_line(str(text), f"{where}[{i}]") for i, text in enumerate(cast("list[str]", raw))]


def _two_sided(line: Line) -> Line:
    """Praise followed by « mais » in a complaint is felt both ways."""
    if line.polarity == "+" and _BUT.search(line.template):
        return replace(line, polarity="+-")
    return line


def _load_reason(domain: str, raw: dict[str, object]) -> Reason:
    where = f"{domain}.{raw['id']}"
    pools = {key: _lines(value, f"{where}.{key}") for key, value in raw.items() if isinstance(value, list)}
    if raw["cause"] not in ("praise", "information"):
        pools = {key: [_two_sided(line) for line in pool] for key, pool in pools.items()}
    channels = {str(k): float(cast("float", v)) for k, v in cast("Raw", raw["channels"]).items()}
    return Reason(
        id=str(raw["id"]),
        domain=domain,
        label=str(raw["label"]),
        cause=str(raw["cause"]),
        department=str(raw["department"]),
        weight=float(cast("float", raw["weight"])),
        channels=channels,
        pools=pools,
    )


def _load_question(domain: str, info: str, raw: dict[str, object]) -> Question:
    where = str(raw["id"])
    return Question(
        id=where,
        reason=f"{domain}.{raw.get('reason', info)}",
        question=_lines(raw["question"], where),
        answer_a=_lines(raw["answer_a"], where),
        answer_b=_lines(raw["answer_b"], where),
    )


def _load_domain(path: Path) -> Domain:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    name = str(raw["domain"])
    reasons = {entry["id"]: _load_reason(name, entry) for entry in raw["reasons"]}
    info = next(key for key in reasons if key.startswith("info"))
    return Domain(
        id=name,
        brand=str(raw["brand"]),
        products=[str(item) for item in raw["products"]],
        competitors=[str(item) for item in raw["competitors"]],
        reasons=reasons,
        questions=[_load_question(name, info, q) for q in raw.get("contradictions", [])],
    )


def _parse_tree(node: object, where: str, tone: str = "") -> object:
    if isinstance(node, list):
        return [parse_line(str(raw), f"{where}[{i}]", tone) for i, raw in enumerate(node)]
    return {key: _parse_tree(value, f"{where}.{key}", key) for key, value in cast("Raw", node).items()}


def load(folder: Path) -> Parts:
    """Read and check all the parts of `folder`.

    Raises
    ------
    PartError
        A line has an unknown tag or slot, or alternatives that do not balance.
    """
    domains = [_load_domain(folder / f"{name}.yaml") for name in ("telecom", "energy", "bank", "parcel")]
    shared = yaml.safe_load((folder / "shared.yaml").read_text(encoding="utf-8"))
    incident = yaml.safe_load((folder / "incident.yaml").read_text(encoding="utf-8"))
    return Parts(
        domains={domain.id: domain for domain in domains},
        shared=cast("dict[str, dict[str, object]]", _parse_tree(shared, "shared")),
        incident={key: _lines(value, f"incident.{key}") for key, value in incident.items()},
    )


def all_lines(parts: Parts) -> Iterator[Line]:
    """Every line of the domain files, for checks."""
    for domain in parts.domains.values():
        for reason in domain.reasons.values():
            for pool in reason.pools.values():
                yield from pool
