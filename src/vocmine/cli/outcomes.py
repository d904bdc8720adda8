"""``vocmine outcomes`` and ``vocmine effect``: what must be decided, and whether what was decided worked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from vocmine.cli.issues import read_exposure
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
    import pandas as pd

    from vocmine.analysis import Analysis
    from vocmine.outcomes import Decisions, Effect

Source = Annotated[
    Path, typer.Argument(help="Folder that `vocmine score` wrote, or exports to score: a file or a folder.")
]
Causes = Annotated[Path | None, typer.Option(help="YAML file of causes and owners, an edited copy of causes.yaml.")]
CostOf = Annotated[str | None, typer.Option("--cost", help="YAML file of costs by channel and segment, or hbr2017.")]
ExposureFile = Annotated[Path | None, typer.Option("--exposure", help="CSV of day and orders (or invoices) that day.")]


def outcomes(
    source: Source,
    out: OutFolder = Path("outcomes"),
    window: Annotated[str, typer.Option(help="Time within which a contact about the same matter is a repeat.")] = "7D",
    causes: Causes = None,
    cost: CostOf = None,
    audit: Annotated[int, typer.Option(help="Contacts to read by hand, written to audit.csv; 0 for none.")] = 200,
    labels: Annotated[Path | None, typer.Option(help="audit.csv of an earlier run, labels filled in.")] = None,
    exposure: ExposureFile = None,
    mapping: MappingName = None,
    model: ModelName = "embedded",
    device: DeviceName = "auto",
    precision: PrecisionName = "auto",
    language: InLanguage = Language.fr,
    as_json: AsJson = False,
) -> None:
    """Say why customers contact, whose matter it is, what comes again, what it costs, and what to do."""
    from vocmine.outcomes import audit as drawn
    from vocmine.outcomes import decisions
    from vocmine.report import report

    analysis = _with_causes(scored(source, out, mapping, model, device, precision), causes)
    found = decisions(
        analysis,
        window=window,
        cost=cost,
        taxonomy=causes,
        labels=None if labels is None else str(labels),
        exposure=None if exposure is None else read_exposure(exposure),
    )
    out.mkdir(parents=True, exist_ok=True)
    tables = _tables(found)
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False)
    (out / "faq.md").write_text(found.faq.to_markdown(), encoding="utf-8")
    if audit and labels is None:
        drawn(analysis, audit).to_csv(out / "audit.csv", index=False)
    report(analysis, out / "voc.html", language=language.value, outcomes=found)
    if as_json:
        print_json({name: _records(table) for name, table in tables.items()})
        return
    shown = Table("measure", "owner", "contacts a month, at most", "certainty")
    for row in found.measures.to_dict("records"):
        volume = f"{row['per_month']:.1f} [{row['low']:.1f}, {row['high']:.1f}]"
        shown.add_row(str(row["measure"]), str(row["owner"]), volume, str(row["certainty"]))
    OUT.print(shown)
    OUT.print(f"→ {out}/voc.html, {', '.join(f'{name}.csv' for name in tables)}, faq.md", markup=False)


def effect(
    source: Source,
    since: Annotated[str, typer.Option(help="First day of the measure, YYYY-MM-DD.")],
    out: OutFolder = Path("effect"),
    topic: Annotated[str | None, typer.Option(help="Label or id of a topic.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="column=value, such as cause=invoice_wrong; may be repeated.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last day to look at; by default that of the contacts.")] = None,
    control: Annotated[list[str] | None, typer.Option(help="Topic that the measure cannot touch; repeatable.")] = None,
    exposure: ExposureFile = None,
    cost: CostOf = None,
    causes: Causes = None,
    country: Annotated[list[str] | None, typer.Option(help="Whose holidays: FR, CA-QC, BE, CH; repeatable.")] = None,
    mapping: MappingName = None,
    model: ModelName = "embedded",
    device: DeviceName = "auto",
    precision: PrecisionName = "auto",
    language: InLanguage = Language.fr,
    as_json: AsJson = False,
) -> None:
    """Say whether a measure lowered the contacts about a matter, by how many, or that nobody can tell."""
    from vocmine.outcomes import measure_effect
    from vocmine.report import report

    if topic is None and not where:
        raise InputError("name what the measure was for: --topic, or --where cause=invoice_wrong")
    equal = _equal(where or [])
    analysis = scored(source, out, mapping, model, device, precision)
    if "cause" in equal and "causes" not in analysis.tables:
        analysis = _with_causes(analysis, causes)
    found = measure_effect(
        analysis,
        since=since,
        topic=int(topic) if topic is not None and topic.lstrip("-").isdigit() else topic,
        until=until,
        controls=control or (),
        exposure=None if exposure is None else read_exposure(exposure),
        cost=cost,
        countries=tuple(country or ("FR",)),
        **equal,
    )
    out.mkdir(parents=True, exist_ok=True)
    found.days.to_csv(out / "days.csv")
    found.placebos.to_csv(out / "placebos.csv", index=False)
    report(analysis, out / "voc.html", language=language.value, effects=[found])
    if as_json:
        print_json(_told(found))
        return
    OUT.print(found.sentence(language.value), markup=False)
    for reason in found.reasons:
        OUT.print(f"  {reason}", markup=False)
    OUT.print(f"→ {out}/voc.html, days.csv, placebos.csv", markup=False)


def _with_causes(analysis: Analysis, causes: Path | None) -> Analysis:
    from vocmine.outcomes import CauseModel

    if "causes" in analysis.tables and causes is None:
        return analysis
    return CauseModel(causes).fit().assign(analysis)


def _tables(found: Decisions) -> dict[str, pd.DataFrame]:
    return {
        "measures": found.measures,
        "causes": found.causes,
        "departments": found.departments,
        "first_contact": found.repeats.fcr(),
        "repeats": found.repeats.contacts,
        "drivers": found.repeats.drivers("topic" if "topic" in found.repeats.frame else "cause"),
        "contradictions": found.contradictions,
    }


def _records(table: pd.DataFrame) -> object:
    return json.loads(table.to_json(orient="records", date_format="iso"))


def _equal(where: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in where:
        column, separator, value = text.partition("=")
        if not separator:
            raise InputError(f"--where is {text!r}, expected column=value")
        found[column.strip()] = value.strip()
    return found


def _told(found: Effect) -> dict[str, object]:
    intervals = ("expected", "change", "avoided", "before")
    told: dict[str, object] = {name: list(getattr(found, name)) for name in intervals}
    plain = ("name", "verdict", "observed", "p_value", "detectable", "factor", "currency")
    told |= {name: getattr(found, name) for name in plain}
    return told | {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "reasons": list(found.reasons),
        "saved": None if found.saved is None else list(found.saved),
        "displaced": _records(found.displaced),
        "contact_ids": found.contact_ids,
    }
