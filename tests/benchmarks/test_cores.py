"""What is divided by what, and that every contestant scores the texts."""

import importlib

import pytest

import vocmine as vm


@pytest.fixture
def cores():
    return importlib.import_module("cores")


def test_gains_are_ratios_within_rounds(cores):
    def row(name, used, *seconds):
        return {"name": name, "precision": "int8", "cores": used, "seconds": list(seconds)}

    rows = [row("bare loop", 1, 9, 5), row("encoder alone", 1, 10, 4), row("encoder alone", 2, 5, 4)]
    rows += [row("with its embedder", 1, 12, 12), row("with its embedder", 2, 8, 6)]
    rows += [each | {"precision": "float32"} for each in rows]
    found = {(gain["of"], gain["precision"]): gain for gain in cores.gains(rows)}
    assert len(found) == 6
    assert found["two cores over one, encoder alone", "int8"]["median"] == 1.5
    assert found["two cores over one, with its embedder", "float32"]["max"] == 2.0
    assert found["engine over bare loop", "int8"]["min"] == 0.9


def test_every_contestant_takes_the_texts(cores):
    model = vm.Model.from_pretrained("embedded")
    found = cores.contestants(model, cores.sample("contacts", 8, model))
    assert [contestant[:3] for contestant in found[:3]] == [
        ("bare loop", "float32", 1),
        ("bare loop", "int8", 1),
        ("encoder alone", "float32", 1),
    ]
    assert len(found) == 10
    found[1][3]()
    assert not found[-1][3]().rejected
