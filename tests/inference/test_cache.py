"""What was encoded once is given back bit for bit, and the file stays within its bound."""

import pickle
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from tests.inference.cached import MIB, SCOPE, TEXTS, WIDTH, database, encoded, held, numbered, put
from vocmine.errors import InputError
from vocmine.inference import cache as module
from vocmine.inference.cache import Cache


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache", max_bytes=MIB)


def test_vectors_come_back_bit_for_bit_whatever_the_order_and_the_repeats(cache):
    vectors = encoded(TEXTS)
    vectors[0, :4] = [-0.0, np.finfo(np.float32).smallest_subnormal, np.finfo(np.float32).max, 1 / 3]
    cache.put(SCOPE, TEXTS, vectors)
    rows = [3, 0, 0, 2, 1, 3]
    again, found = cache.get(SCOPE, [TEXTS[row] for row in rows], WIDTH)
    assert found.all()
    assert again.dtype == np.float32
    assert again.tobytes() == vectors[rows].tobytes()


def test_what_is_not_held_is_nan(cache):
    put(cache, TEXTS[:2])
    assert held(cache, TEXTS).tolist() == [True, True, False, False]


def test_no_text_is_no_vector(cache):
    cache.put(SCOPE, [], np.empty((0, WIDTH), dtype=np.float32))
    vectors, found = cache.get(SCOPE, [], WIDTH)
    assert vectors.shape == (0, WIDTH)
    assert found.shape == (0,)
    assert len(cache) == 0


def test_scopes_do_not_mix(cache):
    put(cache, TEXTS)
    assert not cache.get("embedded 3f2a, int8, features", TEXTS, WIDTH)[1].any()
    cache.put("embedded 3f2a, int8, features", TEXTS, -encoded(TEXTS))
    assert held(cache, TEXTS).all()
    assert len(cache) == 2 * len(TEXTS)


@pytest.mark.parametrize("width", [0, 1, WIDTH - 1, WIDTH + 1, 2 * WIDTH])
def test_a_vector_of_another_width_is_not_held_and_can_be_replaced(cache, width):
    cache.put(SCOPE, TEXTS, encoded(TEXTS, width))
    assert not held(cache, TEXTS).any()
    assert cache.get(SCOPE, TEXTS, width)[1].all()
    put(cache, TEXTS)
    assert held(cache, TEXTS).all()
    assert len(cache) == len(TEXTS)


def test_the_last_vector_put_for_a_text_is_the_one_held(cache):
    cache.put(SCOPE, TEXTS, -encoded(TEXTS))
    cache.put(SCOPE, [TEXTS[0], *TEXTS], np.vstack([encoded(TEXTS[1:2]), encoded(TEXTS)]))
    assert held(cache, TEXTS).all()
    assert len(cache) == len(TEXTS)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_a_failure_is_not_kept(cache, number):
    vectors = encoded(TEXTS)
    vectors[1, -1] = number
    cache.put(SCOPE, TEXTS, vectors)
    assert held(cache, TEXTS).tolist() == [True, False, True, True]


def test_other_layouts_of_an_array_are_kept_exactly(cache):
    cache.put(SCOPE, TEXTS, np.asfortranarray(encoded(TEXTS)).astype(">f4"))
    assert held(cache, TEXTS).all()


def test_fewer_vectors_than_texts_is_a_bug_of_the_caller(cache):
    with pytest.raises(ValueError, match="shorter"):
        cache.put(SCOPE, TEXTS, encoded(TEXTS[:-1]))


def test_a_text_that_is_not_valid_unicode_is_a_text_like_another(cache):
    cache.put(SCOPE, ["abc\ud83d", "abc\ud83e"], np.eye(2, dtype=np.float32))
    assert cache.get(SCOPE, ["abc\ud83e"], 2)[0].tolist() == [[0, 1]]


def test_no_text_lies_on_the_disk(cache):
    put(cache, TEXTS)
    stored = b"".join(path.read_bytes() for path in cache.folder.iterdir())
    for text in TEXTS[:3]:
        for encoding in ("utf-8", "utf-16-le"):
            assert text[:12].encode(encoding) not in stored


