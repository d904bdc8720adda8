"""The command line: ``vocmine demo``, ``score``, ``stream``, ``report``, ``benchmark``, ``models``.

Exit codes: 0 done; 1 the input, model, device or a folder cannot be used (the message says what to do); 2 wrong usage;
3 the file was read but no contact could be scored.
"""

from __future__ import annotations

import io
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from vocmine._version import __version__
from vocmine.benchmark import benchmark
from vocmine.errors import InputError, ReadError, VocmineError

if TYPE_CHECKING:
    from vocmine.analysis import Analysis
    from vocmine.corpus import ColumnOptions, Corpus
    from vocmine.inference import RunnableModel
    from vocmine.miner import Miner

app = typer.Typer(
    help="Mine the voice of the customer, offline: score contacts, write the report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_out = Console(highlight=False, emoji=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


class Language(StrEnum):
    """Language of the report and of the summary."""

    fr = "fr"
    en = "en"


OutFolder = Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.", file_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON, and nothing else.")]
InLanguage = Annotated[Language, typer.Option("--language", "-l", help="Language of the summary and the report.")]
ModelName = Annotated[str, typer.Option("--model", "-m", help="Model name or folder; `vocmine models` lists them.")]
DeviceName = Annotated[str, typer.Option("--device", help="auto, cpu, cuda, cuda:1, mps.")]
PrecisionName = Annotated[
    str, typer.Option("--precision", help="auto, float32, int8 (CPU, twice as fast), float16 (CUDA).")
]
CacheFolder = Annotated[
    Path | None, typer.Option("--cache", help="Folder that keeps scores for the next run.", file_okay=False)
]
WithAspects = Annotated[bool, typer.Option("--aspects", help="Say which aspects of the service are spoken of.")]
TextColumn = Annotated[str | None, typer.Option("--text", help="Column of the text; guessed and shown by default.")]
IdColumn = Annotated[str | None, typer.Option("--id", help="Column of the contact's key.")]
CustomerColumn = Annotated[str | None, typer.Option("--customer", help="Column of the customer's key.")]
DateColumn = Annotated[str | None, typer.Option("--at", help="Column of the date.")]
ChannelColumn = Annotated[str | None, typer.Option("--channel", help="Column of the channel.")]
SpeakerColumn = Annotated[str | None, typer.Option("--speaker", help="Column of the speaker, for one row a turn.")]
TimeZone = Annotated[str | None, typer.Option("--timezone", help="Zone of dates that name none, such as Europe/Paris.")]
DayFirst = Annotated[
    bool | None, typer.Option("--dayfirst/--monthfirst", help="How 03/04/2026 reads; guessed by column.")
]


def main() -> None:
    """Run the command line and turn errors raised on purpose, and those of files, into a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks « → » must not cost the run
    try:
        app()
    except VocmineError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename or 'a file'}: {error.strerror or error}; check the path, its rights and the room left")


def _fail(message: str) -> NoReturn:
    _err.print(f"vocmine: {message}", style="bold red", markup=False)
    sys.exit(1)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vocmine {__version__}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Mine the voice of the customer, offline: score contacts, write the report."""


@app.command()
def demo(
    out: OutFolder = Path("out"),
    device: DeviceName = "auto",
    language: InLanguage = Language.fr,
    as_json: AsJson = False,
) -> None:
    """Score the sample contacts with the embedded model, the network closed, and write tables and report."""
    from vocmine.ingest import read
    from vocmine.miner import Miner

    with _network_closed(), as_file(files("vocmine")) as package:
        corpus = read(_sample_contacts(package))
        notice = {
            Language.fr: "Contacts d’exemple, entièrement inventés.",
            Language.en: "Sample contacts, wholly invented.",
        }[language]
        _score_and_write(corpus, out, Miner(device=device), language, as_json=as_json, notice=notice)


@app.command()
def score(
    source: Annotated[Path, typer.Argument(help="A CSV, Parquet, JSON lines or Excel file, or a folder of them.")],
    out: OutFolder = Path("scored"),
    text: TextColumn = None,
    contact_id: IdColumn = None,
    customer_id: CustomerColumn = None,
    at: DateColumn = None,
    channel: ChannelColumn = None,
    speaker: SpeakerColumn = None,
    timezone: TimeZone = None,
    dayfirst: DayFirst = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the file; detected by default.")] = None,
    separator: Annotated[str | None, typer.Option(help="Separator of the file; detected by default.")] = None,
    model: ModelName = "embedded",
    device: DeviceName = "auto",
    precision: PrecisionName = "auto",
    cache: CacheFolder = None,
    aspects: WithAspects = False,
    language: InLanguage = Language.fr,
    as_json: AsJson = False,
) -> None:
    """Score one's own contacts and write tables and report."""
    from vocmine.ingest import read
    from vocmine.miner import Miner

    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise InputError(f"--out {out} lies in {source}: tables written there would be read as contacts; name another")
    columns = _columns(text, contact_id, customer_id, at, channel, speaker, timezone, dayfirst)
    corpus = read(source, encoding=encoding, separator=separator, **columns)
    miner = Miner(model, device=device, precision=precision, cache=cache, aspects=aspects)
    analysis = _score_and_write(corpus, out, miner, language, as_json=as_json)
    if not analysis.run["contacts_scored"]:
        _err.print("vocmine: no contact could be scored; rejected.parquet and contact_scores.parquet say why")
        raise typer.Exit(3)


