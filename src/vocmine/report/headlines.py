"""The main figures of a summary as plain sentences: what the page says on top, and the command line after a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from vocmine.report.issues import Issues, issue_name
from vocmine.report.sentiment import ENOUGH, Sentiment, Trend
from vocmine.report.summary import Summary
from vocmine.report.volume import Volume
from vocmine.report.words import Words

_FRACTIONS = (0, 10, 20, 25, 30, 33, 40, 50, 60, 67, 70, 75, 80, 90, 100)
"""Shares, in per cent, that have a plain name such as « un contact sur deux »."""
_FEWEST_UNHAPPY = 10
"""Conversations from which the share recovered is worth a sentence."""

Direction = Literal["up", "down", "flat"]


def headlines(summary: Summary, language: str = "fr") -> list[str]:
    """Put the main figures into sentences that a manager understands.

    Parameters
    ----------
    summary : Summary
        What `summarise` gave.
    language : {"fr", "en"}, default "fr"
        Language of the sentences.

    Returns
    -------
    list of str
        Two to ten sentences: volume and period, the gravest issue under way, negative share, tensest channel, trend,
        frustration, recovery, what was not scored or was rejected and why, model and time taken.

    Raises
    ------
    InputError
        If the language is another one.
    """
    words = Words(language)
    return [
        *_volume(summary["volume"], words),
        *_issue(summary["issues"], words),
        *_sentiment(summary["sentiment"], words),
        *_frustration(summary, words),
        *_recovery(summary, words),
        *_reading(summary, words),
    ]


def period(volume: Volume, words: Words) -> str:
    """Say the period in words."""
    first, last = volume["first_day"], volume["last_day"]
    return words.period(first, last) if first and last else words("brief.no_dates")


def direction(trend: Trend) -> Direction:
    """Say where the negative share goes: up or down where chance alone would not do it, flat otherwise."""
    change = trend["change"]
    if change is None or change["low"] <= 0 <= change["high"]:
        return "flat"
    return "up" if change["low"] > 0 else "down"


def _volume(volume: Volume, words: Words) -> Iterator[str]:
    if not volume["contacts"]:
        yield words("brief.none")
        return
    contacts = words.count("contacts", volume["contacts"])
    if volume["customers"]:
        contacts = words(
            "brief.of_customers", contacts=contacts, customers=words.count("customers", volume["customers"])
        )
    channel, most = next(iter(volume["by_channel"].items()))
    if len(volume["by_channel"]) == 1:
        yield words("brief.volume", contacts=contacts, period=period(volume, words))
    else:
        through, share = words(f"most_through.{channel}"), words.percent(most / volume["contacts"])
        yield words(
            "brief.volume_through", contacts=contacts, period=period(volume, words), through=through, share=share
        )


def _issue(issues: Issues, words: Words) -> Iterator[str]:
    if issues["cards"]:
        gravest = max(issues["cards"], key=lambda one: one["severity"])
        yield words(
            "brief.issue",
            issue=issue_name(gravest, words),
            observed=words.count("contacts", gravest["observed"]),
            expected=words.number(gravest["expected"]),
            onset=words.day(gravest["onset"], "plain"),
        )


def _sentiment(sentiment: Sentiment, words: Words) -> Iterator[str]:
    shares = sentiment["overall"]["shares"]
    negative, positive, mixed = (shares[name]["value"] for name in ("negative", "positive", "mixed"))
    if negative is None or positive is None or mixed is None:
        if sentiment["overall"]["contacts"]:
            yield words("brief.no_score")
        return
    yield words(
        "brief.negative",
        words=words(f"fraction.{min(_FRACTIONS, key=lambda known: abs(known - 100 * negative))}"),
        share=words.percent(negative),
        range=words.range(shares["negative"]),
        positive=words.percent(positive),
        mixed=words.percent(mixed),
    )
    yield from _tensest(sentiment, words)
    if sentiment["trend"] and sentiment["trend"]["change"]:
        yield _trend(sentiment["trend"], words)


def _tensest(sentiment: Sentiment, words: Words) -> Iterator[str]:
    tensest = sentiment["tensest"]
    if tensest:
        channel = tensest["channel"]
        yield words(
            "brief.tensest",
            channel=words(f"tensest.{channel}"),
            share=words.percent(sentiment["by_channel"][channel]["shares"]["negative"]["value"] or 0.0),
            above=words.count("points", round(100 * tensest["above_others"]["value"])),
        )
    elif sum(tally["n"] >= ENOUGH for tally in sentiment["by_channel"].values()) > 1:
        yield words("brief.no_tensest")


def _trend(trend: Trend, words: Words) -> str:
    recent, before = (trend["recent"], trend["before"])
    return words(
        f"brief.trend.{direction(trend)}",
        days=trend["days"],
        recent=words.percent(recent["shares"]["negative"]["value"] or 0.0),
        before=words.percent(before["shares"]["negative"]["value"] or 0.0),
        volume=words.signed_percent(recent["contacts"] / before["contacts"] - 1),
    )


def _frustration(summary: Summary, words: Words) -> Iterator[str]:
    signals = summary["signals"]
    told = [line for line in signals["lines"] if line["signal"] != "resolved" and line["share"]["count"]]
    share = signals["frustrated"]["value"]
    if told and share:
        yield words(
            "brief.frustrated",
            share=words.percent(share),
            range=words.range(signals["frustrated"]),
            signal=words(f"signal.{told[0]['signal']}").lower(),
            of=words.percent(told[0]["share"]["value"] or 0.0),
        )


def _recovery(summary: Summary, words: Words) -> Iterator[str]:
    recovered = summary["course"]["recovered"]
    if recovered["value"] is not None and recovered["n"] >= _FEWEST_UNHAPPY:
        yield words(
            "brief.recovery",
            unhappy=words.count("conversations", recovered["n"]),
            share=words.percent(recovered["value"]),
            range=words.range(recovered),
        )


def _reading(summary: Summary, words: Words) -> Iterator[str]:
    reading = summary["reading"]
    left, rejected = reading["not_scored"], reading["rejected"]
    if reading["contacts"] and not left and not rejected:
        yield words("brief.reading_all")
    if left:
        yield words(
            "brief.not_scored", n=words.count("not_scored", sum(left.values())), reasons=words.counts("reason", left)
        )
    if rejected:
        yield words(
            "brief.rejected",
            n=words.count("rejected", sum(rejected.values())),
            reasons=words.counts("reason", rejected),
        )
    if reading["scored"]:
        yield words("brief.model", seconds=words.duration(reading["seconds"]), model=reading["model_id"].split(":")[0])
