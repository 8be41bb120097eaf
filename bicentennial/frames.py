"""Tables of pandas, polars and pyarrow as the CSV that says the same; none of the libraries is imported here."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from bicentennial.inputs import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["delimited"]


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