def test_a_cache_describes_itself(cache):
    assert (len(cache), repr(cache)) == (0, f"Cache('{cache.folder}', max_bytes=1048576)")
    put(cache, TEXTS)
    assert len(cache) == len(TEXTS)
    assert len(TEXTS) * WIDTH * 4 < cache.nbytes <= database(cache).stat().st_size


def test_another_cache_on_the_same_folder_holds_the_same(cache):
    put(cache, TEXTS)
    assert held(Cache(str(cache.folder)), TEXTS).all()


def test_a_pickled_cache_is_its_folder_and_its_bound(cache):
    put(cache, TEXTS)
    again = pickle.loads(pickle.dumps(cache))
    assert (again.folder, again.max_bytes) == (cache.folder, MIB)
    assert held(again, TEXTS).all()


def test_a_relative_folder_stays_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cache = Cache("nuit")
    (tmp_path / "ailleurs").mkdir()
    monkeypatch.chdir(tmp_path / "ailleurs")
    put(cache, TEXTS)
    assert held(Cache(tmp_path / "nuit"), TEXTS).all()


def test_nothing_is_left_open_between_calls(cache):
    put(cache, TEXTS)
    held(cache, TEXTS)
    assert [path.name for path in cache.folder.iterdir()] == ["vectors.sqlite"]


def test_misuse_is_told_at_once(tmp_path):
    (tmp_path / "fichier").write_text("")
    with pytest.raises(InputError, match=r"folder is a file, .*fichier: name a folder"):
        Cache(tmp_path / "fichier")
    with pytest.raises(InputError, match=r"max_bytes is 1,000, expected at least 1,048,576 \(1 MiB\)"):
        Cache(tmp_path, max_bytes=1000)


def test_the_file_stays_within_its_bound_and_the_useful_vectors_within_the_file(cache):
    useful = numbered(0, 100)
    put(cache, useful)
    in_use = []
    for begin in range(100, 8100, 500):
        put(cache, numbered(begin, begin + 500))
        assert database(cache).stat().st_size <= 1.1 * MIB
        assert held(cache, useful).all()
        assert held(cache, numbered(begin, begin + 500)).all()
        in_use.append(cache.nbytes)
    assert not held(cache, numbered(100, 4000)).any()
    assert 0.8 * MIB < min(in_use[8:]) < 0.92 * MIB
    assert len(cache) > 0.6 * MIB / (4 * WIDTH)


def test_a_put_beyond_the_bound_keeps_its_end(cache):
    texts = numbered(0, 6000)
    put(cache, texts)
    found = held(cache, texts)
    assert database(cache).stat().st_size <= 1.1 * MIB
    assert found[-1500:].all()
    assert not found[:2500].any()


def test_a_lower_bound_takes_effect_at_the_next_put(cache):
    put(Cache(cache.folder, max_bytes=8 * MIB), numbered(0, 6000))
    assert database(cache).stat().st_size > 1.7 * MIB
    put(cache, TEXTS)
    assert database(cache).stat().st_size <= 1.1 * MIB
    assert held(cache, [*numbered(5900, 6000), *TEXTS]).all()


def test_a_cleared_cache_gives_its_room_back(cache):
    put(cache, numbered(0, 2000))
    cache.clear()
    assert len(cache) == 0
    assert database(cache).stat().st_size <= 8 * 16_384
    assert not held(cache, numbered(0, 2000)).any()
    put(cache, TEXTS)
    assert held(cache, TEXTS).all()


def test_reading_again_what_was_read_lately_writes_nothing(cache, caplog, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    put(cache, numbered(0, 2000))
    held(cache, numbered(0, 100))
    with closing(sqlite3.connect(database(cache), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert held(cache, numbered(0, 100)).all()
        assert caplog.messages == []
        assert held(cache, numbered(0, 101)).all()
        assert len(caplog.messages) == 1
