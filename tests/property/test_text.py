"""What holds for any string at all."""

from __future__ import annotations

import re
import unicodedata

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from vocmine.text import find_personal, identify, mask, normalise, scorable, segment, split_sentences
from vocmine.text.normalise import may_need_repair, with_plain_spaces

# Pieces that the rules look for, among anything else that a string can hold.
ACCIDENTS = ["Ã©", "Ã", "Â", "â€™", "\x92", "\x85", "É", "&amp;", "&eacute;", "&#", "\ud83d", "\ude00", "\0", "\ufeff"]
SIGNS = [
    "\u0301",
    "e",
    "\u200d",
    "👩",
    "💻",
    "\ufe0f",
    "\u00ad",
    "\xa0",
    "\r\n",
    "\n",
    "\u2028",
    "\x1b[0m",
    "가",
    "\u1161",
]
WRITING = [
    " ",
    ". ",
    "!",
    "…",
    "«",
    "»",
    "M.",
    "Je",
    "12",
    ";",
    ":)",
    "Bonjour",
    ", ",
    "'",
    "(",
    "1. ",
    "- ",
    "https://",
]
PERSONAL = ["@a", "06 12 34 56 78", "a@b.fr"]
PIECES = st.sampled_from([*ACCIDENTS, *SIGNS, *WRITING, *PERSONAL])
TEXTS = st.lists(PIECES | st.text(st.characters(), max_size=4), max_size=30).map("".join)
FORBIDDEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u00ad\u200b\ufeff\xa0\r]|  |^\\s|\\s\\Z")


@given(TEXTS)
def test_normalising_twice_changes_nothing_more(raw: str) -> None:
    text = normalise(raw).text
    assert normalise(text).text == text


@given(TEXTS)
def test_no_accident_is_left(raw: str) -> None:
    text = normalise(raw).text
    assert FORBIDDEN.search(text) is None
    assert unicodedata.is_normalized("NFC", text)


@given(TEXTS, st.data())
def test_offsets_lead_back_within_bounds_and_in_order(raw: str, data: st.DataObject) -> None:
    repaired = normalise(raw)
    places = st.integers(0, len(repaired.text))
    start, end = sorted((data.draw(places), data.draw(places)))
    raw_start, raw_end = repaired.to_raw(start, end)
    assert 0 <= raw_start <= raw_end <= len(raw)
    ends = [repaired.to_raw(place, place + 1) for place in range(len(repaired.text))]
    assert ends == sorted(ends)
    if start < end:
        back_start, back_end = repaired.from_raw(raw_start, raw_end)
        assert back_start <= start < end <= back_end


@given(TEXTS)
def test_unchanged_characters_lead_to_themselves(raw: str) -> None:
    repaired = normalise(raw)
    for place, character in enumerate(repaired.text):
        start, end = repaired.to_raw(place, place + 1)
        if end - start == 1 and character.isascii() and character.isalnum():
            assert raw[start] == character


@given(TEXTS)
def test_sentences_cover_what_is_not_blank(text: str) -> None:
    spans = split_sentences(text)
    assert spans == split_sentences(text)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat)


@given(TEXTS, st.integers(20, 60))
def test_segments_tile_the_text(text: str, max_chars: int) -> None:
    spans = segment(text, max_chars)
    assert "".join(text[start:end] for start, end in spans) == (text if text.strip() else "")
    assert all(0 < end - start <= max_chars for start, end in spans)
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]


@given(TEXTS)
def test_masking_leaves_nothing_to_find(text: str) -> None:
    spans = find_personal(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in spans)
    assert not {"email", "phone"} & {kind for _, _, kind in find_personal(mask(text))}


@given(TEXTS)
def test_any_string_has_a_language_and_a_verdict(text: str) -> None:
    assert (identify(text).code == "und") == (identify(text).reason is not None)
    assert scorable(text) in {None, "no_letters", "unsupported_script"}


@given(st.lists(TEXTS.map(lambda text: text.encode("utf-8", "replace").decode()), max_size=9))
def test_columns_are_repaired_as_their_texts_are(raws: list[str]) -> None:
    column = pa.chunked_array([raws], pa.string())
    for raw, may_change, spaced in zip(
        raws, may_need_repair(column), with_plain_spaces(column).to_pylist(), strict=True
    ):
        repaired = normalise(raw)
        assert may_change or repaired.text == raw
        assert spaced is None or (repaired.text == spaced != raw and not repaired.repairs)
