"""What cues are made of: voices, tags, entities and words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from vocmine.ingest.transcripts.labels import split_label

_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]([^<>]{0,200})>")
# Words such as « < 20 € » are no tags: only those of WebVTT and SubRip are taken out.
_TAG: Final = re.compile(
    r"</?(?:c|i|b|u|s|v|lang|ruby|rt|font|span)(?:[.\s/][^<>]{0,300})?>|<\d{1,4}:[\d:.]{1,15}>|\{\\[^{}]{0,80}\}"
)
_DASH: Final = re.compile(r"\s{0,8}[-–—]\s?(?=\S)")


class Voice(NamedTuple):
    """What one speaker says in a cue; the label is None where nobody is named."""

    label: str | None
    text: str


def voices(payload: Sequence[str], *, names: bool) -> Iterator[Voice]:
    r"""Return the speakers of a cue and their words, without tags; a cue without words gives none.

    Parameters
    ----------
    payload : sequence of str
        Lines of the cue.
    names : bool
        Whether names are labels in this file, see `labels.split_label`.

    Examples
    --------
    >>> list(voices(["<v Agent>Bonjour&nbsp;!</v> <v Client>Oui,", "<i>allô</i> ?</v>"], names=False))
    [Voice(label='Agent', text='Bonjour\xa0!'), Voice(label='Client', text='Oui,\nallô ?')]
    """
    parts = _VOICE.split("\n".join(payload))
    for label, said in zip([None, *map(_plain, parts[1::2])], parts[0::2], strict=True):
        for voice in _by_line(label or None, _plain(said), names=names):
            if voice.text:
                yield voice


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup)).strip()


def _by_line(label: str | None, said: str, *, names: bool) -> Iterator[Voice]:
    """Cut where a line names its speaker, or where several begin with the dash of dialogues."""
    lines = said.split("\n")
    dialogue = sum(_DASH.match(line) is not None for line in lines) > 1
    text: list[str] = []
    for line in lines:
        found = split_label(line, names=names) if label is None or not text else None
        dash = _DASH.match(line) if dialogue else None
        if found or dash:
            yield Voice(label, "\n".join(text).strip())
            label, text = (found.label if found else None), []
        text.append(found.text if found else line[dash.end() :] if dash else line)
    yield Voice(label, "\n".join(text).strip())
