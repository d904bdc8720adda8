"""The language and the variant of French of contacts whose source does not tell: identified once somebody asks."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from vocmine.text import identify_many
from vocmine.text.variant import identify_variant


def with_languages(contacts: pa.Table, turns: pa.Table) -> pa.Table:
    """Return the contacts, language and variant being told by the source or identified from what the customer says.

    The language is that of the text; the variant is told by the text as received, whose signature and address tell
    most. It stays null where nothing tells, and where the language is not French.

    Parameters
    ----------
    contacts : pyarrow.Table
        With null for what is not known yet.
    turns : pyarrow.Table
        The turns of these contacts, in their order.
    """
    contacts = _filled(contacts, "language", pc.is_null(contacts["language"]), turns, turns["text"], _languages)
    french = pc.and_(pc.equal(contacts["language"], "fr"), pc.is_null(contacts["variant"]))
    received = pc.coalesce(turns["raw"], turns["text"])
    return _filled(contacts, "variant", french, turns, received, _variants)


def _languages(texts: list[str]) -> list[str | None]:
    return [language.code for language in identify_many(texts)]


def _variants(texts: list[str]) -> list[str | None]:
    return [identify_variant(text).code for text in texts]


def _filled(
    contacts: pa.Table,
    column: str,
    asked: pa.ChunkedArray,
    turns: pa.Table,
    texts: pa.ChunkedArray,
    identify: Callable[[list[str]], list[str | None]],
) -> pa.Table:
    """Fill a column of some of the contacts from what their customers say."""
    mask = pa.array(asked.to_numpy(zero_copy_only=False))
    unknown = contacts["contact_id"].filter(mask).combine_chunks()
    if not len(unknown):
        return contacts
    of_customers = pc.and_(pc.is_in(turns["contact_id"], value_set=unknown), pc.equal(turns["speaker"], "customer"))
    said: dict[str, list[str]] = {contact_id: [] for contact_id in unknown.to_pylist()}
    spoken = zip(
        turns["contact_id"].filter(of_customers).to_pylist(), texts.filter(of_customers).to_pylist(), strict=True
    )
    for contact_id, text in spoken:
        said[contact_id].append(text)
    found = identify(["\n".join(each) for each in said.values()])
    place = contacts.schema.get_field_index(column)
    values = pc.replace_with_mask(contacts[column], mask, pa.array(found, pa.string()))
    return contacts.set_column(place, contacts.schema.field(place), values)
