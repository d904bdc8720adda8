"""Nothing that other processes do to the cache, or that happens to its disk, costs more than what it held."""

import multiprocessing
import pickle
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from functools import partial

import numpy as np
import pytest

from tests.inference.cached import MIB, TEXTS, database, encoded, held, numbered, put
from vocmine.inference import cache as module
from vocmine.inference.cache import Cache


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache", max_bytes=MIB)


def take_part(cache, first, batches):
    """Put and read texts that the other workers put and read too; return what went wrong."""
    for begin in range(first, first + 100 * batches, 100):
        put(cache, numbered(begin, begin + 200))
        held(cache, numbered(begin - 100, begin + 300))


def test_threads_share_a_cache(cache, caplog):
    threads = [threading.Thread(target=take_part, args=(cache, first, 8)) for first in (0, 300, 600)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held(cache, numbered(0, 1500)).all()
    assert caplog.messages == []


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("method", sorted({"fork", "spawn"} & set(multiprocessing.get_all_start_methods())))
def test_processes_share_a_cache(cache, method):
    put(cache, TEXTS)
    context = multiprocessing.get_context(method)
    workers = [context.Process(target=take_part, args=(cache, first, 8)) for first in (0, 300, 600)]
    for worker in workers:
        worker.start()
    take_part(cache, 900, 4)
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert held(cache, [*TEXTS, *numbered(0, 1500)]).all()


def put_for_ever(cache, first, begun):
    while True:
        put(cache, numbered(first, first + 500))
        begun.set()
        first += 500


def test_a_process_killed_in_the_midst_of_a_put_leaves_whole_batches(tmp_path):
    cache = Cache(tmp_path, max_bytes=64 * MIB)
    context = multiprocessing.get_context("spawn")
    bystander = context.Process(target=take_part, args=(cache, 0, 20))
    bystander.start()
    for kill in range(1, 4):
        begun = context.Event()
        worker = context.Process(target=put_for_ever, args=(cache, 20_000 * kill, begun))
        worker.start()
        assert begun.wait(60)
        time.sleep(0.03 * kill)
        worker.kill()
        worker.join()
    bystander.join()
    assert bystander.exitcode == 0
    assert held(cache, numbered(0, 2000)).all()
    batches = held(cache, numbered(20_000, 80_000)).reshape(-1, 500)
    assert batches.any(axis=1).sum() >= 3
    assert (batches.all(axis=1) == batches.any(axis=1)).all()
    with closing(sqlite3.connect(database(cache))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def spoil(path, places, seed=0):
    """Overwrite bytes at random."""
    content = bytearray(path.read_bytes())
    generator = np.random.default_rng(seed)
    for place in generator.integers(0, len(content), places):
        content[place] = generator.integers(256)
    path.write_bytes(content)


def test_a_vector_altered_on_the_disk_is_not_held(cache, caplog):
    put(cache, TEXTS)
    content = database(cache).read_bytes()
    spoilt = encoded(TEXTS[1:2]).tobytes()
    assert content.count(spoilt) == 1
    database(cache).write_bytes(content.replace(spoilt, spoilt[:-1] + bytes([spoilt[-1] ^ 1])))
    assert held(cache, TEXTS).tolist() == [True, False, True, True]
    assert caplog.messages == []


def test_a_vector_under_another_text_s_key_is_not_held(cache):
    put(cache, TEXTS)
    with closing(sqlite3.connect(database(cache), isolation_level=None)) as connection:
        connection.execute("UPDATE keys SET id = 5 - id")
    assert not held(cache, TEXTS).any()


@pytest.mark.parametrize("seed", range(12))
def test_damage_anywhere_is_a_miss_and_never_a_wrong_vector(cache, seed):
    put(cache, numbered(0, 1000))
    spoil(database(cache), 30 * 3 ** (seed % 4), seed)
    for _ in range(2):
        held(cache, numbered(0, 1000))
        put(cache, numbered(500, 1500))
        put(cache, numbered(0, 1000))
    assert held(cache, numbered(0, 1000)).all()


def test_a_file_that_is_no_database_is_set_aside_and_another_begun(cache, caplog):
    put(cache, TEXTS)
    database(cache).write_bytes(b"pas une base" * 1000)
    assert not held(cache, TEXTS).any()
    (warning,) = caplog.messages
    assert warning.startswith("the cache was damaged and begins anew; ")
    assert warning.endswith("vectors.sqlite.damaged can be deleted")
    assert database(cache).with_name("vectors.sqlite.damaged").read_bytes() == b"pas une base" * 1000
    put(cache, TEXTS)
    assert held(cache, TEXTS).all()


def test_a_file_cut_short_is_set_aside(cache, caplog):
    put(cache, numbered(0, 1000))
    content = database(cache).read_bytes()
    database(cache).write_bytes(content[: len(content) // 2])
    held(cache, numbered(0, 1000))
    assert len(caplog.messages) == 1
    put(cache, TEXTS)
    assert held(cache, TEXTS).all()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vectors SET vector = 7",
        "UPDATE keys SET used = 'hier'",
        "UPDATE vectors SET id = 9223372036854775807 WHERE id = 4",
        "DROP TABLE vectors",
        "ALTER TABLE keys RENAME used TO lu",
    ],
)
def test_tables_that_are_not_those_written_are_set_aside(cache, caplog, statement):
    put(cache, TEXTS)
    with closing(sqlite3.connect(database(cache), isolation_level=None)) as connection:
        connection.execute(statement)
    held(cache, TEXTS)
    put(cache, numbered(0, 10))
    assert len(caplog.messages) == 1
    put(cache, TEXTS)
    assert held(cache, TEXTS).all()


def test_a_schema_that_is_no_longer_unicode_is_set_aside(cache, caplog):
    put(cache, TEXTS)
    database(cache).write_bytes(database(cache).read_bytes().replace(b"CREATE TRIGGER", b"CREATE\xb4TRIGGER"))
    assert not held(cache, TEXTS).any()
    assert len(caplog.messages) == 1
    put(cache, TEXTS)
    assert held(cache, TEXTS).all()


def use_up(cache):
    """Use all of a cache that is out of use."""
    for _ in range(2):
        put(cache, TEXTS)
        assert not held(cache, TEXTS).any()
    cache.clear()
    assert (len(cache), cache.nbytes) == (0, 0)


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path, caplog):
    cache = Cache(tmp_path / "fichier" / "cache")
    (tmp_path / "fichier").write_text("")
    use_up(cache)
    (warning,) = caplog.messages
    assert "and the run goes on without: check that" in warning


def test_a_file_that_cannot_be_opened_is_told_once(cache, caplog):
    database(cache).mkdir(parents=True)
    use_up(cache)
    (warning,) = caplog.messages
    assert "vectors.sqlite cannot be written (unable to open database file)" in warning


def test_a_database_of_another_layout_is_set_aside(cache, caplog):
    cache.folder.mkdir()
    with closing(sqlite3.connect(database(cache), isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 7")
    put(cache, TEXTS)
    assert len(caplog.messages) == 1
    put(cache, TEXTS)
    assert held(cache, TEXTS).all()


def test_a_folder_that_cannot_be_read_is_told_once(cache, caplog):
    database(cache).mkdir(parents=True)
    for _ in range(2):
        assert not held(cache, TEXTS).any()
    (warning,) = caplog.messages
    assert "vectors.sqlite cannot be read (unable to open database file)" in warning


def test_a_file_that_cannot_have_a_log_beside_it_serves_all_the_same(cache, caplog, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    put(cache, TEXTS)
    with closing(sqlite3.connect(database(cache), isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM keys").fetchone()
        assert held(cache, TEXTS).all()
    assert caplog.messages == []


def test_a_lock_held_too_long_costs_what_would_have_been_written(cache, caplog, monkeypatch):
    put(cache, TEXTS[:2])
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    other = sqlite3.connect(database(cache), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    put(cache, TEXTS)
    assert held(cache, TEXTS).tolist() == [True, True, False, False]
    other.close()
    (warning,) = caplog.messages
    assert "vectors.sqlite cannot be written (database is locked)" in warning
    put(cache, TEXTS)
    assert held(cache, TEXTS).tolist() == [True, True, False, False]
    put(pickle.loads(pickle.dumps(cache)), TEXTS)
    assert held(cache, TEXTS).all()


class ShortOfMemory(sqlite3.Connection):
    """A connection whose reads of vectors fail as Python tells that SQLite had no memory."""

    def execute(self, query, *parameters):
        if "JOIN vectors" in query:
            raise MemoryError
        return super().execute(query, *parameters)


def test_a_want_of_memory_costs_the_vectors_and_not_the_file(cache, caplog, monkeypatch):
    put(cache, TEXTS)
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=ShortOfMemory))
        assert not held(cache, TEXTS).any()
    (warning,) = caplog.messages
    assert "vectors.sqlite cannot be read (MemoryError)" in warning
    assert held(Cache(cache.folder), TEXTS).all()


@contextmanager
def largest_file(n_bytes):
    """Let the process write no file beyond a size, which SQLite takes for a disk that is full."""
    resource = pytest.importorskip("resource", reason="the size of files is limited on POSIX alone")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_costs_what_would_have_been_written(cache, caplog):
    put(cache, TEXTS)
    with largest_file(200_000):
        put(cache, numbered(0, 2000))
    (warning,) = caplog.messages
    assert "vectors.sqlite cannot be written" in warning
    assert held(cache, TEXTS).all()
    assert not held(cache, numbered(0, 2000)).any()
    put(Cache(cache.folder), numbered(0, 2000))
    assert held(cache, numbered(0, 2000)).all()


def test_a_disk_too_full_to_note_what_was_read_costs_no_vector(cache, caplog):
    put(cache, numbered(0, 1500))
    with largest_file(40_000):
        assert held(cache, numbered(0, 1000)).all()
    (warning,) = caplog.messages
    assert "vectors.sqlite cannot be written" in warning


def test_a_disk_full_from_the_start_is_told_once(cache, caplog):
    with largest_file(10_000):
        use_up(cache)
    assert len(caplog.messages) == 1
