"""The commands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vocmine._version import __version__
from vocmine.benchmark import benchmark
from vocmine.cli.demonstration import network_closed, sample_file
from vocmine.cli.issues import issues
from vocmine.cli.options import (
    AsJson,
    CacheFolder,
    ChannelColumn,
    CleanTurns,
    CustomerColumn,
    DateColumn,
    DayFirst,
    DeviceName,
    EncodingName,
    IdColumn,
    InLanguage,
    KeyFile,
    Language,
    MappingName,
    ModelName,
    OutFolder,
    OwnAddresses,
    PrecisionName,
    Protect,
    Protection,
    SeparatorName,
    SpeakerColumn,
    TextColumn,
    TimeZone,
    WithAspects,
    column_options,
    protected,
)
from vocmine.cli.outcomes import effect, outcomes
from vocmine.cli.output import ERR, OUT, print_headlines, print_json
from vocmine.cli.signals import signals
from vocmine.cli.topics import topics
from vocmine.errors import InputError

if TYPE_CHECKING:
    from vocmine.analysis import Analysis
    from vocmine.corpus import Corpus
    from vocmine.inference import RunnableModel
    from vocmine.issues import Alerts
    from vocmine.miner import Miner
    from vocmine.outcomes import Decisions, Effect

_DEMO_TOPICS = 40
_DEMO_RUNS = 20
_DEMO_MEASURES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("2026-09-01", {"cause": "appointment_missed", "domain": "parcel"}),
    ("2026-09-01", {"cause": "access_account", "domain": "bank"}),
)
"""Two measures that the sample's companies took: one worked, the other did not."""

