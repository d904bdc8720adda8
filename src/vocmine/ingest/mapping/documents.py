"""The documents of a JSON or CSV export, one by one: what is read at once is a document or a record, never the file."""

from __future__ import annotations

import codecs
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

from vocmine.corpus.columns import unique_names
from vocmine.errors import ReadError
from vocmine.ingest.delimited import records_of, without_empty_end
from vocmine.ingest.files import File
from vocmine.ingest.lines import DelimitedSource
from vocmine.ingest.mapping.language import ExportMapping
from vocmine.ingest.mapping.nesting import Shallow
from vocmine.ingest.mapping.paths import Path
from vocmine.ingest.sniff import decode, find_separator

LONGEST_LINE: Final = 2**26
"""Bytes of a line of JSON; a longer one is malformed."""

_LINES: Final = (".jsonl", ".ndjson")
_BLOCK: Final = 2**16
_GRAIN: Final = 2**10  # what comes in one block with something broken is lost
_BROKEN: Final = (ValueError, RecursionError)


@dataclass(frozen=True)
class Found:
    """A record and the document around it, which may be itself; or what is wrong where one should be."""

    record: object = None
    document: object = None
    trouble: str | None = None


def records(file: File, mapping: ExportMapping, *, encoding: str | None, separator: str | None) -> Iterator[Found]:
    """Give the records of a file in order.

    JSON is an array of documents, one document, or one a line. A large array of records within a single document is
    read record by record, unless the mapping refers to the document around them.

    Raises
    ------
    ReadError
        If the file cannot be read, or is nothing of the kind from its first character on.
    """
    if not file.head.strip():
        return
    if mapping.files == "csv":
        yield from _of_table(file, encoding, separator)
    elif _in_lines(file):
        yield from _of_lines(file, mapping, encoding)
    else:
        yield from _of_array_or_object(file, mapping, encoding)


def table_header(text: str, separator: str | None = None) -> list[str] | None:
    """Return the names of the columns of a table of text, or None where it has no header."""
    first = next(records_of(text, separator or find_separator(text)), None)
    return None if first is None or first.fields is None else without_empty_end(first.fields)


def first_records(mapping: ExportMapping, document: object) -> list[object]:
    """Return some records of what the head of a file holds."""
    documents = document if isinstance(document, list) else [document]
    return list(islice((found.record for each in documents for found in _within(each, mapping)), 20))


def head_document(file: File) -> object:
    """Return the first document of a JSON file, as far as the head of the file goes; None where it is no JSON."""
    import ijson
    from ijson.common import ObjectBuilder

    if _in_lines(file):
        documents = map(_parsed, _utf8(file.head).splitlines())
        if (first := next((each for each in documents if isinstance(each, dict)), None)) is not None:
            return first
    builder = ObjectBuilder()
    depth = 0
    try:
        head = Shallow(io.BytesIO(_utf8(file.head)))
        for event, value in ijson.basic_parse(head, use_float=True, multiple_values=True, buf_size=_GRAIN):
            builder.event(event, value)
            depth += event.startswith("start") - event.startswith("end")
            if depth == 0:
                break
    except (ijson.JSONError, *_BROKEN):
        pass
    return getattr(builder, "value", None)


def _utf8(head: bytes) -> bytes:
    return head.removeprefix(codecs.BOM_UTF8) if _is_utf8(head) else decode(head)[0].lstrip("\ufeff").encode()


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head[:4]


def _opened(file: File, encoding: str | None) -> BinaryIO:
    """Open a file as UTF-8 without a mark. What is written otherwise, which standard JSON never is, is read whole."""
    if encoding is None and _is_utf8(file.head):
        stream = file.open()
        if file.head.startswith(codecs.BOM_UTF8):
            stream.read(len(codecs.BOM_UTF8))
        return stream
    return io.BytesIO(decode(file.data(), encoding)[0].lstrip("\ufeff").encode("utf-8", "replace"))


