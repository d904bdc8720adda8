"""Exports written for a test, and the corpus that they make."""

import json

import numpy as np
import pandas as pd

from vocmine.corpus import Corpus, RawRows
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mapping import FORMATS
from vocmine.ingest.mapping.language import parse_mapping
from vocmine.ingest.mapping.reading import read_mapped

(FORMAT,) = FORMATS


def corpus_of(path, mapping=None, **choices):
    """Read a file by a preset, a YAML file, or a mapping as YAML gives it; by its content if none is named."""
    file = File(path, path.name)
    if isinstance(mapping, dict):
        return whole(read_mapped(file, Choices(**choices), parse_mapping(mapping, "essai")))
    return whole(FORMAT.rows(file, Choices(mapping=mapping, **choices)))


def whole(batches):
    """Put the batches of one file together."""
    batches = list(batches)
    return Corpus.from_rows(
        RawRows(
            pd.concat([batch.frame for batch in batches], ignore_index=True),
            batches[0].source,
            np.concatenate([batch.rows for batch in batches]),
            {row: why for batch in batches for row, why in batch.malformed.items()},
            notes=tuple(dict.fromkeys(note for batch in batches for note in batch.notes)),
            known=batches[0].known,
        )
    )


def written(folder, content, name="export.json"):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
