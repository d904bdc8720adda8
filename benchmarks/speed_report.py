"""From the seconds of each round to medians, ratios, shares of the peak, the table and the bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypedDict

BASE = "transformers pipeline"
"""The contestant that ratios are taken to."""
BATCHED = "transformers pipeline, batch 32"
PLAIN = "ONNX Runtime"


class Spread(TypedDict):
    """Median, least and greatest over rounds."""

    median: float
    min: float
    max: float


class Row(TypedDict):
    """What one contestant did with one sample."""

    kind: str
    name: str
    precision: str
    rounds: list[float]
    seconds: Spread
    texts_a_second: Spread
    tokens_a_second: Spread
    ratio: Spread
    peak_share: Spread
    padding_share: float
    agreement: float | None


@dataclass(frozen=True)
class Timing:
    """The seconds of one contestant on one sample, one a round.

    Attributes
    ----------
    kind, name, precision : str
        Of the sample; of the contestant.
    seconds : sequence of float
    padding_share : float
    agreement : float or None
        Least cosine to our vectors, where the contestant gives vectors.
    """

    kind: str
    name: str
    precision: str
    seconds: Sequence[float]
    padding_share: float
    agreement: float | None


@dataclass(frozen=True)
class Work:
    """What a sample asks for: texts, tokens, and operations without padding."""

    texts: int
    tokens: int
    operations: float


def spread(values: Iterable[float]) -> Spread:
    """Summarise the rounds.

    Examples
    --------
    >>> spread([3.0, 1.0, 2.0])
    {'median': 2.0, 'min': 1.0, 'max': 3.0}
    """
    found = [float(f"{value:.5g}") for value in values]
    return {"median": median(found), "min": min(found), "max": max(found)}


def ratios(base: Sequence[float], seconds: Sequence[float]) -> list[float]:
    """Say how many times faster than the base, round by round: what slows a whole round down cancels out.

    Examples
    --------
    >>> ratios([2.0, 4.0], [1.0, 2.0])
    [2.0, 2.0]
    """
    return [theirs / own for theirs, own in zip(base, seconds, strict=True)]


def rows(timings: Sequence[Timing], work: Mapping[str, Work], peaks: Mapping[str, Sequence[float]]) -> list[Row]:
    """Summarise every contestant on every sample.

    Parameters
    ----------
    timings : sequence of Timing
    work : mapping of str to Work
        By kind of sample.
    peaks : mapping of str to sequence of float
        By precision, operations a second in each round.
    """
    base = {each.kind: each.seconds for each in timings if each.name == BASE}
    return [_row(each, work[each.kind], base[each.kind], peaks[each.precision]) for each in timings]


def _row(timing: Timing, work: Work, base: Sequence[float], peaks: Sequence[float]) -> Row:
    shares = (work.operations / seconds / peak for seconds, peak in zip(timing.seconds, peaks, strict=True))
    return {
        "kind": timing.kind,
        "name": timing.name,
        "precision": timing.precision,
        "rounds": [round(seconds, 4) for seconds in timing.seconds],
        "seconds": spread(timing.seconds),
        "texts_a_second": spread(work.texts / seconds for seconds in timing.seconds),
        "tokens_a_second": spread(work.tokens / seconds for seconds in timing.seconds),
        "ratio": spread(ratios(base, timing.seconds)),
        "peak_share": spread(shares),
        "padding_share": round(timing.padding_share, 4),
        "agreement": timing.agreement and round(timing.agreement, 5),
    }


def markdown(found: Sequence[Row], kind: str) -> str:
    """Write the table of one sample."""
    lines = [
        "| contestant | precision | × pipeline | texts/s | tokens/s | of peak | padding |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['name']} | {row['precision']} | {_ratio(row['ratio'])} | {row['texts_a_second']['median']:.1f} "
        f"| {row['tokens_a_second']['median']:,.0f} | {row['peak_share']['median']:.0%} | {row['padding_share']:.1%} |"
        for row in found
        if row["kind"] == kind
    ]
    return "\n".join(lines)


def gains(one: Sequence[Row], more: Sequence[Row]) -> dict[str, float]:
    """Say how many times faster each is in a run with more cores; of contestants and samples that are in both."""
    before = {_key(row): row["tokens_a_second"]["median"] for row in one}
    return {_key(row): row["tokens_a_second"]["median"] / before[_key(row)] for row in more if _key(row) in before}


def _key(row: Row) -> str:
    return f"{row['kind']}: {row['name']}, {row['precision']}"


def _ratio(found: Spread) -> str:
    return f"{found['median']:.2f} [{found['min']:.2f}, {found['max']:.2f}]"
