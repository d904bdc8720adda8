"""The messages that wait for a reply: which they are, in which order, and why."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from vocmine.corpus import Corpus
from vocmine.errors import InputError
from vocmine.mentions import needs_reply
from vocmine.mentions.priority import LESSENED, WEIGHTS

NOW = datetime(2026, 3, 2, 20, tzinfo=UTC)
OWN = ["@Exemple_SAV"]


def corpus(*messages, **shared):
    """Make a corpus of messages: text, and columns that differ from those of the first of them."""
    rows = [
        {"contact_id": "c1", "channel": "X", "speaker": "client", "author": "lea", "date": "2026-03-02T08:00:00Z"}
        | shared
        | ({"text": message} if isinstance(message, str) else message)
        for message in messages
    ]
    return Corpus.from_records(rows)


def only(source, **options):
    frame = needs_reply(source, **({"own": OWN, "now": NOW} | options))
    assert len(frame) == 1
    return frame.iloc[0]


def test_a_question_to_the_company_waits():
    row = only(corpus("@Exemple_SAV quand arrive mon colis ?", conversation_id="f1"))
    assert row["contact_id"] == "c1"
    assert row["conversation_id"] == "f1"
    assert row["waiting_hours"] == 12.0
    assert row["why"] == "question ou demande ; s’adresse à l’entreprise ; attend depuis 12 h"
    assert row["priority"] == round(1 - 0.65 * 0.8 * 0.9, 2)
    assert row["text"] == "[@…] quand arrive mon colis ?"


@pytest.mark.parametrize("reply", [{"speaker": "agent"}, {"speaker": "bot"}, {"author": "exemple_sav"}])
def test_what_the_company_answered_does_not(reply):
    answered = {"text": "Bonjour, demain", "date": "2026-03-02T09:00:00Z", "author": "sav"} | reply
    assert needs_reply(corpus("Quand ?", answered), own=OWN, now=NOW).empty


def test_a_new_word_of_the_customer_waits_again_from_then():
    row = only(
        corpus(
            "Quand ?",
            {"text": "Demain", "speaker": "agent", "author": "sav", "date": "2026-03-02T09:00:00Z"},
            {"text": "Toujours rien", "date": "2026-03-02T14:00:00Z"},
            {"text": "Vous répondez ?", "date": "2026-03-02T15:00:00Z"},
        )
    )
    assert row["waiting_hours"] == 6.0
    assert "2 messages sans réponse" in row["why"]
    assert "s’adresse à l’entreprise" in row["why"]
    assert row["text"] == "Vous répondez ?"


def test_the_order_is_that_of_need():
    texts = {
        "menace": "@Exemple_SAV mise en demeure : mon bébé est sans chauffage, vous répondez ?",
        "question": "@Exemple_SAV quel est le délai ?",
        "plainte": "Encore une panne",
        "parle": "Je prends le train demain",
        "éloge": "@Exemple_SAV merci, au top !",
        "repartage": "RT @tom: panne chez Exemple",
    }
    frame = needs_reply(corpus(*({"contact_id": name, "text": text} for name, text in texts.items())), own=OWN, now=NOW)
    assert frame["contact_id"].tolist() == list(texts)
    assert frame["priority"].is_monotonic_decreasing
    assert frame["priority"].between(0, 1).all()


def test_talk_between_other_people_ranks_low_and_says_so():
    source = corpus(
        {"contact_id": "f:lea", "text": "Panne chez Exemple ?", "message_id": "1"},
        {"contact_id": "f:tom", "text": "@lea non, et toi ?", "author": "tom", "message_id": "2", "reply_to": "1"},
    )
    frame = needs_reply(source, own=OWN, now=NOW).set_index("contact_id")
    assert frame.loc["f:tom", "why"].endswith("s’adresse à d’autres personnes")
    assert frame.loc["f:tom", "priority"] < frame.loc["f:lea", "priority"] / 2


def test_an_answer_to_the_company_speaks_to_it():
    source = corpus(
        {"contact_id": "f", "text": "Nouvelle offre !", "speaker": "agent", "author": "sav", "message_id": "1"},
        {"contact_id": "f:tom", "text": "@sav et nous ?", "author": "tom", "message_id": "2", "reply_to": "1"},
    )
    assert "s’adresse à l’entreprise" in only(source, own=[])["why"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"followers": 100_000}, "audience"),
        ({"likes": 50, "reposts": 10}, "audience"),
        ({"rating": 1}, "mécontentement"),
        ({"text": "C’est urgent"}, "urgence"),
        ({"text": "Je pars à la concurrence"}, "menace de départ"),
        ({"text": "J’en parle à la presse"}, "menace de publicité"),
        ({"text": "Je porte plainte"}, "menace de recours"),
    ],
)
def test_each_reason_raises_the_priority(more, why):
    plain, raised = only(corpus("Je prends le train")), only(corpus({"text": "Je prends le train"} | more))
    assert raised["priority"] > plain["priority"]
    assert why in raised["why"]


def test_a_review_speaks_to_the_company_on_any_channel():
    row = only(corpus("Personne ne répond", channel="web", rating=2))
    assert "s’adresse à l’entreprise" in row["why"]
    assert needs_reply(corpus("Où est mon colis ?", channel="email"), now=NOW).empty


def test_a_good_rating_is_praise_unless_something_is_asked():
    assert only(corpus("Livraison le lendemain", rating=5))["why"].endswith("éloge")
    assert "éloge" not in only(corpus("Livraison le lendemain, mais où est la facture ?", rating=5))["why"]


def test_without_dates_waiting_is_unknown():
    row = only(corpus({"text": "Quand ?", "date": None}))
    assert pd.isna(row["waiting_hours"])
    assert "attend" not in row["why"]


def test_a_message_of_the_future_does_not_wait_less_than_nothing():
    assert only(corpus("Quand ?"), now=datetime(2026, 3, 1, tzinfo=UTC))["waiting_hours"] == 0.0


def test_personal_data_in_plain_sight_are_masked_and_long_texts_cut():
    row = only(corpus("Mon numéro est le 06 12 34 56 78, lea@exemple.fr " + "mot " * 200))
    assert "[téléphone], [e-mail]" in row["text"]
    assert len(row["text"]) <= 281


def scored(source, sentiment, p_negative):
    turns = source.turns.select(["contact_id", "turn"]).to_pandas()
    return SimpleNamespace(corpus=source, turns=turns.assign(sentiment=sentiment, p_negative=p_negative))


def test_the_sentiment_of_an_analysis_counts():
    source = corpus("@Exemple_SAV eh ben dis donc")
    plain, negative, positive = (
        only(source),
        only(scored(source, "negative", 0.9)),
        only(scored(source, "positive", 0.1)),
    )
    assert "mécontentement" in negative["why"]
    assert negative["priority"] > plain["priority"] > positive["priority"]
    assert "éloge" in positive["why"]
    assert only(scored(source, None, None))["priority"] == plain["priority"]


def test_nothing_that_waits_is_an_empty_frame_with_its_columns():
    frame = needs_reply(Corpus.from_records([{"texte": "Bonjour", "canal": "courriel"}]))
    assert list(frame.columns) == ["contact_id", "conversation_id", "waiting_hours", "priority", "why", "text"]
    assert frame.empty


def test_what_is_no_source_or_no_moment_is_told():
    with pytest.raises(InputError, match="got a list, expected a Corpus or an Analysis"):
        needs_reply([])
    with pytest.raises(InputError, match="without a time zone"):
        needs_reply(corpus("Quand ?"), now=datetime(2026, 3, 2))


def test_weights_are_shares():
    assert all(0 < weight < 1 for weight, _ in [*WEIGHTS.values(), *LESSENED.values()])
