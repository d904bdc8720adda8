"""Which repeated, automatic and regional messages are found, which are found in error, and at what cost.

    VOCMINE_DATA=... python benchmarks/duplicates.py

*Planted*: among the customer's words of `examples/contacts.csv` (40 words or more), copies are planted: sent again as
they are, sent again with one word in `EDIT_EVERY` replaced, complaints that differ in their order number alone, and
campaigns of twelve customers with their own names and numbers. *False* counts the flags on contacts that were not
planted; the example's generator writes some texts twice, so that these are looked at, not assumed to be wrong.
*Automatic* and *variants* count the golden texts of `tests/golden`: those that rules were made on, and those that were
written after the rules and looked at once (`held_out`); and the false hits on real accounts (Services Publics+, written
in France by people) and on the example. *Cost* is the CPU time of `find_duplicates` on one core and the peak of memory
that Python allocates beyond its tables. Golden texts and examples are invented, by one author: what real mailboxes hold
is more varied. Intervals are Wilson's at 95 %. Writes `results/duplicates.json`.
"""

from __future__ import annotations

import csv
import json
import os
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from vocmine import Corpus
from vocmine.corpus.duplicates import find_duplicates
from vocmine.stats import wilson
from vocmine.text.automatic import automatic_kind
from vocmine.text.variant import VARIANTS, identify_variant

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "tests" / "golden"
EXAMPLE = HERE.parent / "examples" / "contacts.csv"
RESULTS = HERE / "results" / "duplicates.json"
N_PLANTED = 150
N_CAMPAIGNS = 10
CUSTOMERS = 12
EDIT_EVERY = 30
SIZES = (5_000, 20_000)

Figures = dict[str, object]


def share(successes: int, n: int) -> Figures:
    """Return a share with its interval, rounded."""
    found = wilson(successes, n)
    return {
        "n": n,
        "found": successes,
        "share": round(found.value, 4) if n else None,
        "low": round(found.low, 4),
        "high": round(found.high, 4),
    }


def contacts_of_example() -> pd.DataFrame:
    """Return one row a contact: what its customer says, at its date."""
    frame = pd.read_csv(EXAMPLE, dtype=str)
    said = frame[frame["speaker"] == "customer"]
    return (
        said.groupby("contact_id", sort=False)
        .agg(
            text=("text", "\n".join),
            customer_id=("customer_id", "first"),
            at=("started_at", "first"),
            channel=("channel", "first"),
            variant=("variant", "first"),
        )
        .reset_index()
    )


