"""How people really type: missing accents, capitals, short forms, apostrophes, spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from random import Random

from .slots import CLOSE, OPEN

SLIPS = 0.25
_SHORT = {
    "toujours": "tjrs",
    "beaucoup": "bcp",
    "quand": "qd",
    "parce que": "pcq",
    "pour": "pr",
    "s'il vous plaît": "svp",
    "vous": "vs",
    "quelqu'un": "qqn",
    "rendez-vous": "rdv",
    "pourquoi": "pk",
    "aujourd'hui": "auj",
    "problème": "pb",
    "message": "msg",
}
_DOUBLE = re.compile(r"(?<=[a-zà-ÿ])([lmnprtfc])\1(?=[a-zà-ÿ])")
_INSIDE = re.compile(r"(?<=[a-zà-ÿ]{3})[a-z](?=[a-z]{3})")
_CHARGED = {"phone": 0.0, "email": 0.22, "chat": 0.5, "social": 0.45}


def _outside_slots(text: str, change: Callable[[str], str]) -> str:
    pieces = re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", text)
    return "".join(piece if piece.startswith(OPEN) else change(piece) for piece in pieces)


def _strip_accents(text: str) -> str:
    bare = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in bare if not unicodedata.combining(c)))


def _some_accents(text: str, rng: Random) -> str:
    return "".join(_strip_accents(c) if c in "éèêàùîôç" and rng.random() < 0.5 else c for c in text)


def _shorten(text: str, rng: Random) -> str:
    for full, short in _SHORT.items():
        if rng.random() < 0.7:
            text = re.sub(rf"\b{full}\b", short, text)
    return text


def _slip(text: str, rng: Random) -> str:
    """Mistype one word outside the slot values: a double letter made single, a letter lost, or two swapped."""
    hidden = re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", lambda m: "0" * len(m[0]), text)
    doubles = [m.start() for m in _DOUBLE.finditer(hidden)]
    if doubles and rng.random() < 0.6:
        at = rng.choice(doubles)
        return text[:at] + text[at + 1 :]
    inside = [m.start() for m in _INSIDE.finditer(hidden)]
    if not inside:
        return text
    at = rng.choice(inside)
    if rng.random() < 0.6:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _in_body(text: str, change: Callable[[str], str]) -> str:
    """Change the body of a letter, not its greeting and closing."""
    lines = text.split("\n")
    at = 1 if len(lines) > 2 else 0
    lines[at] = change(lines[at])
    return "\n".join(lines)


def _shout(text: str) -> str:
    return re.sub(r"\s*[.!?…]*$", " !!!", text, count=1) if not text.endswith(CLOSE) else text + " !!!"


def _french_spaces(text: str) -> str:
    return re.sub(r" ([!?:;»])", "\u00a0\\1", text).replace("« ", "«\u00a0")


def _capitals(text: str, rng: Random) -> str:
    sentences = re.split(r"(?<=[.!?]) ", text)
    at = rng.randrange(len(sentences))
    loud = _outside_slots(sentences[at], str.upper)
    sentences[at] = re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", _loud_value, loud)
    return " ".join(sentences)


def _loud_value(value: re.Match[str]) -> str:
    """Plain words can be shouted; references, amounts and addresses cannot."""
    return value[0] if re.search(r"[\d@.]", value[0]) else value[0].upper()


def _emoji(text: str, angry: bool, happy: bool, rng: Random) -> str:
    icons = ["😡", "🤬", "😤", "🙄"] if angry else ["😊", "👍", "🙏", "😀"] if happy else ["🤔", "🙏", "😕"]
    return f"{text} {rng.choice(icons)}"


class Typist:
    """The way one customer types, the same over all turns of a contact.

    Slot values stay as they are: a reference or an amount is never spoilt.
    """

    def __init__(self, channel: str, tone: str, rng: Random) -> None:
        self.channel = channel
        self.angry = tone in ("angry", "furious")
        self.charge = _CHARGED[channel]
        self.rng = rng
        self.steps = [step for chance, step in self._habits() if rng.random() < chance]
        self.capitals = self.angry and rng.random() < (0.38 if tone == "furious" else 0.18)
        self.shouts = self.angry and rng.random() < 0.25
        self.icon = channel in ("chat", "social") and rng.random() < 0.13

    def _habits(self) -> list[tuple[float, Callable[[str], str]]]:
        charge, letter = self.charge, self.channel == "email"
        return [
            (0.35 * charge, _strip_accents),
            (0.40 * charge, lambda t: _some_accents(t, self.rng)),
            ((0.1 if letter else 0.35) * charge, lambda t: _shorten(t, self.rng)),
            (0.30 * charge, str.lower),
            (0.25 * charge, lambda t: t.replace("'", "")),
            (0.30 if letter else 0.15, lambda t: t.replace("'", "’")),
            (0.35 if letter else 0.0, _french_spaces),
        ]

    def type(self, text: str, first: bool, happy: bool) -> str:
        """Type one turn; capitals, exclamation marks and emoji stay in the `first` one."""
        for step in self.steps:
            text = _outside_slots(text, step)
        if len(text.split()) > 9 and self.rng.random() < SLIPS * self.charge:
            text = _slip(text, self.rng)
        if first and self.capitals:
            text = _in_body(text, lambda t: _capitals(t, self.rng))
        if first and self.shouts:
            text = _in_body(text, _shout)
        return _emoji(text, self.angry, happy, self.rng) if first and self.icon else text
