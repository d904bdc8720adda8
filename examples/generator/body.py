"""What the customer has to say, in the order people say it."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import affinity
from .draft import Draft, word_count
from .parts import Line
from .select import holds_again, sounds_quebecois

REFERS_BACK = 0.81
_SAME_WORDS, _SHORT_REMINDER = 0.5, 0.3
_THREATS = {"calm": 0.05, "annoyed": 0.24, "angry": 0.40, "furious": 0.65, "ironic": 0.15, "distressed": 0.12}
_KINDS = {
    "churn_intent": 3.0,
    "legal_threat": 2.0,
    "public_threat": 2.0,
    "escalation_request": 2.5,
    "compensation_request": 2.5,
    "distrust": 1.5,
    "agent_hostility": 0.8,
    "effort": 2.0,
    "waiting": 2.0,
}
_COLOURED = {"negative": 0.85, "mixed": 0.9, "positive": 0.5}
_SOFT_CAUSES = ("information", "praise")
_LEAVING = ("contract_cancellation",)


@dataclass(slots=True)
class Body:
    """Lines of the customer; the `late` ones can be kept for the end of a conversation."""

    early: list[Line] = field(default_factory=list)
    details: list[Line] = field(default_factory=list)
    late: list[Line] = field(default_factory=list)
    refers_back: bool = False

    @property
    def lines(self) -> list[Line]:
        """All lines in the order of a letter."""
        return self.early + self.details + self.late

    @property
    def words(self) -> int:
        """Approximate length in words."""
        return sum(word_count(line.template) for line in self.lines)


def write_body(draft: Draft, budget: int, ends_well_later: bool) -> Body:
    """Write the customer's matter in about `budget` words.

    Parameters
    ----------
    ends_well_later
        The good word comes in a later turn, so that the body need not hold it.
    """
    body = Body()
    _open_matter(draft, body)
    firm = draft.contact.matter.customer.segment == "B2B" and draft.contact.channel != "social"
    if firm and draft.rng.random() < 0.35:
        _add(body.details, draft.shared_line("b2b"))
    _express(draft, body, ends_well_later)
    _fill_up(draft, body, budget)
    return body


def _add(lines: list[Line], line: Line | None) -> None:
    if line is not None:
        lines.append(line)


def _open_matter(draft: Draft, body: Body) -> None:
    contact, matter = draft.contact, draft.contact.matter
    if contact.question is not None:
        quebec = matter.customer.quebec
        ours = [
            line for line in contact.question.question if sounds_quebecois(line) == quebec and draft.chooser.fits(line)
        ]
        plain = [line for line in contact.question.question if not sounds_quebecois(line)]
        _add(body.early, draft.chooser.pick(ours or plain, free=True))
        return
    if contact.previous is not None and draft.rng.random() < REFERS_BACK:
        repeat = _refer_back(draft)
        body.refers_back = repeat is not None
        _add(body.early, repeat)
    if contact.wording is not None:
        body.early.append(draft.chooser.take(contact.wording))
        return
    problem = _problem(draft)
    if problem is not None and body.early and draft.rng.random() < 0.35:
        body.early.insert(0, problem)
    else:
        _add(body.early, problem)
    if problem is not None and matter.problem is not None and draft.only_points_back(problem):
        _add(body.early, _told_otherwise(draft, matter.problem) or draft.reason_line("detail"))
    if matter.problem is None:
        matter.problem = problem


def _problem(draft: Draft) -> Line | None:
    """Tell the same story as the first time, another line of it, or a short reminder."""
    known = draft.contact.matter.problem
    if draft.contact.previous is not None and known is not None:
        if holds_again(known) and draft.chooser.fits(known) and draft.rng.random() < _SAME_WORDS:
            return draft.chooser.take(known)
        if draft.rng.random() < _SHORT_REMINDER and not draft.contact.matter.customer.quebec:
            return draft.shared_line("restate") or _fresh_problem(draft)
        return _told_otherwise(draft, known) or _fresh_problem(draft)
    return _fresh_problem(draft)


def _told_otherwise(draft: Draft, known: Line) -> Line | None:
    """Another line on the trouble of the first contact, the nearest to what was said then."""
    pool = [line for line in draft.problem_lines() if line != known and holds_again(line) and draft.chooser.fits(line)]
    near = affinity.closest(pool, known.template, draft.customer_lines())
    return draft.chooser.pick(near or pool)


def _fresh_problem(draft: Draft) -> Line | None:
    """Choose a problem line in the colour of the contact, so that anger has its cause in the text."""
    wanted = {"negative": "-", "mixed": "-", "positive": "+"}.get(draft.sentiment)
    if wanted is not None and draft.rng.random() < _COLOURED[draft.sentiment]:
        line = draft.reason_line("problem", sign=wanted)
        if line is not None:
            return line
    return draft.reason_line("problem")


def _refer_back(draft: Draft) -> Line | None:
    previous = draft.contact.previous
    if draft.contact.position >= 3 and draft.rng.random() < 0.6:
        return draft.shared_line("repeat", "third")
    if previous is not None and draft.rng.random() < 0.65:
        return draft.shared_line("repeat", previous.channel)
    return draft.shared_line("repeat", "any")


def _express(draft: Draft, body: Body, ends_well_later: bool) -> None:
    """Feelings, threats and kind words, as the sentiment and the tone want them."""
    if draft.sentiment == "negative":
        _complain(draft, body)
    elif draft.sentiment == "mixed":
        if not draft.has("-"):
            _add(body.details, draft.reason_line("detail", sign="-"))
        if not ends_well_later and not draft.has("+"):
            _add(body.late, draft.shared_line("concession"))
    elif draft.sentiment == "positive" and not ends_well_later:
        if not draft.has("+") and draft.contact.matter.reason.cause in _SOFT_CAUSES:
            _add(body.details, draft.reason_line("detail", sign="+"))
        if draft.has("+") and draft.rng.random() < 0.3:
            _add(body.late, draft.shared_line("feeling", "happy"))


def _complain(draft: Draft, body: Body) -> None:
    if not draft.has("-"):
        _add(body.details, draft.reason_line("detail", sign="-"))
        if not draft.has("-"):
            return
    strong = draft.tone in ("furious", "ironic", "distressed")
    if strong or draft.rng.random() < (0.75 if draft.tone == "angry" else 0.28):
        grave = any("-" in line.polarity for line in body.early)
        _add(body.late, draft.shared_line("feeling", draft.tone if grave or draft.tone == "calm" else "annoyed"))
    if draft.rng.random() < _THREATS[draft.tone]:
        cause = draft.contact.matter.reason.cause
        kinds = [k for k in _KINDS if k != "churn_intent" or cause not in _LEAVING]
        if cause in _SOFT_CAUSES:
            kinds = ["effort", "waiting"]
        kind = draft.rng.choices(kinds, [_KINDS[k] for k in kinds])[0]
        _add(body.late, draft.shared_line("threat", kind))


def _fill_up(draft: Draft, body: Body, budget: int) -> None:
    """Add what is asked and circumstances while there is room."""
    if body.words + 6 < budget and draft.contact.question is None and draft.rng.random() < 0.62:
        general = draft.rng.random() >= 0.85 and draft.contact.matter.reason.cause != "praise"
        _add(body.late, draft.shared_line("ask_generic") if general else draft.reason_line("ask"))
    while body.words + 8 < budget and len(body.details) < 3:
        detail = draft.reason_line("detail")
        if detail is None:
            break
        body.details.append(detail)
