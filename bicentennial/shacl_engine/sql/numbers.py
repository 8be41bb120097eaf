"""Numbers compared as SPARQL compares them, in Python: for a database that has no exact decimal numbers."""

from __future__ import annotations

import operator
import struct
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import XSD
from bicentennial.shacl_engine.lexical import FLOATING, NUMERIC, is_valid

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


def compare(a: str, a_type: str, sign: str, b: str, b_type: str) -> bool | None:
    """Return what SPARQL makes of `a sign b`, each a lexical form with its datatype; None if one is no number.

    >>> compare("0.10", XSD.decimal, "=", "0.1", XSD.decimal), compare("10", XSD.integer, "<", "9.0e0", XSD.double)
    (True, False)
    >>> compare("ten", XSD.integer, "<", "11", XSD.integer), compare("10", XSD.string, "<", "11", XSD.integer)
    (None, None)
    """
    if not all(each in NUMERIC and is_valid(each, text) for text, each in ((a, a_type), (b, b_type))):
        return None
    if FLOATING.isdisjoint((a_type, b_type)):
        return _OPERATORS[sign](Decimal(a), Decimal(b))
    return _OPERATORS[sign](_double(a, a_type), _double(b, b_type))


def _double(text: str, datatype: str) -> float:
    value = float(text)
    if datatype != XSD.float:
        return value
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
