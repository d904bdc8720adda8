"""The mapping language: what it says is done, and what is wrong with it is named."""

import json
import re
from pathlib import Path

import pytest

from tests.ingest.mapping.exports import corpus_of, written
from vocmine.errors import InputError
from vocmine.ingest.mapping import load_mapping, presets
from vocmine.ingest.mapping.language import parse_mapping

DOCS = Path(__file__).parents[3] / "docs" / "mapping.md"
PRESETS = Path(__file__).parents[3] / "src" / "vocmine" / "ingest" / "mapping" / "presets"
MINIMAL = {"columns": {"contact_id": "id", "text": "dit"}}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_of_the_documentation_is_read_as_it_says(tmp_path):
    mapping = written(tmp_path, blocks("yaml")[0], "tchats.yaml")
    corpus = corpus_of(written(tmp_path, blocks("json")[0]), mapping)
    columns = ["contact_id", "speaker", "text", "at", "variant", "exported"]
    assert corpus.to_pandas()[columns].astype(str).to_numpy().tolist() == [
        ["T-1", "customer", "Bonjour, où est mon colis ?", "2026-03-01 08:00:00+00:00", "fr-FR", "2026-03-02"],
        ["T-1", "agent", "Je regarde.", "2026-03-01 08:00:09+00:00", "fr-FR", "2026-03-02"],
    ]
    assert corpus.quality().sources[0].notes == (
        "lu selon « tchats »",
        "1 événements laissés de côté, qui ne sont pas des messages",
    )


def test_the_second_kind_of_turns_of_the_documentation(tmp_path):
    mapping = written(tmp_path, blocks("yaml")[1], "avis.yaml")
    reviews = [{"id": 1, "note": 2, "avis": "Bof", "reponse": {"texte": "Navrés"}}, {"id": 2, "avis": "Bien"}]
    frame = corpus_of(written(tmp_path, reviews), mapping).to_pandas()
    assert frame[["contact_id", "speaker", "text"]].to_numpy().tolist() == [
        ["1", "customer", "Bof"],
        ["1", "agent", "Navrés"],
        ["2", "customer", "Bien"],
    ]
    assert frame["rating"].tolist()[:2] == [2.0, 2.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colonnes": {}}, "got the key 'colonnes', expected one of about, columns"),
        ({"columns": []}, r"columns: got a list, expected names of columns"),
        ({"columns": {"Texte": "a"}}, r"columns: got the column 'Texte', expected lower case"),
        ({"columns": {"contact_id": "id"}}, r"turns\[0\]: got no column text"),
        ({"columns": {"text": "dit"}}, r"columns: got no contact_id"),
        ({"columns": {"contact_id": "id", "text": 3}}, r"columns\.text: got a int"),
        ({"turns": [{"when": "a"}]}, r"turns\[0\]: got no path"),
        ({"turns": [{"path": ".", "si": "a"}]}, r"turns\[0\]: got the key 'si'"),
        ({"turns": [".", {"path": ".", "leave_aside": "a"}]}, r"turns\[1\]\.leave_aside: got a str"),
        ({"records": 5}, r"records: got something else than texts"),
        ({"records": "a..b"}, r"records: got 'a\.\.b', expected a path"),
        ({"lists": {"gens": "a[*]"}}, r"lists\.gens: got str, expected the keys path and key"),
        ({"lists": []}, r"lists: got a list"),
        ({"thread": {"id": "id"}}, r"thread: got id, expected id and author"),
        ({"thread": {"id": "id", "author": "a", "parent": "p"}}, r"thread: got the key 'parent', expected one of id"),
        ({"fits": {"possede": []}}, r"fits: got something else than has, any and lacks"),
        ({"fits": {"has": [1]}}, r"fits\.has: got something else than texts"),
        ({"files": "xml"}, r"files: got 'xml', expected json or csv"),
        ({"timezone": 1}, r"timezone: got a int"),
    ],
)
def test_a_mapping_that_is_wrong_names_the_key(change, message):
    with pytest.raises(InputError, match=rf"^mapping essai: .*{message.removeprefix('^')}"):
        parse_mapping({**MINIMAL, **change}, "essai")


@pytest.mark.parametrize("content", ["- a", "", "3", "a: [", "a: b: c", "\tx"])
def test_a_file_that_is_no_mapping_is_told_by_its_name(tmp_path, content):
    with pytest.raises(InputError, match=r"^mapping mien: got "):
        load_mapping(written(tmp_path, content, "mien.yaml"))


def test_a_mapping_that_is_not_there_tells_those_that_are(tmp_path):
    with pytest.raises(
        InputError, match=r"got mapping='twitter', expected one of app_store, .*trustpilot, x, or the path"
    ):
        load_mapping("twitter")
    with pytest.raises(InputError, match=r"^mapping absent\.yaml: cannot be read \(FileNotFoundError\)"):
        load_mapping(tmp_path / "absent.yaml")


@pytest.mark.parametrize("name", presets())
def test_every_preset_says_where_it_comes_from(name):
    import yaml

    raw = yaml.safe_load((PRESETS / f"{name}.yaml").read_text(encoding="utf-8"))
    assert raw["from"] == "documentation"
    assert all(url.startswith("https://") for url in raw["source"])
    assert all(raw[key] for key in ("date", "not_verified", "about", "fits"))


def test_a_csv_is_read_by_the_names_of_its_columns(tmp_path):
    file = written(tmp_path, "Réf;Qui;Propos\n7;Client;Rien reçu\n7;Conseil;Je vérifie\n8;Client\n", "tours.csv")
    speaker = {"path": "Qui", "map": {"conseil": "agent", "client": "customer"}}
    mapping = {"files": "csv", "columns": {"contact_id": "Réf", "speaker": speaker, "text": "Propos"}}
    corpus = corpus_of(file, mapping)
    assert corpus.to_pandas()[["contact_id", "speaker", "text"]].to_numpy().tolist() == [
        ["7", "customer", "Rien reçu"],
        ["7", "agent", "Je vérifie"],
    ]
    assert corpus.rejected["detail"].to_pylist() == ["line 4: got 2 fields, expected 3 fields"]


def test_json_dumps_of_the_docs_is_valid():
    assert json.loads(blocks("json")[0])["tchats"]
