"""The finished sample: tables of turns and truth, and the files that hold them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pandas as pd

from .compose import write_contacts
from .model import Composed, Contact
from .parts import Parts, load
from .plan import Plan, Planner
from .planted import BASE_REPEAT, Facts, default_facts
from .truth import Judgement, judge, polarity_of, signals_of

PARTS = Path(__file__).resolve().parent.parent / "parts"
# Share of the matters that end well although the customer does not come back to say so.
_QUIETLY_RESOLVED = 0.62


@dataclass(frozen=True, slots=True)
class Sample:
    """One generated sample.

    Attributes
    ----------
    contacts
        One row a turn.
    truth
        One row a contact.
    turns
        One row a turn: polarity and signals.
    planted
        Every planted fact with its dates and parameters.
    """

    contacts: pd.DataFrame
    truth: pd.DataFrame
    turns: pd.DataFrame
    planted: dict[str, object]


def generate(
    seed: int = 0,
    n_contacts: int = 6000,
    onset: str = "2026-09-15",
    start: str = "2025-09-01",
    months: int = 14,
) -> Sample:
    """Generate a sample; the same arguments give the same sample.

    Parameters
    ----------
    seed
        Seed of everything that is drawn.
    n_contacts
        Number of contacts.
    onset
        First day of the planted incident, as YYYY-MM-DD.
    start
        First day of the period.
    months
        Length of the period in months.
    """
    parts = load(PARTS)
    facts = default_facts(date.fromisoformat(start), months, date.fromisoformat(onset))
    plan = Planner(parts, facts, n_contacts, seed).build()
    composed = list(write_contacts(plan.contacts, parts, seed))
    judgements = [judge(text) for text in composed]
    rng = Random(f"truth-{seed}")
    return Sample(
        contacts=_contact_rows(plan.contacts, composed, parts),
        truth=_truth_rows(plan.contacts, composed, judgements, rng),
        turns=_turn_rows(plan.contacts, composed),
        planted=_planted(plan, facts, parts),
    )


def _contact_rows(contacts: list[Contact], composed: list[Composed], parts: Parts) -> pd.DataFrame:
    rows = []
    for contact, text in zip(contacts, composed, strict=True):
        customer, domain = contact.matter.customer, contact.matter.reason.domain
        answered = any(turn.speaker == "agent" for turn in text.turns)
        for number, turn in enumerate(text.turns):
            rows.append(
                {
                    "contact_id": contact.id,
                    "conversation_id": "V" + contact.id[1:],
                    "customer_id": "" if customer.anonymous else customer.id,
                    "channel": contact.channel,
                    "started_at": contact.started_at.strftime("%d/%m/%Y %H:%M"),
                    "turn": number,
                    "speaker": turn.speaker,
                    "text": turn.text,
                    "language": customer.language,
                    "variant": customer.variant,
                    "agent_id": contact.agent_id if answered else "",
                    "team": contact.team if answered else "",
                    "domain": domain,
                    "company": parts.domains[domain].brand,
                    "product": contact.matter.product,
                    "segment": customer.segment,
                    "region": customer.region,
                }
            )
    return pd.DataFrame(rows)


def _truth_rows(
    contacts: list[Contact], composed: list[Composed], judgements: list[Judgement], rng: Random
) -> pd.DataFrame:
    rows = []
    for contact, text, judgement in zip(contacts, composed, judgements, strict=True):
        reason = contact.matter.reason
        quiet = rng.random() < _QUIETLY_RESOLVED
        rows.append(
            {
                "contact_id": contact.id,
                "reason": reason.key,
                "cause": reason.cause,
                "department": reason.department,
                "sentiment": judgement.sentiment,
                "signals": " ".join(judgement.signals),
                "frustration": judgement.frustration,
                "chain_id": f"M{contact.matter.id:06d}",
                "chain_position": contact.position,
                "refers_back": int(text.refers_back),
                "resolved": int(contact.is_last and (judgement.resolved or quiet)),
                "incident": int(contact.incident),
                "contradiction_id": contact.question.id if contact.question else "",
                "contradiction_side": contact.side,
                "agent_style": " ".join(judgement.styles),
            }
        )
    return pd.DataFrame(rows)


def _turn_rows(contacts: list[Contact], composed: list[Composed]) -> pd.DataFrame:
    rows = []
    for contact, text in zip(contacts, composed, strict=True):
        for number, turn in enumerate(text.turns):
            mine = turn.lines if turn.speaker == "customer" else []
            rows.append((contact.id, number, polarity_of(mine), " ".join(signals_of(mine))))
    return pd.DataFrame(rows, columns=["contact_id", "turn", "polarity", "signals"])


def _planted(plan: Plan, facts: Facts, parts: Parts) -> dict[str, object]:
    chains = [c.matter for c in plan.contacts if c.position == 1]
    return {
        "period": {"start": facts.start.isoformat(), "end": facts.end.isoformat(), "timezone": "Europe/Paris"},
        "incident": {
            "reason": "telecom.outage",
            "onset": facts.incident_onset.isoformat(),
            "end": date.fromordinal(facts.incident_onset.toordinal() + len(plan.incident_extra) - 1).isoformat(),
            "extra_contacts_per_day": plan.incident_extra,
            "daily_mean_before": round(plan.incident_mean, 3),
            "daily_sd_before": round(plan.incident_sd, 3),
            "wordings": sum(
                len(p) for k, p in parts.incident.items() if k.split("_")[0] not in ("detail", "ask", "agent")
            ),
        },
        "new_topic": {
            "reason": "telecom.esim",
            "birth": facts.esim_birth.isoformat(),
            "ramp_days": facts.esim_ramp_days,
        },
        "measures": [
            {"reason": "parcel.no_passage", "since": facts.measure.isoformat(), "true_effect": facts.measure_effect},
            {
                "reason": "bank.app_login",
                "since": facts.measure.isoformat(),
                "true_effect": 0.0,
                "name": "nouvelle page d'aide",
            },
        ],
        "structural_cause": {
            "reason": "energy.bill_incomprehensible",
            "since": facts.structural.isoformat(),
            "until": facts.end.isoformat(),
            "lift_over_first_four_months": facts.structural_lift,
        },
        "one_off": {
            "reason": "energy.price_letter",
            "onset": facts.letter.isoformat(),
            "end": date.fromordinal(facts.letter.toordinal() + facts.letter_days - 1).isoformat(),
            "factor": facts.letter_factor,
        },
        "repeats": {
            "base_rate": BASE_REPEAT,
            "drivers": facts.repeat,
            "gap_days": [1, 12],
            "chains_of_several_contacts": sum(len(m.contacts) > 1 for m in chains),
        },
        "contradictions": [
            {"id": q.id, "reason": q.reason, "asked": sum(c.question is q for c in plan.contacts)}
            for d in parts.domains.values()
            for q in d.questions
        ],
    }


def write(sample: Sample, folder: Path) -> None:
    """Write the tables and the planted facts under `folder`."""
    truth = folder / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    tables = {
        folder / "contacts.csv": sample.contacts,
        truth / "contacts.csv": sample.truth,
        truth / "turns.csv": sample.turns,
    }
    for path, table in tables.items():
        table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    text = json.dumps(sample.planted, ensure_ascii=False, indent=2) + "\n"
    (truth / "planted.json").write_text(text, encoding="utf-8")
