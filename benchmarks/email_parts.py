"""Which lines of an e-mail are kept and removed rightly: vocmine, mail-parser-reply and melusine on the same bodies.

    pip install 'vocmine[benchmarks]'
    python benchmarks/email_parts.py [--melusine PYTHON] [--bodies FOLDER]

`tests/text/email/bodies/` holds invented e-mails of many mail programs, each line with its true tag (README there), one
folder a split: rules were written on `dev` alone. A contestant gives the pieces of a body in order, each with a tag;
words are aligned with those of the body, and a line has the tag of most of its words. `line`: the share of lines that
are kept or removed rightly. `kept` and `removed`: the same among lines to be kept, and to be removed. `kind`: among
lines to be removed, those removed with their true tag (mail-parser-reply tells no kinds). `whole`: e-mails without a
wrong line. Lines without a letter or digit count for nothing. Every contestant gets the body as the library stores it,
with plain spaces for no-break ones. Intervals are 95 % percentile bootstraps over e-mails, differences paired.

melusine brings a configuration and dependencies of its own and runs in the interpreter that `--melusine` names
(default: this one). It is run as its documentation has it, `preprocessing_pipeline`, and read up to its first closing,
as its `TextExtractor` does. A contestant that is not installed is left out, and said to be. `by tag` is the share of
lines that are kept or removed rightly, by their true tag. Writes `results/email_parts.json`.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocmine.stats import bootstrap
from vocmine.text import normalise
from vocmine.text.email import clean_email

HERE = Path(__file__).parent
BODIES = HERE.parent / "tests" / "text" / "email" / "bodies"
RESULTS = HERE / "results" / "email_parts.json"
KEPT = "keep"
UNCOUNTED = {"blank"}
_ENOUGH = 3  # words kept of a line that make it one that is kept, whatever else is removed of it
OURS = "vocmine"

Pieces = list[tuple[str, str]]
"""A body taken apart: a tag and the words it is given to, in order."""
Contestant = Callable[[Sequence[str]], list[Pieces]]
Pairs = list[tuple[str, str]]
"""Of the lines of an e-mail that count, the true tag and the one found."""
Counts = NDArray[np.float64]
"""One row an e-mail: lines right, kept rightly, to keep, removed rightly, to remove, of the right kind."""

_MELUSINE = """
import json, sys
import melusine.processors as steps
from melusine.pipeline import MelusinePipeline
import pandas as pd
bodies = json.load(sys.stdin)
frame = pd.DataFrame({"body": bodies, "header": "", "from": "", "to": "", "date": ""})
messages = MelusinePipeline.from_config("preprocessing_pipeline").transform(frame)["messages"]
parts = [[[(tag["refined_tag"], tag["base_text"]) for tag in m.tags or []] for m in each] for each in messages]
json.dump(parts, open(sys.argv[1], "w"))
"""
_TAGS = {"HELLO": "greeting", "GREETINGS": "closing", "THANKS": "closing", "FOOTER": "footer", "PJ": "attachment"}


@dataclass(frozen=True)
class Body:
    """An e-mail and the true tag of each of its lines."""

    name: str
    lines: list[str]
    tags: list[str]

    @classmethod
    def read(cls, path: Path) -> Body:
        """Read a file of one « tag, tab, line » a line."""
        rows = [row.partition("\t") for row in path.read_text(encoding="utf-8").split("\n") if row]
        return cls(path.stem, [line for _, _, line in rows], [tag for tag, _, _ in rows])

    @property
    def text(self) -> str:
        """The body itself."""
        return "\n".join(self.lines)


def main() -> None:
    """Compare on each split."""
    options = parsed()
    contestants = available(options.melusine)
    report: dict[str, object] = {"versions": versions(options.melusine)}
    for folder in sorted(path for path in options.bodies.iterdir() if path.is_dir()):
        bodies = [Body.read(path) for path in sorted(folder.glob("*.txt"))]
        report[folder.name] = compared(bodies, contestants)
    written = json.dumps(report, ensure_ascii=False, indent=1)
    print(written)
    RESULTS.write_text(written + "\n", encoding="utf-8")


def parsed() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description="Compare what takes e-mails apart.")
    parser.add_argument("--melusine", default=sys.executable, help="interpreter that has melusine 3")
    parser.add_argument("--bodies", type=Path, default=BODIES, help="folder with one folder of bodies a split")
    return parser.parse_args()


def available(interpreter: str) -> dict[str, Contestant]:
    """Return the contestants that can run here."""
    found: dict[str, Contestant] = {OURS: ours}
    for name, runs, contestant in (
        ("mail-parser-reply", version_of("mail-parser-reply") is not None, mail_parser_reply),
        ("melusine", melusine_version(interpreter) is not None, lambda bodies: melusine(bodies, interpreter)),
    ):
        if runs:
            found[name] = contestant
        else:
            print(f"{name} cannot be imported and is left out")
    return found


def ours(bodies: Sequence[str]) -> list[Pieces]:
    """Take bodies apart with `clean_email`."""
    return [list(own_pieces(body)) for body in bodies]


def own_pieces(body: str) -> Iterator[tuple[str, str]]:
    """Yield what is kept and removed, in order."""
    done = 0
    for span in clean_email(body).removed:
        yield KEPT, body[done : span.start]
        yield span.kind, body[span.start : span.end]
        done = span.end
    yield KEPT, body[done:]


def mail_parser_reply(bodies: Sequence[str]) -> list[Pieces]:
    """Keep the body of the latest reply, as its documentation has it; nothing tells the rest apart."""
    from mailparser_reply import EmailReplyParser  # noqa: PLC0415  may be missing

    reader = EmailReplyParser(languages=["fr", "en"])
    return [[(KEPT, reader.read(body).replies[0].body)] for body in bodies]


def melusine(bodies: Sequence[str], interpreter: str) -> list[Pieces]:
    """Run melusine's pipeline; what follows the first closing of the latest message is not read."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "parts.json"
        command = [interpreter, "-c", _MELUSINE, str(answer)]
        given = json.dumps(list(bodies))
        subprocess.run(command, input=given, text=True, check=True, capture_output=True)  # noqa: S603  our own script
        messages = json.loads(answer.read_text(encoding="utf-8"))
    return [melusine_pieces(each) for each in messages]


