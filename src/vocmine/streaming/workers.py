"""Chunks scored here or in several processes; results come in the order of the chunks, whoever made them."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from typing import Protocol, Self, TypeAlias

from vocmine.errors import VocmineError, WorkerError
from vocmine.inference import usable_cores
from vocmine.ingest.chunks import Chunk
from vocmine.streaming.scoring import ChunkScorer, Scored

Closed: TypeAlias = Callable[[Chunk], frozenset[str] | None]
"""The contacts of a chunk that are closed already; None for a chunk that needs no scoring."""


class Runner(Protocol):
    """What scores chunks."""

    def run(self, chunk: Chunk, closed: frozenset[str]) -> Scored:
        """Score one chunk now."""

    def results(self, chunks: Iterator[Chunk], closed: Closed) -> Iterator[tuple[Chunk, Scored | None]]:
        """Score chunks, in order; None stands for those that need no scoring."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(self, *_: object) -> None:
        """Let processes go, if there are any."""


class Here:
    """Score in this process."""

    def __init__(self, scorer: ChunkScorer) -> None:
        self._scorer = scorer

    def run(self, chunk: Chunk, closed: frozenset[str]) -> Scored:
        """Score one chunk now."""
        return self._scorer(chunk, closed)

    def results(self, chunks: Iterator[Chunk], closed: Closed) -> Iterator[tuple[Chunk, Scored | None]]:
        """Score chunks one after the other."""
        for chunk in chunks:
            known = closed(chunk)
            yield chunk, None if known is None else self.run(chunk, known)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class Workers:
    """Score in several processes, each with a scorer of its own, one chunk more than processes being in hand.

    When a process dies, all start again. The chunk awaited is scored alone; if that ends its process too, the chunk is
    at fault and the stream stops.
    """

    def __init__(self, scorer: ChunkScorer, workers: int) -> None:
        self._scorer = scorer
        self._workers = workers
        self._pool = self._started()

    def run(self, chunk: Chunk, closed: frozenset[str]) -> Scored:
        """Score one chunk now.

        Raises
        ------
        WorkerError
            If its process dies.
        """
        future = self._submit(chunk, closed)
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise WorkerError(
                f"rows {chunk.first_row} to {chunk.end_row - 1} ended their process twice, out of memory perhaps; give "
                "fewer chunk_rows or workers, and see that a script starts it under if __name__ == '__main__'"
            ) from error

    def results(self, chunks: Iterator[Chunk], closed: Closed) -> Iterator[tuple[Chunk, Scored | None]]:
        """Score chunks, several at a time; those in hand are seen through before the source's errors are told."""
        waiting: deque[tuple[Chunk, frozenset[str], Future[Scored] | None]] = deque()
        trouble: VocmineError | None = None
        while True:
            try:
                chunk = next(chunks, None)
            except VocmineError as error:
                chunk, trouble = None, error
            if chunk is None:
                break
            known = closed(chunk)
            waiting.append((chunk, known or frozenset(), None if known is None else self._submit(chunk, known)))
            if len(waiting) > self._workers:
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)
        if trouble is not None:
            raise trouble

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _next(self, waiting: deque[tuple[Chunk, frozenset[str], Future[Scored] | None]]) -> tuple[Chunk, Scored | None]:
        chunk, known, future = waiting.popleft()
        try:
            return chunk, None if future is None else future.result()
        except BrokenProcessPool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = self._started()
        scored = self.run(chunk, known)
        for place, (other, its_known, its_future) in enumerate(waiting):
            if its_future is not None and not _is_answered(its_future):
                waiting[place] = (other, its_known, self._submit(other, its_known))
        return chunk, scored

    def _submit(self, chunk: Chunk, closed: frozenset[str]) -> Future[Scored]:
        try:
            return self._pool.submit(_score, chunk, closed)
        except BrokenProcessPool as error:
            broken: Future[Scored] = Future()
            broken.set_exception(error)
            return broken

    def _started(self) -> ProcessPoolExecutor:
        share = max(1, usable_cores() // self._workers)
        return ProcessPoolExecutor(
            self._workers, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(self._scorer, share)
        )


def _is_answered(future: Future[Scored]) -> bool:
    return future.done() and not isinstance(future.exception(), BrokenProcessPool)


_scorers: list[ChunkScorer] = []
"""In a process of `Workers`, the one scorer it has."""


def _begin(scorer: ChunkScorer, threads: int) -> None:
    # Read when tokenizers and torch are first used, which is after this.
    for name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ.setdefault(name, str(threads))
    _scorers.append(scorer)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone: it would wait for ever."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def _score(chunk: Chunk, closed: frozenset[str]) -> Scored:
    return _scorers[0](chunk, closed)
