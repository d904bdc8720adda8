"""Transcripts written for a test, and read as `vocmine.read` reads them."""

import pytest

from vocmine.ingest.files import Choices, File
from vocmine.ingest.transcripts import FORMATS


@pytest.fixture
def read(tmp_path):
    """Write a file, find its format, and return the name of the format, the rows and the malformed rows."""

    def read(name, content, choices=None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        file = File(path, name)
        found = next((format_ for format_ in FORMATS if format_.fits(file)), None)
        if found is None:
            return None, [], {}
        batches = list(found.rows(file, choices or Choices()))
        rows = [row for batch in batches for row in batch.frame.to_dict("records")]
        return found.name, rows, {place: why for batch in batches for place, why in batch.malformed.items()}

    return read
