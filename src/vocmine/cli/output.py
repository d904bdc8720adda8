"""What commands print: lines for people, JSON for programs, errors in one sentence."""

from __future__ import annotations

import json
import sys
from typing import Final, NoReturn

import typer
from rich.console import Console

OUT: Final = Console(highlight=False, emoji=False, soft_wrap=True)
ERR: Final = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def print_headlines(lines: list[str]) -> None:
    """Print one line each."""
    for line in lines:
        OUT.print(f"• {line}", markup=False)


def print_json(content: object) -> None:
    """Print JSON and nothing else."""
    typer.echo(json.dumps(content, ensure_ascii=sys.stdout.encoding.lower() != "utf-8", indent=2))


def fail(message: str) -> NoReturn:
    """End with a message and code 1."""
    ERR.print(f"vocmine: {message}", style="bold red", markup=False)
    sys.exit(1)