def melusine_pieces(messages: Sequence[Sequence[tuple[str, str]]]) -> Pieces:
    """Name melusine's tags as ours."""
    pieces: Pieces = []
    for rank, message in enumerate(messages):
        closed = False
        for tag, text in message:
            if rank:
                name = "quote"
            elif tag == "BODY":
                name = "unread" if closed else KEPT
            else:
                name = "signature" if tag.startswith("SIGNATURE") else _TAGS.get(tag, tag)
            closed = closed or tag == "GREETINGS"
            pieces.append((name, text))
    return pieces


def words(text: str) -> list[str]:
    """Return the words of a text, in small letters: contestants change white space and typography."""
    return re.findall(r"[^\W_]+", text.lower().replace("œ", "oe"))


def tags_of_lines(body: Body, pieces: Pieces) -> list[str]:
    """Give each line the tag of most of its words; what is found in no piece is removed without a kind."""
    given = [(word, tag) for tag, text in pieces for word in words(text)]
    own = [(word, place) for place, line in enumerate(body.lines) for word in words(line)]
    matcher = SequenceMatcher(None, [word for word, _ in own], [word for word, _ in given], autojunk=False)
    votes = [Counter[str]() for _ in body.lines]
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            votes[own[block.a + offset][1]][given[block.b + offset][1]] += 1
    tags = []
    for line, vote in zip(body.lines, votes, strict=True):
        vote["removed"] = len(words(line)) - vote.total()
        # A line of which some is kept is kept: that is what the true tags say as well.
        keeps = vote[KEPT] * 2 >= max(len(words(line)), 1) or vote[KEPT] >= _ENOUGH
        tags.append(KEPT if keeps else max(sorted(set(vote) - {KEPT}), key=vote.__getitem__))
    return tags


def judged(bodies: Sequence[Body], contestant: Contestant) -> list[Pairs]:
    """Return the true tag and the one found of every line that counts."""
    taken = contestant([normalise(body.text).text for body in bodies])
    return [pairs_of(body, pieces) for body, pieces in zip(bodies, taken, strict=True)]


def pairs_of(body: Body, pieces: Pieces) -> Pairs:
    """Return the same for one e-mail."""
    found = tags_of_lines(body, pieces)
    return [
        (true, tag)
        for line, true, tag in zip(body.lines, body.tags, found, strict=True)
        if true not in UNCOUNTED and words(line)
    ]


