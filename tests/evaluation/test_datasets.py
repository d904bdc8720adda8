"""Labelled texts are read as a user's file is, and nothing is left out without being counted."""

import json

import datasets as hugging_face
import pandas as pd
import pytest

from vocmine.errors import ColumnError, InputError, ReadError
from vocmine.evaluation import REGISTERED, load

REVIEWS = [
    {"avis": "Très bon accueil, merci à l'équipe", "label": "Positif", "canal": "Courriel"},
    {"avis": "J\x92attends depuis trois semaines", "label": "Négatif", "canal": "Téléphone"},
    {"avis": "Je voudrais changer mon adresse", "label": "Neutre", "canal": None},
]


def written(folder, kind):
    frame = pd.DataFrame(REVIEWS)
    path = folder / f"avis.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "jsonl":
        path.write_text("\n".join(json.dumps(row) for row in REVIEWS), encoding="utf-8")
    else:
        frame.to_csv(path, sep="\t" if kind == "tsv" else ";", index=False)
    return path


def in_every_form(folder):
    yield from (written(folder, kind) for kind in ("csv", "tsv", "parquet", "jsonl"))
    yield pd.DataFrame(REVIEWS)
    yield hugging_face.Dataset.from_list(REVIEWS)


def test_the_same_rows_are_the_same_data_set_whatever_their_form(tmp_path):
    loaded = [load(source) for source in in_every_form(tmp_path)]
    assert {each.revision for each in loaded} == {loaded[0].revision}
    assert loaded[0].labels == ("positive", "negative", "neutral")
    assert loaded[0].texts[1] == "J’attends depuis trois semaines"
    assert loaded[0].name == "avis.csv"
    assert repr(loaded[-1]) == "Dataset('dataset', 3 texts: 1 positive, 1 negative, 1 neutral)"


def test_slices_are_those_that_columns_tell():
    told = load(pd.DataFrame(REVIEWS)).slices
    assert told.columns.tolist() == ["channel"]
    assert told["channel"].tolist()[:2] == ["email", "phone"]
    french = pd.DataFrame(REVIEWS).assign(langue="fr-CA").drop(columns="canal")
    assert set(load(french).slices.columns) == {"language", "variant"}


def test_another_content_is_another_revision():
    frame = pd.DataFrame(REVIEWS)
    other = frame.assign(label=frame["label"].iloc[::-1].to_numpy())
    assert load(frame).revision != load(other).revision


def test_columns_may_be_named_even_where_the_library_uses_them_otherwise():
    frame = pd.DataFrame({"titre": ["a b c d", "e f g h"], "message": ["Merci !", "Nul"], "note": [5, 1]})
    found = load(frame, text="titre", label="note", label_map={"5": "positive", "1": "negative"})
    assert (found.texts, found.labels) == (("a b c d", "e f g h"), ("positive", "negative"))
    assert load(frame.assign(source=["oui", "non"]), label="source").labels == ("oui", "non")


def test_labels_that_are_no_polarities_stay_as_they_are():
    frame = pd.DataFrame({"text": ["Merci !", "Nul", "Bof"], "label": ["pos", "livraison", "neg"]})
    assert load(frame).labels == ("pos", "livraison", "neg")


def test_classes_that_a_dataset_stores_as_numbers_come_by_name_and_below_zero_is_none():
    features = hugging_face.Features(
        {"text": hugging_face.Value("string"), "label": hugging_face.ClassLabel(names=["neg", "pos"])}
    )
    stored = hugging_face.Dataset.from_dict({"text": ["Nul", "Bien", "?"], "label": [0, 1, -1]}, features=features)
    found = load(stored)
    assert found.labels == ("negative", "positive")
    assert found.left_out == {"missing_label": 1}


def test_rows_without_text_or_label_are_counted():
    frame = pd.DataFrame({"text": ["Merci !", None, "Nul", "Bof"], "label": ["positive", "negative", None, "neutral"]})
    found = load(frame)
    assert len(found) == 2
    assert found.left_out == {"missing_label": 1, "missing_text": 1}


@pytest.mark.parametrize(
    ("frame", "options", "error", "message"),
    [
        ({"text": ["Merci"], "x": ["a"]}, {}, ColumnError, "no column is clearly the label"),
        ({"text": ["Merci"], "label": ["a"], "target": ["b"]}, {}, ColumnError, "no column is clearly the label"),
        ({"text": ["Merci"], "label": ["a"]}, {"label": "labell"}, ColumnError, "Did you mean 'label'"),
        ({"text": ["Merci"], "label": ["a"]}, {"label_map": {"b": "c"}}, InputError, "'a', which label_map lacks"),
        ({"text": ["Merci"], "label": [None]}, {}, InputError, "got no row with a text and a label"),
        (
            {"text": [f"Avis {k}" for k in range(30)], "label": [f"Texte {k}" for k in range(30)]},
            {},
            ColumnError,
            "got 30 different labels for 30 texts",
        ),
        (
            {"id": [1, 1], "tour": [1, 2], "text": ["Bonjour", "Merci"], "label": ["a", "a"]},
            {},
            InputError,
            "got conversations of several turns",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(frame, options, error, message):
    with pytest.raises(error, match=message):
        load(pd.DataFrame(frame), **options)


def test_a_name_that_is_neither_registered_nor_a_file_is_told_with_those_there_are(monkeypatch, tmp_path):
    with pytest.raises(ReadError, match=r"got 'umsab_klingon', .*umsab_french"):
        load("umsab_klingon")
    monkeypatch.setenv("VOCMINE_DATA", str(tmp_path))
    with pytest.raises(ReadError, match=r"umsab_french is not in the folder VOCMINE_DATA: expected umsab/french/val"):
        load("umsab_french")
    monkeypatch.delenv("VOCMINE_DATA")
    with pytest.raises(ReadError, match="VOCMINE_DATA is ''"):
        load("umsab_french")


def test_every_card_says_where_it_comes_from_and_none_is_a_test_split():
    for name, card in REGISTERED.items():
        assert name == card.name
        assert all((card.licence, card.annotators, card.source, card.use, card.languages))
        assert "test" not in card.path
        assert set(card.label_map.values()) <= {"negative", "neutral", "positive", "mixed"}


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "texts", "target"),
    [
        ("umsab_french", 323, "sentiment"),
        ("services_publics_plus", 599, "satisfaction"),
        ("signals_dev", 380, "sentiment"),
    ],
)
@pytest.mark.usefixtures("development_data")
def test_registered_sets_are_whole_and_their_texts_repaired(name, texts, target):
    found = load(name)
    assert (len(found), found.target) == (texts, target)
    assert not any("\x80" <= character <= "\x9f" for text in found.texts for character in text)
    assert len(set(found.ids)) == texts


@pytest.mark.data
@pytest.mark.usefixtures("development_data")
def test_four_classes_are_kept_where_there_are_four():
    assert (
        set(load("deft2017").labels) == set(load("signals_dev").labels) == {"negative", "neutral", "positive", "mixed"}
    )
