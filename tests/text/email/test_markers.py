"""Every mail program says in its own way that another message follows."""

import pytest

from vocmine.text.email import clean_email

ATTRIBUTIONS = {
    "Gmail": "Le mer. 12 mars 2025 à 10:20, SAV <sav@exemple.fr> a écrit :",
    "Gmail, wrapped": "Le mer. 12 mars 2025 à 10:20, Service après-vente des Télécoms <\nsav@exemple.fr> a écrit :",
    "Gmail, cut before the verb": "Le mer. 12 mars 2025 à 10:20, SAV <sav@exemple.fr> a\nécrit :",
    "Gmail, years ago": "2018-05-22 10:20 GMT+02:00 SAV <sav@exemple.fr>:",
    "Gmail in English": "On Wed, Mar 12, 2025 at 10:20 AM SAV <sav@example.com> wrote:",
    "Apple Mail": "Le 12 mars 2025 à 10:20, SAV <sav@exemple.fr> a écrit :",
    "Thunderbird": "Le 12/03/2025 à 10:20, SAV a écrit :",
    "Yahoo": "Le mercredi 12 mars 2025 à 10:20:33 UTC+1, SAV <sav@exemple.fr> a écrit :",
    "Yahoo, years ago": "--- En date de : Mer 12.3.25, SAV <sav@exemple.fr> a écrit :",
    "a web mail": "SAV <sav@exemple.fr> a écrit le 12/03/2025 10:20 :",
    "in German": "Am 12.03.2025 um 10:20 schrieb SAV <sav@exemple.ch>:",
    "in Dutch": "Op wo 12 mrt. 2025 om 10:20 schreef SAV <sav@exemple.be>:",
}
HEADERS = {
    "Outlook": ["De : SAV <sav@exemple.fr>", "Envoyé : mercredi 12 mars 2025 10:20", "À : A. Roy", "Objet : RE: panne"],
    "Outlook, bold": [
        "*De :* SAV <sav@exemple.fr>",
        "*Envoyé :* 12 mars 2025 10:20",
        "*À :* A. Roy",
        "*Objet :* panne",
    ],
    "Outlook in English": ["From: SAV", "Sent: Wednesday, March 12, 2025 10:20 AM", "To: A. Roy", "Subject: RE: panne"],
    "Outlook, years ago": ["-----Message d'origine-----", "De : SAV", "Objet : RE: panne"],
    "Outlook on the web": ["_" * 32, "De : SAV <sav@exemple.fr>", "Envoyé : mercredi 12 mars 2025", "À : A. Roy"],
    "copies, wrapped": [
        "De : SAV <sav@exemple.fr>",
        "Envoyé : lundi",
        "Cc : B. <b@exemple.fr>,",
        "C. <c@exemple.fr>",
        "Objet : RE",
    ],
    "Orange": ["> Message du 12/03/25 10:20", "> De : SAV", "> A : roy@exemple.fr", "> Copie à :", "> Objet : panne"],
    "SFR": ["=" * 40, "Message du : 12/03/2025", 'De : "SAV" <sav@exemple.fr>', "Sujet : panne"],
    "Free": [
        "----- Mail original -----",
        'De: "SAV" <sav@exemple.fr>',
        "À: roy@exemple.fr",
        "Envoyé: Mercredi 12 Mars 2025",
    ],
    "Samsung": [
        "-------- Message d'origine --------",
        "De : SAV",
        "Date : 12/03/2025 10:20 (GMT+01:00)",
        "À : roy@exemple.fr",
    ],
    "Notes": [
        "----- Réacheminé par Paul ROY/Semco le 12/03/2025 10:20 -----",
        "",
        "|--------+",
        "De :      SAV",
        "Objet :   panne",
    ],
    "Notes, a table": [
        '  "SAV"',
        "  <sav@exemple.fr>",
        "          To",
        "  12/03/2025   <a@example.com>",
        "     Subject",
        "     panne",
    ],
    "Yahoo, flattened": ["----- Message transféré -----De : SAV <sav@exemple.fr>À : roy@exemple.frObjet : panne"],
    "hidden": ["[Texte des messages précédents masqué]"],
}


@pytest.mark.parametrize("mark", ["> ", ""])
@pytest.mark.parametrize("name", ATTRIBUTIONS)
def test_an_attribution_begins_an_earlier_message(name, mark):
    body = f"Toujours rien.\n\n{ATTRIBUTIONS[name]}\n\n{mark}Bonjour,\n{mark}Le colis est parti."
    assert clean_email(body).text == "Toujours rien."


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_block_begins_an_earlier_message(name):
    mark = "> " if name == "Orange" else ""
    body = f"Toujours rien.\n\n{chr(10).join(HEADERS[name])}\n{mark}\n{mark}Le colis est parti."
    assert clean_email(body).text == "Toujours rien."


def test_marks_that_end_after_the_first_words_end_nothing():
    body = f"Toujours rien.\n\n{chr(10).join(HEADERS['Orange'])}\n>\n> Bonjour.\n\nLe colis est parti.\n\nCordialement"
    assert clean_email(body).text == "Toujours rien."


def test_the_rest_of_a_wrapped_line_is_quoted():
    quoted = "> Nous restons à votre entière disposition pour tous renseignements\ncomplémentaires.\n> Bonne journée"
    assert clean_email(f"Toujours rien.\n\n{quoted}").text == "Toujours rien."
