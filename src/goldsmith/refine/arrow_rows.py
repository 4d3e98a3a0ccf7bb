"""Rows of Arrow tables as Python values, whatever their columns hold."""

# pyarrow ships no types; what leaves this file has them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportUnknownParameterType=false

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast

import pyarrow as pa


def useful_columns(schema: Any, *wanted: str) -> list[str]:
    """The names of a schema's columns without bytes and lists of numbers, unless they are wanted."""
    return [field.name for field in schema if field.name in wanted or not _is_left_out(plain(field.type))]


def _is_left_out(kind: Any) -> bool:
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return is_bytes(kind) or (is_list and pa.types.is_primitive(kind.value_type))


def rows_of(batch: Any) -> Iterator[dict[str, object]]:
    """The rows of a record batch by name."""
    columns = [(name, column, _listed(column)) for name, column in zip(batch.schema.names, batch.columns, strict=True)]
    for row in range(batch.num_rows):
        yield {name: _cell(column[row]) if values is None else values[row] for name, column, values in columns}


def _listed(column: Any) -> list[object] | None:
    """The values of a column, unless they are large when they are written out or have no like in Python."""
    if pa.types.is_dictionary(column.type) or _counts_nanoseconds(column.type):
        return None
    try:
        return cast("list[object]", column.to_pylist())
    except (ValueError, OverflowError):
        return None


def _cell(value: Any) -> object:
    inner = value.value if pa.types.is_dictionary(value.type) else value
    with suppress(ValueError, OverflowError):
        if _counts_nanoseconds(inner.type):  # else they become what pandas has for them, where it is installed
            return cast("object", inner.cast(_with_microseconds(inner.type)).as_py())
        return cast("object", value.as_py())
    if is_text(inner.type):  # bytes that are no UTF-8
        return cast("bytes", inner.as_buffer().to_pybytes())
    if pa.types.is_temporal(inner.type):  # a time with nanoseconds or far away, which Python's has not
        return cast("object", inner.cast(pa.string()).as_py())
    return None  # somewhere inside a list or an object


def _counts_nanoseconds(kind: Any) -> bool:
    return bool(pa.types.is_temporal(kind)) and getattr(kind, "unit", "") == "ns"


def _with_microseconds(kind: Any) -> Any:
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz=kind.tz)
    return pa.duration("us") if pa.types.is_duration(kind) else pa.time64("us")


def plain(kind: Any) -> Any:
    """A type, or that of the values of a dictionary."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def is_text(kind: Any) -> bool:
    """Whether a type is one of texts."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def is_bytes(kind: Any) -> bool:
    """Whether a type is one of bytes."""
    return (
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    )
