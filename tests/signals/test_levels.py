"""How far leaving and escalation go: the words in brackets are those that show the signal."""

from __future__ import annotations

import pytest

from vocmine.schema import CHURN_LEVELS, ESCALATION_LEVELS
from vocmine.signals.levels import churn, escalation


def marked(text):
    """Return the text and the spans in brackets."""
    spans = []
    while "[" in text:
        start, end = text.index("["), text.index("]") - 1
        text = text.replace("[", "", 1).replace("]", "", 1)
        spans.append((start, end))
    return text, spans


@pytest.mark.parametrize(
    ("text", "level", "competitor"),
    [
        ("[Je vais résilier] et passer chez Sosh.", "stated", "Sosh"),
        ("[J'vas canceller mon forfait].", "stated", None),
        ("Je pense que vous exagérez. [Je résilie].", "stated", None),
        ("Si ça continue, [je passe à la concurrence].", "conditional", "la concurrence"),
        ("sinon [je m'en vais chez Videotron]", "conditional", "Videotron"),
        ("si ça se règle pas [j'vas canceller mon forfait] pis j'm'en vas chez Fizz", "conditional", "Fizz"),
        ("Faute de remboursement, [je clôture mon compte].", "conditional", None),
        ("[Je me tâte à partir] chez un concurrent.", "weighing", "un concurrent"),
        ("[je songe à changer de banque]", "weighing", None),
        ("[je regarde ailleurs], peut-être chez Boursorama", "weighing", "Boursorama"),
    ],
)
def test_leaving_is_stated_on_a_condition_or_weighed(text, level, competitor):
    assert churn([marked(text)]) == (level, competitor)


def test_the_furthest_of_several_counts():
    turns = [marked("[Je me tâte à partir]."), marked("Si rien ne bouge, [je résilie]."), marked("[Je résilie].")]
    for kept in (1, 2, 3):
        assert churn(turns[:kept]).level == tuple(reversed(CHURN_LEVELS))[kept - 1]


def test_without_words_of_leaving_there_is_no_level_and_no_competitor():
    assert churn([]) is None
    assert churn([("Je passe chez Orange.", [])]) is None


@pytest.mark.parametrize(
    ("text", "outcome", "level"),
    [
        ("[Passez-moi votre responsable].", "asked", "manager"),
        ("[Je veux parler à un superviseur].", "asked", "supervisor"),
        ("[j'veux parler au gérant] là", "asked", "manager"),
        ("[Je veux votre N+1].", "asked", "supervisor"),
        ("[Passez-moi quelqu'un de plus haut].", "asked", "supervisor"),
        ("[Transmettez au service réclamations].", "asked", "complaints_unit"),
        ("[J'exige le médiateur].", "asked", "mediator"),
        ("[Je veux parler à quelqu'un d'autre].", "asked", None),
        ("[J'ai demandé le directeur], on a refusé.", "refused", "director"),
        ("[Je voudrais parler à un supérieur] ; on me répond qu'il n'y a personne.", "refused", "supervisor"),
        ("J'ai déjà eu votre responsable lundi, [je veux le directeur].", "happened", "director"),
    ],
)
def test_an_escalation_asked_for(text, outcome, level):
    assert escalation([marked(text)], asked=True) == (outcome, level)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("J'ai déjà eu votre responsable au téléphone.", "manager"),
        ("J'ai parlé avec la superviseure hier.", "supervisor"),
        ("On m'a passé le chef d'équipe.", "supervisor"),
        ("Votre responsable m'a rappelé hier.", "manager"),
    ],
)
def test_an_escalation_that_has_happened_without_being_asked_for(text, level):
    assert escalation([(text, [])], asked=False) == ("happened", level)
    assert level in ESCALATION_LEVELS


@pytest.mark.parametrize(
    "text",
    [
        "J'ai jamais eu le responsable.",
        "Je suis moi-même responsable du site.",
        "Le directeur est sympathique.",
        "Votre responsable m'a jamais rappelé.",
    ],
)
def test_no_escalation(text):
    assert escalation([(text, [])], asked=False) is None