@app.command()
def stream(
    source: Annotated[Path, typer.Argument(help="A Parquet or CSV file of any size, or a folder of Parquet files.")],
    out: OutFolder = Path("streamed"),
    text: TextColumn = None,
    contact_id: IdColumn = None,
    customer_id: CustomerColumn = None,
    at: DateColumn = None,
    channel: ChannelColumn = None,
    speaker: SpeakerColumn = None,
    timezone: TimeZone = None,
    dayfirst: DayFirst = None,
    model: ModelName = "embedded",
    device: DeviceName = "auto",
    precision: PrecisionName = "auto",
    cache: CacheFolder = None,
    aspects: WithAspects = False,
    chunk_rows: Annotated[int, typer.Option(help="Rows scored and committed together.")] = 2_000,
    workers: Annotated[int, typer.Option(help="Processes, each with a model of its own.")] = 1,
    resume: Annotated[bool, typer.Option(help="Go on where an earlier run was cut off.")] = True,
    as_json: AsJson = False,
) -> None:
    """Score a source of any size into folders of Parquet, in bounded memory; killed, it goes on where it was."""
    from vocmine.miner import Miner

    miner = Miner(model, device=device, precision=precision, cache=cache, aspects=aspects, progress=sys.stderr.isatty())
    columns = _columns(text, contact_id, customer_id, at, channel, speaker, timezone, dayfirst)
    done = miner.stream(source, out, chunk_rows=chunk_rows, workers=workers, resume=resume, **columns)
    counts = {
        "rows_in": done.rows_in,
        "contacts": done.n_contacts,
        "scored": done.n_scored,
        "rejected": done.n_rejected,
    }
    if as_json:
        _print_json({**counts, "reasons": done.reasons, "folder": str(done.folder)})
    else:
        _out.print(f"→ {done}", markup=False)
    if not done.n_scored:
        _err.print(f"vocmine: no contact could be scored; the tables in {out}/contacts and {out}/rejected say why")
        raise typer.Exit(3)


@app.command()
def report(
    analysis: Annotated[Path, typer.Argument(help="Folder that `vocmine score` or Analysis.save wrote.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Page to write.", dir_okay=False)] = Path("voc.html"),
    language: InLanguage = Language.fr,
    mask: Annotated[bool, typer.Option(help="Mask e-mail addresses, handles and numbers in quotes.")] = True,
    as_json: AsJson = False,
) -> None:
    """Write the HTML page of an analysis saved earlier."""
    from vocmine.analysis import Analysis
    from vocmine.report import headlines, summarise
    from vocmine.report import report as write

    loaded = Analysis.load(analysis)
    page = write(loaded, out, language=language.value, mask=mask)
    summary = summarise(loaded, mask=mask)
    if as_json:
        _print_json(summary)
    else:
        _print_headlines(headlines(summary, language.value))
        _out.print(f"→ {page}", markup=False)


app.command()(benchmark)


@app.command()
def models(as_json: AsJson = False) -> None:
    """List the models that come with the package."""
    from vocmine.inference import Model, available_models

    found = {name: Model.from_pretrained(name) for name in available_models()}
    if as_json:
        _print_json([_model_row(name, model) for name, model in found.items()])
        return
    for name, model in found.items():
        languages, heads = ", ".join(model.manifest.languages), ", ".join(head.name for head in model.heads)
        _out.print(f"{name}: {model.model_id}; languages {languages}; heads {heads}", markup=False)


def _model_row(name: str, model: RunnableModel) -> dict[str, object]:
    return {
        "name": name,
        "model_id": model.model_id,
        "languages": list(model.manifest.languages),
        "heads": [head.name for head in model.heads],
        "licence": model.manifest.licence,
    }


def _columns(
    text: str | None,
    contact_id: str | None,
    customer_id: str | None,
    at: str | None,
    channel: str | None,
    speaker: str | None,
    timezone: str | None,
    dayfirst: bool | None,
) -> ColumnOptions:
    return {
        "text": text,
        "contact_id": contact_id,
        "customer_id": customer_id,
        "at": at,
        "channel": channel,
        "speaker": speaker,
        "timezone": timezone,
        "dayfirst": dayfirst,
    }


def _score_and_write(
    corpus: Corpus, out: Path, miner: Miner, language: Language, *, as_json: bool, notice: str | None = None
) -> Analysis:
    from vocmine.report import headlines, summarise
    from vocmine.report import report as write

    if not as_json:
        _err.print(str(corpus.quality()), markup=False)
    out.mkdir(parents=True, exist_ok=True)  # a folder that cannot be made is better known before the work than after
    miner.progress = sys.stderr.isatty()
    analysis = miner.score(corpus)
    analysis.save(out)
    page = write(analysis, out / "voc.html", language=language.value, notice=notice)
    summary = summarise(analysis)
    if as_json:
        _print_json(summary)
    else:
        _print_headlines(headlines(summary, language.value))
        _out.print(f"→ {page} · {out}/*.parquet", markup=False)
    return analysis


def _print_headlines(lines: list[str]) -> None:
    for line in lines:
        _out.print(f"• {line}", markup=False)


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=sys.stdout.encoding.lower() != "utf-8", indent=2))


def _sample_contacts(package: Path) -> Path:
    """Return the sample contacts: inside an installed package, or beside the sources of a checkout."""
    for path in (package / "_examples" / "contacts.csv", package.parents[1] / "examples" / "contacts.csv"):
        if path.exists():
            return path
    raise ReadError("the sample contacts are not in this installation; install the package again")


@contextmanager
def _network_closed() -> Iterator[None]:
    """Refuse every connection, so that the demonstration proves what it says."""

    def refuse(*_: object, **__: object) -> None:
        raise VocmineError("a connection was attempted while the network is closed; please report it")

    kept = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
    socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = kept  # type: ignore[method-assign]
