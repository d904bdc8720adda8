"""How much personal data is found, how much else is taken for it, and how fast: sentences generated, and real accounts.

    python benchmarks/personal.py --each 200

Writes `results/personal.json`. The generated sentences (`personal_items.py`) were written beside the finders, and both
were mended together: their figures say that the habits thought of are covered, not that there are no others. Two sets
of three thousand items (`personal_held_out.py`, `personal_blind.py`) were composed without sight of the finders: what
was found of each at first is in decision 0014; what they showed was then mended, and the figures written here are
those after. Accounts are those of Services Publics+ in the development data; each hit among them was read, and
`tests/text/personal/false_hits.csv` keeps the verdicts.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import personal_blind as blind
import personal_held_out as held_out
from personal_items import Item, generate

from vocmine.stats import wilson
from vocmine.text import normalise
from vocmine.text.personal import Personal, find_personal

Share: TypeAlias = dict[str, float]

HERE = Path(__file__).parent
VERDICTS = HERE.parent / "tests" / "text" / "personal" / "false_hits.csv"


def kind_of(item: Item) -> str:
    """Return the kind that an item of a way of writing is of."""
    return item.kind.partition(" (")[0]


def is_found(item: Item, found: Iterable[Personal]) -> bool:
    """Tell whether all that is personal in a sentence is found, and called what it is."""
    return any(one.start <= item.start and item.end <= one.end and one.kind == kind_of(item) for one in found)


def measure_items(items: list[Item]) -> dict[str, dict[str, Share]]:
    """Return recall and precision of each way of writing, with 95 % Wilson intervals."""
    sought, right = Counter[str](), Counter[str]()
    said, false = Counter[str](), Counter[str]()
    for item in items:
        found = find_personal(item.text)
        if item.kind != "decoy":
            sought[item.kind] += 1
            right[item.kind] += is_found(item, found)
        for one in found:
            said[one.kind] += 1
            false[one.kind] += not (item.start < one.end and one.start < item.end)
    recall = {kind: share(right[kind], sought[kind]) for kind in sought}
    precision = {kind: share(said[kind] - false[kind], said[kind]) for kind in sorted(said)}
    whole = {
        "recall": share(right.total(), sought.total()),
        "precision": share(said.total() - false.total(), said.total()),
    }
    return {"all": whole, "recall": recall, "precision": precision}


def share(successes: int, n: int) -> Share:
    """Return a share with its interval, rounded to four digits."""
    interval = wilson(successes, n)
    return {"n": n, "share": round(interval.value, 4), "low": round(interval.low, 4), "high": round(interval.high, 4)}


def measure_apart(items: Iterable[held_out.Item]) -> dict[str, Share | dict[str, Share]]:
    """Return how many items of a set are wholly covered by what is found, and how much of what is found is one."""
    sought, right = Counter[str](), Counter[str]()
    said = false = 0
    for item in items:
        found = find_personal(item.text)
        covered = {place for one in found for place in range(one.start, one.end)}
        if item.kind != "decoy":
            sought[item.kind] += 1
            wanted = {place for place in range(item.start, item.end) if item.text[place].isalnum()}
            right[item.kind] += wanted <= covered
        said += len(found)
        false += sum(one.end <= item.start or item.end <= one.start for one in found)
    recall = {kind: share(right[kind], sought[kind]) for kind in sought}
    whole = {"recall": share(right.total(), sought.total()), "precision": share(said - false, said)}
    return {**whole, "recall_by_kind": recall}


def read_accounts(folder: Path) -> dict[str, str]:
    """Return the text of each account of Services Publics+, title first."""
    with (folder / "services_publics_plus" / "dev.csv").open(encoding="utf-8", newline="") as lines:
        return {row["contact_id"]: normalise(f"{row['title']}. {row['text']}").text for row in csv.DictReader(lines)}


def measure_accounts(accounts: dict[str, str]) -> dict[str, object]:
    """Return what is found among the accounts, and how much of it was read and called false."""
    with VERDICTS.open(encoding="utf-8", newline="") as lines:
        verdicts = {(row["id"], int(row["start"]), row["kind"]): row["verdict"] for row in csv.DictReader(lines)}
    hits = [(key, one.start, one.kind) for key, text in accounts.items() for one in find_personal(text)]
    false = [hit for hit in hits if verdicts.get(hit) == "false"]
    structured = [hit for hit in false if hit[2] != "name"]
    return {
        "contacts": len(accounts),
        "hits": dict(Counter(kind for _, _, kind in hits)),
        "not_read": sum(hit not in verdicts for hit in hits),
        "false_structured": len(structured),
        "false_structured_per_100_contacts": round(100 * len(structured) / len(accounts), 3),
        "false_names": len(false) - len(structured),
    }


def measure_speed(texts: list[str], rounds: int = 5) -> dict[str, float]:
    """Return the megabytes of text looked through in a second, on one core: the best of some rounds."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            find_personal(text)
        seconds.append(time.process_time() - start)
    return {"megabytes": round(size, 3), "megabytes_per_second": round(size / min(seconds), 2)}


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=200, help="sentences of each kind")
    parser.add_argument("--seed", type=int, default=20_261, help="of the generator")
    options = parser.parse_args()
    items = list(generate(options.each, options.seed))
    result: dict[str, object] = {"items": len(items), "seed": options.seed, "generated": measure_items(items)}
    result |= {"first_set_apart": measure_apart(held_out.items()), "second_set_apart": measure_apart(blind.items())}
    result["generated_speed"] = measure_speed([item.text for item in items], rounds=3)
    if folder := os.environ.get("VOCMINE_DATA"):
        accounts = read_accounts(Path(folder))
        result |= {"accounts": measure_accounts(accounts), "accounts_speed": measure_speed(list(accounts.values()))}
    path = HERE / "results" / "personal.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
