"""A source of any size comes in, tables of Parquet go out, chunk by chunk: killed, it goes on where it was.

`sources` reads rows a few thousand at a time, `columns` decides once what each column is, `chunks` cuts where a contact
ends, `scoring` scores a chunk and writes its `parts`, `log` commits them; `pipeline` runs it all, here or in `workers`.
"""

from vocmine.streaming.pipeline import stream
from vocmine.streaming.result import Stream
from vocmine.streaming.sources import Source

__all__ = ["Source", "Stream", "stream"]
