"""JSON values as RDF literals: numbers, booleans and JSON itself.

Numbers become what the recommendation says, but lose no digit where it would write a decimal as a double:

>>> literal(Number("1500.5"), XSD.double), literal(Number("1500.50"), XSD.decimal), literal(Number("7"), None)[0]
(('1.5005E3', 2, 'http://www.w3.org/2001/XMLSchema#double', ''), \
('1500.50', 2, 'http://www.w3.org/2001/XMLSchema#decimal', ''), '7')
>>> _canonical_json({"b": Number("1.50"), "a": [None, True, "é"]})
'{"a":[null,true,"é"],"b":1.5}'
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.formats.json.text import Number
from bicentennial.storage.layout import LITERAL

if TYPE_CHECKING:
    from bicentennial.core.limits import Limits

__all__ = ["Item", "json_literal", "literal"]

Item = tuple[str, int, str, str]
"""A value: lexical form or IRI, kind, datatype (of an IRI: how it was written), language."""

# From here on the recommendation writes integers as doubles; without an exponent they lose nothing as they are.
_INTEGRAL: Final = 10**21


def literal(value: Number | bool, datatype: str | None, limits: Limits | None = None) -> Item:
    """Return the literal of a number or boolean.

    Args:
        value: the value.
        datatype: the one that is asked for; the usual one if None.
        limits: of which `digits` counts.
    """
    if isinstance(value, bool):
        return "true" if value else "false", LITERAL, datatype or XSD.boolean, ""
    if limits is not None:
        limits.check("digits", sum(character.isdigit() for character in value))
    if value.lstrip("-").isdigit():
        if datatype == XSD.double:
            return _double(value), LITERAL, datatype, ""
        return "0" if value == "-0" else str(value), LITERAL, datatype or XSD.integer, ""
    if datatype == XSD.decimal and "e" not in value.lower():
        return str(value), LITERAL, datatype, ""
    if datatype != XSD.double and (whole := _whole(value)) is not None:
        return whole, LITERAL, datatype or XSD.integer, ""
    return _double(value), LITERAL, datatype or XSD.double, ""


def _whole(value: str) -> str | None:
    """Return the digits of a number that is an integer, however it is written."""
    if "e" in value.lower() and abs(int(value.lower().partition("e")[2])) > 400:
        return None
    number = Decimal(value)
    return str(int(number)) if abs(number) < _INTEGRAL and number == int(number) else None


def _double(value: str) -> str:
    """Return the canonical form of a double (XML Schema part 2, 3.2.5.2)."""
    number = float(value)
    # What no double can hold keeps its digits.
    is_held = abs(number) != float("inf") and (number or not _digits(value))
    try:
        shortest = Decimal(repr(number) if is_held else value)
    except InvalidOperation:  # an exponent of more than eighteen digits
        return value.upper()
    sign, figures, exponent = shortest.as_tuple()
    text = "".join(map(str, figures)).lstrip("0")
    if not text:
        return "-0.0E0" if sign else "0.0E0"
    assert isinstance(exponent, int)
    power = exponent + len(text) - 1
    text = text.rstrip("0") or "0"
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{power}"


def _digits(value: str) -> str:
    return value.lower().partition("e")[0].strip("-0.")


def json_literal(value: Any) -> Item:
    """Return the literal of a value that is JSON itself."""
    return _canonical_json(value), LITERAL, RDF.JSON, ""


def _canonical_json(value: Any) -> str:
    """Return JSON in its canonical form (RFC 8785)."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(key)}:{_canonical_json(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical_json, value)) + "]"
    if isinstance(value, Number):
        return _number(value)
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: str) -> str:
    """Return a number as ECMAScript writes it, but with all its digits where a double cannot hold it."""
    number = float(value)
    if abs(number) == float("inf") or (value.lstrip("-").isdigit() and int(value) != number):
        return str(value)
    if number == 0:
        return "0"
    sign, figures, exponent = Decimal(repr(number)).as_tuple()
    assert isinstance(exponent, int)
    digits = "".join(map(str, figures)).lstrip("0")
    point = exponent + len(digits)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        text = digits + "0" * (point - count)
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
        text = digits[0] + (f".{digits[1:]}" if count > 1 else "") + power
    return ("-" if sign else "") + text
