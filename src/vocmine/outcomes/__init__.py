"""Decisions: causes and owners, repeat contacts, the effect of a measure, self-care and cost.

An analysis comes in; tables go out whose every figure has an interval and leads back to contact ids. `CauseModel` says
why each contact came and whose matter it is, `audit` checks it, `repeat_contacts` finds what came again,
`measure_effect` says whether a measure worked, `faq` and `contradictions` read what agents answer, and `decisions` puts
all of it together.
"""

from vocmine.outcomes.audit import audit, audited_shares
from vocmine.outcomes.causes import CauseModel
from vocmine.outcomes.contradictions import contradictions
from vocmine.outcomes.costs import Costs
from vocmine.outcomes.decisions import Decisions, decisions
from vocmine.outcomes.effect import Effect, measure_effect
from vocmine.outcomes.faq import faq
from vocmine.outcomes.measures import what_to_do
from vocmine.outcomes.owners import departments
from vocmine.outcomes.repeats import Repeats, repeat_contacts
from vocmine.outcomes.taxonomy import Taxonomy

__all__ = [
    "CauseModel",
    "Costs",
    "Decisions",
    "Effect",
    "Repeats",
    "Taxonomy",
    "audit",
    "audited_shares",
    "contradictions",
    "decisions",
    "departments",
    "faq",
    "measure_effect",
    "repeat_contacts",
    "what_to_do",
]
