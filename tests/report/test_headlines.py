"""The sentences that a manager reads first."""

import pytest

from vocmine.report import headlines, summarise


def plain(sentences):
    return [sentence.replace("\u00a0", " ").replace("\u202f", " ") for sentence in sentences]


def test_in_french(eight):
    assert plain(headlines(summarise(eight))) == [
        "8 contacts de 4 clients, du 2 mars 2026 au 18 mars 2026 ; le courriel en apporte le plus (50 %).",
        "Environ trois contacts sur cinq sont négatifs : 57 %, entre 25 % et 84 % ; 29 % sont positifs et 0 % mitigés.",
        "1 contact non évalué : sans lettre ni émoji (1).",
        "Évalués en 4,2 s par le modèle by-hand@1.0.",
    ]


def test_in_english(eight):
    assert plain(headlines(summarise(eight), "en")) == [
        "8 contacts from 4 customers, from 2 March 2026 to 18 March 2026; e-mail brings the largest share (50%).",
        "About three contacts in five are negative: 57%, between 25% and 84%; 29% are positive and 0% mixed.",
        "1 contact not scored: no letter and no emoji (1).",
        "Scored in 4.2 s by the model by-hand@1.0.",
    ]


def test_channels_trend_and_recovery_are_told_where_there_is_enough_to_tell(analyse):
    days = [f"2026-03-{day:02d}" for day in range(2, 16)]
    calm, angry = ("Quel est le tarif ?",), ("C’est inadmissible.", "Parfait, merci.")
    rows = [
        {"id": f"{day}-{k}", "date": day, "locuteur": "client", "canal": "tel" if k else "mail", "message": text}
        for day in days
        for k in range(6)
        for text in (angry if day > "2026-03-08" and k else calm)
    ]
    told = plain(headlines(summarise(analyse(rows, text="message"))))
    assert any(line.startswith("Sur les 7 derniers jours, la part de négatifs") for line in told)
    assert any(line.startswith("Sur 35 conversations où le client est clairement mécontent, 100 %") for line in told)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ["Aucun contact à montrer."]),
        (
            ["12 34"],
            [
                "1 contact, sans dates.",
                "Aucun contact n’a pu être évalué.",
                "1 contact non évalué : sans lettre ni émoji (1).",
            ],
        ),
        (
            ["Tout est parfait."],
            [
                "1 contact, sans dates.",
                "Presque aucun contact n’est négatif : 0 %, entre 0 % et 79 % ; 100 % sont positifs et 0 % mitigés.",
                "Tous les contacts sont évalués ; aucune ligne n’a été rejetée.",
                "Évalués en 4,2 s par le modèle by-hand@1.0.",
            ],
        ),
    ],
)
def test_with_little_to_tell(analyse, rows, expected):
    assert plain(headlines(summarise(analyse(rows)))) == expected
