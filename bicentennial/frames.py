"""Tables of pandas, polars and pyarrow as the CSV that says the same; none of the libraries is imported here."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cell", "delimited"]


def delimited(frame: Any) -> bytes:
    """Return a table as CSV.

    The index of a pandas table is left out unless it has a name, which makes it a column; headers of several levels
    become one. Missing values are empty cells, whole numbers have no decimals, midnight is the day, and several values
    of a cell are separated by `; `.

    Raises:
        UnicodeEncodeError: a text holds half of a pair of surrogates, which no file can.
    """
    heads, rows = _parts(frame)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _parts(frame: Any) -> tuple[list[str], Iterable[Iterable[Any]]]:
    if hasattr(frame, "iloc"):
        levels = [level for level, name in enumerate(frame.index.names) if name is not None]
        # A column that became the index and stayed a column is one column.
        kept = [level for level in levels if not _is_column(frame, level)]
        heads = [_head(frame.index.names[level]) for level in kept] + [_head(head) for head in frame.columns]
        return heads, _of_pandas([*(frame.index.get_level_values(level) for level in kept), *_columns(frame)])
    if hasattr(frame, "iter_rows"):
        return list(frame.columns), frame.iter_rows()
    return list(frame.column_names), _of_arrow(frame)


def _is_column(frame: Any, level: int) -> bool:
    values, name = frame.index.get_level_values(level), frame.index.names[level]
    return name in frame.columns and any(
        list(map(cell, column)) == list(map(cell, values))
        for head, column in zip(frame.columns, _columns(frame), strict=True)
        if head == name
    )


def _head(name: Any) -> str:
    return " ".join(str(part) for part in name if part != "") if isinstance(name, tuple) else str(name)


def _columns(frame: Any) -> Iterator[Any]:
    return (frame.iloc[:, number] for number in range(frame.shape[1]))


def _of_pandas(columns: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    # Column by column: put together, numbers of different kinds would become one kind.
    present = (
        [value if there else None for value, there in zip(column, column.notna(), strict=True)] for column in columns
    )
    return zip(*present, strict=True)


def _of_arrow(table: Any) -> Iterator[tuple[Any, ...]]:
    batches = table.to_batches() if hasattr(table, "to_batches") else [table]
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def cell(value: Any) -> str:
    r"""Return a value as it stands in a table.

    >>> cell(250000.0), cell(Decimal("1E+3")), cell(dt.datetime(2024, 2, 1)), cell(["SRE", "OFAC"]), cell(None)
    ('250000', '1000', '2024-02-01', 'SRE; OFAC', '')
    >>> cell(b"Acci\xc3\xb3n"), cell({"id": "A-1"})
    ('Acción', '{"id": "A-1"}')
    """
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return value
    if _is_missing(value):
        return ""
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time() and value.tzinfo is None
        return (value.date() if midnight else value).isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if type(value).__name__ == "datetime64":
        return cell(value.astype("datetime64[us]").item())
    if type(value).__name__ in ("bool", "bool_"):
        return str(value).lower()
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=cell)
    if isinstance(value, Iterable):
        several = map(cell, sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)
        return "; ".join(filter(None, several))
    return str(value)


def _number(value: float) -> str:
    """Return a number without an exponent, which no amount of a table has.

    >>> _number(2023.0), _number(1e22), _number(1e-07), _number(0.1), _number(float("inf"))
    ('2023', '10000000000000000000000', '0.0000001', '0.1', 'inf')
    """
    text = repr(float(value))
    return format(Decimal(text), "f") if "e" in text else text.removesuffix(".0")


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(value != value)  # as what is no number, or no time, in any library
    except (TypeError, ValueError):  # several values at once
        return False
