"""``vocmine signals``: the signals of an analysis or of exports, the queue of contacts to look at first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vocmine.cli.options import AsJson, DeviceName, MappingName, ModelName, OutFolder, PrecisionName
from vocmine.cli.output import OUT, print_json
from vocmine.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from vocmine.analysis import Analysis


def signals(
    source: Annotated[
        Path, typer.Argument(help="Folder that `vocmine score` wrote, or exports to score: a file or a folder.")
    ],
    out: OutFolder = Path("signals"),
    queue: Annotated[int, typer.Option(help="Contacts a day in the queue, at most.", min=1)] = 20,
    day: Annotated[str | None, typer.Option(help="Day of the queue, such as 2026-03-14, or all.")] = None,
    routing: Annotated[Path | None, typer.Option(help="YAML file: reason: desk.")] = None,
    rules: Annotated[Path | None, typer.Option(help="YAML file of signals of one's own.")] = None,
    labels: Annotated[
        Path | None, typer.Option(help="CSV of contact_id and 0 or 1 in a column of the signal's name, to learn from.")
    ] = None,
    mapping: MappingName = None,
    model: ModelName = "embedded",
    device: DeviceName = "auto",
    precision: PrecisionName = "auto",
    as_json: AsJson = False,
) -> None:
    """Find what customers signal, with the words that show it, and rank the contacts to look at first."""
    from vocmine.signals import escalation_queue
    from vocmine.signals.overview import signal_table

    analysis = scored(source, out, mapping, model, device, precision)
    out.mkdir(parents=True, exist_ok=True)
    tables = {"signals": signal_table(analysis), "spans": analysis.spans}
    tables["queue"] = escalation_queue(analysis, day=day, n=queue, routing=routing)
    tables |= _own(analysis, rules, labels)
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False)
    if as_json:
        shown = {name: table for name, table in tables.items() if name != "spans"}
        print_json({name: table.astype(object).to_dict("records") for name, table in _plain(shown).items()})
        return
    OUT.print(_overview(tables["signals"]))
    OUT.print(f"→ {', '.join(f'{out}/{name}.csv' for name in tables)}", markup=False)


def scored(source: Path, out: Path, mapping: str | None, model: str, device: str, precision: str) -> Analysis:
    """Load an analysis, or read and score exports."""
    from vocmine.analysis import Analysis

    if (source / "manifest.json").is_file():
        return Analysis.load(source)
    from vocmine.ingest import read
    from vocmine.miner import Miner

    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise InputError(f"--out {out} lies in {source}: tables written there would be read as contacts; name another")
    analysis = Miner(model, device=device, precision=precision).score(read(source, mapping=mapping))
    analysis.save(out / "analysis")
    return analysis


def _own(analysis: Analysis, rules: Path | None, labels: Path | None) -> dict[str, pd.DataFrame]:
    """Return what signals of one's own give."""
    from vocmine.signals import SignalClassifier, SignalRules

    found: dict[str, pd.DataFrame] = {}
    if rules is not None:
        own = SignalRules.from_yaml(rules).score(analysis)
        found |= {"own_contacts": own.contacts, "own_spans": own.spans}
    if labels is not None:
        name, given = _labels(labels)
        found["learnt"] = SignalClassifier(name).fit(analysis, given).score_contacts(analysis)
    return found


def _labels(path: Path) -> tuple[str, dict[str, bool]]:
    """Read which contacts carry a signal."""
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read ({type(error).__name__}); give a CSV in UTF-8") from None
    if len(frame.columns) != 2 or "contact_id" not in frame.columns:
        raise InputError(f"{path.name} has {len(frame.columns)} columns, expected contact_id and the signal's name")
    (name,) = (str(column) for column in frame.columns if column != "contact_id")
    if not frame[name].isin(["0", "1"]).all():
        raise InputError(f"{path.name}: a label is neither 0 nor 1; leave out the contacts that have none")
    if frame["contact_id"].duplicated().any():
        raise InputError(f"{path.name} names a contact twice, expected one label each")
    return name, dict(zip(frame["contact_id"], frame[name] == "1", strict=True))


def _overview(table: pd.DataFrame) -> Table:
    shown = Table("signal", "contacts", "share", "95 %", "evidence")
    for row in table.to_dict("records"):
        bounds = f"{row['low']:.1%} to {row['high']:.1%}" if row["scored"] else ""
        shown.add_row(str(row["signal"]), str(row["contacts"]), f"{row['share']:.1%}", bounds, str(row["evidence"]))
    return shown


def _plain(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give every value a type that JSON has."""
    return {
        name: table.map(lambda value: value.isoformat() if hasattr(value, "isoformat") else value).where(
            table.notna(), None
        )
        for name, table in tables.items()
    }
