"""An `Analysis` comes in; every figure of the report goes out, in built-in types that JSON can hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.issues import Alerts
from vocmine.outcomes import Decisions, Effect
from vocmine.report.course import Course, summarise_course
from vocmine.report.groups import Groups, summarise_groups
from vocmine.report.issues import Issues, summarise_issues
from vocmine.report.outcomes import Outcomes, summarise_outcomes
from vocmine.report.quotes import Quotes, summarise_quotes
from vocmine.report.reading import Reading, summarise_reading
from vocmine.report.sentiment import Sentiment, summarise_sentiment
from vocmine.report.signals import Signals, summarise_signals
from vocmine.report.topics import Topics, summarise_topics
from vocmine.report.view import View
from vocmine.report.volume import Volume, summarise_volume


class Summary(TypedDict):
    """Figures of the report, by section."""

    volume: Volume
    sentiment: Sentiment
    course: Course
    signals: Signals
    topics: Topics
    issues: Issues
    outcomes: Outcomes
    groups: dict[str, Groups]
    quotes: Quotes
    reading: Reading


def summarise(
    analysis: Analysis,
    *,
    mask: bool = True,
    n_quotes: int = 12,
    alerts: Alerts | None = None,
    outcomes: Decisions | None = None,
    effects: Sequence[Effect] = (),
) -> Summary:
    """Summarise an analysis.

    Parameters
    ----------
    analysis : Analysis
        What `Miner.score` gave.
    mask : bool, default True
        Mask e-mail addresses, handles, telephone and long numbers in quotes. Names are not masked.
    n_quotes : int, default 12
        Quotes at most.
    alerts : Alerts, optional
        What `IssueDetector` found in these contacts.
    outcomes : Decisions, optional
        What `vocmine.decisions` put together of these contacts.
    effects : sequence of Effect
        What `vocmine.measure_effect` found.

    Returns
    -------
    Summary
        A dict of built-in types: counts; shares, 0 to 1, with their 95 % intervals; ISO dates of local days; seconds.
        The same analysis always gives the same summary.

    Raises
    ------
    InputError
        If `n_quotes` is negative.

    Examples
    --------
    >>> import vocmine as vm
    >>> corpus = vm.Corpus.from_records(["Merci beaucoup, service impeccable !", "Toujours pas livré, c'est honteux."])
    >>> summarise(vm.Miner().score(corpus))["sentiment"]["overall"]["shares"]["negative"]["value"]
    0.5
    """
    if n_quotes < 0:
        raise InputError(f"got n_quotes={n_quotes}, expected 0 or more; 0 shows no quote")
    view = View(analysis, mask, n_quotes)
    return {
        "volume": summarise_volume(view),
        "sentiment": summarise_sentiment(view),
        "course": summarise_course(view),
        "signals": summarise_signals(view),
        "topics": summarise_topics(view),
        "issues": summarise_issues(view, alerts),
        "outcomes": summarise_outcomes(view, outcomes, effects),
        "groups": summarise_groups(view),
        "quotes": summarise_quotes(view),
        "reading": summarise_reading(view),
    }
