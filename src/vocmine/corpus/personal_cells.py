"""Cells without personal data: strings, and the strings within lists and structures."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from vocmine.corpus.personal_columns import is_id, is_id_of_person, personal_kind
from vocmine.corpus.personal_values import Protection


def protected_column(column: pa.ChunkedArray, name: str, scopes: Iterable[str], protection: Protection) -> pa.Array:
    """Return a column of the user's own without personal data.

    A column whose name announces personal data is replaced whole, whatever its type; ids stay joinable; strings lose
    what is found in them; bytes, which nothing can be found in, become null.

    Parameters
    ----------
    column : ChunkedArray, shape (n_rows,)
        Of any type.
    name : str
        Of the column.
    scopes : iterable of str, shape (n_rows,)
        Within what the pseudonyms of each row are the same.
    protection : Protection
        What becomes of personal data.

    Returns
    -------
    Array, shape (n_rows,)
        Of the same type; of strings where values of another type were replaced whole.
    """
    kind = None if is_id(name) else personal_kind(name)
    flat = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    # A telephone number stored as a number, or the id of a person that must become a pseudonym.
    of_person = protection.how == "pseudonymise" and is_id_of_person(name)
    whole = (kind is not None or of_person) and not _holds_text(flat) and not flat.num_fields
    if not whole and not _holds_text(flat) and not flat.num_fields:
        return column.combine_chunks()
    values = (value if value is None or not whole else str(value) for value in column.to_pylist())
    changed = [protected(value, name, kind, scope, protection) for value, scope in zip(values, scopes, strict=True)]
    return pa.array(changed, pa.string() if whole else flat)


def protected(value: object, name: str, kind: str | None, scope: str, protection: Protection) -> object:
    """Return a cell, or what is within one, without personal data.

    Parameters
    ----------
    value : object
        As Arrow gives it to Python.
    name : str
        Of the column or field.
    kind : str, optional
        What the name announces; the whole string is replaced then.
    scope : str
        Within what pseudonyms are the same.
    protection : Protection
        What becomes of personal data.
    """
    if isinstance(value, str):
        return _string(value, name, kind, scope, protection)
    if isinstance(value, dict):
        return {key: protected(each, key, kind or _kind(key), scope, protection) for key, each in value.items()}
    if isinstance(value, list):
        return [protected(each, name, kind, scope, protection) for each in value]
    if isinstance(value, tuple):  # an entry of a map
        key = str(value[0])
        return value[0], protected(value[1], key, kind or _kind(key), scope, protection)
    return None if isinstance(value, bytes) or kind is not None else value


def _string(value: str, name: str, kind: str | None, scope: str, protection: Protection) -> str | None:
    if kind is not None:
        return protection.whole(kind, value, scope) if value.strip() else value
    if is_id(name):
        return protection.id(value, of_person=is_id_of_person(name))
    return protection.text(value, scope).text


def _kind(name: str) -> str | None:
    return None if is_id(name) else personal_kind(name)


def _holds_text(kind: pa.DataType) -> bool:
    """Tell types that are, or hold, strings or bytes."""
    if kind.num_fields:
        return any(_holds_text(kind.field(place).type) for place in range(kind.num_fields))
    names = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")
    return str(kind) in names or pa.types.is_fixed_size_binary(kind)
