"""Quotes are the customer's, varied, readable alone, and masked."""

import pytest

from vocmine.report import summarise

MATTERS = (
    "ma facture a doublé sans aucune explication",
    "le livreur ne sonne jamais à la porte",
    "mon compte reste bloqué depuis lundi dernier",
    "personne ne décroche au numéro indiqué",
    "la box clignote en rouge chaque soir",
    "votre application plante dès son ouverture",
)


def complaint(k):
    return f"{MATTERS[k].capitalize()}, inadmissible."


@pytest.fixture
def quotes_of(analyse):
    def quotes_of(rows, columns=None, **options):
        return summarise(analyse(rows, **(columns or {"text": "message"})), **options)["quotes"]

    return quotes_of


def test_a_quote_says_where_it_comes_from(eight):
    quotes = summarise(eight)["quotes"]
    assert [quote["contact_id"] for quote in quotes["negative"]] == ["C0", "C2", "C6"]  # C1 is of C0's customer
    assert quotes["negative"][0] == {
        "contact_id": "C0",
        "channel": "email",
        "day": "2026-03-02",
        "language": "fr",
        "text": "Toujours pas remboursé, c’est inadmissible.",
    }
    assert {quote["contact_id"] for quote in quotes["positive"]} == {"C3", "C4"}


def test_near_copies_are_shown_once(quotes_of):
    rows = [{"message": complaint(0)}, {"message": complaint(0).upper()}, {"message": "Oui, " + complaint(0)}]
    assert len(quotes_of(rows)["negative"]) == 1


def test_one_customer_is_quoted_once(quotes_of):
    rows = [{"message": complaint(k), "client": "P1"} for k in range(3)]
    assert len(quotes_of(rows)["negative"]) == 1


def test_no_channel_has_more_than_half_where_another_can_speak(quotes_of):
    rows = [{"message": complaint(k), "canal": "mail" if k < 4 else "tel"} for k in range(6)]
    channels = [quote["channel"] for quote in quotes_of(rows, n_quotes=8)["negative"]]
    assert sorted(channels) == ["email", "email", "phone", "phone"]


def test_a_channel_alone_has_all_places(quotes_of):
    rows = [{"message": complaint(k), "canal": "mail"} for k in range(6)]
    assert len(quotes_of(rows, n_quotes=8)["negative"]) == 4


def test_a_whole_sentence_goes_before_a_cry(quotes_of):
    rows = [{"message": "Inadmissible !"}, {"message": complaint(1)}]
    assert [quote["text"] for quote in quotes_of(rows)["negative"]] == [complaint(1), "Inadmissible !"]


def test_the_language_of_most_contacts_goes_first(quotes_of):
    english = "The technician never came and nobody called me back, this is inadmissible."
    rows = [{"message": english, "langue": "en"}, *({"message": complaint(k), "langue": "fr"} for k in (0, 1))]
    assert [quote["language"] for quote in quotes_of(rows)["negative"]] == ["fr", "fr", "en"]


def test_agents_and_quoted_messages_are_never_quoted(quotes_of):
    rows = [
        {"id": "1", "locuteur": "conseiller", "message": complaint(0), "quoted": False},
        {"id": "1", "locuteur": "client", "message": complaint(1), "quoted": False},
        {"id": "1", "locuteur": "client", "message": complaint(2), "quoted": True},
    ]
    assert [quote["text"] for quote in quotes_of(rows, {"text": "message"})["negative"]] == [complaint(1)]


def test_a_mixed_contact_shows_both_sides_in_their_order(quotes_of):
    good = "Le technicien venu mardi matin est resté deux heures, a tout expliqué et son travail est parfait."
    middle = "Il était question au départ d’un simple changement de câble dans la cave de l’immeuble, au numéro trois."
    bad = "En revanche, six semaines d’attente pour ce rendez-vous sans un seul appel, voilà qui est inadmissible."
    rows = [{"id": "1", "locuteur": "client", "message": text} for text in (good, middle, bad)]
    (quote,) = quotes_of(rows)["mixed"]
    assert quote["text"] == f"{good} […] {bad}"


def test_personal_data_are_masked_unless_asked_otherwise(quotes_of):
    rows = [{"message": "Inadmissible : écrivez à jeanne.morel@exemple.fr ou appelez le 06 12 34 56 78 sans tarder."}]
    (masked,) = quotes_of(rows)["negative"]
    assert masked["text"] == "Inadmissible : écrivez à [e-mail] ou appelez le [téléphone] sans tarder."
    (plain,) = quotes_of(rows, mask=False)["negative"]
    assert "jeanne.morel@exemple.fr" in plain["text"]


@pytest.mark.parametrize(("n", "shares"), [(0, (0, 0, 0)), (1, (1, 0, 0)), (12, (6, 3, 3))])
def test_half_the_places_are_for_complaints_and_a_quarter_for_praise(n, shares):
    from vocmine.report.quotes import places

    assert places(n) == shares
