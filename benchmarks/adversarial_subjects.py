"""What is given adversarial inputs: the public functions of texts, and the readers of files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import process_time
from typing import Final

import adversarial_inputs as inputs

from vocmine import text
from vocmine.errors import VocmineError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.formats import FORMATS
from vocmine.ingest.mapping.entities import entities
from vocmine.mentions.cues import cues
from vocmine.text.email import clean_email
from vocmine.text.html import html_to_text
from vocmine.text.speech import clean_speech

FUNCTIONS: Final[dict[str, Callable[[str], object]]] = {
    "normalise": text.normalise,
    "split_sentences": text.split_sentences,
    "segment": text.segment,
    "identify": text.identify,
    "identify_variant": text.identify_variant,
    "automatic_kind": text.automatic_kind,
    "mask": text.mask,
    "clean_email": clean_email,
    "clean_speech": clean_speech,
    "html_to_text": html_to_text,
    "entities": entities,
    "cues": cues,
}
"""By their name; `mask` is `find_personal` and what it does with what is found."""

READERS: Final = {kind.name: kind for kind in FORMATS}


def call(name: str, unit: str, size: int) -> float:
    """Return the processor time, in seconds, that a function takes on an input."""
    given = inputs.text(unit, size)
    begun = process_time()
    FUNCTIONS[name](given)
    return process_time() - begun


def read(name: str, unit: str, size: int, frame: str = "%s") -> float:
    """Return the processor time, in seconds, that a reader takes to read a file, or to refuse it."""
    kind = READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"export{kind.suffixes[0]}")
        path.write_bytes(inputs.file(frame, unit, size))
        file = File(path, path.name)
        begun = process_time()
        with suppress(VocmineError):
            kind.fits(file)
            for _ in kind.rows(file, Choices()):
                pass
        return process_time() - begun
