"""The messages of a thread: what the author wrote last, and what earlier messages are repeated below or between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from vocmine.text.email.greetings import is_greeting
from vocmine.text.email.headers import Marker
from vocmine.text.email.lines import Line
from vocmine.text.email.markers import marker_at

_WRAP: Final = 64  # characters from which a program may have wrapped a quoted line
_WRAPPED_REST: Final = 44  # characters that what is wrapped may have
_LOOKED_AT: Final = 4000  # characters in which answers may be announced
_BELOW: Final = re.compile(
    r"\b(?:ci-?dessous|ci-?apres|en dessous|plus bas|en (?:rouge|bleu|vert|gras|majuscules?|couleur)|apres la fleche"
    r"|dans (?:le|votre) (?:texte|corps|mail|message|courriel)|below|inline|in-line"
    r"|in (?:red|blue|green|bold|capitals))\b"
)
_ANSWER: Final = re.compile(
    r"\b(?:repon[sd]\w*|remarques?|commentaires?|precisions?|annotations?|answer(?:s|ed)?|repl(?:y|ies|ied)|comments?|responses?)\b"
)
_ARROW: Final = re.compile(r"(?:[=-]{1,3}>|→|➔|➜|\*{2,3} ?\w|reponse ?:|r ?:|answer ?:|a ?:|\[[a-z .-]{2,30}\] ?\w)")


class Thread(NamedTuple):
    """What a body holds.

    Attributes
    ----------
    own : list of list of Line
        The author's own words, in the pieces that quotes leave.
    earlier : list of (Line, str)
        What repeats earlier messages, and why it is taken to.
    first : Marker or None
        What introduces the first of them.
    header : list of Line
        The lines of that marker.
    below : list of Line
        The lines that it introduces.
    """

    own: list[list[Line]]
    earlier: list[tuple[Line, str]]
    first: Marker | None
    header: list[Line]
    below: list[Line]


def read_thread(lines: Sequence[Line]) -> Thread:
    """Tell the author's own words from those of earlier messages."""
    own: list[list[Line]] = [[]]
    earlier: list[tuple[Line, str]] = []
    first, header, below = None, [], []
    at = 0
    while at < len(lines):
        marker = marker_at(lines, at)
        if marker is None:
            _place(lines, at, own, earlier)
            at += 1
            continue
        after = marker.last + 1
        if first is None:
            first, header, below = marker, list(lines[at:after]), list(lines[after:])
        after = _marked_head(lines, at, after)
        earlier += [(line, marker.why) for line in lines[at:after]]
        if after < len(lines) and not lines[after].depth:
            earlier += _rest(lines[after:], own)
            break
        own.append([])
        at = after
    return Thread([piece for piece in own if piece], earlier, first, header, below)


def _place(lines: Sequence[Line], at: int, own: list[list[Line]], earlier: list[tuple[Line, str]]) -> None:
    """Put a line that introduces nothing where it belongs."""
    line = lines[at]
    if line.depth and not (_is_arrow(lines, at) and not earlier):
        if own[-1]:
            own.append([])
        earlier.append((line, "marks of quotation"))
    elif earlier and earlier[-1][0] is lines[at - 1] and _is_wrapped(lines, at):
        earlier.append((line, "rest of a quoted line"))
    else:
        own[-1].append(line)


def _is_arrow(lines: Sequence[Line], at: int) -> bool:
    """Say whether a lone « > » right under the author's words is an arrow of theirs."""
    if (
        at == 0
        or not lines[at].key
        or lines[at].gap
        or lines[at - 1].depth
        or lines[at].depth > 1
        or lines[at - 1].key.endswith(":")
    ):
        return False
    if is_greeting(lines[at - 1]):
        return False
    return at + 1 == len(lines) or not lines[at + 1].depth


def _is_wrapped(lines: Sequence[Line], at: int) -> bool:
    """Say whether a line without mark is the rest of the quoted one before it, which a program has wrapped."""
    line, before = lines[at], lines[at - 1]
    if line.gap or not before.depth or len(line.text) > _WRAPPED_REST or not line.text[0].islower():
        return False
    full = len(before.text) + 2 * before.depth + len(line.text.split()[0]) >= _WRAP
    return full and before.text[-1] not in ".!?:" and at + 1 < len(lines) and lines[at + 1].depth > 0


def _marked_head(lines: Sequence[Line], at: int, after: int) -> int:
    """Return the position after a message's first words, where these have marks of quotation and no others do.

    Orange's web mail may give « > Message du … », « > Bonjour. », and then the message without marks.
    """
    here = after
    if lines[at].key.startswith("message du "):
        while here < len(lines) and lines[here].depth and (not lines[here].key or is_greeting(lines[here])):
            here += 1
    greeted = any(line.key for line in lines[after:here])
    return here if greeted and here < len(lines) and not lines[here].depth else after


def raised(lines: Sequence[Line]) -> list[Line]:
    """Take one mark of quotation off, if the first line has one."""
    if not lines or not lines[0].depth:
        return list(lines)
    found, gap = [], True
    for line in lines:
        gap = gap or line.gap
        if line.key or line.depth > 1:
            found.append(line._replace(depth=max(line.depth - 1, 0), gap=gap))
        gap = not line.key
    return found


def _rest(lines: Sequence[Line], own: list[list[Line]]) -> list[tuple[Line, str]]:
    """Return an earlier message without marks of quotation, which goes on to the end; put answers in it to `own`."""
    answers = _answers(lines) if _announced(own) else set()
    earlier = []
    for at, line in enumerate(lines):
        if at in answers:
            own.append([line._replace(depth=0, start=line.outer)])
        else:
            earlier.append((line, "earlier message"))
    return earlier


def _announced(own: Sequence[Sequence[Line]]) -> bool:
    """Say whether the author says to have answered in the message below."""
    words = " ".join(line.key for piece in own for line in piece)[:_LOOKED_AT]
    return bool(_BELOW.search(words) and _ANSWER.search(words))


def _answers(lines: Sequence[Line]) -> set[int]:
    """Return the positions of answers between lines without marks: after arrows, else under questions."""
    last = next((at for at in range(len(lines)) if marker_at(lines, at)), len(lines))
    marked = {at for at in range(last) if lines[at].key and (lines[at].depth or _ARROW.match(lines[at].key))}
    if marked:
        return marked
    return {
        at
        for at in range(1, last)
        if lines[at - 1].key.endswith("?") and lines[at].key and not lines[at].key.endswith("?")
    }
