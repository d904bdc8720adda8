"""Contacts that repeat others, that a campaign wrote or that a machine sent are flagged; the others are left alone."""

import random

import pyarrow as pa
import pytest

from vocmine import Corpus
from vocmine.corpus.duplicates import find_duplicates
from vocmine.errors import InputError
from vocmine.schema import FLAGS

LONG = (
    "Bonjour, le colis que j’attends depuis le début du mois n’est toujours pas arrivé et votre service ne répond ni "
    "au téléphone ni par courrier, je vous demande de me rembourser sans tarder"
)
SHORT = "je n'ai pas reçu ma facture"


def message(texte=LONG, client="C1", date="14/03/2025 09:00", **others):
    return {"texte": texte, "client": client, "date": date, "canal": "courriel", **others}


def flags(*records, **options):
    corpus = Corpus.from_records(records)
    found = find_duplicates(corpus.contacts, corpus.turns, **options)
    assert found.schema.equals(FLAGS, check_metadata=False)
    return [(row["row"], row["flag"], row["of"], row["why"]) for row in found.to_pylist()]


def kinds(*records, **options):
    return [(row, flag) for row, flag, *_ in flags(*records, **options)]


def petition(customer, day="03", place="Sommières", number=1204):
    return message(
        f"Madame la Directrice, je refuse la fermeture du bureau de {place} qui sert chaque jour des centaines de gens "
        f"de nos villages, et je vous demande de revenir sur cette décision avant la fin du mois, signature {number}.",
        client=customer,
        date=f"{day}/03/2025 10:00",
    )


PLACES = ["Sommières", "Quissac", "Lédignan", "Calvisson", "Boisseron", "Lecques", "Junas"]


def test_a_message_sent_again_is_a_duplicate_of_the_first():
    assert flags(message(), message(date="14/03/2025 11:30")) == [
        (1, "duplicate", "row-0", "same words, same customer, same day")
    ]


def test_case_accents_and_punctuation_make_no_difference():
    again = LONG.upper().replace("É", "E").replace(",", " !")
    assert kinds(message(), message(again)) == [(1, "duplicate")]


def test_the_first_in_time_is_kept_whatever_the_order():
    assert flags(message(date="16/03/2025 09:00"), message(date="14/03/2025 09:00")) == [
        (0, "duplicate", "row-1", "same words, same customer, another day")
    ]


def test_a_form_and_its_email_say_their_channels():
    assert flags(message(), message(canal="formulaire web"))[0][3].endswith("same day, another channel")


def test_a_few_words_changed_make_a_near_duplicate():
    (found,) = flags(message(), message(LONG.replace("sans tarder", "au plus vite"), client="C2"))
    assert found == (1, "near_duplicate", "row-0", "nearly the same words, another customer, same day")


def test_every_copy_leads_to_the_one_that_is_kept():
    copies = [message(f"{LONG} {end}", client=None) for end in ("", "merci", "svp", "merci")]
    assert [(row, of) for row, _, of, _ in flags(*copies)] == [(1, "row-0"), (2, "row-0"), (3, "row-0")]


def test_another_order_number_is_another_complaint():
    first, second = (message(f"{LONG}, commande {number}") for number in (48213, 99812))
    assert flags(first, second) == []
    assert kinds(first, message()) == [(1, "near_duplicate")]


@pytest.mark.parametrize("text", ["ok merci", SHORT, "Toujours aucune nouvelle de vous, merci de me rappeler vite"])
def test_short_messages_of_different_customers_are_not_duplicates(text):
    assert flags(message(text, "C1"), message(text, "C2"), message(text, None), message(text, None)) == []


def test_a_short_message_of_the_same_customer_is_one_only_within_a_day():
    assert kinds(message(SHORT), message(SHORT, date="14/03/2025 09:05")) == [(1, "duplicate")]
    assert flags(message(SHORT), message(SHORT, date="14/04/2025 09:05")) == []
    assert flags(message("ok merci"), message("ok merci")) == []


def test_only_what_customers_say_is_compared():
    polite = (
        "Je comprends tout à fait votre situation et je vous remercie de votre patience, je regarde cela tout de suite"
    )
    calls = [
        {"id": f"A{n}", "locuteur": speaker, "texte": text, "date": "14/03/2025"}
        for n, said in enumerate(("Ma box est en panne depuis lundi", "Je voudrais changer de forfait"))
        for speaker, text in (("client", said), ("agent", polite))
    ]
    assert flags(*calls) == []
    assert kinds(*(call for call in calls if call["locuteur"] == "agent"), min_words=15) == [(1, "duplicate")]


def test_a_campaign_is_many_customers_in_the_same_words_within_days():
    found = flags(*(petition(f"C{n}", place=place, number=n) for n, place in enumerate(PLACES)))
    why = "same words but names and numbers, 7 contacts of 7 customers, 1 days"
    assert found == [(n, "campaign", None if n == 0 else "row-0", why) for n in range(7)]


def test_many_names_do_not_hide_a_campaign():
    words = (
        "Je soussigné {0}, demeurant à {1}, demande à {2} de renoncer au projet de {1} que {0} et les siens refusent"
    )
    people = zip(
        ("Léa", "Yann", "Maud", "Noé", "Inès"), PLACES, ("Roy", "Claes", "Aebi", "Brun", "Petit"), strict=False
    )
    letters = [message(words.format(*names), client=names[0]) for names in people]
    assert {flag for _, flag in kinds(*letters, min_words=12)} == {"campaign"}
    assert len(kinds(*letters, min_words=12)) == 5


