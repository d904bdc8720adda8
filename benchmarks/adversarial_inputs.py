"""Texts and files made to slow down whatever searches in them: one thing again and again, and what never ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

_CHARACTERS: Final = {
    "space": " ",
    "newline": "\n",
    "tab": "\t",
    "no-break space": "\xa0",
    "digit": "1",
    "letter": "a",
    "capital": "A",
    "accent": "\u0301",
    "emoji": "😡",
    "mojibake": "Ã",
    **dict.fromkeys("><-_@(\",'.«*#&;:/+=!?|[{\\", ""),
}

_HALF_MATCHES: Final = (
    *("Le 12 mars 2025 à ", "Le 12 mars 2025 à 10:20, A. Exemple ", "De : ", "From: ", "Objet : ", "Cordialement "),
    *("Bonjour ", "Envoyé de ", "----- Message ", "merci de votre ", "> ", "> \n", "-- \n", "a écrit "),
    *("01 02 03 04 ", "+33 ", "0 1 ", "FR76 3000 ", "1 85 05 ", "a@a.", "a.a", "a arobase a point ", "M. ", "12 rue "),
    *("né le ", "zéro six ", "12345", "Mme Exemple-", "d'A", "1234 ", "AB-123-", "n° ", "1:", "1.1."),
    *("euh ", "je je ", "a-", "a'", "voilà voilà ", "fac- fac", "je le je le ", "a, "),
    *("00:00:01.000 --> ", "<v ", "<v a>", "[00:", "(00:01) ", "Client : ", "- a\n", "1\n"),
    *(
        "&amp;",
        "&amp",
        "&#",
        "<div>",
        "<a b=",
        "<b ",
        "</b",
        "<!--",
        '<p a="',
        "<br>",
        "<a",
        "<a/",
        "<blockquote>",
        "<table><tr>",
    ),
    *('{"a":[', "[{", '{"a":1}\n', '"a",', "\\u00", "a;a\n", '";"\n'),
    *(
        "https://",
        "http://a.",
        "www.",
        "@a ",
        "#a ",
        "RT @a",
        "=?utf-8?q?a?=",
        "=?utf-8?",
        "<a@a>",
        "From a\n",
        "a: \n",
    ),
    *("Je suis absent ", "a.\n", "a ! ", "... ", "( ) ", "a\n\n", ":) ", " \n", "\n ", "\r\n", "-\n", "é", "Ça c’est "),
)

UNITS: Final = {
    **{name: unit or name for name, unit in _CHARACTERS.items()},
    **{repr(unit): unit for unit in _HALF_MATCHES},
}
"""What is repeated, by the name that results are reported under."""

_JSON_TEXT: Final = '{"segments":[{"start":0,"end":1,"speaker":"SPEAKER_00","text":%s}]}'
_LENS: Final = '{"Channel":"VOICE","Participants":[],"Transcript":[{"ParticipantId":"AGENT","Id":"1","Content":%s}]}'
_STREAM: Final = '{"EventType":"SEGMENTS","Transcript":{"Content":%s}}\n'

FRAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "webvtt": ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n%s", "WEBVTT\n\n%s"),
    "srt": ("1\n00:00:01,000 --> 00:00:02,000\n%s",),
    "contact_lens": (_LENS, '{"Channel":"VOICE","Transcript":[%s'),
    "contact_lens_stream": (_STREAM, '{"EventType":"SEGMENTS",%s'),
    "whisper": (_JSON_TEXT, '{"segments":[%s'),
    "mbox": ("From a@exemple.fr Thu Apr  3 10:00:00 2025\nSubject: a\n\n%s", "From a Thu Apr  3 10:00:00 2025\nTo: %s"),
    "eml": (
        "From: a@exemple.fr\nSubject: a\n\n%s",
        "From: a@exemple.fr\nContent-Type: text/html; charset=utf-8\n\n%s",
        "From: %s\n\na",
        "Subject: %s\n\na",
        "Content-Type: text/plain; %s\n\na",
        'Content-Type: multipart/mixed; boundary="a"\n\n--a\n%s',
    ),
    "mapping": ('{"data":[{"id":"1","text":%s,"created_at":"2025-04-03T10:00:00Z"}]}',),
    "plain_transcript": ("Client : bonjour\nAgent : bonjour\n%s", "[00:00:01] Client : %s"),
    "json": ('[{"id":"1","texte":%s}]',),
    "json_lines": ('{"id":"1","texte":%s}\n',),
    "delimited": ("id;texte\n1;%s", 'id;texte\n1;"%s'),
}
"""Files in which an input is put where the reader looks longest; every reader is given it as it is, too."""


def text(name: str, size: int) -> str:
    """Return the unit of this name again and again, up to a size in code points.

    Examples
    --------
    >>> text("'je je '", 10)
    'je je je j'
    """
    unit = UNITS[name]
    return (unit * (size // len(unit) + 1))[:size]


def file(frame: str, name: str, size: int) -> bytes:
    r"""Return a file that holds an input; as a string of JSON where the frame has a place for one.

    Examples
    --------
    >>> file('[{"texte":%s}]', "newline", 2)
    b'[{"texte":"\\\\n\\\\n"}]'
    """
    held = text(name, size)
    in_json = frame.startswith(("{", "[{")) and frame.rstrip().endswith(("}", "]"))
    return frame.replace("%s", json.dumps(held, ensure_ascii=False) if in_json else held).encode(errors="surrogatepass")
