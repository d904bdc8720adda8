"""Events that cost effort, in customers' words; the score that counts them; what an agent could have spared."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.signals.effort import AVOIDABLE, WEIGHTS, Event, effort_score, find_events, sent_away

STORIES = Path(__file__).with_name("toll_stories.txt").read_text(encoding="utf-8").splitlines()
"""A toll on a rented car: told to two people, then by e-mail, and one more call to come."""

EVENTS = st.builds(
    Event,
    kind=st.sampled_from([*WEIGHTS, AVOIDABLE]),
    turn=st.just(0),
    start=st.just(0),
    end=st.just(1),
    times=st.integers(1, 40),
    why=st.just(""),
)


def told(text):
    """Return (kind, times, words) of each event."""
    return [(event.kind, event.times, text[event.start : event.end]) for event in find_events([text])]


@pytest.mark.parametrize("story", STORIES, ids=range(len(STORIES)))
def test_the_toll_told_twice_then_written_then_to_be_called_about_again_is_four_events_or_more(story):
    kinds = {kind for kind, *_ in told(story)}
    assert len([kind for kind, *_ in told(story) if kind in WEIGHTS]) >= 4
    assert {"channel_switch", "follow_up", "repeated_explanation"} <= kinds
    assert effort_score(find_events([story])) > 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ça fait 3 fois que j'vous appelle.", ("attempt", 3, "3 fois que j'vous appelle")),
        ("Je vous ai relancés à plusieurs reprises.", ("attempt", 3, "relancés à plusieurs reprises")),
        ("On me balade de service en service.", ("transfer", 1, "me balade de service en service")),
        ("J'ai eu trois interlocuteurs différents.", ("transfer", 2, "trois interlocuteurs différents")),
        ("Vous me renvoyez d'un département à l'autre.", ("transfer", 1, "me renvoyez d'un département à l'autre")),
        ("Le conseiller m'a dit d'envoyer un courrier.", ("channel_switch", 1, "dit d'envoyer un courrier")),
        ("Je dois tout réexpliquer à chaque fois.", ("repeated_explanation", 1, "tout réexpliquer")),
        ("45 minutes d'attente au téléphone !", ("waiting", 1, "45 minutes d'attente")),
        ("On me redemande les mêmes justificatifs.", ("paper", 1, "me redemande les mêmes justificatifs")),
        ("Le code n'est jamais arrivé.", ("self_service_failure", 1, "code n'est jamais arrivé")),
        ("Le site plante à chaque fois.", ("self_service_failure", 1, "site plante")),
        ("J'ai dû me déplacer pour une signature.", ("travel", 1, "J'ai dû me déplacer")),
        ("J'vas être obligée de rappeler.", ("follow_up", 1, "J'vas être obligée de rappeler")),
    ],
)
def test_each_kind_has_its_words_and_how_often(text, expected):
    assert expected in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "À l'époque j'avais appelé trois fois, mais c'est réglé maintenant.",
        "On m'a transféré au bon service, parfait.",
        "Je voudrais réserver une table pour deux personnes.",
        "Est-ce qu'il faut rappeler pour confirmer ?",
        "J'espère que je n'aurai pas à tout réexpliquer.",
        "J'ai reçu deux courriels de votre part, merci.",
        "Je voudrais déplacer mon rendez-vous.",
        "Je vous rappelle que mon contrat finit en mai.",
        "Je n'ai pas eu à me déplacer, tout s'est fait en ligne.",
        "Je demande une attestation de paiement, s'il vous plaît.",
        "À peine 2 minutes d'attente, bravo.",
        "Chez mon ancien opérateur, on m'a transféré de service en service.",
        "Ma voisine m'a dit qu'elle avait appelé quatre fois.",
        "Quels justificatifs faut-il fournir ?",
        "Le site n'est pas bloqué, c'est moi qui avais oublié mon code.",
        "C'est la première fois que ça m'arrive.",
        "On m'a prélevé deux fois.",
        "Envoyez-moi la facture par courriel, merci.",
    ],
)
def test_no_event_where_nothing_was_put_on_the_customer(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45 minutes d'attente", 45),
        ("deux heures d'attente", 120),
        ("une heure d'attente", 60),
        ("3 jours sans réponse", 3 * 1440),
        ("j'attends depuis deux semaines", 2 * 10080),
        ("j'attends depuis 2 mois", 2 * 43200),
        ("injoignables", None),
    ],
)
def test_a_wait_says_how_long(text, minutes):
    assert [event.minutes for event in find_events([text])] == [minutes]


@pytest.mark.parametrize(
    "text",
    [
        "Il avait mon dossier sous les yeux et m'a dit d'écrire un courriel.",
        "L'employé aurait pu envoyer le courriel lui-même pour moi.",
        "La dame avait ma facture devant elle pis à m'a dit d'appeler un autre numéro.",
        "Vous avez déjà mon dossier et vous me demandez de renvoyer les mêmes papiers !",
    ],
)
def test_what_the_agent_had_and_sent_away_for_is_marked(text):
    assert AVOIDABLE in {kind for kind, *_ in told(text)}


def test_an_agent_who_sees_the_file_and_sends_away_is_marked():
    turns = [
        "Je vois votre dossier à l'écran, mais il faut écrire au service des péages.",
        "Je vois votre dossier, je corrige tout de suite.",
    ]
    (event,) = sent_away(turns)
    assert (event.kind, event.turn) == (AVOIDABLE, 0)
    assert turns[0][event.start : event.end].startswith("Je vois votre dossier")


def test_spans_lie_in_their_turns_in_order_and_never_overlap():
    events = [event for event in find_events(STORIES) if event.kind in WEIGHTS]
    assert events == sorted(events, key=lambda event: (event.turn, event.start))
    assert all(0 <= event.start < event.end <= len(STORIES[event.turn]) for event in events)
    pairs = itertools.pairwise(events)
    assert all(one.end <= other.start for one, other in pairs if one.turn == other.turn)


def test_many_turns_at_once_give_what_each_gives_alone():
    alone = [event._replace(turn=rank) for rank, text in enumerate(STORIES * 3) for event in find_events([text])]
    assert find_events(STORIES * 3) == alone


def test_no_event_is_no_effort():
    assert effort_score([]) == 0


@given(st.lists(EVENTS, max_size=30), EVENTS)
def test_one_more_event_never_lowers_the_score(events, more):
    assert 0 <= effort_score(events) <= effort_score([*events, more]) <= 10


@given(st.lists(EVENTS, min_size=1, max_size=30), st.integers(1, 40))
def test_a_higher_count_never_lowers_the_score(events, more):
    raised = [events[0]._replace(times=events[0].times + more), *events[1:]]
    assert effort_score(events) <= effort_score(raised)


@given(st.permutations([Event(kind, 0, 0, 1, 2, "") for kind in WEIGHTS]))
def test_the_order_of_events_does_not_matter(events):
    assert effort_score(events) == effort_score(sorted(events))


def test_the_same_attempt_told_again_counts_modestly():
    once, twice = (effort_score(find_events(["J'ai appelé lundi. " * n])) for n in (1, 2))
    assert once < twice < 2 * once


def test_avoidable_effort_adds_nothing_to_the_score_of_its_own():
    assert effort_score([Event(AVOIDABLE, 0, 0, 1, 1, "")]) == 0
