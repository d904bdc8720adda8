"""The repairs themselves: each one reads a text and returns the edits that it calls for, in order.

They are local on purpose: an edit replaces the few characters concerned, so that offsets stay exact around it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from html.entities import name2codepoint
from itertools import pairwise
from typing import Final

from ftfy.badness import is_bad

from vocmine.text.offsets import Edit

ENTITY = re.compile(r"&(?:amp;){0,4}(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|([a-zA-Z]{2,8}\d{0,2}));")


def entities(text: str) -> list[Edit]:
    """Decode HTML entities that end in a semicolon, even escaped several times over (`&amp;eacute;`)."""
    return [
        Edit(*match.span(), html.unescape("&" + match[0].rpartition("&")[2].rpartition("amp;")[2]), "html_entity")
        if match[1] != "amp"
        else Edit(*match.span(), "&", "html_entity")
        for match in ENTITY.finditer(text)
        if match[1] is None or match[1] in name2codepoint or match[1] == "apos"
    ]


def _byte_of() -> dict[str, int]:
    """Return the byte that each character stands for where UTF-8 was read as Latin-1 or Windows-1252."""
    table = {chr(byte): byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        table[bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)] = byte
    return table


_BYTE_OF: Final = _byte_of()
_CONTINUATION: Final = "[" + re.escape("".join(c for c, byte in _BYTE_OF.items() if byte < 0xC0)) + "]"
_SEQUENCE = re.compile(f"[Â-ß]{_CONTINUATION}|[à-ï]{_CONTINUATION}{{2}}|[ð-ô]{_CONTINUATION}{{3}}")
_MOJIBAKE = re.compile(f"(?:{_SEQUENCE.pattern})+")
# What customers write: Latin letters, accents on their own, punctuation, symbols, emoji. A run that decodes to anything
# else is left alone, unless it is long enough to be a word of another script.
_PLAUSIBLE = re.compile("[\x80-\u017f\u0300-\u036f\u2000-\u2bff\ufe0f\ufeff\ufffd\U0001f000-\U0001faff]*")
_LONG_RUN: Final = 4


def mojibake(text: str) -> list[Edit]:
    """Decode UTF-8 that was read as Latin-1 or Windows-1252 (`Ã©`, `â€™`), sequence by sequence.

    ftfy's table of unlikely neighbours gives the verdict on each run, so that « É… » and « été » » are left alone.
    """
    edits: list[Edit] = []
    for run in _MOJIBAKE.finditer(text):
        start, end = run.span()
        if is_bad(text[max(start - 1, 0) : end + 1]):
            edits += _decoded(run)
    return edits


def _decoded(run: re.Match[str]) -> list[Edit]:
    edits = []
    for sequence in _SEQUENCE.finditer(run[0]):
        try:
            character = bytes(_BYTE_OF[c] for c in sequence[0]).decode("utf-8")
        except UnicodeDecodeError:
            return []
        edits.append(Edit(run.start() + sequence.start(), run.start() + sequence.end(), character, "mojibake"))
    if len(edits) < _LONG_RUN and not _PLAUSIBLE.fullmatch("".join(edit.new for edit in edits)):
        return []
    return edits


# « voilÃ la » and « Ã 14h »: the second half of « à » was a no-break space, since then made a plain one.
_HALF_A_GRAVE = re.compile(r"(?:(?<=[a-z\s])|^)Ã(?= )")
# « Bonjour Â ! »: what is left of a no-break space.
_HALF_NO_BREAK_SPACE = re.compile(r"(?<=[^\W\d_A-Z]|[\d »)\"])Â(?= ?[!?:;»%€$])|(?<=«)Â(?= )")


def half_mojibake(text: str) -> list[Edit]:
    """Mend « Ã » and « Â » whose second half, a no-break space, was made a plain space or lost since."""
    if "Ã" not in text and "Â" not in text:
        return []
    edits = [Edit(*match.span(), "à", "mojibake") for match in _HALF_A_GRAVE.finditer(text)]
    edits += [Edit(*match.span(), "", "mojibake") for match in _HALF_NO_BREAK_SPACE.finditer(text)]
    return sorted(edits)


_SEEN = re.compile("[\t-\r -~\u00a0-\u00ac\u00ae-\u0530\u2010-\u2029\u2030-\u205f\u2070-\u312f\U0001f000-\U0001faff]*")
_INVISIBLE: Final = "\u00ad\u061c\u115f\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164"
# The zero-width joiner holds emoji together (👩‍💻); anywhere else it is noise.
_EMOJI: Final = "\u00a9\u00ae\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
_STRAY_JOINER: Final = f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
_CHARACTER = re.compile(
    "(?P<surrogate_pair>[\ud800-\udbff][\udc00-\udfff])"
    "|(?P<lone_surrogate>[\ud800-\udfff])"
    "|(?P<nul>\0+)"
    "|(?P<c1_controls>[\x80-\x9f])"
    r"|(?P<control>\x1b\[[\d;]{0,16}[a-zA-Z]|[\x01-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff])"
    "|(?P<byte_order_mark>\ufeff)"
    f"|(?P<zero_width>[{_INVISIBLE}]|{_STRAY_JOINER})"
)


def characters(text: str) -> list[Edit]:
    """Decode C1 controls as Windows-1252, join surrogate pairs, drop what cannot be seen."""
    if _SEEN.fullmatch(text):
        return []
    return [
        Edit(*match.span(), _replacement(str(match.lastgroup), match[0]), match.lastgroup)
        for match in _CHARACTER.finditer(text)
    ]


def _replacement(kind: str, found: str) -> str:
    if kind == "surrogate_pair":
        return found.encode("utf-16", "surrogatepass").decode("utf-16")
    if kind == "lone_surrogate":
        return "\N{REPLACEMENT CHARACTER}"  # half of a character is lost: the loss stays visible
    if kind == "c1_controls":
        return found.encode("latin-1").decode("cp1252", errors="ignore")
    return ""


_MARK: Final = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)
_PILED_MARKS = re.compile(f"(?<={_MARK})(?:(?<={_MARK}{{30}}){_MARK})+")


def piled_marks(text: str) -> list[Edit]:
    """Drop combining marks beyond 30 on one letter (« zalgo »): composing them takes quadratic time.

    References
    ----------
    Unicode Standard Annex 15, « Stream-Safe Text Format ».
    """
    return [Edit(*match.span(), "", "piled_marks") for match in _PILED_MARKS.finditer(text)]


def composition(text: str) -> list[Edit]:
    """Compose letters and their accents (Unicode NFC)."""
    if unicodedata.is_normalized("NFC", text):
        return []
    edits = []
    for start, end in _clusters(text):
        composed = unicodedata.normalize("NFC", text[start:end])
        if composed != text[start:end]:
            edits.append(Edit(start, end, composed, "nfc"))
    return edits


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    starts = [i for i, character in enumerate(text) if i == 0 or not _may_compose(character)]
    return pairwise([*starts, len(text)])


def _may_compose(character: str) -> bool:
    """Say whether a character can merge with the one before it: marks, and Korean vowels and finals."""
    return (character >= "\u0300" and unicodedata.category(character)[0] == "M") or "\u1160" <= character <= "\u11ff"


_LINE_BREAK: Final = "\n\r\v\f\u2028\u2029"
_LAYOUT = re.compile(r"\s{2,}|[^\S \n]|\A\s|\s\Z")


def white_space(text: str) -> list[Edit]:
    r"""Fold runs of blanks to one space, line ends to `\n`, empty lines to one; strip both ends."""
    edits = []
    for match in _LAYOUT.finditer(text):
        new = _folded(match[0]) if match.start() > 0 and match.end() < len(text) else ""
        if new != match[0]:
            edits.append(Edit(*match.span(), new, None))
    return edits


def _folded(blank: str) -> str:
    breaks = len(re.findall(rf"\r\n|[{_LINE_BREAK}]", blank))
    return "\n" * min(breaks, 2) or " "


REPAIRS: Final[tuple[Callable[[str], list[Edit]], ...]] = (
    entities,
    mojibake,
    half_mojibake,
    characters,
    piled_marks,
    composition,
    white_space,
)
"""In the order in which they apply: mojibake is made of the very characters that the next steps would drop or fold."""
