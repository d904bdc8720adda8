"""Which lines can stand together in one contact, and the choice among them.

A line is refused when it would contradict what the contact already says: its channel, the
customer's gender or trade, the product, a second story about the time or the family.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

from .agreement import agrees
from .model import Contact
from .parts import Line

ALLOWED = {
    "neutral": {"="},
    "negative": {"-", "="},
    "positive": {"+", "="},
    "mixed": {"+", "-", "=", "+-"},
}
_HARSH = {"anger", "agent_hostility", "legal_threat", "public_threat", "distrust", "churn_intent", "irony"}
BANNED = {
    "calm": _HARSH,
    "annoyed": {"agent_hostility", "legal_threat", "anger"},
    "distressed": {"irony", "agent_hostility", "legal_threat", "public_threat"},
    "happy": _HARSH | {"unresolved", "waiting", "effort", "harm", "repeat_contact", "compensation_request"},
    "recovering": {
        "agent_hostility",
        "legal_threat",
        "public_threat",
        "distrust",
        "churn_intent",
        "irony",
        "unresolved",
    },
}

_SPOKEN_ONLY = re.compile(
    r"\b(j['’]appelle|je vous appelle|j['’]vous appelle|allô|euh|à l['’]appareil|vous m['’]entendez|ne raccroche(rai)?"
    r"|je raccroche|passez-moi|je vous entends|restez en ligne)\b",
    re.IGNORECASE,
)
_WRITTEN_ONLY = re.compile(
    r"\b(je me permets|ci-joint\w*|pi[èe]ces? jointes?|par la présente|veuillez|écris|écrire ici|ce (mail"
    r"|message|courriel)"
    r"|svp|stp|tjrs|jai|jattends|pcq|bcp|dsl|qd|j['’]ai joint|je joins|en copie)\b|[@#😡🙄]|!!",
    re.IGNORECASE,
)
_SMS = re.compile(r"^\[?[a-zà-ÿ]|\b(jai|jattends|tjrs|pcq|bcp|dsl|qd|svp|stp|c pas|jveux|jsuis)\b")
_CASUAL = re.compile(r"^\[?(slt|bjr|salut|coucou|hello|yo)\b", re.IGNORECASE)
_SECOND_TIME = re.compile(r"\b(deuxième|2e) (fois|appel)", re.IGNORECASE)
_LOUD = re.compile(r"[A-ZÉÈÊÀ]{2,}['’ ][A-ZÉÈÊÀ]{3,}")
_FORMAL = re.compile(r"\b(je me permets|par la présente|veuillez|vous écris|vous prie|ci-joint\w*)\b", re.IGNORECASE)
_FRANCE_ONLY = re.compile(
    r"€|\beuros?\b|\b(UFC|SignalConso|médiateur|mairie|préfecture|RIB|IBAN|SIRET|Linky|DGCCRF|répression des fraudes"
    r"|conciliateur|CAF|CNED|CPAM|EHPAD|lycée|BTS|HLM|syndic|Livret A|carte bleue|CB|mail|e-mail|week-end|portable"
    r"|EDF|impôts|URSSAF|carte grise|Vitale|kbis|partiels|protection juridique|ENT)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(ma|mon|mes|notre|nos) (\w+ )?(fils|fille|filles|enfants?|mère|père|mari|femme|conjointe?|compagne"
    r"|compagnon|bébé|parents?"
    r"|grand-mère|grand-père|petit-fils|petite-fille|sœur|frère|colocs?|colocataires?|appartement|studio"
    r"|retraite|blonde|chum)\b"
    r"|\b(retraitée?|étudiante?|alternance|à la maison|baby|anniversaire|quatre-vingt\w*|\d\d ans|enceinte"
    r"|les enfants|chez mes parents)\b",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"\b(boutique|magasin|commerce|commerçante?|salariés?|entreprise|nos clients|mes clients|restaurant"
    r"|cabinet|atelier|notre société"
    r"|ma société|épicerie|salon de coiffure|gîte|boulangerie|artisan|libérale?|auto-?entrep\w+"
    r"|micro-?entrep\w+|association|bar|garage"
    r"|patients|nos bureaux|compte pro|professionnels?)\b",
    re.IGNORECASE,
)
_QUEBEC = re.compile(
    r"\b(pis|j['’]me|j['’]vas|chu|pantoute|icitte|ben|tantôt|char|cellulaire|courriel|clavardage|piasses?"
    r"|faut que j['’]|à matin"
    r"|le gars|débit au dépanneur|guichet|compte chèques|y a-tu|y['’]a-tu|c['’]est-tu|ça (\w+)-tu|(coûte"
    r"|charge|prend|marche|faut)-tu|magasiner|canceller)\b",
    re.IGNORECASE,
)
# Words of a first contact, or a moment that has passed since.
_FIRST_TIME = re.compile(
    r"\{moment\}|petit souci|une question|petite question|bonne question|simple question|je découvre|je viens de"
    r"|première fois|\bce matin\b|à matin|\bhier\b",
    re.IGNORECASE,
)
# Unhurried remarks, out of place beside a complaint.
_UNHURRIED = re.compile(
    r"\b(rien d['’]urgent|rien de grave|pas de presse|quand vous pourrez|quand vous aurez|à l['’]occasion"
    r"|pas à une semaine"
    r"|c['’]est ma faute|aucune urgence|par curiosité|simple question|petite question|sans rancune"
    r"|ça ne presse pas|pas pressée?"
    r"|je me renseigne|pour ma gouverne|juste savoir|simplement savoir|je comprends (bien|tout à fait|que)"
    r"|je ne suis pas fâchée?)\b",
    re.IGNORECASE,
)
_CLOCKS = ({"since", "weeks", "moment"}, {"date"}, {"wait"}, {"hour"}, {"promised"}, {"competitor"}, {"amount"})
_TIME_WORDS = re.compile(
    r"\b(ce matin|à matin|ce midi|hier|avant-hier|la semaine dernière|depuis (?:trois|deux|un|une"
    r"|quatre) \w+|aujourd['’]hui)\b",
    re.IGNORECASE,
)


def in_euros(line: Line) -> bool:
    """Whether the line names the euro, which nobody in Quebec pays in."""
    return re.search(r"€|\beuros?\b", line.template) is not None


def holds_again(line: Line) -> bool:
    """Whether a customer who comes back days later can still say `line`."""
    return _FIRST_TIME.search(line.template) is None


def sounds_quebecois(line: Line) -> bool:
    """Whether a line shows plain turns of Quebec French."""
    return _QUEBEC.search(line.template) is not None


class Chooser:
    """Chooses lines for one contact and remembers what has been said in it.

    Parameters
    ----------
    contact
        The planned contact.
    sentiment
        Sentiment that the contact has to show.
    tone
        Tone of the customer, which keeps out some signals.
    products
        Products of the company: a line that names another one than the customer's is refused.
    uses
        How often each line has been used in the whole sample; rarely used lines come first.
    """

    def __init__(
        self, contact: Contact, sentiment: str, tone: str, products: Sequence[str], uses: Counter[str], rng: Random
    ) -> None:
        self.contact = contact
        self.sentiment = sentiment
        self.banned = set(BANNED.get(tone, set()))
        if contact.matter.reason.cause == "contract_cancellation":
            # Leaving is the matter itself, which can be said calmly.
            self.banned.discard("churn_intent")
        if tone == "recovering" and contact.channel == "social":
            # In a few words nobody goes from rage to kindness.
            self.banned |= {"anger", "harm"}
        if not contact.is_last:
            self.banned.add("resolved")
        self.unhurried = sentiment != "negative" or tone == "calm"
        self.products = [p for p in products if p != contact.matter.product]
        self.uses = uses
        self.rng = rng
        self.taken: list[Line] = []

    def pick(self, pool: Sequence[Line], free: bool = False) -> Line | None:
        """Choose and take a line of `pool`, or None when none fits; `free` lines are the agents'."""
        fitting = [line for line in pool if line not in self.taken and (free or self.fits(line))]
        if not fitting:
            return None
        weights = [self._short(line) / (1 + self.uses[line.template]) ** 2 for line in fitting]
        return self.take(self.rng.choices(fitting, weights)[0])

    def _short(self, line: Line) -> float:
        """Preference for short lines where people are brief."""
        if self.contact.channel == "email":
            return 1.0
        return float((12.0 / (len(line.template.split()) + 4.0)) ** 3)

    def take(self, line: Line) -> Line:
        """Count `line` among what the contact says."""
        self.taken.append(line)
        return line

    def fits(self, line: Line) -> bool:
        """Whether `line` contradicts nothing so far."""
        return (
            line.polarity in ALLOWED[self.sentiment]
            and not line.signals & self.banned
            and not (self.contact.position > 2 and _SECOND_TIME.search(line.template))
            and (self.unhurried or not _UNHURRIED.search(line.template))
            and self._fits_channel(line.template)
            and self._fits_customer(line)
            and self._fits_taken(line)
        )

    def _fits_channel(self, text: str) -> bool:
        channel = self.contact.channel
        if channel == "phone":
            return not (_WRITTEN_ONLY.search(text) or _SMS.search(text) or _LOUD.search(text))
        if _SPOKEN_ONLY.search(text):
            return False
        if channel == "email":
            return not _SMS.search(text) or (not _CASUAL.search(text) and self.rng.random() < 0.2)
        return not _FORMAL.search(text)

    def _fits_customer(self, line: Line) -> bool:
        customer, text = self.contact.matter.customer, line.template
        if not agrees(line, customer.woman):
            return False
        if customer.quebec and _FRANCE_ONLY.search(text):
            return False
        if any(product in text for product in self.products):
            return False
        return not (_PERSONAL if customer.segment == "B2B" else _BUSINESS).search(text)

    def _fits_taken(self, line: Line) -> bool:
        slots = line.slots
        for said in self.taken:
            if any(clock & slots and clock & said.slots for clock in _CLOCKS):
                return False
            if _PERSONAL.search(line.template) and _PERSONAL.search(said.template):
                return False
            if _TIME_WORDS.search(line.template) and (_TIME_WORDS.search(said.template) or said.slots & _CLOCKS[0]):
                return False
            if "repeat_contact" in line.signals and "repeat_contact" in said.signals:
                return False
            if said.signals & line.signals - {"unresolved"}:
                return False
        return True
