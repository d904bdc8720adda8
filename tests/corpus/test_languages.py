"""Languages that no column tells, identified afterwards."""

import pickle

import pandas as pd

from vocmine import Corpus, read
from vocmine.corpus.build import RawRows, build
from vocmine.corpus.languages import with_languages

FRAME = pd.DataFrame(
    {
        "contact_id": ["k1", "k1", "k2", "k3"],
        "speaker": ["agent", "client", "client", "client"],
        "text": ["How can I help you?", "Je n’ai rien reçu depuis lundi", "Wo bleibt meine Bestellung?", "Merci bien"],
        "langue": [None, None, None, "es"],
    }
)


def test_they_are_those_of_the_customer_and_what_is_told_stands():
    tables, _ = build(RawRows(FRAME), {})
    assert tables["contacts"]["language"].to_pylist() == [None, None, "es"]
    whole = with_languages(tables["contacts"], tables["turns"])
    assert whole["language"].to_pylist() == ["fr", "de", "es"]
    assert whole.schema.equals(tables["contacts"].schema, check_metadata=True)
    assert whole.drop_columns(["language"]).equals(tables["contacts"].drop_columns(["language"]))


def test_a_corpus_never_shows_that_they_are_missing():
    asked_first, asked_last = Corpus.from_pandas(FRAME), Corpus.from_pandas(FRAME)
    assert asked_first.contacts["language"].to_pylist() == ["fr", "de", "es"]
    assert asked_last.filter(language="de").contacts["contact_id"].to_pylist() == ["k2"]
    assert Corpus.from_pandas(FRAME).tables()["contacts"].equals(asked_first.contacts)
    assert pickle.loads(pickle.dumps(Corpus.from_pandas(FRAME))).contacts.equals(asked_first.contacts)
    assert Corpus.concat([Corpus.from_pandas(FRAME)]).contacts.equals(asked_first.contacts)
    assert Corpus.from_pandas(FRAME).quality().languages == {"fr": 1, "de": 1, "es": 1}


def test_of_a_clean_corpus_they_are_those_of_the_clean_text_whenever_they_are_asked_for():
    mail = "Wo bleibt meine Bestellung?\n\nLe 12 mars 2025 à 10:20, Service client <sav@exemple.fr> a écrit :\n" + (
        "> Bonjour, votre commande sera livrée avant la fin de la semaine, merci de votre patience.\n" * 5
    )
    corpus = Corpus.from_records([{"id": "m1", "canal": "courriel", "texte": mail}])
    assert corpus.contacts["language"].to_pylist() == ["fr"]
    others = corpus.flag_duplicates(), corpus.filter(channel="email"), Corpus.concat([corpus])
    for each in (corpus, *others):
        assert each.contacts["language"].to_pylist() == ["fr"]
        assert each.clean().contacts["language"].to_pylist() == ["de"]


def test_a_file_alone_and_in_a_folder_has_the_same(tmp_path):
    quoted = "".join(f"> We have received order number {rank} and will ship it to you soon.\n" for rank in range(9))
    head = "From: Lea <lea@exemple.fr>\nSubject: Colis\nContent-Type: text/plain; charset=utf-8\n"
    said = "Où est mon colis ? Je l’attends toujours.\n\nOn Mon, Mar 3, 2025 at 9:00 AM Shop <s@exemple.com> wrote:\n"
    for name in ("m1", "m2"):
        mail = f"{head}Message-ID: <{name}@exemple.fr>\n\n{said}{quoted}"
        (tmp_path / f"{name}.eml").write_text(mail, encoding="utf-8")
    assert read(tmp_path / "m1.eml").contacts["language"].to_pylist() == ["fr"]
    assert read(tmp_path).contacts["language"].to_pylist() == ["fr", "fr"]


def test_a_contact_whose_customer_says_nothing_has_none():
    assert Corpus.from_pandas(FRAME.head(1)).contacts["language"].to_pylist() == ["und"]


def test_the_variant_of_french_is_that_of_the_source_or_of_the_text():
    texts = {
        "k1": (
            "Pouvez-vous me rejoindre sur mon cellulaire ? Ça fait deux fins de semaine que j’attends, c’est plate",
            None,
        ),
        "k2": ("Mon colis n’est pas arrivé", "fr-BE"),
        "k3": ("Mon colis n’est pas arrivé", None),
        "k4": ("Where is my parcel? I paid 45,99 $", None),
    }
    rows = [{"id": key, "texte": text, "variante": variant} for key, (text, variant) in texts.items()]
    assert Corpus.from_records(rows).contacts["variant"].to_pylist() == ["fr-CA", "fr-BE", None, None]
