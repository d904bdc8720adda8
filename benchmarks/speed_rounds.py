"""Contestants take turns: rounds in, the seconds of each and the peaks of the machine out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from speed_contestant import Contestant, Floats, Run
from speed_ours import agreement
from speed_peaks import Peak, Peaks
from speed_report import Timing
from speed_texts import Sample


@dataclass
class Rounds:
    """What the rounds gave.

    Attributes
    ----------
    timings : list of Timing
    peaks : list of mapping of str to Peak
        By precision, one a round.
    cpu_share : list of float
        CPU seconds of this process over wall seconds, one a round; under 1 a thread, others had the cores.
    """

    timings: list[Timing] = field(default_factory=list)
    peaks: list[Mapping[str, Peak]] = field(default_factory=list)
    cpu_share: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """A contestant bound to a sample, and its seconds so far."""

    contestant: Contestant
    sample: Sample
    run: Run
    seconds: list[float] = field(default_factory=list)


def measure(
    contestants: Sequence[Contestant],
    samples: Sequence[Sample],
    peaks: Peaks,
    n_rounds: int,
    expected: Mapping[str, Floats],
) -> Rounds:
    """Run every contestant on every sample once a round.

    Parameters
    ----------
    contestants : sequence of Contestant
    samples : sequence of Sample
    peaks : Peaks
        What the machine can do at best, measured at the start of each round.
    n_rounds : int
        Rounds that count; one before them warms up.
    expected : mapping of str to float32 array
        By kind of sample, the vectors that whoever gives vectors should give.
    """
    entries = [Entry(each, some, each.bind(some)) for each in contestants for some in samples]
    agreed = [_agreement(entry, expected[entry.sample.kind]) for entry in entries]
    found = Rounds()
    for rank in range(n_rounds):
        print(f"round {rank + 1} of {n_rounds}…", flush=True)
        found.peaks.append(peaks.measure())
        wall, cpu = time.perf_counter(), time.process_time()
        shift = rank * len(entries) // n_rounds
        for entry in entries[shift:] + entries[:shift]:
            begun = time.perf_counter()
            entry.run()
            entry.seconds.append(time.perf_counter() - begun)
        found.cpu_share.append((time.process_time() - cpu) / (time.perf_counter() - wall))
    found.timings = [_timing(entry, agreement) for entry, agreement in zip(entries, agreed, strict=True)]
    return found


def _agreement(entry: Entry, expected: Floats) -> float | None:
    """Warm up, and say how well the vectors agree with ours."""
    vectors = entry.run()
    return None if vectors is None else agreement(vectors, expected)


def _timing(entry: Entry, agreed: float | None) -> Timing:
    contestant, sample = entry.contestant, entry.sample
    return Timing(
        kind=sample.kind,
        name=contestant.name,
        precision=contestant.precision,
        seconds=entry.seconds,
        padding_share=contestant.padding_share(sample),
        agreement=agreed,
    )
