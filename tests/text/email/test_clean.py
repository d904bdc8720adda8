"""What is kept of an e-mail is what its author newly says; courtesies, quotes and the work of programs go."""

import pytest

from vocmine.text.email import clean_email

OURS = "Le 12/03/2025 à 10:20, SAV <sav@exemple.fr> a écrit :\n> Votre colis est parti.\n> Cordialement"
HEADER = "De : SAV <sav@exemple.fr>\nEnvoyé : lundi 3 mars 2025 09:15\nÀ : A. Roy\nObjet : Panne"


def kinds(body):
    return [(removed.kind, body[removed.start : removed.end].strip()) for removed in clean_email(body).removed]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (f"Bonjour,\n\nJe n'ai rien reçu.\n\nCordialement\nA. Roy\n\n{OURS}", "Je n'ai rien reçu."),
        (f"{OURS}\n\nJe n'ai rien reçu.\n\nBien à vous", "Je n'ai rien reçu."),
        (
            "Le 12/03/2025 à 10:20, SAV a écrit :\n> Votre numéro ?\n\n44812\n\n> Votre ville ?\n69001 Lyon",
            "44812\n\n69001 Lyon",
        ),
        (
            f"Mes réponses sont en dessous.\n\n{HEADER}\n\nDepuis quand ?\n=> samedi soir\nCordialement",
            "Mes réponses sont en dessous.\n\n=> samedi soir",
        ),
        (
            f"Je réponds dans votre message, en rouge.\n\n{HEADER}\n\nDepuis quand ?\nsamedi soir",
            "Je réponds dans votre message, en rouge.\n\nsamedi soir",
        ),
    ],
    ids=["above", "below", "between marks", "under arrows", "under questions"],
)
def test_answers_are_kept_wherever_they_stand(body, kept):
    assert clean_email(body).text == kept


def test_every_piece_taken_away_has_its_kind():
    body = (
        "Bonjour Madame,\n\nLa box est en panne (See attached file: photo.jpg)\n\nBien cordialement,\nAnne Blin\n"
        "06 39 98 12 34\n\nEnvoyé de mon iPhone\n\nCe message est confidentiel. S'il vous parvient par erreur, "
        f"merci de le détruire.\n\n{OURS}"
    )
    assert clean_email(body).text == "La box est en panne"
    assert [kind for kind, _ in kinds(body)] == [
        "greeting",
        "attachment",
        "closing",
        "signature",
        "footer",
        "disclaimer",
        "quote",
        "quote",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Cordialement votre conseiller ne m'a pas rappelé.",
        "Merci de me rappeler au plus vite.",
        "Merci d'effectuer ces changements",
        "Madame Dupont est venue hier et n'a rien réparé.",
        "Bonne nouvelle : la ligne remarche.",
        "Mon train :\nDe : Lyon\nÀ : Paris\nDate : 3 mars 2025\n2 h de retard.",
        "Le 12 mars, votre technicien a écrit que tout marchait.",
        "Le 12 mars 2025 à 10h30, votre conseiller m'a écrit :\n« dossier clos »\nC'est faux.",
        "Ma nouvelle adresse :\n12 rue des Lilas\n75011 Paris",
        "Les passagers sont :\nAnne Blin\nPaul Roy",
        "Envoyé depuis mon espace client le 3 mars, mon message est resté sans réponse.",
        "Envoyé depuis mon compte, resté sans réponse.",
        "Ce message est le troisième que je vous envoie par erreur de destinataire.",
        "Pensez à la planète, arrêtez vos courriers papier !",
        "Prix : 12 € > 19 € > 27 €\n> c'est ça votre « prix bloqué » ?",
        "Dossier rejeté.\n\nRefaites-le.\n\nScandaleux",
        "Désinscription immédiate, je l'ai demandée trois fois.",
        "Veuillez recevoir mon dossier complet, avec mes respects des délais.",
    ],
)
@pytest.mark.parametrize("around", ["{}", "La box est en panne.\n\n{}\n\nRappelez-moi."])
def test_sentences_that_look_like_formulas_are_content(body, around):
    assert clean_email(around.format(body)).text == around.format(body)


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("Bonjour, je vous écris pour ma box.", "je vous écris pour ma box."),
        ("Bonjour je vous écris pour ma box.", "je vous écris pour ma box."),
        ("Chère Madame Blin, je confirme.", "je confirme."),
        ("Ma ligne est coupée. Bien cordialement, Anne Blin", "Ma ligne est coupée."),
        (
            "Je résilie. Je vous prie d'agréer, Madame,\nl'expression de mes sentiments les meilleurs.\nP. Roy",
            "Je résilie.",
        ),
        (
            "En attendant 45 €, je vous prie de croire, Monsieur, en mes salutations.",
            "En attendant 45 €,",
        ),
    ],
)
def test_a_courtesy_on_a_line_of_content_goes_alone(body, kept):
    assert clean_email(body).text == kept


