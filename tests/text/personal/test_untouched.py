"""Figures and words that must stay legible."""

import pytest

from vocmine.text.personal import find_personal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 250,50 €",
        "1.250,00 €",
        "1\u202f250\u00a0€",
        "250000 €",
        "10 000 $",
        "1 250 000 euros",
        "un écart de 613 555 010 €",
        "24h/24, 7j/7",
        "30 à 40 %",
        "en 2023",
        "2019-2023",
        "12/03/2025",
        "12.03.25",
        "du 12/03 au 15/04/2025",
        "14h30",
        "2025-03-12 14:30:15",
        "le 01/02/2025 14h",
        "75011 Paris",
        "H2X 1Y4",
        "le 3949",
        "120 jours, 15 minutes",
        "article L. 121-20-3 du code de la consommation",
        "loi n° 78-17 du 6 janvier 1978",
        "commande n° 4587213",
        "la pièce référence AB-123-CD",
        "l'article réf. 4512-889",
        "colis 6A12345678901",
        "EAN 3017620422003",
        "facture n° 2024-0012",
        "3 commandes, 12 articles",
        "732 829 320",
        "la société compte 732 829 320 actions",
        "client depuis 2019, contrat de 24 mois",
        "contrat 2023-2024",
        "dossier : 12/03/2025",
        "contrat : 12/03/2025-14/03/2025",
        "dossier en cours depuis 120 jours",
        "code postal : 75011",
        "le mot de passe est trop long",
        "code erreur 404",
        "1 place de parking",
        "12 cours de français",
        "il reste 4 rue barrées",
        "la rue Victor Hugo est fermée",
        "version 12.4.1.2",
        "un deux trois",
        "trois ou quatre fois",
        "cent vingt euros trente",
        "l'acte de naissance demandé le 20/09/2024",
        "je ne suis passé que le 12/03/2025",
        "la voiture a 120 000 km et 110 cv",
        "FR 75011",
        "a@b",
        "[téléphone] [e-mail] [@…] [NIR] [date de naissance] [secret] [nom] [adresse]",
        "[téléphone·k3f9b2] né le [date de naissance·k3f9b2], mot de passe : [secret·k3f9b2]",
        "n° client [référence·k3f9b2]",
    ],
)
def test_figures_stay(text):
    assert find_personal(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Monsieur le Directeur, Madame la Présidente",
        "Madame, Monsieur, bonjour",
        "MADAME JE VOUS ECRIS",
        "Bonjour Madame",
        "Mme XXX m'a répondu",
        "le lycée Jean Moulin",
        "rue Pierre Curie",
        "chez Leroy Merlin et Yves Rocher",
        "France Travail",
        "Paris, Lyon et Marseille",
        "en Mai ou en Avril",
        "Merci Docteur",
        "Me voilà rassuré",
        "Claire et nette",
        "Rose ou rouge",
        "au nom de la société",
        "de la part de votre service",
        "je m'appelle et on me coupe",
    ],
)
def test_words_stay(text):
    assert find_personal(text) == []
