"""Filling the slots: every value of a contact fits its dates, its customer and its chain."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random

from . import words
from .calendar import customer_hour
from .model import Contact, Customer, Matter
from .parts import Domain, Reason

# Slot values stand between these marks until the noise is over, so that no value is spoilt.
OPEN, CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(r"\{(\w+)\}")
_ELIDE = re.compile(rf"\b([dD]e|[qQ]ue) {OPEN}(?=[AEIOUYÉÈÊaeiouyéèê]|hier)")
_DU = re.compile(rf"\b(de|à|De|À) {OPEN}le (?=\d)")
_IN_DATE = re.compile(rf"\b(en date) {OPEN}le (?=\d)")
# Lines whose date is still to come; other dates are past.
_TO_COME = re.compile(
    r"\b(avant|pour|dès|Rdv|Passé|rendu|s['’]en vient|m['’]installe|termine|forfait|scolaire"
    r"|travaux) \{date\}|décaler|[Jj]e pars"
    r"|[Jj]e déménage|[Jj][’']emménage|m['’]a proposé|attendu \{date\}|en date \{date\}|cesse mon activité"
    r"|changeons|accepter le"
    r"|me donne son|[Oo]n remplace"
)
_PAST = re.compile(r"avais demandé|est parti|était")
_VOWEL_CONTRACTED = {"de": "du ", "à": "au ", "De": "Du ", "À": "Au "}


def french_date(day: date) -> str:
    """Write a day as « le 4 mai », « le 1er mai »."""
    return f"le {'1er' if day.day == 1 else day.day} {words.MONTHS[day.month - 1]}"


def _any_date(day: date, language: str) -> str:
    if language == "en":
        return f"{day.day} {words.MONTHS_EN[day.month - 1]}"
    if language == "es":
        return f"el {day.day} de {words.MONTHS_ES[day.month - 1]}"
    return french_date(day)


def since(onset: date, today: date, language: str, rng: Random) -> str:
    """Value that goes after « depuis »."""
    age = (today - onset).days
    if age <= 0:
        return {"en": "this morning", "es": "esta mañana"}.get(language, "cette nuit")
    if language != "fr":
        names = words.WEEKDAYS_EN if language == "en" else words.WEEKDAYS_ES
        if age < 6:
            return ("el " if language == "es" else "") + names[onset.weekday()]
        return _any_date(onset, language)
    if age == 1:
        return "hier"
    if age < 7:
        return rng.choice([words.WEEKDAYS[onset.weekday()], f"{words.NUMBERS[age]} jours"])
    return rng.choice([french_date(onset), duration(age)])


def duration(age: int, language: str = "fr") -> str:
    """Length of time in words, for « ça fait … »."""
    days = max(age, 2)
    if language == "en":
        return f"{days} days" if days < 12 else f"{round(days / 7)} weeks"
    if language == "es":
        return f"{days} días" if days < 12 else f"{round(days / 7)} semanas"
    if days < 14 and days != 7:
        return f"{words.NUMBERS[days]} jours"
    weeks = round(days / 7)
    return "une semaine" if weeks == 1 else f"{words.NUMBERS[weeks]} semaines"


def _moment(hour: int, quebec: bool, language: str, rng: Random) -> str:
    if language == "en":
        return rng.choice(["yesterday", "last night", "two days ago"])
    if language == "es":
        return rng.choice(["ayer", "anoche", "anteayer"])
    choices = ["hier soir", "avant-hier", "hier", "hier midi", "hier après-midi"]
    if hour >= 10:
        choices += ["à matin" if quebec else "ce matin"] * 2
    if hour >= 15:
        choices += ["ce midi" if not quebec else "à midi"]
    return rng.choice(choices)


def _promised(today: date, language: str, rng: Random) -> str:
    day = today - timedelta(days=rng.randint(1, 4))
    if language == "en":
        return rng.choice([f"by {words.WEEKDAYS_EN[day.weekday()]}", "within 48 hours"])
    if language == "es":
        return rng.choice([f"para el {words.WEEKDAYS_ES[day.weekday()]}", "en 48 horas"])
    name = words.WEEKDAYS[day.weekday()]
    return rng.choice([f"pour {name}", "sous 48 h", "sous 24 h", f"avant {name}", "dans la journée", "sous deux jours"])


def earlier_day(day: date, today: date, rng: Random) -> str:
    """How a customer names the day of an earlier contact."""
    age = (today - day).days
    if age == 1:
        return "hier"
    if age < 7:
        return rng.choice([words.WEEKDAYS[day.weekday()], f"il y a {words.NUMBERS[age]} jours"])
    if age < 10 and rng.random() < 0.3:
        return "la semaine dernière"
    return french_date(day)


def _of(prev: str) -> str:
    if prev.startswith("il y a"):
        return f"d'{prev}"
    if prev == "hier":
        return "d'hier"
    return "du " + prev[3:] if prev.startswith("le ") else "de " + prev


def _amount(reason: Reason, quebec: bool, rng: Random) -> str:
    low, high = words.AMOUNTS.get(reason.key, words.AMOUNTS[reason.domain])
    units = rng.randint(low, high)
    if units >= 1000:
        units -= units % 100
        return f"{units // 1000} {units % 1000:03d} {'$' if quebec else '€'}"
    cents = rng.choice(["", ",90", ",99", f",{rng.randint(5, 95):02d}"])
    return f"{units}{cents} {'$' if quebec else '€'}"


def _reference(domain: str, rng: Random) -> str:
    prefix = {"telecom": "FL", "energy": "CW", "bank": "BM", "parcel": "CV"}[domain]
    return f"{prefix}{rng.randint(100000, 999999)}"


def matter_values(domain: Domain, reason: Reason, customer: Customer, onset: date, rng: Random) -> dict[str, str]:
    """Values that stay the same over a whole chain."""
    return {
        "amount": _amount(reason, customer.quebec, rng),
        "ref": _reference(domain.id, rng),
        "competitor": rng.choice(domain.competitors),
        "brand": domain.brand,
        "handle": domain.brand.replace(" ", "").replace("Ô", "O"),
        "date": _any_date(onset - timedelta(days=rng.randint(0, 9)), customer.language),
        "first": rng.choice(words.AGENT_WOMEN + words.AGENT_MEN),
        "town": customer.town,
        "n": str(rng.randint(2, 6)),
        "phone": customer.phone,
        "email": customer.email,
        "name": f"{customer.first} {customer.last}",
        "last": customer.last,
        "street": customer.street,
        "company": customer.company,
        "title": "Madame" if customer.woman else "Monsieur",
        "label": reason.label,
    }


def contact_values(contact: Contact, rng: Random) -> dict[str, str]:
    """All slot values of one contact."""
    matter, today = contact.matter, contact.started_at.date()
    customer, language = matter.customer, matter.customer.language
    age = (today - matter.onset).days
    hour = customer_hour(contact.started_at, customer.quebec)
    rank = contact.position
    prev = earlier_day(contact.previous.started_at.date(), today, rng) if contact.previous else "hier"
    return matter.fixed | {
        "since": since(matter.onset, today, language, rng),
        "weeks": duration(age, language),
        "moment": _moment(hour, customer.quebec, language, rng),
        "promised": _promised(today, language, rng),
        "hour": f"{rng.randint(8, 19)}h{rng.choice(['', '15', '30', '45'])}",
        "wait": _wait(language, rng),
        "n": str(max(int(matter.fixed["n"]), rank)),
        "hello": _hello(hour, language),
        "prev": prev,
        "of_prev": _of(prev),
        "count": str(max(rank, 2)),
        "nth": words.ORDINALS[max(rank, 2)],
        "product": matter.product,
        "future": _any_date(today + timedelta(days=rng.randint(2, 11)), language),
    }


def _wait(language: str, rng: Random) -> str:
    minutes = rng.choice([20, 25, 30, 35, 40, 45, 50])
    if language == "en":
        return f"{minutes} minutes"
    if language == "es":
        return f"{minutes} minutos"
    spoken = {30: "une demi-heure", 45: "trois quarts d'heure"}
    return rng.choice([f"{minutes} minutes", f"{minutes} min", spoken.get(minutes, f"{minutes} minutes")])


def _hello(hour: int, language: str) -> str:
    if language == "en":
        return "good evening" if hour >= 18 else "hello"
    if language == "es":
        return "buenas tardes" if hour >= 15 else "buenos días"
    return "bonsoir" if hour >= 18 else "bonjour"


def agent_name(woman: bool, not_this: str, rng: Random) -> str:
    """Draw the first name of the agent who answers."""
    names = words.AGENT_WOMEN if woman else words.AGENT_MEN
    return rng.choice([name for name in names if name != not_this])


def with_future(template: str, by_agent: bool) -> str:
    """Mark the dates of `template` that are still to come."""
    to_come = by_agent or (_TO_COME.search(template) and not _PAST.search(template))
    return template.replace("{date}", "{future}") if to_come else template


def fill(text: str, values: dict[str, str]) -> str:
    """Put the slot values in, between protecting marks, with elision and contraction."""
    filled = _SLOT.sub(lambda slot: f"{OPEN}{values[slot[1]]}{CLOSE}", text)
    filled = _ELIDE.sub(lambda m: f"{m[1][:-1]}'{OPEN}", filled)
    filled = _IN_DATE.sub(lambda m: f"{m[1]} du {OPEN}", filled)
    return _DU.sub(lambda m: _VOWEL_CONTRACTED[m[1]] + OPEN, filled)


def new_product(domain: Domain, reason: Reason, rng: Random) -> str:
    """Draw a product that the reason can be about."""
    starts = words.PRODUCTS.get(reason.key)
    fitting = [p for p in domain.products if starts is None or p.startswith(starts)]
    return rng.choice(fitting or domain.products)


def build_matter(
    number: int, domain: Domain, reason: Reason, customer: Customer, first_day: date, rng: Random
) -> Matter:
    """Open a matter whose trouble began some days before its first contact."""
    age = rng.choice([1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 9, 11, 12, 15, 18, 21])
    onset = first_day - timedelta(days=age)
    fixed = matter_values(domain, reason, customer, onset, rng)
    return Matter(number, reason, customer, onset, new_product(domain, reason, rng), fixed)
