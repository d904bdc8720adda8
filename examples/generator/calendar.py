"""The rhythm of the contacts: weekdays, holidays, seasons, hours of the day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import holidays
import numpy as np
from numpy.typing import NDArray

PARIS = ZoneInfo("Europe/Paris")
MONTREAL = ZoneInfo("America/Montreal")

WEEKDAYS = {
    "telecom": (1.30, 1.12, 1.05, 1.00, 1.00, 0.45, 0.15),
    "energy": (1.34, 1.14, 1.05, 1.00, 0.97, 0.36, 0.11),
    "bank": (1.32, 1.15, 1.04, 1.00, 1.00, 0.40, 0.12),
    "parcel": (1.25, 1.10, 1.05, 1.02, 1.05, 0.58, 0.18),
}
# Reasons that carry a planted level must not be moved by the season as well.
SEASONLESS = frozenset({"energy.bill_incomprehensible", "energy.price_letter", "bank.app_login", "parcel.no_passage"})
GROWTH = 0.06

_ENERGY_MONTHS = (1.35, 1.30, 1.15, 1.00, 0.88, 0.80, 0.75, 0.75, 0.90, 1.00, 1.20, 1.35)
_HOUR_WEIGHTS = {
    "phone": {8: 4, 9: 9, 10: 11, 11: 10, 12: 5, 13: 5, 14: 9, 15: 9, 16: 8, 17: 7, 18: 5},
    "email": {
        7: 3,
        8: 6,
        9: 8,
        10: 8,
        11: 7,
        12: 6,
        13: 5,
        14: 6,
        15: 6,
        16: 6,
        17: 6,
        18: 6,
        19: 5,
        20: 6,
        21: 6,
        22: 3,
    },
    "chat": {9: 7, 10: 8, 11: 8, 12: 8, 13: 7, 14: 7, 15: 7, 16: 7, 17: 8, 18: 8, 19: 6, 20: 5, 21: 3},
    "social": {7: 2, 8: 3, 9: 3, 12: 5, 13: 4, 16: 3, 17: 6, 18: 9, 19: 11, 20: 13, 21: 13, 22: 9, 23: 4},
}
# Montreal is six hours behind Paris: later local hours would fall on the next French day.
_LAST_QUEBEC_HOUR = 17


def days_between(start: date, end: date) -> list[date]:
    """All days from `start` to `end`, both included."""
    return [start + timedelta(days=i) for i in range((end - start).days + 1)]


def season(domain: str, day: date) -> float:
    """Seasonal factor of a domain: parcels before Christmas, energy in winter, bank early in the month."""
    if domain == "energy":
        return _ENERGY_MONTHS[day.month - 1]
    if domain == "bank":
        return 1.25 if day.day <= 6 else 0.94
    if domain == "parcel" and (day.month == 11 or (day.month == 12 and day.day <= 24)):
        return 1.35 if day.month == 11 else 1.75
    return 1.0


def holiday_factor(day: date, closed: set[date]) -> float:
    """Low on a public holiday, higher on the day after."""
    if day in closed:
        return 0.25
    return 1.2 if day - timedelta(days=1) in closed else 1.0


def daily_profile(domain: str, reason: str, days: list[date]) -> NDArray[np.float64]:
    """Factor of each day, mean close to 1, for one reason; shape (n_days,)."""
    closed = set(holidays.country_holidays("FR", years=range(days[0].year, days[-1].year + 1)))
    weekdays = np.array(WEEKDAYS[domain]) / np.mean(WEEKDAYS[domain])
    profile = np.array([weekdays[day.weekday()] * holiday_factor(day, closed) for day in days])
    if reason not in SEASONLESS:
        profile *= np.array([season(domain, day) for day in days])
        profile *= 1.0 + GROWTH * np.linspace(-0.5, 0.5, len(days))
    return profile


def draw_moment(day: date, channel: str, quebec: bool, rng: Random) -> datetime:
    """Draw the local Paris time of a contact on `day`.

    No contact starts between midnight and 7 o'clock, hence never in an hour that a change of
    clocks skips or repeats.
    """
    weights = _HOUR_WEIGHTS[channel]
    hours = [hour for hour in weights if not quebec or hour <= _LAST_QUEBEC_HOUR]
    hour = rng.choices(hours, [weights[h] for h in hours])[0]
    moment = datetime.combine(day, time(hour, rng.randrange(60)))
    if quebec:
        moment = moment.replace(tzinfo=MONTREAL).astimezone(PARIS).replace(tzinfo=None)
    return moment


def customer_hour(started_at: datetime, quebec: bool) -> int:
    """Hour that the customer's own clock shows."""
    if not quebec:
        return started_at.hour
    return started_at.replace(tzinfo=PARIS).astimezone(MONTREAL).hour
