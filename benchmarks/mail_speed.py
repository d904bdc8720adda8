"""What reading e-mails costs beside the standard library's parser, on the same messages.

    python benchmarks/mail_speed.py --check

2,000 messages made from the sample contacts, a quarter of each kind: plain text, plain text beside HTML, HTML alone,
text with a file of 60 kB attached; the HTML is of the size that Outlook and Gmail write. The standard library parses
the bytes with its default policy and gives the decoded body (`get_body`, `get_content`), markup as it is. Ours goes
from the same bytes to rows: fields, HTML to text, conversation, author, frame. Both take turns on each kind in each
round, after one that warms up; ratios are taken within rounds, and the first to go changes. One core. Writes
`results/mail_speed.json`.
"""

from __future__ import annotations

import argparse
import csv
import email
import html
import sys
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from time import perf_counter

from speed_about import Report, installed, machine, save
from speed_fresh import pin
from speed_report import ratios, spread

from vocmine.ingest.files import Choices, File
from vocmine.ingest.mail.eml import read_message
from vocmine.ingest.mail.rows import batches

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "mail_speed.json"
CONTACTS = HERE.parent / "examples" / "contacts.csv"
KINDS = ("plain", "alternative", "html", "attachment")
MOST = 4.0
"""How many times the standard library's time ours may take."""

_ATTACHED = bytes(range(256)) * 234
_STYLE = "margin:0cm;font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif"


def main() -> None:
    """Measure, write, print."""
    options = arguments()
    pin(1)
    samples = {kind: messages(kind, options.messages // len(KINDS)) for kind in KINDS}
    report: Report = {
        "about": {
            "rounds": options.rounds,
            "machine": machine(),
            "versions": dict(installed(("selectolax", "pandas"))),
        },
        "samples": {kind: {"messages": len(each), "bytes": sum(map(len, each))} for kind, each in samples.items()},
        "kinds": measured(samples, options.rounds),
    }
    save(report, options.out)
    for kind, found in report["kinds"].items():
        ratio = found["ratio"]
        print(f"{kind:12} {ratio['median']:.2f} [{ratio['min']:.2f}, {ratio['max']:.2f}] times the standard library")
    if options.check and report["kinds"]["all"]["ratio"]["median"] > MOST:
        sys.exit(f"over {MOST} times")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Reading e-mails beside the standard library.")
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--check", action="store_true", help=f"status 1 if over {MOST} times")
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


def messages(kind: str, n: int) -> list[bytes]:
    """Make messages of a kind, as a server passes them on."""
    with CONTACTS.open(encoding="utf-8", newline="") as opened:
        texts = [row["text"] for row in csv.DictReader(opened)]
    return [message(kind, rank, [texts[(5 * rank + each) % len(texts)] for each in range(5)]) for rank in range(n)]


def message(kind: str, rank: int, texts: Sequence[str]) -> bytes:
    """Make one message: a text of two paragraphs above a quoted one of three."""
    made = EmailMessage(policy=SMTP)
    made["From"] = f"Zoé Exemple <client{rank}@exemple.fr>"
    made["To"] = "Relation clientèle <contact@voltea.exemple>"
    made["Subject"] = f"Re: Réclamation n° {rank} sur ma dernière facture"
    made["Date"] = "Fri, 14 Mar 2025 16:12:21 +0100"
    made["Message-ID"] = f"<message{rank}@exemple.fr>"
    made["References"] = f"<premier{rank}@voltea.exemple> <second{rank}@voltea.exemple>"
    for hop in range(3):
        made["Received"] = (
            f"from mx{hop}.exemple.fr by mx{hop + 1}.exemple.fr with ESMTPS; Fri, 14 Mar 2025 16:12:21 +0100"
        )
    if kind != "html":
        made.set_content("\n\n".join(texts[:2]) + "\n\n" + "\n".join(f"> {each}" for each in texts[2:]))
    if kind == "html":
        made.set_content(markup(texts), subtype="html")
    elif kind == "alternative":
        made.add_alternative(markup(texts), subtype="html")
    elif kind == "attachment":
        made.add_attachment(_ATTACHED, maintype="application", subtype="pdf", filename="relevé.pdf")
    return made.as_bytes()


def markup(texts: Sequence[str]) -> str:
    """Write texts as Outlook does: a style sheet, a styled paragraph a sentence, what is answered in a blockquote."""
    rules = "".join(f"p.Mso{rank} {{mso-style-priority:99; {html.unescape(_STYLE)}}}\n" for rank in range(40))
    written = [
        "".join(f'<p class="MsoNormal" style="{_STYLE}"><span lang="FR">{html.escape(each)}<o:p></o:p></span></p>\n')
        for text in texts
        for each in text.split(". ")
    ]
    half = len(written) // 2
    quoted = f'<blockquote type="cite">{"".join(written[half:])}</blockquote>'
    return f"<html><head><style>{rules}</style></head><body>{''.join(written[:half])}{quoted}</body></html>"


def theirs(data: Sequence[bytes]) -> int:
    """Parse messages with the standard library; return the characters of their bodies."""
    n = 0
    for each in data:
        body = email.message_from_bytes(each, policy=default).get_body(("plain", "html"))
        n += len(body.get_content()) if body is not None else 0
    return n


def ours(data: Sequence[bytes]) -> int:
    """Read the same messages to rows; return the characters of their texts."""
    mails = (read_message(each, f"message {rank}") for rank, each in enumerate(data))
    file = File(Path("boite.mbox"), "boite.mbox")
    return sum(int(rows.frame["text"].str.len().sum()) for rows in batches(mails, file, Choices()))


def measured(samples: dict[str, list[bytes]], n_rounds: int) -> dict[str, Report]:
    """Time both on every kind, once a round; `all` is the sum over kinds."""
    seconds: dict[str, dict[str, list[float]]] = {kind: {"theirs": [], "ours": []} for kind in samples}
    contestants: list[tuple[str, Callable[[Sequence[bytes]], int]]] = [("theirs", theirs), ("ours", ours)]
    for rank in range(n_rounds + 1):
        for kind, data in samples.items():
            for name, read in contestants[:: 1 if rank % 2 else -1]:
                begun = perf_counter()
                read(data)
                seconds[kind][name].append(perf_counter() - begun)
    counted = {kind: {name: each[1:] for name, each in both.items()} for kind, both in seconds.items()}
    counted["all"] = {
        name: [sum(counted[kind][name][rank] for kind in samples) for rank in range(n_rounds)]
        for name, _ in contestants
    }
    return {
        kind: {"ratio": spread(ratios(both["ours"], both["theirs"]))} | {name: spread(both[name]) for name in both}
        for kind, both in counted.items()
    }


if __name__ == "__main__":
    main()
