"""`Cache`: what the encoder gave, kept on disk, so that a nightly run pays for new texts only."""

from __future__ import annotations

import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError

_log = logging.getLogger(__name__)
T = TypeVar("T")

_FILE: Final = "vectors.sqlite"
_SMALLEST_BOUND: Final = 2**20
_PATIENCE: Final = 30.0  # seconds to wait for a lock: a put of a million vectors holds it for as long
_PAGE: Final = 16_384  # bytes: four times SQLite's own, as half of each page would stay empty with 2 KB vectors
_ROW_OVERHEAD: Final = 64  # bytes beside the vector: its key, twice a row number, its stamp, its checksum
_STEPS: Final = 16
# Beside the errors of SQLite, of the disk and of memory, what a damaged file can lead to: values of any type and size.
_TROUBLE: Final = (sqlite3.Error, OSError, MemoryError, TypeError, ValueError, OverflowError)

# Keys stand apart from vectors, so that stamping and sorting them reads and writes none of the vectors.
_SCHEMA: Final = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS keys (
    key BLOB PRIMARY KEY, id INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vectors (id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE TRIGGER IF NOT EXISTS forget AFTER DELETE ON keys BEGIN DELETE FROM vectors WHERE id = OLD.id; END;
PRAGMA user_version = 1;
COMMIT;
"""
_FIND: Final = "SELECT used, checksum, vector FROM keys JOIN vectors USING (id) WHERE key = ?"
_FORGET_A_TENTH: Final = """
DELETE FROM keys WHERE key IN (
    SELECT key FROM keys ORDER BY used, id LIMIT (SELECT count(*) / 10 + 1 FROM keys)
)
"""


class Cache:
    """Vectors by text, in one SQLite file that several processes and threads may share.

    Texts are not stored, only a hash of each. A short text can be guessed from its hash, and a vector tells much of its
    text: give the folder the care given to the contacts. Put it on a local disk.

    A cache never stops a run. Where it cannot be read or written, one warning says why, and the run goes on without; a
    damaged file is set aside, and another begun.

    Parameters
    ----------
    folder : str or Path
        Made at the first use where it is not there.
    max_bytes : int
        What the file may grow to. Beyond it the vectors that have been of no use for longest are forgotten, a tenth of
        them at a time. SQLite's log lies beside the file while a `put` lasts, and is as large as what it writes.

    Raises
    ------
    InputError
        The folder is a file, or the bound is below 1 MiB.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     cache = Cache(folder)
    ...     cache.put("model, float32", ["Merci !"], np.array([[0.6, 0.8]], dtype=np.float32))
    ...     vectors, found = cache.get("model, float32", ["Toujours rien.", "Merci !"], width=2)
    >>> found.tolist()
    [False, True]
    >>> vectors
    array([[nan, nan],
           [0.6, 0.8]], dtype=float32)
    """

    def __init__(self, folder: str | Path, *, max_bytes: int = 2 * 2**30) -> None:
        self.folder = Path(folder).absolute()
        self.max_bytes = max_bytes
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"the cache's folder is a file, {self.folder}: name a folder, or one that is to be made")
        if max_bytes < _SMALLEST_BOUND:
            raise InputError(f"max_bytes is {max_bytes:,}, expected at least {_SMALLEST_BOUND:,} (1 MiB)")
        self._readable = self._writable = True

    def __repr__(self) -> str:
        return f"Cache({str(self.folder)!r}, max_bytes={self.max_bytes})"

    def __reduce__(self) -> tuple[Callable[[], Cache], tuple[()]]:
        # What went wrong here may go well where it is unpickled.
        return partial(Cache, self.folder, max_bytes=self.max_bytes), ()

    def __len__(self) -> int:
        """Vectors held."""
        return self._reading(_count) or 0

    @property
    def nbytes(self) -> int:
        """Bytes of the file that are in use; the rest of it will be, before it grows."""
        return self._reading(_bytes_in_use) or 0

    def get(self, scope: str, texts: Sequence[str], width: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Look texts up.

        Parameters
        ----------
        scope : str
            What made the vectors: the same text has one vector in each scope.
        texts : sequence of str
        width : int
            Numbers in a vector. One of another width, or altered on the disk, counts as not held.

        Returns
        -------
        vectors : float32 array of shape (n_texts, width)
            Bit for bit what was put in; NaN where none is held.
        found : bool array of shape (n_texts,)
        """
        keys = _keys(scope, texts)
        vectors = np.full((len(texts), width), np.nan, dtype=np.float32)
        found = np.zeros(len(texts), dtype=np.bool_)
        stale: list[bytes] = []

        def read(database: sqlite3.Connection) -> None:
            old = _clock(database) - self._step(width)
            for row, key in enumerate(keys):
                for used, checksum, vector in database.execute(_FIND, (key,)):
                    if len(vector) == 4 * width and checksum == _checksum(key, vector):
                        vectors[row] = np.frombuffer(vector, dtype="<f4")
                        found[row] = True
                        if used < old:
                            stale.append(key)

        self._reading(read)
        if stale:
            self._writing(partial(_stamp, keys=stale))
        return vectors, found

    def put(self, scope: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep vectors: all of them or, if the process is killed meanwhile, none.

        Parameters
        ----------
        scope : str
            What made the vectors.
        texts : sequence of str
            A vector already held for one of them in this scope is replaced.
        vectors : float32 array of shape (n_texts, width)
            A row that is not finite throughout is a failure, and is not kept.
        """
        exact = np.ascontiguousarray(vectors, dtype="<f4")
        finite = np.isfinite(exact).all(axis=1)
        rows = {key: vector.data for key, vector, kept in zip(_keys(scope, texts), exact, finite, strict=True) if kept}
        step = self._step(exact.shape[1])

        def write(database: sqlite3.Connection) -> None:
            database.executemany("DELETE FROM keys WHERE key = ?", ((key,) for key in rows))
            keys = list(rows)
            for begin in range(0, len(keys), step):
                some = keys[begin : begin + step]
                self._make_room(database, len(some) * (4 * exact.shape[1] + _ROW_OVERHEAD))
                _insert(database, {key: rows[key] for key in some})

        if rows:
            self._writing(write)

    def clear(self) -> None:
        """Forget everything, and give the room back to the disk."""
        self._writing(_forget_all)

    def _step(self, width: int) -> int:
        """Return the number of vectors in a sixteenth of the bound.

        Stamps are that coarse: a text in constant use is stamped anew only once so many vectors have been written after
        its last stamp, and most reads write nothing. Room is made for no more than that at once.
        """
        return max(1, self.max_bytes // _STEPS // (4 * width + _ROW_OVERHEAD))

    def _make_room(self, database: sqlite3.Connection, incoming: int) -> None:
        """Forget what was used least recently, down to nine tenths of the bound, if so many bytes would pass it."""
        if _bytes_in_use(database) + incoming <= self.max_bytes:
            return
        enough = self.max_bytes * 9 // 10 - incoming
        while _bytes_in_use(database) > enough and database.execute(_FORGET_A_TENTH).rowcount:
            pass
        excess = _number(database, "PRAGMA page_count") - self.max_bytes // _PAGE
        if excess > 0:  # the file was begun with a higher bound
            _vacuum(database, excess)

    def _reading(self, read: Callable[[sqlite3.Connection], T]) -> T | None:
        """Return what a function reads, or None where it cannot."""
        if self._readable:
            try:
                with _opened(self.folder) as database:
                    database.execute("BEGIN")  # one lock for all the reads
                    return read(database)
            except _TROUBLE as error:
                self._readable = self._writable = self._recovered(error, "read")
        return None

    def _writing(self, write: Callable[[sqlite3.Connection], None]) -> None:
        """Let a function write in one transaction; what it wrote is undone where it fails."""
        if self._writable:
            try:
                with _opened(self.folder) as database, database:
                    database.execute("BEGIN IMMEDIATE")
                    write(database)
            except _TROUBLE as error:
                self._writable = self._recovered(error, "written")

    def _recovered(self, error: Exception, verb: str) -> bool:
        """Set a damaged file aside; say what went wrong, and return whether the cache can be used again."""
        path = self.folder / _FILE
        if _tells_damage(error):
            aside = path.with_name(f"{_FILE}.damaged")
            with suppress(OSError):
                path.replace(aside)
                _log.warning("the cache was damaged and begins anew; %s can be deleted", aside)
                return True
        if self._readable and self._writable:
            _log.warning(
                "the cache at %s cannot be %s (%s), and the run goes on without: check that its disk is local and has "
                "room, that you may write there, and that no process has stopped in the midst of writing",
                path,
                verb,
                str(error) or type(error).__name__,
            )
        return False


def _tells_damage(error: Exception) -> bool:
    """Tell a file that is not what was written from a disk, a right, a lock or a memory that keeps it from use."""
    if isinstance(error, sqlite3.OperationalError):
        # Tables or columns that are not there; and what Python itself could not decode, which has no code.
        return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) == sqlite3.SQLITE_ERROR
    return not isinstance(error, OSError | MemoryError)


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the database for one call: no other thread, and no process forked meanwhile, can come to share it."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / _FILE, timeout=_PATIENCE, isolation_level=None)) as database:
        if not _number(database, "PRAGMA user_version"):
            database.execute(f"PRAGMA page_size = {_PAGE}")
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")
            database.executescript(_SCHEMA)
        with suppress(sqlite3.OperationalError):  # not on every file system, nor while another process does the same
            database.execute("PRAGMA journal_mode = WAL")  # readers and a writer do not wait for one another
        database.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last vectors, not the file
        yield database


def _insert(database: sqlite3.Connection, rows: dict[bytes, memoryview]) -> None:
    first = _clock(database) + 1
    database.executemany(
        "INSERT INTO vectors VALUES (?, ?, ?)",
        ((id_, _checksum(key, vector), vector) for id_, (key, vector) in enumerate(rows.items(), first)),
    )
    database.executemany("INSERT INTO keys VALUES (?, ?, ?)", ((key, id_, id_) for id_, key in enumerate(rows, first)))


def _stamp(database: sqlite3.Connection, keys: list[bytes]) -> None:
    now = _clock(database)
    database.executemany("UPDATE keys SET used = ? WHERE key = ?", ((now, key) for key in keys))


def _forget_all(database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM keys")
    _vacuum(database, _number(database, "PRAGMA freelist_count"))


def _vacuum(database: sqlite3.Connection, pages: int) -> None:
    """Give free pages back to the disk."""
    for _ in range(pages):
        database.execute("PRAGMA incremental_vacuum(1)")  # of a greater number, `execute` would free one all the same


def _clock(database: sqlite3.Connection) -> int:
    """Return the time, in vectors written."""
    return _number(database, "SELECT ifnull(max(id), 0) FROM vectors")


def _count(database: sqlite3.Connection) -> int:
    return _number(database, "SELECT count(*) FROM keys")


def _bytes_in_use(database: sqlite3.Connection) -> int:
    return _PAGE * (_number(database, "PRAGMA page_count") - _number(database, "PRAGMA freelist_count"))


def _number(database: sqlite3.Connection, query: str) -> int:
    return int(database.execute(query).fetchone()[0])


def _keys(scope: str, texts: Sequence[str]) -> list[bytes]:
    # A lone surrogate is no Unicode, but nothing to stop a run for.
    return [blake2b(f"{scope}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]


def _checksum(key: bytes, vector: bytes | memoryview) -> int:
    """Return a checksum that also tells a vector that has come under another text's key."""
    return zlib.crc32(vector, zlib.crc32(key))
