"""The model that is shipped: whole, small enough, and right on plain words."""

import hashlib
import json

import numpy as np
import pytest

from vocmine import Corpus, Miner
from vocmine.inference import Engine, Model, available_models
from vocmine.schema import ASPECTS, SIGNALS, STYLES

FOLDER = available_models()["embedded"]


@pytest.fixture(scope="module")
def engine():
    return Engine(Model.from_pretrained("embedded"), device="cpu")


def polarities(engine, texts):
    head = next(head for head in engine.model.heads if head.name == "sentiment")
    return [head.labels[best] for best in engine.encode(texts).probabilities["sentiment"].argmax(axis=1)]


def test_the_folder_is_under_60_megabytes():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 60e6


def test_the_hashes_of_the_manifest_are_those_of_the_files():
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    hashes = {manifest["weights"]["file"]: manifest["weights"]["sha256"], **manifest["files"]}
    assert set(hashes) == {"model.safetensors", "config.json", "tokenizer.json"}
    for name, sha256 in hashes.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sha256


def test_the_metrics_and_the_card_are_those_of_this_very_model():
    model_id = Model.from_pretrained("embedded").model_id
    assert json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))["model_id"] == model_id
    assert model_id in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_saving_it_again_gives_the_same_bytes(tmp_path):
    Model.from_pretrained("embedded").save_pretrained(tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


@pytest.mark.parametrize(
    ("polarity", "texts"),
    [
        (
            "negative",
            [
                "Je suis très mécontente de votre service.",
                "Mon colis est arrivé en morceaux et personne ne me répond.",
                "C'est une honte de traiter les clients de cette manière.",
                "Toujours aucune nouvelle de mon remboursement, j'en ai assez.",
                "Chu vraiment tanné, ça marche jamais votre patente.",
            ],
        ),
        (
            "neutral",
            [
                "Je voudrais changer mon adresse postale.",
                "Quels sont vos horaires d'ouverture le samedi ?",
                "Mon numéro de contrat est le 448 210.",
                "Pouvez-vous m'envoyer une copie du contrat ?",
                "J'voudrais savoir à quelle heure ça ferme à soir.",
            ],
        ),
        (
            "positive",
            [
                "Merci beaucoup, vous avez été formidable.",
                "La livraison a été rapide et le produit est parfait.",
                "Je ne suis pas fâchée du tout, votre conseiller a été adorable.",
                "Aucun souci, merci beaucoup pour votre aide !",
                "C'est ben l'fun, tout marche numéro un, merci !",
            ],
        ),
    ],
)
def test_plain_french_sentences_get_their_polarity(engine, polarity, texts):
    assert polarities(engine, texts) == [polarity] * len(texts)


@pytest.mark.parametrize(
    ("language", "negative", "neutral", "positive"),
    [
        ("fr", "Quel service lamentable.", "Où se trouve votre agence ?", "Excellent service, bravo !"),
        ("en", "What an awful service.", "Where is your office located?", "Excellent service, well done!"),
        ("de", "Was für ein schrecklicher Service.", "Wo befindet sich Ihre Filiale?", "Ausgezeichneter Service!"),
        ("es", "Qué servicio tan horrible.", "¿Dónde está su oficina?", "¡Excelente servicio, enhorabuena!"),
        ("it", "Che servizio pessimo.", "Dove si trova la vostra filiale?", "Servizio eccellente, complimenti!"),
        ("pt", "Que serviço horrível.", "Onde fica a vossa loja?", "Excelente serviço, parabéns!"),
    ],
)
def test_six_languages_are_read(engine, language, negative, neutral, positive):
    assert polarities(engine, [negative, neutral, positive]) == ["negative", "neutral", "positive"]


def test_it_has_the_heads_that_the_library_reads(engine):
    labels = {head.name: head.labels for head in engine.model.heads}
    assert labels.pop("sentiment") == ("negative", "neutral", "positive", "mixed")
    assert labels.pop("satisfaction") == ("negative", "neutral", "positive")
    assert labels.pop("signals") == (*SIGNALS, *STYLES)
    assert labels == dict.fromkeys(ASPECTS, ("absent", "negative", "positive"))


def test_praise_and_blame_in_one_account_are_mixed_and_show_their_aspects():
    account = (
        "La dame du guichet a été adorable, patiente, vraiment très gentille avec moi, un accueil formidable. "
        "Par contre la démarche en ligne est un parcours du combattant : dix pages à remplir, les mêmes pièces "
        "demandées trois fois, incompréhensible. Et cinq mois d'attente pour une réponse, c'est beaucoup trop long."
    )
    analysis = Miner(aspects=True).score(Corpus.from_records([account]))
    contacts = analysis.contacts
    assert contacts["sentiment"].tolist() == ["mixed"]
    assert contacts["aspect_relationship"].tolist() == ["positive"]
    assert contacts["aspect_responsiveness"].tolist() == ["negative"]
    (shown,) = analysis.spans.query("label == 'simplicity'").itertuples()
    assert shown.why == "negative"
    assert "parcours du combattant" in shown.quote


def test_scores_do_not_depend_on_the_other_texts_of_the_batch(engine):
    texts = ["Merci.", "Je voudrais parler à quelqu'un au sujet de la facture du mois de mars.", "Quelle honte !"]
    together = engine.encode(texts)
    alone = [engine.encode([text]).probabilities["sentiment"][0] for text in texts]
    assert np.allclose(together.probabilities["sentiment"], alone, atol=1e-5)


def test_a_text_in_another_script_is_seen_to_be_unknown(engine):
    shares = engine.encode(["Bonjour, où est mon colis ?", "サービスが悪い", "Где моя посылка?"]).unknown_share
    assert shares[0] == 0
    assert (shares[1:] > 0.2).all()
