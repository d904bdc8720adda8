"""Files as they are exported come in; a `Corpus` goes out, each row of each file being kept or rejected with a reason.

`read` takes a file or a folder and sends each file to the reader of its kind: `delimited` (CSV and its kin), `records`
(JSON), `spreadsheet` (Excel), `parquet`. `sniff` tells encodings and separators.
"""

from vocmine.ingest.reader import read

__all__ = ["read"]
