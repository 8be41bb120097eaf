"""The lexical spaces of the XSD datatypes that RDF 1.1 names, as regular expressions.

One text serves Python's `re` and DuckDB's RE2, so that both engines call the same literals ill-typed. They match
whole lexical forms; white space around a value is not part of any lexical space. Dates that no calendar has
(`2023-02-30`) do not match.

>>> is_valid(XSD.date, "2024-02-29"), is_valid(XSD.date, "2023-02-29"), is_valid(XSD.boolean, "maybe")
(True, False, False)
>>> is_valid("urn:some-other-datatype", "anything")
True
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bicentennial.core.namespaces import RDF, XSD

__all__ = ["BOUNDS", "EXACT", "FLOATING", "LEXICAL", "NAME_REST", "NAME_START", "NUMERIC", "is_valid"]


def _at_most(limit: int) -> str:
    """Return a pattern for the decimal digits, without leading zeros, of the numbers from 0 to `limit`."""
    digits = str(limit)
    ways = [f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else []
    for place, digit in enumerate(digits):
        low = 1 if place == 0 and len(digits) > 1 else 0
        if int(digit) > low:
            rest = len(digits) - place - 1
            below = f"[{low}-{int(digit) - 1}]"
            ways.append(digits[:place] + below + (f"[0-9]{{{rest}}}" if rest else ""))
    return f"0*(?:{'|'.join([*ways, digits])})"


def _between(least: int, most: int) -> str:
    return rf"\+?{_at_most(most)}|-{_at_most(-least) if least else '0+'}"


_YEAR: Final = r"-?(?:[1-9][0-9]{4,}|[0-9]{4})"
_LEAP: Final = r"-?(?:[1-9][0-9]*)?(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_MONTH: Final = "(?:0[1-9]|1[0-2])"
_MONTH_DAY: Final = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_DATE: Final = f"(?:{_YEAR}-{_MONTH_DAY}|{_LEAP}-02-29)"
_TIME: Final = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_ZONE: Final = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_DAYS: Final = r"[0-9]+D"
_SECONDS: Final = r"(?:[0-9]+(?:\.[0-9]+)?S)"
_CLOCK: Final = rf"T(?:[0-9]+H(?:[0-9]+M)?{_SECONDS}?|[0-9]+M{_SECONDS}?|{_SECONDS})"
_MONTHS: Final = r"(?:[0-9]+Y(?:[0-9]+M)?|[0-9]+M)"
NAME_START: Final = (
    "A-Z_a-zÀ-ÖØ-öø-˿Ͱ-ͽͿ-\u1fff\u200c-\u200d⁰-\u218fⰀ-\u2fef\u3001-\ud7ff\uf900-\ufdcfﷰ-\ufffd\U00010000-\U000effff"
)
NAME_REST: Final = NAME_START + "0-9.·\u0300-\u036f\u203f-\u2040-"
_CHAR: Final = r"[^\x00-\x08\x0b\x0c\x0e-\x1f" + "\ufffe\uffff]"
_VISIBLE: Final = r"[^\x00-\x20" + "\ufffe\uffff]"
_B64: Final = "[A-Za-z0-9+/]"

_BITS: Final = {"long": 64, "int": 32, "short": 16, "byte": 8}
BOUNDS: Final = {
    **{XSD[name]: (-(1 << bits - 1), (1 << bits - 1) - 1) for name, bits in _BITS.items()},
    **{XSD[f"unsigned{name.capitalize()}"]: (0, (1 << bits) - 1) for name, bits in _BITS.items()},
}
"""The least and the greatest number of each datatype of integers that has both."""

LEXICAL: Final[dict[str, str]] = {
    XSD[name]: pattern
    for name, pattern in {
        "string": f"{_CHAR}*",
        "normalizedString": r"[^\x00-\x1f" + "\ufffe\uffff]*",
        "token": f"(?:{_VISIBLE}+(?: {_VISIBLE}+)*)?",
        "language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
        "Name": f"[:{NAME_START}][:{NAME_REST}]*",
        "NCName": f"[{NAME_START}][{NAME_REST}]*",
        "NMTOKEN": f"[:{NAME_REST}]+",
        "boolean": "true|false|0|1",
        "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
        "integer": "[+-]?[0-9]+",
        "double": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
        "float": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
        "nonNegativeInteger": r"\+?[0-9]+|-0+",
        "positiveInteger": r"\+?0*[1-9][0-9]*",
        "nonPositiveInteger": r"-[0-9]+|\+?0+",
        "negativeInteger": "-0*[1-9][0-9]*",
        "date": f"{_DATE}{_ZONE}?",
        "dateTime": f"{_DATE}T{_TIME}{_ZONE}?",
        "dateTimeStamp": f"{_DATE}T{_TIME}{_ZONE}",
        "time": f"{_TIME}{_ZONE}?",
        "gYear": f"{_YEAR}{_ZONE}?",
        "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}?",
        "gMonth": f"--{_MONTH}{_ZONE}?",
        "gDay": f"---(?:0[1-9]|[12][0-9]|3[01]){_ZONE}?",
        "gMonthDay": f"--(?:{_MONTH_DAY}|02-29){_ZONE}?",
        "duration": f"-?P(?:{_MONTHS}(?:{_DAYS})?(?:{_CLOCK})?|{_DAYS}(?:{_CLOCK})?|{_CLOCK})",
        "dayTimeDuration": f"-?P(?:{_DAYS}(?:{_CLOCK})?|{_CLOCK})",
        "yearMonthDuration": f"-?P{_MONTHS}",
        "hexBinary": "(?:[0-9a-fA-F]{2})*",
        "base64Binary": (
            f"(?:(?:{_B64} ?){{4}})*(?:(?:{_B64} ?){{3}}{_B64}|(?:{_B64} ?){{2}}[AEIMQUYcgkosw048] ?="
            f"|{_B64} ?[AQgw] ?= ?=)?"
        ),
        "anyURI": f"{_CHAR}*",
    }.items()
} | {datatype: _between(*bounds) for datatype, bounds in BOUNDS.items()}
"""The pattern of each datatype's lexical forms."""

FLOATING: Final = frozenset({XSD.double, XSD.float})
_SIGNED: Final = ("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger")
EXACT: Final = frozenset({XSD.decimal, XSD.integer, *BOUNDS, *(XSD[name] for name in _SIGNED)})
NUMERIC: Final = EXACT | FLOATING
"""The datatypes that SPARQL counts as numeric."""


@cache
def _compiled(datatype: str) -> re.Pattern[str] | None:
    pattern = LEXICAL.get(datatype)
    return re.compile(pattern) if pattern is not None else None


def is_valid(datatype: str, lexical: str, language: str = "") -> bool:
    """Say whether a literal is well-typed; of datatypes that XSD does not have, all are.

    >>> is_valid(RDF.langString, "meta"), is_valid(XSD.byte, "-128"), is_valid(XSD.byte, "128")
    (False, True, False)
    """
    if datatype == RDF.langString:
        return bool(language)
    pattern = _compiled(datatype)
    return pattern is None or pattern.fullmatch(lexical) is not None
