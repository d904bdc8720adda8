"""The cleaning itself: a thread taken apart, its own words tidied, or those of the message that it passes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from vocmine.text.cleaning import Cleaned, Removed, remove
from vocmine.text.email.attachments import find_attachments, without
from vocmine.text.email.closings import thanks
from vocmine.text.email.lines import Line, read_lines
from vocmine.text.email.own import CLOSING, Own
from vocmine.text.email.thread import Thread, raised, read_thread

_REACH: Final = 1000  # lines at either end of a piece, and pieces of a body, that are searched for courtesies
_DEEPEST: Final = 8  # messages passed on, one within the other


def clean_email(text: str) -> Cleaned:
    r"""Keep the author's own new words of an e-mail.

    Time is proportional to the length of the text. Nothing is lost: what is not kept is in ``removed``.

    Parameters
    ----------
    text : str
        The plain text of a body, earlier messages and all.

    Returns
    -------
    Cleaned
        With kinds ``quote``, ``forward``, ``greeting``, ``closing``, ``signature``, ``disclaimer``, ``footer`` and
        ``attachment``. Where the author adds nothing to a forwarded message, that message is kept; where nothing but
        courtesies is left, they are. A body that holds words never becomes empty.

    Examples
    --------
    >>> body = "Bonjour,\nToujours pas de chèque.\nCordialement\nA. Roy\n\nLe 12/03/2025 à 10:20, SAV a écrit :\n> Oui."
    >>> cleaned = clean_email(body)
    >>> cleaned.text
    'Toujours pas de chèque.'
    >>> [(removed.kind, removed.why) for removed in cleaned.removed][-1]
    ('quote', 'marks of quotation')
    """
    files = find_attachments(text)
    body = without(text, files)
    found = _message(read_lines(body))
    cleaned = remove(text, _joined(text, [*files, *found])) if found is not None else None
    return cleaned if cleaned and any(map(str.isalnum, cleaned.text)) else Cleaned(text, text)


def _message(lines: Sequence[Line], within: int = 0) -> list[Removed] | None:
    """Return what is not the message; None where nothing would be left. It lies `within` others that passed it on."""
    thread = read_thread(lines)
    pieces = [Own(piece, first=at == 0) for at, piece in enumerate(_near_the_ends(thread.own))]
    earlier = [Removed(line.outer, line.end, "quote", why) for line, why in thread.earlier]
    unread = sum(map(len, thread.own)) - sum(len(piece.lines) for piece in pieces)
    if unread or any(_says_something(piece.kept()) for piece in pieces):
        return [*earlier, *(each for piece in pieces for each in piece.removed())]
    return _thanks(thread, pieces, earlier) or _passed_on(thread, pieces, within) or _courtesies(thread, earlier)


def _near_the_ends(pieces: Sequence[list[Line]]) -> Iterator[list[Line]]:
    """Leave the middle of long pieces out: courtesies stand near the ends, and a pasted log is not worth the search."""
    for piece in pieces if len(pieces) <= 2 * _REACH else [*pieces[:_REACH], *pieces[-_REACH:]]:
        yield from (piece[:_REACH], piece[-_REACH:]) if len(piece) > 2 * _REACH else (piece,)


def _thanks(thread: Thread, pieces: Sequence[Own], earlier: list[Removed]) -> list[Removed] | None:
    """Keep thanks that are all there is to a message, unless it passes another on."""
    if thread.first is not None and thread.first.kind == "forward":
        return None
    thanked = False
    for piece in pieces:
        for at, line in enumerate(piece.lines):
            if piece.labels[at] == CLOSING and thanks(line):
                piece.labels[at] = None
                thanked = True
    return [*earlier, *(each for piece in pieces for each in piece.removed())] if thanked else None


def _passed_on(thread: Thread, pieces: Sequence[Own], within: int) -> list[Removed] | None:
    """Keep the message that is passed on without a word."""
    courtesies = any(piece.lines for piece in pieces)
    if thread.first is None or within == _DEEPEST or (thread.first.kind == "reply" and courtesies):
        return None
    below = _message(raised(thread.below), within + 1)
    if below is None:
        return None
    gone = {span.start for span in below}
    marks = [
        Removed(line.outer, line.start, "forward", "marks of quotation")
        for line in thread.below
        if line.outer < line.start and line.outer not in gone
    ]
    header = [Removed(line.outer, line.end, "forward", thread.first.why) for line in thread.header]
    return [*header, *below, *marks, *(each for piece in pieces for each in piece.removed())]


def _courtesies(thread: Thread, earlier: list[Removed]) -> list[Removed] | None:
    """Keep courtesies where there is nothing else."""
    return earlier if earlier and _says_something([line for piece in thread.own for line in piece]) else None


def _says_something(lines: Iterable[Line]) -> bool:
    return any(character.isalnum() for line in lines for character in line.key)


def _joined(text: str, spans: Iterable[Removed]) -> list[Removed]:
    """Join what is of one kind with only white space between."""
    joined: list[Removed] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last and last.kind == span.kind and last.why == span.why and not text[last.end : span.start].strip():
            joined[-1] = last._replace(end=max(last.end, span.end))
        else:
            joined.append(span)
    return joined
