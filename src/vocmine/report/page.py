"""`report`: an `Analysis` comes in, one HTML file goes out that loads nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from vocmine.analysis import Analysis
from vocmine.issues import Alerts
from vocmine.outcomes import Decisions, Effect
from vocmine.report.headlines import headlines, period
from vocmine.report.issues import issue_name
from vocmine.report.outcomes import structural
from vocmine.report.sections import SECTIONS
from vocmine.report.summary import Summary, summarise
from vocmine.report.tiles import tiles
from vocmine.report.words import Words


def report(
    analysis: Analysis,
    path: str | os.PathLike[str],
    *,
    language: str = "fr",
    title: str | None = None,
    mask: bool = True,
    n_quotes: int = 12,
    notice: str | None = None,
    alerts: Alerts | None = None,
    outcomes: Decisions | None = None,
    effects: Sequence[Effect] = (),
) -> Path:
    """Write the report of an analysis as one HTML page that opens without network.

    Everything is in the file (about 5 MB, most of it the chart library). Its policy (Content-Security-Policy) lets the
    browser load nothing, and run no script but the page's own: customers' words stay words.

    Parameters
    ----------
    analysis : Analysis
        What `Miner.score` gave.
    path : str or path
        File to write; its folder is created if needed.
    language : {"fr", "en"}, default "fr"
        Language of the page; quotes stay in their own.
    title : str, optional
        Title of the page.
    mask : bool, default True
        Mask e-mail addresses, handles, telephone and long numbers in quotes. Names are not masked.
    n_quotes : int, default 12
        Quotes at most.
    notice : str, optional
        A sentence shown on top, such as a caution on the data.
    alerts : Alerts, optional
        What `IssueDetector` found in these contacts: a section more.
    outcomes : Decisions, optional
        What `vocmine.decisions` put together of these contacts: what to do, causes, owners, repeats, answers.
    effects : sequence of Effect
        What `vocmine.measure_effect` found: whether measures were measured, and contacts fell.

    Returns
    -------
    Path
        The file written. The same analysis always gives the same bytes.

    Raises
    ------
    InputError
        If the language is not one of these, or `n_quotes` is negative.

    Examples
    --------
    >>> import tempfile
    >>> import vocmine as vm
    >>> analysis = vm.Miner().score(vm.Corpus.from_records(["Merci beaucoup, service impeccable !"]))
    >>> report(analysis, f"{tempfile.mkdtemp()}/voc.html").name
    'voc.html'
    """
    words = Words(language)
    summary = summarise(analysis, mask=mask, n_quotes=n_quotes, alerts=alerts, outcomes=outcomes, effects=effects)
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(render(summary, words, title=title, notice=notice), encoding="utf-8", newline="\n")
    return target


def render(summary: Summary, words: Words, *, title: str | None = None, notice: str | None = None) -> str:
    """Return the page of a summary."""
    scripts = [get_plotlyjs(), _asset("page.js")]
    return (
        _environment()
        .get_template("voc.html.j2")
        .render(
            summary=summary,
            words=words,
            title=title or words("page.title"),
            notice=notice,
            period=period(summary["volume"], words),
            brief=headlines(summary, words.language),
            tiles=tiles(summary, words),
            issue_name=issue_name,
            structural=structural,
            sections=[section.name for section in SECTIONS if section.shown(summary)],
            charts={section.name: section.charts(summary, words) for section in SECTIONS if section.shown(summary)},
            style=_asset("page.css"),
            scripts=scripts,
            script_hashes=[_hash(script) for script in scripts],
            locale=_locale(words),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("vocmine.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(name: str) -> str:
    return files("vocmine.report").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """Return the hash by which the page's policy knows a script of its own."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _locale(words: Words) -> dict[str, object]:
    """Return the names of days and months as plotly.js takes them, its weeks starting on Sunday."""

    def from_sunday(days: list[str]) -> list[str]:
        return days[-1:] + days[:-1]

    return {
        "moduleType": "locale",
        # Under a name of its own: plotly.js falls back on its "en", which must stay whole.
        "name": f"{words.language}-report",
        "dictionary": {},
        "format": {
            "days": from_sunday(words.entries("weekdays")),
            "shortDays": from_sunday(words.entries("weekdays.short")),
            "months": words.entries("months"),
            "shortMonths": words.entries("months.short"),
            "date": "%d/%m/%Y",
        },
    }