@pytest.mark.parametrize(
    "closing",
    [
        "Cordialement",
        "CORDIALEMENT.",
        "cdlt",
        "Bien à  vous,",
        "Merci d'avance pour votre aide,",
        "Dans l'attente d'une réponse rapide de votre part,",
        "Merci et bonne fin de journée à tous",
        "Recevez, Monsieur, mes salutations distinguées.",
        "Je vous prie d'agréer, Madame,\nl'expression de mes salutations les plus respectueuses.",
        "En vous remerciant par avance de l'attention que vous porterez à ma demande,",
        "Je reste à votre disposition pour tout renseignement complémentaire.",
        "Meilleures salutations",
        "Un tout grand merci,",
        "Kind regards,",
        "Many thanks in advance",
        "I look forward to hearing from you soon.",
        "Associativement vôtre,",
    ],
)
def test_closings_go_with_the_name_under_them(closing):
    assert clean_email(f"La box est en panne.\n\n{closing}\n\nAnne Blin").text == "La box est en panne."


@pytest.mark.parametrize(
    "greeting", ["Bonjour", "BONSOIR MADAME,", "Madame, Monsieur,", "Bjr", "Chère équipe,", "Dear Sir,"]
)
def test_greetings_go(greeting):
    assert kinds(f"{greeting}\nLa box est en panne.") == [("greeting", greeting)]


def test_a_name_at_the_end_goes_without_any_closing():
    assert clean_email("La box est en panne.\n\nAnne Blin\nGérante\n01 99 00 12 34").text == "La box est en panne."


def test_what_follows_a_signature_is_kept():
    body = "La box est en panne.\nCordialement\nAnne Blin\n\nPS : j'ai changé d'adresse\n\nLe technicien passe demain."
    assert clean_email(body).text == "La box est en panne.\n\nPS : j'ai changé d'adresse\n\nLe technicien passe demain."


def test_mere_thanks_do_not_make_a_signature_of_what_follows():
    body = "Envoyez-moi une attestation.\nMerci\nNuméro de contrat : 12345"
    assert clean_email(body).text == "Envoyez-moi une attestation.\nNuméro de contrat : 12345"


FORWARDED = (
    "---------- Forwarded message ---------\nDe : Anne Blin <a.blin@exemple.fr>\nDate: mar. 4 mars 2025 à 09:12\n"
    "Subject: Panne\nTo: <sav@exemple.fr>\n\nBonjour,\nLa box est en panne.\nCordialement\nAnne\n\n"
    "Le 3 mars 2025 à 08:00, SAV <sav@exemple.fr> a écrit :\n> Tout va bien ?"
)


@pytest.mark.parametrize("above", ["", "Envoyé de mon iPhone\n\n", "Bonjour,\n\nCordialement\nPaul Roy\n\n"])
def test_a_message_passed_on_without_a_note_is_kept(above):
    cleaned = clean_email(above + FORWARDED)
    assert cleaned.text == "La box est en panne."
    assert {"forward", "greeting", "closing", "signature", "quote"} <= {removed.kind for removed in cleaned.removed}


def test_a_note_makes_a_quote_of_what_is_passed_on():
    assert clean_email(f"Pour info\n\n{FORWARDED}").text == "Pour info"


def test_marks_of_quotation_go_from_a_message_passed_on():
    body = "Début du message transféré :\n\n> De: Anne <a@exemple.fr>\n> Objet: Panne\n> \n> La box\n> est en panne."
    assert clean_email(body).text == "La box\nest en panne."


@pytest.mark.parametrize(
    "body", ["merci", "Merci, Paul", "Cordialement,\nPaul Roy", "-- \nPaul Roy\n06 39 98 12 34", "Bonjour"]
)
def test_courtesies_that_are_all_there_is_stay(body):
    assert clean_email(body).text == body


@pytest.mark.parametrize("courtesy", ["Merci !", "Bonjour,\nCordialement"])
def test_courtesies_stay_above_a_quote(courtesy):
    assert clean_email(f"{courtesy}\n\n{OURS}").text == courtesy


def test_thanks_are_an_answer_even_above_a_header_block():
    assert clean_email(f"Bonjour,\nMerci !\nPaul\n\n{HEADER}\n\nVotre colis est parti.").text == "Merci !"


def test_lines_may_end_in_either_way():
    assert clean_email("Bonjour,\r\nPlus de courant.\r\nCordialement\r\nPaul\r\n").text == "Plus de courant."


def test_the_words_kept_lead_back_to_the_body():
    body = f"Bonjour,\n\nToujours rien.\n\n{OURS}"
    cleaned = clean_email(body)
    assert body[slice(*cleaned.to_raw(0, len(cleaned.text)))] == "Toujours rien."
