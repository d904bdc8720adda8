"""``vocmine issues``: what is going wrong now, within a budget of false alerts; or what would have been told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer
from rich.markup import escape
from rich.table import Table

from vocmine.cli.options import (
    AsJson,
    DeviceName,
    InLanguage,
    Language,
    MappingName,
    ModelName,
    OutFolder,
    PrecisionName,
)
from vocmine.cli.output import OUT, print_json
from vocmine.cli.signals import scored
from vocmine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from vocmine.analysis import Analysis
    from vocmine.issues import Alerts, IssueDetector

_TOLD = ("label", "kind", "status", "severity", "raised", "onset", "last", "observed", "expected", "ratio", "excess")
_DIFFERENCES = 3
"""Said of an open alert at most."""


class Options(TypedDict):
    """What `IssueDetector` is told of the days."""

    exposure: pd.Series | None
    missing: list[date]


def issues(
    source: Annotated[
        Path, typer.Argument(help="Folder that `vocmine score` wrote, or exports to score: a file or a folder.")
    ],
    out: OutFolder = Path("issues"),
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="What to count by, crossings as topic*channel; may be given again. Default: topic, signal, channel."
        ),
    ] = None,
    false_alerts_per_week: Annotated[float, typer.Option(help="Budget of false alerts, over all slices.")] = 0.25,
    max_alerts_per_week: Annotated[int | None, typer.Option(help="Most alerts a week, over four weeks.", min=1)] = None,
    grain: Annotated[str, typer.Option(help="day, hour or week.")] = "day",
    country: Annotated[
        list[str] | None, typer.Option(help="Whose holidays: FR, CA-QC, BE, CH; may be repeated.")
    ] = None,
    exposure: Annotated[Path | None, typer.Option(help="CSV of day and orders (invoices, customers) that day.")] = None,
    missing: Annotated[list[str] | None, typer.Option(help="Day without feed, YYYY-MM-DD; may be repeated.")] = None,
    state: Annotated[
        Path | None,
        typer.Option(
            help="Folder that keeps what was seen and told, and how it is watched, for the next day.", file_okay=False
        ),
    ] = None,
    themes: Annotated[
        bool, typer.Option("--themes/--no-themes", help="Themes that are no topics yet too; not with --state.")
    ] = True,
    backtest: Annotated[bool, typer.Option(help="What would have been told, nothing known before its day.")] = False,
    mapping: MappingName = None,
    model: ModelName = "embedded",
    device: DeviceName = "auto",
    precision: PrecisionName = "auto",
    language: InLanguage = Language.fr,
    as_json: AsJson = False,
) -> None:
    """Find what is going wrong now: alerts with evidence, under a budget of false ones."""
    from vocmine.issues import IssueDetector, emerging_themes
    from vocmine.report import report

    if backtest and state is not None:
        raise InputError("--backtest watches the past again; leave --state out")
    options: Options = {
        "exposure": None if exposure is None else read_exposure(exposure),
        "missing": [_day(text) for text in missing or ()],
    }
    analysis = scored(source, out, mapping, model, device, precision)
    detector = IssueDetector(
        false_alerts_per_week=false_alerts_per_week,
        max_alerts_per_week=max_alerts_per_week,
        grain=grain,
        countries=tuple(country or ("FR",)),
    )
    if backtest:
        alerts = detector.backtest(analysis, _slices(by), **options)
    elif state is not None and (state / "detector" / "manifest.json").is_file():
        analysis, alerts = _next_days(state, analysis, _slices(by), options)
    else:
        analysis, alerts = _first_days(detector, state, analysis, _slices(by), options)
    if themes and state is None:
        alerts += emerging_themes(analysis)
    alerts.save(out / "alerts")
    frame = alerts.to_pandas()
    frame[list(_TOLD)].to_csv(out / "alerts.csv")
    report(analysis, out / "voc.html", language=language.value, alerts=alerts)
    if as_json:
        print_json(
            {"alerts": json.loads(frame[list(_TOLD)].reset_index().to_json(orient="records", date_format="iso"))}
        )
        return
    OUT.print(repr(alerts), markup=False)
    OUT.print(_overview(frame))
    for sentence in _sentences(frame):
        OUT.print(sentence, markup=False, highlight=False)
    OUT.print(f"→ {out}/voc.html, alerts.csv, alerts/" + (f", {state}/" if state else ""), markup=False)


def _first_days(
    detector: IssueDetector,
    state: Path | None,
    analysis: Analysis,
    by: list[str | tuple[str, ...]] | None,
    options: Options,
) -> tuple[Analysis, Alerts]:
    """Watch a history from its first day; topics are found where they are counted and there are none."""
    from vocmine.topics import TopicModel

    counted = [name for one in by or ["topic"] for name in ([one] if isinstance(one, str) else one)]
    if "topic" in counted and "contact_topics" not in analysis.tables:
        topics = TopicModel().fit(analysis)
        analysis = topics.assign(analysis)
        if state is not None:
            topics.save(state / "topics")
    alerts = detector.detect(analysis, by, **options)
    if state is not None:
        detector.save(state / "detector")
    return analysis, alerts


def _next_days(
    state: Path, analysis: Analysis, by: list[str | tuple[str, ...]] | None, options: Options
) -> tuple[Analysis, Alerts]:
    """Go on from the days watched before, with the topics found then."""
    from vocmine.issues import IssueDetector
    from vocmine.topics import TopicModel

    detector = IssueDetector.load(state / "detector")
    if by is not None and tuple(by) != detector.state_.by:
        raise InputError(f"{state} counts by {_written(detector.state_.by)}, got --by {_written(by)}; leave --by out")
    if (state / "topics").is_dir() and "contact_topics" not in analysis.tables:
        analysis = TopicModel.load(state / "topics").assign(analysis)
    alerts = detector.update(analysis, **options)
    detector.save(state / "detector")
    return analysis, alerts


def _slices(by: list[str] | None) -> list[str | tuple[str, ...]] | None:
    """Read what to count by: names, and crossings with a star."""
    if by is None:
        return None
    parts = [tuple(name.strip() for name in text.split("*")) for text in by]
    return [names[0] if len(names) == 1 else names for names in parts]


def _written(by: Sequence[str | tuple[str, ...]]) -> str:
    return ", ".join(one if isinstance(one, str) else "*".join(one) for one in by)


def read_exposure(path: Path) -> pd.Series:
    """Read what contacts are in proportion to, by day."""
    import pandas as pd

    try:
        frame = pd.read_csv(path)
        days = pd.to_datetime(frame.iloc[:, 0], format="ISO8601")
        values = frame.iloc[:, 1].astype(float)
    except (OSError, UnicodeDecodeError, ValueError, IndexError) as error:
        message = f"{path.name} cannot be read ({type(error).__name__}); give a CSV of days (YYYY-MM-DD) and numbers"
        raise InputError(message) from None
    return pd.Series(values.to_numpy(), index=pd.DatetimeIndex(days))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--missing is {text!r}, expected a day: YYYY-MM-DD") from None


def _sentences(frame: pd.DataFrame) -> list[str]:
    """Say of each alert that is not over how much more there is, and what is different."""
    return [
        f"{row['label']}: {row['observed']} contacts since {row['onset']}, {row['expected']:.1f} expected, "
        f"{row['ratio_low']:.1f} to {row['ratio_high']:.1f} times as many"
        + "".join(f"; {one['value']} ({one['ratio']:.1f} times)" for one in list(row["differences"])[:_DIFFERENCES])
        for row in frame[frame["status"] != "closed"].to_dict("records")
    ]


def _overview(frame: pd.DataFrame) -> Table:
    shown = Table("issue", "status", "severity", "since", "told", "contacts", "expected")
    for row in frame.to_dict("records"):
        # Labels hold customers' words, which are no markup of the terminal's.
        label, counts = escape(str(row["label"])), (str(row["observed"]), f"{row['expected']:.1f}")
        shown.add_row(label, row["status"], str(row["severity"]), str(row["onset"]), str(row["raised"]), *counts)
    return shown
