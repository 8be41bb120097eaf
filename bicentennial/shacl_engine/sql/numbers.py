"""Numbers compared as SPARQL compares them, in Python: for a database that has no exact decimal numbers."""

from __future__ import annotations

import math
import operator
import struct
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import XSD
from bicentennial.shacl_engine.lexical.datatypes import FLOATING, NUMERIC, is_valid

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["compare"]

_OPERATORS: Final[dict[str, Callable[[Decimal | float, Decimal | float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}

# What a double has and a float has not: the last 29 bits of its fraction, and the first of them.
_BELOW_FLOAT: Final = (1 << 29) - 1
_HALF: Final = 1 << 28


def compare(a: str, a_type: str, sign: str, b: str, b_type: str) -> bool | None:
    """Return what SPARQL makes of `a sign b`, each a lexical form with its datatype; None if one is no number.

    >>> compare("0.10", XSD.decimal, "=", "0.1", XSD.decimal), compare("10", XSD.integer, "<", "9.0e0", XSD.double)
    (True, False)
    >>> compare("ten", XSD.integer, "<", "11", XSD.integer), compare("10", XSD.string, "<", "11", XSD.integer)
    (None, None)
    """
    if not (_is_number(a, a_type) and _is_number(b, b_type)):
        return None
    if FLOATING.isdisjoint((a_type, b_type)):
        return _OPERATORS[sign](Decimal(a), Decimal(b))
    as_floats = XSD.double not in (a_type, b_type)  # XPath promotes to a float, or to a double if one is
    both = ((a, a_type), (b, b_type))
    return _OPERATORS[sign](*(_float(text) if as_floats or kind == XSD.float else float(text) for text, kind in both))


@lru_cache(4_096)
def _is_number(text: str, kind: str) -> bool:
    return kind in NUMERIC and is_valid(kind, text)


def _float(text: str) -> float:
    value = float(text)
    # As a double it may be half between two floats, and as it is written on one side.
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    if bits & _BELOW_FLOAT == _HALF and (exact := Decimal(text)) != Decimal(value):
        value = math.nextafter(value, math.inf if exact > Decimal(value) else -math.inf)
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
