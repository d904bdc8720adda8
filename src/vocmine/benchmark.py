"""``vocmine benchmark``: models and labelled files come in, a table and versioned JSON go out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from vocmine.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_NARROW = ("NLL", "Brier", "ECE")
"""Columns that a terminal is often too narrow for; the results have them."""
_WIDE = 170


def benchmark(
    models: Annotated[
        list[str], typer.Argument(metavar="MODEL", help="Names or folders; the others are tested on the first.")
    ],
    data: Annotated[
        list[str], typer.Option("--data", "-d", help="A labelled file, or a registered set; give it several times.")
    ],
    text: Annotated[str | None, typer.Option(help="Column of the text, in files; guessed by default.")] = None,
    label: Annotated[str | None, typer.Option(help="Column of the label, in files; guessed by default.")] = None,
    noise: Annotated[
        bool, typer.Option("--noise", help="Score lower case, no accents, capitals, word errors.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="JSON file to write.", dir_okay=False)] = None,
    device: Annotated[str, typer.Option("--device", help="auto, cpu, cuda, cuda:1, mps.")] = "auto",
    draws: Annotated[int, typer.Option(help="Resamples of the bootstrap.", min=1)] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON, and nothing else.")] = False,
) -> None:
    """Compare models on labelled texts: metrics with intervals, paired tests, speed."""
    from vocmine.comparison import compare
    from vocmine.evaluation import NOISE, REGISTERED, load

    if out is not None and not out.parent.is_dir():
        raise InputError(f"--out {out} lies in no folder there is; make it, or name another")  # before the work
    sets = [load(name) if name in REGISTERED else load(name, text=text, label=label) for name in dict.fromkeys(data)]
    found = compare(models, sets, noise=NOISE if noise else (), seed=seed, draws=draws, device=device)
    if out is not None:
        found.save(out)
    if as_json:
        typer.echo(found.to_json())
        return
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE  # a file or a pipe has room
    summary = found.summary()
    console.print(_table(summary if console.width >= _WIDE else summary.drop(columns=list(_NARROW))))
    if noise:
        console.print("\nmacro-F1 on noisy texts, less that on the clean ones:", markup=False)
        console.print(_table(found.robustness()))
    if out is not None:
        console.print(f"→ {out}", markup=False, soft_wrap=True)


def _table(rows: pd.DataFrame) -> Table:
    table = Table(*rows.columns, box=None, header_style="bold", padding=(0, 2, 0, 0))
    for row in rows.itertuples(index=False):
        table.add_row(*row)
    return table