def test_turns_that_quote_an_earlier_message_are_not_compared():
    corpus = Corpus.from_records([message(), message()])
    turns = corpus.turns.set_column(
        corpus.turns.schema.get_field_index("quoted"), corpus.turns.schema.field("quoted"), pa.array([False, True])
    )
    assert find_duplicates(corpus.contacts, turns).num_rows == 0


def test_too_few_customers_make_no_campaign():
    assert "campaign" not in {flag for _, flag in kinds(*(petition(f"C{n}", number=n) for n in range(4)))}
    assert "campaign" not in {flag for _, flag in kinds(*(petition(f"C{n % 4}", number=n) for n in range(8)))}


def test_the_same_form_over_the_year_is_no_campaign():
    yearly = [{**petition(f"C{n}", number=n), "date": f"03/0{n + 1}/2025"} for n in range(7)]
    assert flags(*yearly) == []
    assert len(flags(*yearly, campaign_days=365)) == 7


def test_two_waves_are_two_campaigns():
    waves = [petition(f"C{n}-{day}", day=day, number=f"{day}{n}") for day in ("01", "25") for n in range(5)]
    assert {(row, of) for row, flag, of, _ in flags(*waves, campaign_days=3) if flag == "campaign"} == {
        *((row, "row-0" if row else None) for row in range(5)),
        *((row, "row-5" if row > 5 else None) for row in range(5, 10)),
    }


def test_within_a_campaign_only_the_same_customer_repeats():
    copies = [petition(f"C{n}") for n in range(6)]
    found = kinds(*copies, petition("C3", day="04"))
    assert [row for row, flag in found if flag == "duplicate"] == [6]
    assert len([row for row, flag in found if flag == "campaign"]) == 7


def test_contacts_without_dates_are_compared_too():
    undated = [{key: value for key, value in petition(f"C{n}").items() if key != "date"} for n in range(5)]
    assert {why for *_, why in flags(*undated)} == {
        "same words but names and numbers, 5 contacts of 5 customers, days unknown"
    }


@pytest.mark.parametrize(
    ("others", "flag"),
    [
        ({"texte": "Je suis absente du bureau jusqu'au 3, en cas d'urgence appelez le standard."}, "auto_reply"),
        ({"texte": "Nous accusons réception de votre demande. Ne pas répondre à ce message."}, "acknowledgement"),
        ({"texte": "Je reviens lundi.", "subject": "Réponse automatique : Facture"}, "auto_reply"),
        ({"texte": "Je reviens lundi.", "automatic": "Auto-Submitted"}, "notification"),
    ],
)
def test_automatic_messages_are_flagged_by_their_kind(others, flag):
    assert kinds(message(**others)) == [(0, flag)]


def test_a_contact_in_which_somebody_also_writes_is_not_automatic():
    away = "Je suis absente du bureau jusqu'au 3, en cas d'urgence appelez le standard."
    thread = [
        {"id": "A1", "locuteur": "client", "canal": "courriel", "texte": text}
        for text in (away, "Me revoilà, où est mon colis ?")
    ]
    assert flags(*thread) == []


def test_callers_do_not_read_out_what_machines_write():
    text = "Je suis absente du bureau jusqu'au 3, en cas d'urgence appelez le standard."
    assert flags(message(text, canal="téléphone")) == []


def test_the_footer_that_cleaning_took_away_still_tells():
    text = "Merci de votre courriel.\n\nNous vous répondrons sous 48 heures.\n\nCeci est un message automatique.\n"
    corpus = Corpus.from_records([message(text)])
    before, after = (
        find_duplicates(each.contacts, each.turns)["flag"].to_pylist() for each in (corpus, corpus.clean())
    )
    assert before == after == ["acknowledgement"]


def test_what_is_flagged_does_not_depend_on_the_order_of_the_input():
    vary = [LONG, LONG.replace("mois", "trimestre"), LONG + " merci", SHORT, "Bravo à toute l’équipe, tout est réglé"]
    records = [
        message(text, f"C{n % 7}", f"{n % 27 + 1:02}/03/2025 {n % 24:02}:{n:02}") for n, text in enumerate(vary * 8)
    ]
    records += [petition(f"P{n}", number=n, day=f"{n + 1:02}", place=place) for n, place in enumerate(PLACES)]
    records = [{"id": f"K{n}", **record} for n, record in enumerate(records)]

    def found(shuffled):
        corpus = Corpus.from_records(shuffled)
        table = find_duplicates(corpus.contacts, corpus.turns).select(["contact_id", "flag", "of", "similarity", "why"])
        return sorted(map(str, table.to_pylist()))

    expected = found(records)
    assert len(expected) > 30
    for seed in range(3):
        assert found(random.Random(seed).sample(records, len(records))) == expected


def test_of_a_crowd_of_formulaic_texts_the_flags_are_still_found():
    crowd = [petition(f"C{n}", number=1000 + n, day=f"{n % 28 + 1:02}") for n in range(120)]
    assert len([1 for _, flag in kinds(*crowd) if flag == "campaign"]) == 120
    assert kinds(*crowd, message(client="Z"), message(client="Z"))[-1] == (121, "duplicate")


def test_no_contacts_no_flags():
    empty = Corpus.from_records([message()]).filter(contact_id="none")
    assert find_duplicates(empty.contacts, empty.turns).num_rows == 0


def test_reasons_hold_no_words_of_customers():
    allowed = {"same", "words", "nearly", "customer", "another", "unknown", "day", "channel"}
    (found,) = flags(message(), message(client="C2"))
    assert set(found[3].replace(",", "").split()) <= allowed


@pytest.mark.parametrize(
    "wrong", [{"threshold": 0}, {"threshold": 1.5}, {"min_words": 0}, {"campaign_size": 1}, {"campaign_days": 0}]
)
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(InputError, match=f"got {next(iter(wrong))}="):
        flags(message(), **wrong)
