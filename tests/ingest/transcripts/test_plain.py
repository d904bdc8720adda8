"""Plain text: what is a label, what is a transcript, and where calls begin."""

import pytest

from vocmine.ingest.transcripts.labels import Labelled, split_label

LABELS = {
    "Agent : oui": Labelled("Agent", "oui"),
    "Conseillère: oui : non": Labelled("Conseillère", "oui : non"),
    "CLIENT :oui": Labelled("CLIENT", "oui"),
    "[SPEAKER_00]: oui": Labelled("SPEAKER_00", "oui"),
    "Speaker 2: oui": Labelled("Speaker 2", "oui"),
    "Locuteur 1 : oui": Labelled("Locuteur 1", "oui"),
    "**Client** : oui": Labelled("Client", "oui"),
    ">> Agent: oui": Labelled("Agent", "oui"),
    "Mme Durand (cliente) : oui": Labelled("Mme Durand (cliente)", "oui"),
    "Agent Colivia : oui": Labelled("Agent Colivia", "oui"),
    "Client : ": Labelled("Client", ""),
}
NO_LABELS = [
    "Votre conseiller : Paul",
    "Le client a dit ceci : non",
    "le numéro de client est : 12",
    "Attention : fermé lundi",
    "Bonjour : oui",
    "https://exemple.fr",
    "10:30",
    ": oui",
    "Et je vous redis que mon problème est toujours le même depuis trois mois : rien",
]


@pytest.mark.parametrize("line", LABELS)
def test_roles_and_numbers_are_labels(line):
    assert split_label(line, names=False) == LABELS[line]


@pytest.mark.parametrize("line", NO_LABELS)
def test_words_before_a_colon_are_no_label(line):
    assert split_label(line, names=False) is None


@pytest.mark.parametrize(
    "line", ["Camille Arnoult: oui", "M. Le Goff : oui", "Jean-Paul de Rohan (Colivia): oui", "A : oui"]
)
def test_names_are_labels_only_where_lines_usually_have_one(line):
    assert split_label(line, names=True) is not None
    assert split_label(line, names=False) is None


@pytest.mark.parametrize(
    "line", ["Attention : fermé", "Merci : oui", "Dossier : 12", "Numéro : 12", "Objet : résiliation"]
)
def test_other_words_never_are(line):
    assert split_label(line, names=True) is None


@pytest.mark.parametrize(
    "content",
    [
        "id;texte\n1;Bonjour : je n'ai rien reçu\n2;Toujours rien\n",
        "Un texte suivi, sans locuteur.\nIl a deux lignes.\n",
        "De : client@exemple.fr\nÀ : service@exemple.fr\nObjet : résiliation\n\nBonjour,\n",
        "Received: from mx.exemple.fr\nFrom: client@exemple.fr\nSubject: oui\n\nClient : Paul\nAgent : 12\n",
        "- un seul point",
        "",
    ],
)
def test_other_texts_are_left_to_other_readers(read, content):
    assert read("a.txt", content) == (None, [], {})


def test_a_turn_keeps_all_its_lines(read):
    _, rows, _ = read("a.txt", "Agent : Bonjour.\nClient : Voici :\n\n  un\n  deux\nAgent : Merci.\n")
    assert [row["text"] for row in rows] == ["Bonjour.", "Voici :\nun\ndeux", "Merci."]


@pytest.mark.parametrize(
    "ruler", ["-----", "=====", "* * *", "___", "~~~~~~", "=== Appel 2 ===", "## Appel n° 2", "Appel 2"]
)
def test_a_ruler_or_a_title_opens_another_call(read, ruler):
    call = "Agent : Bonjour.\nClient : Oui.\n"
    _, rows, malformed = read("mai.txt", f"{call}{ruler}\n{call}")
    assert not malformed
    assert [row["turn"] for row in rows] == [0, 1, 0, 1]
    second = "mai#2" if not any(map(str.isdigit, ruler)) else "2"
    assert [row["contact_id"] for row in rows] == ["mai", "mai", second, second]


def test_calls_of_one_id_are_told_apart(read):
    call = "=== Appel 7 ===\nAgent : Bonjour.\nClient : Oui.\n"
    _, rows, _ = read("mai.txt", call * 2)
    assert [row["contact_id"] for row in rows] == ["7", "7", "7#2", "7#2"]


@pytest.mark.parametrize("name", ["a.csv", "a.eml", "a.html", "a.json"])
def test_files_of_another_extension_are_left_to_other_readers(read, name):
    assert read(name, "Agent : Bonjour.\nClient : Oui.\n")[0] is None
