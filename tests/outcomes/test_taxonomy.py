"""Causes and owners as a file that its readers edit."""

from importlib.resources import files

import pandas as pd
import pytest
import yaml

from vocmine.errors import InputError, ReadError
from vocmine.outcomes import Taxonomy
from vocmine.outcomes.taxonomy import STAGES, UNATTRIBUTED, VALUES

DEFAULT = files("vocmine.outcomes").joinpath("causes.yaml")


def mapping(**changes):
    return yaml.safe_load(DEFAULT.read_text(encoding="utf-8")) | changes


def test_the_default_has_the_eighteen_causes_each_whole():
    causes = Taxonomy.default().causes
    assert len(causes) == 18
    for cause in causes.values():
        assert cause.stage in STAGES
        assert cause.value in VALUES
        assert len(set(cause.phrases)) == len(cause.phrases) >= 20
        assert cause.owner != UNATTRIBUTED


def test_no_phrase_belongs_to_two_causes():
    said = [phrase.casefold() for cause in Taxonomy.default().causes.values() for phrase in cause.phrases]
    assert len(said) == len(set(said))


def test_the_shipped_texts_are_of_known_causes():
    lines = files("vocmine.outcomes").joinpath("cause_texts.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    assert all(len(row) == 3 for row in rows)
    assert {cause for cause, _, _ in rows} <= set(Taxonomy.default().causes)
    assert {source for _, source, _ in rows} == {"written", "composed"}


def test_changing_the_file_changes_the_owner(tmp_path):
    changed = mapping(owners=[{"when": {"cause": "order_late", "domain": ["bank", "energy"]}, "owner": "virements"}])
    changed["causes"]["outage"]["owner"] = "astreinte"
    path = tmp_path / "causes.yaml"
    path.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
    taxonomy = Taxonomy.of(path)
    contacts = pd.DataFrame({"domain": ["bank", "parcel", "bank", "bank"]})
    found = taxonomy.departments(contacts, ["order_late", "order_late", "outage", None])
    assert found == ["virements", "acheminement", "astreinte", UNATTRIBUTED]


def test_an_exception_on_a_column_that_is_not_there_is_an_error():
    taxonomy = Taxonomy.from_mapping(mapping(owners=[{"when": {"shop": "Lyon"}, "owner": "Lyon"}]))
    with pytest.raises(InputError, match="look at the column 'shop'"):
        taxonomy.departments(pd.DataFrame({"domain": ["bank"]}), ["outage"])


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("family", "nothing", "has family 'nothing', expected one of order"),
        ("stage", "before", "has stage 'before'"),
        ("value", "good", "has value 'good'"),
        ("phrases", [], "needs a list of phrases"),
        ("phrases", [{"Un mot": "deux points"}], "put quotes around"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(name, value, message):
    wrong = mapping()
    wrong["causes"]["outage"][name] = value
    with pytest.raises(InputError, match=message):
        Taxonomy.from_mapping(wrong)


def test_what_is_missing_in_the_file_is_named(tmp_path):
    wrong = mapping()
    del wrong["causes"]["outage"]["owner"]
    with pytest.raises(InputError, match="cause 'outage' has no 'owner'"):
        Taxonomy.from_mapping(wrong)
    with pytest.raises(InputError, match="expected keys families, causes and owners"):
        Taxonomy.from_mapping({})
    with pytest.raises(ReadError, match="cannot read the causes"):
        Taxonomy.of(tmp_path / "none.yaml")