def edited(text: str, draw: np.random.Generator) -> str:
    """Replace one word in `EDIT_EVERY`."""
    words = text.split(" ")
    for place in draw.choice(len(words), max(1, len(words) // EDIT_EVERY), replace=False):
        words[place] = "vraiment"
    return " ".join(words)


def planted(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the contacts with copies planted among them, and what each copy is."""
    draw = np.random.default_rng(0)
    long = frame[frame["text"].str.count(" ") >= 39].sample(4 * N_PLANTED, random_state=0)
    rows: list[dict[str, object]] = []
    truth: dict[str, str] = {}

    def plant(kind: str, text: str, customer: object, at: object) -> None:
        truth[f"planted-{len(rows)}"] = kind
        rows.append(
            {"contact_id": f"planted-{len(rows)}", "text": text, "customer_id": customer, "at": at, "channel": "email"}
        )

    for rank, source in enumerate(long.itertuples()):
        kind = ("sent_again", "edited", "other_number", "campaign")[rank % 4]
        if kind == "sent_again":
            plant(kind, str(source.text), source.customer_id, source.at)
        elif kind == "edited":
            plant(kind, edited(str(source.text), draw), source.customer_id, source.at)
        elif kind == "other_number":
            for writer in ("X", "Y"):
                plant(
                    kind,
                    f"Dossier {draw.integers(10**6, 10**7)}. {source.text} n-{rank}",
                    f"{writer}{rank}",
                    source.at,
                )
        elif rank < 4 * N_CAMPAIGNS:
            for customer in range(CUSTOMERS):
                name = draw.choice(("Colmar", "Brest", "Limoges", "Vannes", "Arles"))
                plant(
                    kind,
                    f"{source.text} Signé à {name}, numéro {draw.integers(10**5)}",
                    f"Z{rank}-{customer}",
                    source.at,
                )
    kept = frame.drop(long.index[2::4])  # a complaint that has no number at all would be near those that have one
    return pd.concat([kept, pd.DataFrame(rows)], ignore_index=True), truth


def corpus_of(frame: pd.DataFrame) -> Corpus:
    """Return the corpus of such contacts."""
    columns = frame[["contact_id", "text", "customer_id", "at", "channel"]]
    return Corpus.from_pandas(columns, text="text", contact_id="contact_id", customer_id="customer_id", at="at")


def repeats() -> Figures:
    """Count what is found of the copies planted, and what else is."""
    frame, truth = planted(contacts_of_example())
    corpus = corpus_of(frame)
    flags = find_duplicates(corpus.contacts, corpus.turns).to_pylist()
    of: dict[str, set[str]] = {}
    for row in flags:
        of.setdefault(row["contact_id"], set()).add(row["flag"])
    wanted = {
        "sent_again": {"duplicate"},
        "edited": {"near_duplicate"},
        "campaign": {"campaign"},
        "other_number": {"duplicate", "near_duplicate", "campaign"},
    }
    figures: Figures = {
        kind: share(
            sum(bool(of.get(each, set()) & kinds) for each, planted_as in truth.items() if planted_as == kind),
            sum(planted_as == kind for planted_as in truth.values()),
        )
        for kind, kinds in wanted.items()
    }
    others = Counter(row["flag"] for row in flags if row["contact_id"] not in truth)
    return {**figures, "flags_on_others": dict(others), "others": len(frame) - len(truth)}


def golden(name: str) -> list[dict[str, str]]:
    """Read golden texts."""
    with (GOLDEN / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def answers(rows: Sequence[dict[str, str]], label: str, answer: Callable[[dict[str, str]], str]) -> Figures:
    """Return precision and coverage, over all labels and for each."""
    pairs = [(row[label], answer(row)) for row in rows]
    figures: Figures = {}
    for one in ("all", *sorted({told for told, _ in pairs} - {"none"})):
        given = [told == said for told, said in pairs if said != "none" and one in {"all", said}]
        asked = [told == said for told, said in pairs if told != "none" and one in {"all", told}]
        figures[one] = {"precision": share(sum(given), len(given)), "coverage": share(sum(asked), len(asked))}
    return figures


def kind_of(row: dict[str, str]) -> str:
    """Return the kind of a golden text."""
    found = automatic_kind(row["text"].replace("⏎", "\n"), row["subject"] or None)
    return "none" if found is None else found.kind


def variant_of(row: dict[str, str]) -> str:
    """Return the variant of a golden text."""
    return identify_variant(row["text"]).code or "none"


def accounts() -> pd.DataFrame:
    """Return the accounts of Services Publics+."""
    return pd.read_csv(Path(os.environ["VOCMINE_DATA"]) / "services_publics_plus" / "dev.csv", dtype=str)


def automatic(example: pd.DataFrame, real: pd.DataFrame) -> Figures:
    """Measure automatic messages."""
    hits = [row.contact_id for row in real.itertuples() if automatic_kind(str(row.text), str(row.title))]
    written = [row.contact_id for row in example.itertuples() if automatic_kind(str(row.text))]
    return {
        "made_on": answers(golden("automatic.tsv"), "kind", kind_of),
        "held_out": answers(golden("automatic_held_out.tsv"), "kind", kind_of),
        "false_on_accounts": {**share(len(hits), len(real)), "ids": hits},
        "false_on_example": {**share(len(written), len(example)), "ids": written},
    }


def variants(example: pd.DataFrame, real: pd.DataFrame) -> Figures:
    """Measure regional variants."""
    told = [identify_variant(f"{row.title}. {row.text}").code for row in real.itertuples()]
    abroad = [str(each) for each, code in zip(real["contact_id"], told, strict=True) if code not in {None, "fr-FR"}]
    rows = [
        {"variant": str(row.variant) if row.variant in VARIANTS else "none", "text": str(row.text)}
        for row in example.itertuples()
    ]
    return {
        "made_on": answers(golden("variants.tsv"), "variant", variant_of),
        "held_out": answers(golden("variants_held_out.tsv"), "variant", variant_of),
        "example": answers(rows, "variant", variant_of),
        "accounts": {
            "named_fr_FR": share(told.count("fr-FR"), len(real)),
            "named_another": {**share(len(abroad), len(real)), "ids": abroad},
        },
    }


def cost(sizes: Iterable[int]) -> list[Figures]:
    """Measure CPU time and memory on contacts made of the example's sentences, shuffled."""
    texts = contacts_of_example()["text"].tolist()
    figures: list[Figures] = []
    for size in sizes:
        draw = np.random.default_rng(size)
        rows = [
            {
                "texte": "\n".join(texts[place] for place in draw.choice(len(texts), 3, replace=False)),
                "client": f"C{n}",
                "date": f"{n % 28 + 1:02}/03/2025",
            }
            for n in range(size)
        ]
        corpus = Corpus.from_records(rows)
        contacts, turns = corpus.contacts, corpus.turns
        start = time.process_time()
        find_duplicates(contacts, turns)
        seconds = time.process_time() - start
        characters = sum(len(str(row["texte"])) for row in rows) / size
        figures.append({"contacts": size, "characters": round(characters), "cpu_seconds": round(seconds, 1)})
    tracemalloc.start()
    find_duplicates(contacts.slice(0, sizes_of_memory := 5_000), turns.slice(0, sizes_of_memory))
    figures.append({"contacts": sizes_of_memory, "peak_megabytes": round(tracemalloc.get_traced_memory()[1] / 1e6)})
    tracemalloc.stop()
    return figures


def main() -> None:
    """Measure everything and write it down."""
    example, real = contacts_of_example(), accounts()
    results = {
        "repeats": repeats(),
        "automatic": automatic(example, real),
        "variants": variants(example, real),
        "cost": cost(SIZES),
    }
    text = json.dumps(results, ensure_ascii=False, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
