"""Folders of topic models: what was saved comes back, what was altered is refused."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import load_file, save_file
from sklearn.exceptions import NotFittedError

import vocmine as vm
from vocmine.errors import ModelFormatError, ModelNotFoundError
from vocmine.topics import merge, rename


def edit(change):
    def damage(folder):
        path = folder / "topics.json"
        manifest = json.loads(path.read_text(encoding="utf-8"))
        change(manifest)
        path.write_text(json.dumps(manifest), encoding="utf-8")

    return damage


def without(key):
    return edit(lambda manifest: manifest.pop(key))


def drop(name):
    return lambda folder: (folder / name).unlink()


def cut(name):
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-40])


def wider(folder):
    path = folder / "topics.safetensors"
    tensors = load_file(path)
    tensors["centres"] = np.concatenate([tensors["centres"], tensors["centres"]], axis=1)
    save_file(tensors, path)


def owners_short(folder):
    path = folder / "topics.safetensors"
    tensors = load_file(path)
    tensors["owners"] = tensors["owners"][:-1].copy()
    save_file(tensors, path)


def other_columns(folder):
    path = folder / "topics.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["label"]), path)


def nudged(folder):
    path = folder / "topics.safetensors"
    tensors = load_file(path)
    tensors["centres"][0, 0] += 0.1
    save_file(tensors, path)


DAMAGE = {
    **{
        f"without {k}": without(k)
        for k in (
            "parameters",
            "threshold",
            "founders",
            "languages",
            "words",
            "own_words",
            "roots",
            "spellings",
            "usage",
            "choice",
            "embedder",
        )
    },
    **{f"drop {n}": drop(n) for n in ("topics.safetensors", "topics.parquet", "lineage.parquet")},
    **{f"cut {n}": cut(n) for n in ("topics.safetensors", "topics.parquet", "lineage.parquet", "topics.json")},
    "list": lambda f: (f / "topics.json").write_text("[]"),
    "binary": lambda f: (f / "topics.json").write_bytes(b"\xff\xfe\x00"),
    "other format": edit(lambda m: m.update(format="other")),
    "unknown parameter": edit(lambda m: m["parameters"].update(colour="blue")),
    "threshold text": edit(lambda m: m.update(threshold="high")),
    "words null": edit(lambda m: m.update(words=None)),
    "roots list": edit(lambda m: m.update(roots=[])),
    "usage list": edit(lambda m: m.update(usage=[])),
    "usage said list": edit(lambda m: m["usage"].update(said=[])),
    "fewer words": edit(lambda m: m.update(words=m["words"][:2])),
    "other columns": other_columns,
    "a value changed": nudged,
    "wider centres": wider,
    "fewer owners": owners_short,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage(fitted, tmp_path, damage):
    fitted.save(tmp_path)
    DAMAGE[damage](tmp_path)
    with pytest.raises(ModelFormatError):
        vm.TopicModel.load(tmp_path)


def test_nowhere(tmp_path):
    with pytest.raises(ModelNotFoundError):
        vm.TopicModel.load(tmp_path / "nowhere")


def test_folder_is_a_file(tmp_path):
    (tmp_path / "f").write_text("x")
    with pytest.raises((ModelNotFoundError, ModelFormatError)):
        vm.TopicModel.load(tmp_path / "f")


def test_unfitted_save(tmp_path):
    with pytest.raises(NotFittedError):
        vm.TopicModel().save(tmp_path)


def test_saved_merge_rename_come_back(fitted, made, tmp_path):
    model = rename(merge(fitted, [[0, 2]]), {0: "tout le reste"})
    model.save(tmp_path)
    again = vm.TopicModel.load(tmp_path)
    assert np.array_equal(again.predict(made[0], embeddings=made[1]), model.predict(made[0], embeddings=made[1]))
    assert again.label(0) == "tout le reste"
    pd.testing.assert_frame_equal(again.lineage, model.lineage)


def test_saved_choice_comes_back(made, tmp_path):
    model = vm.TopicModel(n_runs=4).fit(made[0], embeddings=made[1])
    model.save(tmp_path)
    pd.testing.assert_frame_equal(vm.TopicModel.load(tmp_path).choice_, model.choice_)


def test_loaded_can_fit_again(fitted, made, tmp_path):
    fitted.save(tmp_path)
    again = vm.TopicModel.load(tmp_path).fit(made[0], embeddings=made[1])
    assert np.array_equal(again.labels_, fitted.labels_)
