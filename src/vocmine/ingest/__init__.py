"""Files as they are exported come in; a `Corpus` goes out, each row of each file being kept or rejected with a reason.

`reader` has `read`, and `reading` what it does with the files of a `folder`: `formats` tells what each is, its `Format`
(`files`) gives its rows. Formats are `transcripts`, `mail`, `mapping` (exports in JSON or CSV that a mapping
describes), and `tables`: `delimited` (CSV and its kin), `records` (JSON), `spreadsheet` (Excel), `parquet`.

Files of a few rows are read together (`small`). One that memory has no room for is read chunk by chunk (`large`), by
`lines`, `json_batches` and `row_groups` if it is a table, and its tables lie on the disk (`spill`); `gather` makes one
corpus of all. `chunks`, `columns`, `closed`, `frames` and `exports` serve `vocmine.streaming` too.
"""

from vocmine.ingest.reader import read

__all__ = ["read"]
