"""The quality report, as a manager reads it."""

import json

import pandas as pd
import pytest

import vocmine as vm


@pytest.fixture
def report():
    records = [
        {"id": 1, "texte": "Toujours pas livrÃ©", "date": "03/04/2025 10:00", "canal": "Courriel"},
        {"id": 2, "texte": None, "date": "23/04/2025 11:00", "canal": "Téléphone"},
        {"id": 3, "texte": "Merci à toute l’équipe", "date": "hier", "canal": "Pigeon <b>"},
    ]
    return vm.Corpus.from_records(records, source="avril").quality()


def test_counts_add_up(report):
    assert (report.rows_in, report.turns, report.contacts) == (3, 2, 2)
    assert report.rejected == {"missing_text": 1}
    assert report.repairs == {"mojibake": 1, "unknown_channel": 1, "unparsable_date": 1}
    assert report.languages == {"fr": 2}
    assert report.channels == {"email": 1, "other": 1}


def test_it_reads_in_french(report):
    shown = str(report)
    for expected in (
        "3 lignes reçues",
        "sans texte [missing_text]",
        "canal inconnu",
        "« date » (avril) : écrites 03/04/2025 ; 1 illisibles ; jour avant le mois (déduit des valeurs)",
        "fuseau Europe/Paris (par défaut)",
        "« texte », reconnue à son nom (avril) [text]",
    ):
        assert expected in shown


def test_it_never_shows_what_customers_wrote(report):
    assert "équipe" not in str(report) + report._repr_html_()


def test_it_is_a_frame_too(report):
    frame = report.to_frame()
    assert frame.columns.tolist() == ["section", "item", "rows", "detail"]
    assert frame.set_index("item").loc["missing_text", "rows"] == 1
    assert isinstance(frame, pd.DataFrame)


def test_html_is_escaped():
    corpus = vm.Corpus.from_records([{"texte": "Bonjour"}], source="<script>")
    assert "<script>" not in corpus.quality()._repr_html_()


def test_provenance_survives_json():
    corpus = vm.Corpus.from_records([{"texte": "Bonjour", "date": "03/04/2025"}]).filter([False])
    provenance = json.loads(json.dumps(corpus.provenance))
    again = vm.Corpus.from_tables(corpus.tables(), provenance=provenance)
    assert str(again.quality()) == str(corpus.quality())
    assert again.dates == corpus.dates
    assert again.index.tolist() == [0]
