"""``vocmine topics``: the contact reasons of an analysis or of exports, found, given, applied or updated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from vocmine.cli.options import AsJson, DeviceName, MappingName, ModelName, OutFolder, PrecisionName
from vocmine.cli.output import OUT, print_json
from vocmine.cli.signals import scored
from vocmine.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from vocmine.analysis import Analysis
    from vocmine.topics import TopicModel

_QUOTE = 80


def topics(
    source: Annotated[
        Path, typer.Argument(help="Folder that `vocmine score` wrote, or exports to score: a file or a folder.")
    ],
    out: OutFolder = Path("topics"),
    n_topics: Annotated[int | None, typer.Option(help="How many; by default the number is chosen.", min=2)] = None,
    reasons: Annotated[Path | None, typer.Option(help="YAML file: reason: list of examples, or nothing.")] = None,
    saved: Annotated[Path | None, typer.Option(help="Model that this command wrote, to apply or update.")] = None,
    update: Annotated[bool, typer.Option(help="Update the saved model with these contacts.")] = False,
    stop_word: Annotated[list[str] | None, typer.Option(help="Word that tells nothing; may be given again.")] = None,
    outlier_share: Annotated[float, typer.Option(help="Share of texts without a topic.", min=0, max=0.9)] = 0.1,
    seed: Annotated[int, typer.Option(help="Seed.")] = 0,
    mapping: MappingName = None,
    model: ModelName = "embedded",
    device: DeviceName = "auto",
    precision: PrecisionName = "auto",
    as_json: AsJson = False,
) -> None:
    """Find why customers contact: topics with labels, quotes and counts, and each contact's own."""
    from vocmine.report import report
    from vocmine.topics import TopicModel

    if update and saved is None:
        raise InputError("--update needs the model to update: --saved FOLDER/model")
    if saved is not None and (n_topics is not None or reasons is not None or stop_word):
        raise InputError("--saved brings its own topics; leave --n-topics, --reasons and --stop-word out")
    analysis = scored(source, out, mapping, model, device, precision)
    if saved is not None:
        fitted = TopicModel.load(saved)
        fitted = fitted.update(analysis) if update else fitted
    else:
        given = None if reasons is None else _reasons(reasons)
        stopped = tuple(stop_word or ())
        fitted = TopicModel(
            n_topics, seed=seed, outlier_share=outlier_share, reasons=given, stop_words=stopped, embedding_model=model
        ).fit(analysis)
    out.mkdir(parents=True, exist_ok=True)
    analysis = fitted.assign(analysis)
    _write(fitted, analysis, out)
    report(analysis, out / "voc.html")
    if as_json:
        table = analysis.topics.drop(columns=["weights"]).astype(object)
        print_json({"topics": table.where(table.notna(), None).to_dict("records")})
        return
    if fitted.choice_ is not None:
        OUT.print(f"{fitted.choice_['chosen'].idxmax()} topics, chosen by stability and coherence; see choice.csv")
    OUT.print(_overview(analysis.topics))
    OUT.print(f"→ {out}/voc.html, topics.csv, contacts.csv, assignments.parquet, model/", markup=False)


def _write(fitted: TopicModel, analysis: Analysis, out: Path) -> None:
    import pyarrow.parquet as pq

    fitted.save(out / "model")
    frame = analysis.topics
    for name in ("terms", "quotes"):
        frame[name] = frame[name].str.join(" | ")
    frame.drop(columns=["weights"]).to_csv(out / "topics.csv", index=False)
    contacts = analysis.contacts[["contact_id", "topic_id", "topic", "topics"]]
    contacts.assign(topics=[" ".join(map(str, row)) for row in contacts["topics"]]).to_csv(
        out / "contacts.csv", index=False
    )
    pq.write_table(analysis.tables["assignments"], out / "assignments.parquet")
    if fitted.choice_ is not None:
        fitted.choice_.to_csv(out / "choice.csv")


def _reasons(path: Path) -> dict[str, list[str]]:
    """Read reasons and their examples."""
    import yaml

    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError, yaml.YAMLError) as error:
        raise InputError(f"{path.name} cannot be read ({type(error).__name__}); give YAML in UTF-8") from None
    if not isinstance(given, dict):
        raise InputError(f"{path.name} holds {type(given).__name__}, expected reasons with lists of examples")
    found = {}
    for name, examples in given.items():
        if not isinstance(examples, list | None) or not all(isinstance(text, str) for text in examples or []):
            raise InputError(f"{path.name}: the examples of a reason are no list of texts")
        found[str(name)] = list(examples or [])
    return found


def _overview(table: pd.DataFrame) -> Table:
    shown = Table("topic", "contacts", "share", "quote")
    for row in table[table["merged_into"].isna()].to_dict("records"):
        quote = (row["quotes"] or [""])[0].replace("\n", " ")
        cut = quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…"
        # Customers' words are no markup of the terminal's.
        shown.add_row(escape(str(row["label"])), str(row["contacts"]), f"{row['share']:.1%}", escape(cut))
    return shown
