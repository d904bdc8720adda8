"""The options that commands share, and what they say of columns and files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from vocmine.corpus import ColumnOptions, Corpus
    from vocmine.corpus.personal_values import How


class Language(StrEnum):
    """Language of the report and of the summary."""

    fr = "fr"
    en = "en"


class Protection(StrEnum):
    """What becomes of personal data."""

    none = "none"
    mask = "mask"
    pseudonymise = "pseudonymise"
    drop = "drop"


ExportPath = Annotated[
    Path, typer.Argument(help="A file (table, transcript, mailbox, JSON export), or a folder of them.")
]
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
EncodingName = Annotated[str | None, typer.Option("--encoding", help="Encoding of the file; detected by default.")]
SeparatorName = Annotated[str | None, typer.Option("--separator", help="Separator of the file; detected by default.")]
MappingName = Annotated[
    str | None, typer.Option("--mapping", help="Preset or YAML file for JSON and CSV exports; found by default.")
]
OwnAddresses = Annotated[
    list[str] | None, typer.Option("--own", help="Address, domain or handle of the company; may be repeated.")
]
CleanTurns = Annotated[
    bool, typer.Option("--clean/--as-is", help="Take quotes and signatures out of e-mails, hesitations out of calls.")
]
Protect = Annotated[
    Protection, typer.Option("--protect", help="What becomes of personal data; pseudonyms need --key-file.")
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="File with the secret of the pseudonyms.", exists=True, dir_okay=False)
]
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


def column_options(
    text: str | None,
    contact_id: str | None,
    customer_id: str | None,
    at: str | None,
    channel: str | None,
    speaker: str | None,
    timezone: str | None,
    dayfirst: bool | None,
) -> ColumnOptions:
    """Return what the command line says of columns, as `Corpus.from_pandas` takes it."""
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


def protected(corpus: Corpus, how: Protection, key_file: Path | None) -> Corpus:
    """Return the corpus as the command line wants personal data to be treated."""
    if how is Protection.none:
        return corpus
    key = key_file.read_bytes().strip() if key_file else None
    return corpus.protect(cast("How", how.value), key=key)