app = typer.Typer(
    help="Mine the voice of the customer, offline: score contacts, write the report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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
    """Score the sample contacts, find their topics and what went wrong when, and write tables and report; offline."""
    from vocmine.ingest import read
    from vocmine.issues import IssueDetector, emerging_themes
    from vocmine.miner import Miner
    from vocmine.outcomes import CauseModel, decisions, measure_effect
    from vocmine.topics import TopicModel

    def with_topics(analysis: Analysis) -> Analysis:
        topics = TopicModel(_DEMO_TOPICS, n_runs=_DEMO_RUNS).fit(analysis)
        return CauseModel().assign(topics.assign(analysis))

    def watched(analysis: Analysis) -> Alerts:
        return IssueDetector().detect(analysis) + emerging_themes(analysis)

    def decided(analysis: Analysis, costs: Path) -> tuple[Decisions, list[Effect]]:
        effects = [measure_effect(analysis, since=day, cost=costs, **matter) for day, matter in _DEMO_MEASURES]
        return decisions(analysis, window="14D", cost=costs), effects

    with network_closed(), as_file(files("vocmine")) as package:
        corpus = read(sample_file(package, "contacts.csv"))
        notice = {
            Language.fr: "Contacts d’exemple, entièrement inventés.",
            Language.en: "Sample contacts, wholly invented.",
        }[language]
        miner = Miner(device=device)
        _score_and_write(
            corpus,
            out,
            miner,
            language,
            as_json=as_json,
            notice=notice,
            finish=with_topics,
            watch=watched,
            decide=lambda analysis: decided(analysis, sample_file(package, "costs.yaml")),
        )


@app.command(name="read")
def read_exports(
    source: Annotated[
        Path, typer.Argument(help="A file (table, transcript, mailbox, JSON export), or a folder of them.")
    ],
    out: OutFolder = Path("corpus"),
    mapping: MappingName = None,
    own: OwnAddresses = None,
    timezone: TimeZone = None,
    clean: CleanTurns = True,
    protect: Protect = Protection.mask,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Read exports into tables of contacts and turns, without personal data unless asked otherwise."""
    import pyarrow.parquet as pq

    from vocmine.ingest import read

    _check_apart(source, out)
    corpus = read(source, mapping=mapping, own_addresses=own or (), clean=clean, timezone=timezone)
    corpus = protected(corpus.flag_duplicates(), protect, key_file)
    out.mkdir(parents=True, exist_ok=True)
    for name, table in corpus.tables().items():
        pq.write_table(table, out / f"{name}.parquet", compression="zstd")
    report = corpus.quality()
    if as_json:
        counts = {"rows_in": report.rows_in, "turns": report.turns, "contacts": report.contacts}
        print_json({**counts, "rejected": report.rejected, "folder": str(out)})
    else:
        OUT.print(str(report), markup=False)
        OUT.print(f"→ {out}/*.parquet", markup=False)


@app.command()
def score(
    source: Annotated[
        Path, typer.Argument(help="A file (table, transcript, mailbox, JSON export), or a folder of them.")
    ],
    out: OutFolder = Path("scored"),
    text: TextColumn = None,
    contact_id: IdColumn = None,
    customer_id: CustomerColumn = None,
    at: DateColumn = None,
    channel: ChannelColumn = None,
    speaker: SpeakerColumn = None,
    timezone: TimeZone = None,
    dayfirst: DayFirst = None,
    encoding: EncodingName = None,
    separator: SeparatorName = None,
    mapping: MappingName = None,
    own: OwnAddresses = None,
    clean: CleanTurns = True,
    protect: Protect = Protection.none,
    key_file: KeyFile = None,
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

    _check_apart(source, out)
    columns = column_options(text, contact_id, customer_id, at, channel, speaker, timezone, dayfirst)
    corpus = read(
        source,
        encoding=encoding,
        separator=separator,
        mapping=mapping,
        own_addresses=own or (),
        clean=clean,
        **columns,
    )
    corpus = protected(corpus, protect, key_file)
    miner = Miner(model, device=device, precision=precision, cache=cache, aspects=aspects)
    analysis = _score_and_write(corpus, out, miner, language, as_json=as_json)
    if not analysis.run["contacts_scored"]:
        ERR.print("vocmine: no contact could be scored; rejected.parquet and contact_scores.parquet say why")
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
    columns = column_options(text, contact_id, customer_id, at, channel, speaker, timezone, dayfirst)
    done = miner.stream(source, out, chunk_rows=chunk_rows, workers=workers, resume=resume, **columns)
    counts = {
        "rows_in": done.rows_in,
        "contacts": done.n_contacts,
        "scored": done.n_scored,
        "rejected": done.n_rejected,
    }
    if as_json:
        print_json({**counts, "reasons": done.reasons, "folder": str(done.folder)})
    else:
        OUT.print(f"→ {done}", markup=False)
    if not done.n_scored:
        ERR.print(f"vocmine: no contact could be scored; the tables in {out}/contacts and {out}/rejected say why")
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
        print_json(summary)
    else:
        print_headlines(headlines(summary, language.value))
        OUT.print(f"→ {page}", markup=False)


app.command()(benchmark)
app.command()(signals)
app.command()(issues)
app.command()(outcomes)
app.command()(effect)
app.command()(topics)


@app.command()
def models(as_json: AsJson = False) -> None:
    """List the models that come with the package."""
    from vocmine.inference import Model, available_models

    found = {name: Model.from_pretrained(name) for name in available_models()}
    if as_json:
        print_json([_model_row(name, model) for name, model in found.items()])
        return
    for name, model in found.items():
        languages, heads = ", ".join(model.manifest.languages), ", ".join(head.name for head in model.heads)
        OUT.print(f"{name}: {model.model_id}; languages {languages}; heads {heads}", markup=False)


def _model_row(name: str, model: RunnableModel) -> dict[str, object]:
    return {
        "name": name,
        "model_id": model.model_id,
        "languages": list(model.manifest.languages),
        "heads": [head.name for head in model.heads],
        "licence": model.manifest.licence,
    }


def _check_apart(source: Path, out: Path) -> None:
    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise InputError(f"--out {out} lies in {source}: tables written there would be read as contacts; name another")


def _score_and_write(
    corpus: Corpus,
    out: Path,
    miner: Miner,
    language: Language,
    *,
    as_json: bool,
    notice: str | None = None,
    finish: Callable[[Analysis], Analysis] = lambda analysis: analysis,
    watch: Callable[[Analysis], Alerts] | None = None,
    decide: Callable[[Analysis], tuple[Decisions, list[Effect]]] | None = None,
) -> Analysis:
    from vocmine.report import headlines, summarise
    from vocmine.report import report as write

    if not as_json:
        ERR.print(str(corpus.quality()), markup=False)
    out.mkdir(parents=True, exist_ok=True)  # a folder that cannot be made is better known before the work than after
    miner.progress = sys.stderr.isatty()
    analysis = finish(miner.score(corpus))
    analysis.save(out)
    alerts = None if watch is None else watch(analysis)
    if alerts is not None:
        alerts.save(out / "alerts")
    found, effects = (None, []) if decide is None else decide(analysis)
    page = write(
        analysis,
        out / "voc.html",
        language=language.value,
        notice=notice,
        alerts=alerts,
        outcomes=found,
        effects=effects,
    )
    summary = summarise(analysis, alerts=alerts, outcomes=found, effects=effects)
    if as_json:
        print_json(summary)
    else:
        print_headlines(headlines(summary, language.value))
        OUT.print(f"→ {page} · {out}/*.parquet", markup=False)
    return analysis
