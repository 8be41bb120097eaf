"""Tables of pandas, polars and pyarrow as the CSV that says the same; none of the libraries is imported here."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cell", "delimited"]


def delimited(frame: Any) -> bytes:
    """Return a table as CSV.

    The index of a pandas table is left out unless it has a name, which makes it a column. Missing values are empty
    cells, whole numbers have no decimals, midnight is the day, and several values of a cell are separated by `; `.
    """
    heads, rows = _parts(frame)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def _parts(frame: Any) -> tuple[list[str], Iterable[Iterable[Any]]]:
    library = type(frame).__module__.partition(".")[0]
    if library == "pandas":
        names = [name for name in frame.index.names if name is not None]
        whole = frame.reset_index(level=names) if names else frame
        return [str(head) for head in whole.columns], _of_pandas(whole)
    if library == "polars":
        return list(frame.columns), frame.iter_rows()
    return list(frame.column_names), _of_arrow(frame)


def _of_pandas(frame: Any) -> Iterator[tuple[Any, ...]]:
    present = frame.notna()
    # Column by column: put together, numbers of different kinds would become one kind.
    columns = (
        [value if there else None for value, there in zip(frame.iloc[:, n], present.iloc[:, n], strict=True)]
        for n in range(frame.shape[1])
    )
    return zip(*columns, strict=True)


def _of_arrow(table: Any) -> Iterator[tuple[Any, ...]]:
    batches = table.to_batches() if hasattr(table, "to_batches") else [table]
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def cell(value: Any) -> str:
    """Return a value as it stands in a table.

    >>> cell(250000.0), cell(Decimal("1E+3")), cell(dt.datetime(2024, 2, 1)), cell(["SRE", "OFAC"]), cell(None)
    ('250000', '1000', '2024-02-01', 'SRE; OFAC', '')
    """
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
    if type(value).__name__ in ("bool", "bool_"):
        return str(value).lower()
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray, Mapping)):
        return "; ".join(map(cell, sorted(value, key=str) if isinstance(value, (set, frozenset)) else value))
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
    return isinstance(value, (float, Decimal)) and value != value
