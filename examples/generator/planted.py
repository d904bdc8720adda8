"""The planted facts: what a good analysis of the sample has to find again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

BASE_REPEAT = 0.14
# Nobody comes back about praise, so that the other reasons stand a little above the base.
ORDINARY_REPEAT = 0.145
MAX_CHAIN = 4
# The size for which the absolute daily rates below are written.
REFERENCE_SIZE = 6000


@dataclass(frozen=True, slots=True)
class Facts:
    """Dates and parameters of everything planted, for one run."""

    start: date
    end: date
    incident_onset: date
    incident_days: int = 9
    # In daily standard deviations of the reason: quick at first, fading at the end.
    incident_strength: tuple[float, ...] = (8.0, 9.0, 7.5, 6.5, 6.0, 5.5, 5.0, 4.5, 4.1)
    esim_birth: date = date(2026, 3, 1)
    esim_ramp_days: int = 14
    measure: date = date(2026, 9, 1)
    measure_effect: float = -0.45
    structural: date = date(2026, 1, 1)
    structural_lift: float = 0.60
    letter: date = date(2026, 6, 8)
    letter_days: int = 21
    letter_factor: float = 8.0
    repeat: dict[str, float] = field(default_factory=lambda: {"telecom.technician_missed": 0.55})
    # Contacts a day (repeats included) of the reasons that carry a planted fact.
    rates: dict[str, float] = field(
        default_factory=lambda: {
            "parcel.no_passage": 1.38,
            "bank.app_login": 1.38,
            "energy.bill_incomprehensible": 0.62,
            "energy.price_letter": 0.15,
            "telecom.esim": 0.5,
        }
    )
    domain_shares: dict[str, float] = field(
        default_factory=lambda: {"telecom": 0.28, "energy": 0.20, "bank": 0.26, "parcel": 0.26}
    )

    def modifier(self, reason: str, day: date) -> float:
        """Factor that the planted facts put on the rate of `reason` on `day`."""
        if reason == "telecom.esim":
            age = (day - self.esim_birth).days
            return 0.0 if age < 0 else min(1.0, (age + 1) / self.esim_ramp_days)
        if reason == "parcel.no_passage":
            return 1.0 + self.measure_effect if day >= self.measure else 1.0
        if reason == "energy.bill_incomprehensible":
            return 1.0 + self.structural_lift if day >= self.structural else 1.0
        if reason == "energy.price_letter":
            within = self.letter <= day < self.letter + timedelta(days=self.letter_days)
            return self.letter_factor if within else 1.0
        return 1.0

    def repeat_rate(self, reason: str) -> float:
        """Chance that a customer has to contact again after a contact about `reason`."""
        if reason.endswith(".praise"):
            return 0.0
        return self.repeat.get(reason, ORDINARY_REPEAT)

    def turning_points(self, reason: str) -> tuple[date, ...]:
        """Days on which the level of a planted reason changes, or is claimed to change."""
        return {
            "parcel.no_passage": (self.measure - timedelta(days=62), self.measure),
            "bank.app_login": (self.measure - timedelta(days=62), self.measure),
            "energy.bill_incomprehensible": (self.structural,),
            "energy.price_letter": (self.letter, self.letter + timedelta(days=self.letter_days)),
        }.get(reason, ())


def default_facts(start: date, months: int, onset: date) -> Facts:
    """Facts for a period of `months` whole months from `start`."""
    index = start.year * 12 + start.month - 1 + months
    end = date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
    return Facts(start=start, end=end, incident_onset=onset)
