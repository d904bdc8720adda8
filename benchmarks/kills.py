"""Is a stream that is killed again and again the one that never was? It is killed at random times until we know.

    python benchmarks/kills.py --kills 200 --rows 600 --longest 1

The contacts are the first rows of `examples/contacts.csv`, scored on the CPU, in one process, by the embedded model or
any other (`--model folder`): a small one leaves more of the time to the writing. A process that has loaded the model
starts to stream them; it gets SIGKILL after a time drawn anew, from none to `--longest` seconds; another one goes on,
until all is written. A folder that is done gives way to a new one until there have been
as many kills as asked for. Each folder must then hold the tables of a run that was left in peace, byte for byte, all
but ``run``, which holds timings. `results/kills.json` has the counts, and the most chunks that one kill undid.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pandas as pd

from vocmine import Corpus, Miner
from vocmine.streaming import Stream, stream

CONTACTS = Path(__file__).resolve().parents[1] / "examples" / "contacts.csv"
RESULTS = Path(__file__).resolve().parent / "results" / "kills.json"


@dataclass(frozen=True)
class Job:
    """What is streamed: the file, the model, the rows of a chunk, the processes."""

    source: Path
    model: str
    chunk_rows: int
    workers: int = 1

    def run(self, out: Path, ready: Connection | None = None) -> Stream:
        """Stream into a folder, or go on with what is there, and say when the model is loaded and warm."""
        miner = Miner(self.model, device="cpu")
        miner.score(Corpus.from_records(["Bonjour, je n’ai rien reçu."]))
        signature = {"model_id": miner.engine_.model.model_id}
        if ready is not None:
            ready.send_bytes(b"")
        rows, workers = self.chunk_rows, self.workers
        return stream(self.source, out, score=miner.score, signature=signature, chunk_rows=rows, workers=workers)


@dataclass
class Kills:
    """What came of it.

    Attributes
    ----------
    model_id : str
        What scored.
    kills, folders : int
        Processes killed, and folders that they wrote before all was done.
    chunks : int
        Chunks in each folder.
    undone_at_most : int
        Chunks written in part, and not committed, that one kill left.
    byte_identical : bool
        Every folder holds the tables of a run that was left in peace.
    """

    model_id: str
    chunks: int
    kills: int = 0
    folders: int = 0
    undone_at_most: int = 0
    byte_identical: bool = True


def kill(job: Job, work: Path, *, kills: int, longest: float, seed: int) -> Kills:
    """Kill streams until enough were killed, each being gone on with until it is done.

    Parameters
    ----------
    job : Job
        What is streamed.
    work : path
        Where folders are written; each is removed once compared.
    kills : int
        Processes to kill.
    longest : float
        Seconds that a process has at most.
    seed : int
        Of the times drawn.
    """
    random = Random(seed)  # noqa: S311  # times, not secrets
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload(["torch", "vocmine.streaming", "vocmine.miner"])
    in_peace = job.run(work / "in_peace")
    expected = tables(in_peace.folder)
    found = Kills(in_peace.run["model_id"][0], in_peace.chunks)
    while found.kills < kills:
        out = work / f"killed_{found.folders}"
        done = False
        while not done and found.kills < kills:
            told, ready = start.Pipe(duplex=False)
            process = start.Process(target=job.run, args=(out, ready))
            process.start()
            ready.close()
            told.recv_bytes()
            process.join(random.uniform(0, longest))
            process.kill()
            process.join()
            done = process.exitcode == 0
            found.kills += not done
            found.undone_at_most = max(found.undone_at_most, _undone(out))
        job.run(out)
        found.byte_identical &= tables(out) == expected
        found.folders += 1
        shutil.rmtree(out)
    return found


def tables(folder: Path) -> Mapping[str, bytes]:
    """Return the files of every table but ``run``."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.glob("*/*")
        if path.parent.name != "run"
    }


def _undone(out: Path) -> int:
    """Count the chunks that have files and are not committed."""
    log = out / "chunks.jsonl"
    committed = log.read_bytes().count(b"\n") if log.exists() else 0
    return len({int(path.name.split("part-")[1][:6]) for path in out.glob("*/*part-*")} - set(range(committed)))


def main() -> None:
    """Write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--longest", type=float, default=1.0)
    parser.add_argument("--model", default="embedded")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "contacts.csv")
        pd.read_csv(CONTACTS, dtype=str, nrows=given.rows).to_csv(source, index=False)
        job = Job(source, given.model, chunk_rows=5)
        found = kill(job, Path(folder), kills=given.kills, longest=given.longest, seed=given.seed)
    results = {"rows": given.rows, "longest": given.longest, "seed": given.seed, **asdict(found)}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
