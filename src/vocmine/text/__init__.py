"""What the library knows of French text.

In: a raw string, in any state. Out: the repaired text with offsets that lead back to the raw one, its language and
whether it can be scored, its sentences, its segments (the unit of encoding), and its personal data, masked for quotes.
Nothing here knows of models: plain functions of strings, and word lists as data (`lexicons/*.csv`).
"""

from __future__ import annotations

from vocmine.text.automatic import Automatic, automatic_kind
from vocmine.text.capitals import lower_capitals
from vocmine.text.language import SUPPORTED, Language, identify, identify_many, latin_share, scorable, script_of
from vocmine.text.mask import find_personal, mask
from vocmine.text.normalise import Normalised, normalise
from vocmine.text.segments import segment
from vocmine.text.sentences import split_sentences
from vocmine.text.variant import Variant, identify_variant

__all__ = [
    "SUPPORTED",
    "Automatic",
    "Language",
    "Normalised",
    "Variant",
    "automatic_kind",
    "find_personal",
    "identify",
    "identify_many",
    "identify_variant",
    "latin_share",
    "lower_capitals",
    "mask",
    "normalise",
    "scorable",
    "script_of",
    "segment",
    "split_sentences",
]
