"""One answer of a query: a row of Python values, made from terms as SPARQL Query Results JSON writes them.

>>> integer = {"type": "literal", "value": "3", "datatype": XSD.integer}
>>> Row([value_of({"type": "uri", "value": "urn:a"}), value_of(integer)], ("party", "actions"))
Row(party='urn:a', actions=3)
"""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Row", "Value", "value_of"]

Value = str | int | float | bool | Decimal | dt.date | dt.datetime | None

_LONGEST_NUMBER: Final = 4000
_INTEGERS: Final = frozenset(
    XSD[name]
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip

# What XSD writes; Python's own functions would also take 1_000, Arabic digits and week dates.
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DOUBLE: Final = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|INF)|NaN")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Row(tuple[Value, ...]):
    """One answer: a tuple whose values also have the names of their columns.

    >>> row = Row(("Mexico", 3), ("party", "actions"))
    >>> row.party, row["actions"], row[0], row.as_dict()
    ('Mexico', 3, 'Mexico', {'party': 'Mexico', 'actions': 3})
    >>> Row((3,), ("count",)).count
    3
    """

    columns: tuple[str, ...]
    """The names of the values."""

    def __new__(cls, values: Sequence[Value], columns: tuple[str, ...]) -> Row:
        """Return a row of these values under these columns."""
        row = super().__new__(cls, values)
        row.columns = columns
        return row

    def __getnewargs__(self) -> tuple[tuple[Value, ...], tuple[str, ...]]:
        return tuple(self), self.columns

    def __getitem__(self, key: Any) -> Any:
        """Return the value at a position or of a column."""
        if isinstance(key, str):
            try:
                return super().__getitem__(self.columns.index(key))
            except ValueError:
                raise KeyError(key) from None
        return super().__getitem__(key)

    def __getattribute__(self, name: str) -> Any:
        # Columns go before the methods of tuples that have likely names: SELECT (COUNT(*) AS ?count) is common.
        if name in ("count", "index") and name in self.columns:
            return self[name]
        return super().__getattribute__(name)

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        return "Row(" + ", ".join(f"{name}={value!r}" for name, value in self.as_dict().items()) + ")"

    def as_dict(self) -> dict[str, Value]:
        """Return the row as a dictionary from column to value."""
        return dict(zip(self.columns, self, strict=True))


def value_of(term: Mapping[str, Any]) -> Value:
    """Return the Python value of a term of SPARQL JSON; what has none keeps its lexical form."""
    text: str = term.get("value", "")
    if term["type"] == "bnode":
        return f"_:{text}"
    datatype = term.get("datatype")
    if term["type"] != "literal" or datatype is None or len(text) > _LONGEST_NUMBER:
        return text if isinstance(text, str) else json.dumps(text)
    if datatype in _INTEGERS and _INTEGER.fullmatch(text):
        return int(text)
    if datatype == XSD.decimal and _DECIMAL.fullmatch(text):
        return Decimal(text)
    if datatype in {XSD.double, XSD.float} and _DOUBLE.fullmatch(text):
        return float(text)
    if datatype == XSD.boolean:
        return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
    try:
        if datatype == XSD.date and _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
        if datatype == XSD.dateTime and _DATE.match(text):
            return dt.datetime.fromisoformat(text)
    except ValueError:  # the 30th of February
        pass
    return text