def _in_lines(file: File) -> bool:
    if file.suffix in _LINES:
        return True
    line, _, rest = _utf8(file.head).lstrip().partition(b"\n")
    return bool(rest.strip()) and line.startswith(b"{") and _parsed(line) is not None


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except _BROKEN:
        return None


def _of_lines(file: File, mapping: ExportMapping, encoding: str | None) -> Iterator[Found]:
    number = read = 0
    for line in _lines(file, encoding):
        number += 1
        if not line.strip():
            continue
        document = _parsed(line)
        if document is None:
            got = "a line too long" if len(line) >= LONGEST_LINE else "something else than JSON"
            yield Found(trouble=f"line {number}: got {got}, expected one object")
        else:
            read += 1
            yield from _within(document, mapping)
    if number and not read:
        raise ReadError(f"{file.source}: got no line that is JSON, expected one object a line")


def _lines(file: File, encoding: str | None) -> Iterator[bytes]:
    """Give the lines, what a line has beyond the longest being passed over."""
    with _opened(file, encoding) as stream:
        try:
            while line := stream.readline(LONGEST_LINE):
                yield line
                while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    line = stream.readline(LONGEST_LINE)
        except (OSError, EOFError, zlib.error) as error:
            raise _cut(file, error) from error


def _of_array_or_object(file: File, mapping: ExportMapping, encoding: str | None) -> Iterator[Found]:
    import ijson

    count = 0
    prefix, alone = _prefix(file, mapping)
    with _opened(file, encoding) as stream:
        try:
            for value in ijson.items(Shallow(stream), prefix, use_float=True, multiple_values=True, buf_size=_BLOCK):
                count += 1
                if alone:
                    yield Found(value, value)
                else:
                    yield from _within(value, mapping)
        except (ijson.JSONError, *_BROKEN):  # whose message quotes the file
            if not count and not _utf8(file.head).lstrip().startswith((b"{", b"[")):
                expected = "expected an array or objects"
                raise ReadError(f"{file.source}: got something else than JSON, {expected}") from None
            lost = "got something else than JSON, or the end of a file that is cut; what follows is lost"
            yield Found(trouble=f"after {count} records: {lost}")
        except (OSError, EOFError, zlib.error) as error:
            raise _cut(file, error) from error


def _prefix(file: File, mapping: ExportMapping) -> tuple[str, bool]:
    """Return where to read from, in the words of ijson, and whether what is there are the records themselves."""
    head = _utf8(file.head).lstrip()
    if head.startswith(b"["):
        return "item", False
    document = head_document(file)
    path = _present(document, mapping.records)
    if path is None or path.keys is None or mapping.whole:
        return "", False
    return ".".join((*path.keys, "item")), True


def _present(document: object, paths: tuple[Path, ...]) -> Path | None:
    """Return the first path that leads to a list, or to a record, even if the list is empty."""
    for path in paths:
        found = path.parent.within(document) if path.ends_in_a_list else path.within(document)
        if any(isinstance(each, list if path.ends_in_a_list else Mapping) for each in found):
            return path
    return None


def _within(document: object, mapping: ExportMapping) -> Iterator[Found]:
    path = _present(document, mapping.records)
    if path is None:
        expected = " or ".join(".".join(path.keys or path.parent.keys or ()) or "a mapping" for path in mapping.records)
        yield Found(trouble=f"got a {type(document).__name__} without records, expected {expected}")
    else:
        yield from (Found(record, document) for record in path.within(document))


def _of_table(file: File, encoding: str | None, separator: str | None) -> Iterator[Found]:
    for batch in DelimitedSource(file.path, file.source, encoding=encoding, separator=separator).batches(0):
        frame = batch.frame.set_axis(unique_names(batch.frame.columns), axis="columns")
        rows = dict(zip(batch.rows.tolist(), frame.to_dict("records"), strict=True))
        for position in sorted([*rows, *batch.malformed]):
            trouble = batch.malformed.get(position)
            yield Found(trouble=trouble) if trouble else Found(rows[position], rows[position])


def _cut(file: File, error: BaseException) -> ReadError:
    return ReadError(f"{file.source}: cannot be read to its end ({type(error).__name__}); check that it is whole")