def counts_of(pairs: Pairs) -> tuple[int, int, int, int, int, int]:
    """Count one e-mail: lines, right ones, to keep, kept rightly, removed rightly, of the right kind."""
    kept = sum(true == found == KEPT for true, found in pairs)
    removed = sum(KEPT not in {true, found} for true, found in pairs)
    kind = sum(true == found != KEPT for true, found in pairs)
    return len(pairs), kept + removed, sum(true == KEPT for true, _ in pairs), kept, removed, kind


def by_tag(verdicts: Sequence[Pairs]) -> dict[str, float]:
    """Return the share of lines that are kept or removed rightly, by true tag."""
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for pairs in verdicts:
        for true, found in pairs:
            right[true].append((true == KEPT) == (found == KEPT))
    return {tag: round(float(np.mean(each)), 3) for tag, each in sorted(right.items())}


def shares(counts: Counts) -> dict[str, float]:
    """Return the figures of some e-mails."""
    lines, right, to_keep, kept, removed, kind = counts.sum(axis=0)
    gone = lines - to_keep
    whole = float((counts[:, 0] == counts[:, 1]).mean())
    return {
        "line": right / lines,
        "kept": kept / to_keep,
        "removed": removed / gone,
        "kind": kind / gone,
        "whole": whole,
    }


def figures(counts: Counts) -> dict[str, dict[str, float]]:
    """Return every figure with its interval."""
    return {name: interval(partial(share, counts, name), len(counts)) for name in shares(counts)}


def share(counts: Counts, name: str, rows: NDArray[np.intp]) -> float:
    """Return one figure of some rows."""
    return shares(counts[rows])[name]


def line_difference(mine: Counts, theirs: Counts, rows: NDArray[np.intp]) -> float:
    """Return how many more lines are right in one than in the other, as a share."""
    return share(mine, "line", rows) - share(theirs, "line", rows)


def interval(statistic: Callable[[NDArray[np.intp]], float], n: int) -> dict[str, float]:
    """Return a figure with its 95 % interval, rounded."""
    found = bootstrap(statistic, n)
    return {"value": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4)}


def compared(bodies: Sequence[Body], contestants: dict[str, Contestant]) -> dict[str, object]:
    """Return the figures of a split, and ours less each peer's."""
    verdicts = {name: judged(bodies, contestant) for name, contestant in contestants.items()}
    counts = {name: np.array([counts_of(pairs) for pairs in each], dtype=float) for name, each in verdicts.items()}
    mine = counts[OURS]
    return {
        "emails": len(bodies),
        "lines": int(mine[:, 0].sum()),
        "figures": {name: figures(each) for name, each in counts.items()},
        "ours less": {
            name: interval(partial(line_difference, mine, each), len(bodies))
            for name, each in counts.items()
            if name != OURS
        },
        "by client": by_client(bodies, counts),
        "by tag": {name: by_tag(each) for name, each in verdicts.items()},
    }


def by_client(bodies: Sequence[Body], counts: dict[str, Counts]) -> dict[str, dict[str, float]]:
    """Return the share of lines that are right, by mail program."""
    order = sorted(range(len(bodies)), key=lambda place: client(bodies[place]))
    return {
        name: {contestant: round(shares(each[rows])["line"], 3) for contestant, each in counts.items()}
        for name, group in groupby(order, key=lambda place: client(bodies[place]))
        for rows in [list(group)]
    }


def client(body: Body) -> str:
    """Return the mail program that a file's name gives."""
    return body.name.split("-")[1]


def versions(interpreter: str) -> dict[str, str | None]:
    """Return the version of every contestant."""
    return {
        OURS: version_of(OURS),
        "mail-parser-reply": version_of("mail-parser-reply"),
        "melusine": melusine_version(interpreter),
    }


def version_of(package: str) -> str | None:
    """Return a package's version here."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def melusine_version(interpreter: str) -> str | None:
    """Return melusine's version over there."""
    command = [interpreter, "-c", "from importlib.metadata import version; print(version('melusine'))"]
    done = subprocess.run(command, text=True, check=False, capture_output=True)  # noqa: S603  our own script
    return done.stdout.strip() or None


if __name__ == "__main__":
    main()
