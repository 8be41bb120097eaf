"""What the text of a cell is as a value: a date, a number, an IRI, a text; and what it might have been meant to be.

Nothing is guessed. A date is ISO 8601 or stays the text that it is, for the shapes to find; `suggest_date` and
`suggest_number` say what it may have been meant for.
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Final

from bicentennial.core.namespaces import XSD

__all__ = ["DECIMAL", "date_type", "decimal_type", "language_tag", "suggest_date", "suggest_number"]

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
DECIMAL: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
"""What a plain decimal number looks like, as a regular expression."""

_DECIMAL: Final = re.compile(DECIMAL, re.ASCII)
_TIMED: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_PARTS: Final = re.compile(r"^(\d{1,4})[/.\-\s](\d{1,2})[/.\-\s](\d{1,4})$")
_NAMED: Final = re.compile(
    r"^(?:(\d{1,2})\.?(?:st|nd|rd|th|º|°)?(?:\s+de)?[\s/-]+)?([^\W\d_]{3,})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?,)?(?:\s+(?:de|del|of))?[\s,/-]+(\d{4})$"
)
_MONTHS: Final = {
    name[:3]: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), start=1)
} | {"set": 9}
# A language, its script, region and variants, extensions, and what is private (RFC 5646, 2.1).
_LANGUAGE: Final = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_NUMBER: Final = XSD.decimal
_TYPES: Final = (XSD.gYear, XSD.gYearMonth, XSD.date)
_MULTIPLES: Final = {
    "k": 3, "thousand": 3, "mil": 3, "bn": 9, "billion": 9,
    "m": 6, "mm": 6, "mn": 6, "million": 6, "millions": 6, "millón": 6, "millon": 6, "millones": 6,
}  # fmt: skip


def date_type(value: str) -> str | None:
    """Return the datatype of an ISO date, month or year; None for anything else, days that do not exist included.

    >>> [str(date_type(text))[33:] or "-" for text in ("2023-02-28", "2023-02", "2023", "2023-02-30", "3/4/2023")]
    ['date', 'gYearMonth', 'gYear', '-', '-']
    """
    match = _DATE.fullmatch(value)
    if not match:
        return None
    year, month, day = match.groups()
    if int(year) == 0 or not _exists(int(year), int(month or 1), int(day or 1)):
        return None
    return _TYPES[match.lastindex - 1] if match.lastindex else None


def decimal_type(value: str, digits: int = 38) -> str | None:
    """Return the datatype of a plain decimal number of not too many digits; None for anything else.

    >>> str(decimal_type("-12.50")), decimal_type("1,000"), decimal_type("1e6"), decimal_type("٣")
    ('http://www.w3.org/2001/XMLSchema#decimal', None, None, None)
    """
    return _NUMBER if len(value) <= digits + 2 and _DECIMAL.fullmatch(value) else None


def language_tag(value: str) -> str:
    """Return the tag of a language in small letters; nothing for anything else, which no literal can have.

    >>> language_tag("es-MX"), language_tag("Spanish (Mexico)"), language_tag('en . <urn:a> <urn:b> "c')
    ('es-mx', '', '')
    """
    tag = value.lower()
    return tag if _LANGUAGE.fullmatch(tag) else ""


def suggest_date(value: str) -> tuple[str, ...]:
    """Return the ISO dates that a text may mean.

    >>> suggest_date("03/04/2023"), suggest_date("28/02/2023"), suggest_date("3 de abril de 2023")
    (('2023-04-03', '2023-03-04'), ('2023-02-28',), ('2023-04-03',))
    >>> suggest_date("2023-04-03T12:30:00"), suggest_date("Oct 2021"), suggest_date("next year")
    (('2023-04-03',), ('2021-10',), ())
    """
    text = value.strip()
    if timed := _TIMED.fullmatch(text):
        return (timed[1],) if date_type(timed[1]) else ()
    if parts := _PARTS.match(text):
        return _numeric(*parts.groups())
    if named := _NAMED.match(text.casefold()):
        day, name, american, year = named.groups()
        month = _MONTHS.get(name[:3])
        if month is None:
            return ()
        date = day or american
        if date is None:
            return (f"{year}-{month:02}",)
        return (f"{year}-{month:02}-{int(date):02}",) if _exists(int(year), month, int(date)) else ()
    return ()


def suggest_number(value: str) -> tuple[str, ...]:
    """Return the plain numbers that a text may mean.

    >>> suggest_number("1,000,000"), suggest_number("$5"), suggest_number("1.000.000,50")
    (('1000000',), ('5',), ('1000000.50',))
    >>> suggest_number("USD 2.5 million")
    ('2500000',)
    >>> suggest_number("1,000"), suggest_number("1e6"), suggest_number("lots")
    (('1000', '1.000'), ('1000000',), ())
    """
    text = value.strip().casefold().replace("\u00a0", " ").replace("\u202f", " ").replace("−", "-")
    words = re.findall(r"[^\W\d_]+", text)
    exponent = re.fullmatch(r"\D*?([+-]?\d+(?:\.\d+)?)e\+?(\d{1,2})\D*", text)
    if exponent:
        return (_scaled(exponent[1], int(exponent[2])),)
    numbers = re.findall(r"[+-]?\s?\d[\d.,' ]*", text)
    if len(numbers) != 1:
        return ()
    number = re.sub(r"[' ]", "", numbers[0]).rstrip(".,")
    scale = next((_MULTIPLES[word] for word in words if word in _MULTIPLES), 0)
    return tuple(dict.fromkeys(_scaled(plain, scale) for plain in _plain(number)))


def _plain(number: str) -> list[str]:
    points, commas = number.count("."), number.count(",")
    if points and commas:
        thousands = "." if number.rindex(".") < number.rindex(",") else ","
        return (
            [number.replace(thousands, "").replace(",", ".")]
            if number.count("," if thousands == "." else ".") == 1
            else []
        )
    mark = "." if points else ","
    if points + commas == 0 or (points + commas > 1):
        return [number.replace(mark, "")]
    whole, _, rest = number.partition(mark)
    both = [whole + rest, f"{whole}.{rest}"]
    return both if len(rest) == 3 and 0 < len(whole.lstrip("+-")) <= 3 else both[1:]


def _scaled(number: str, scale: int) -> str:
    if not scale:
        return number
    whole, _, rest = number.partition(".")
    digits = rest.ljust(scale, "0")
    fraction = digits[scale:].rstrip("0")
    return (whole + digits[:scale]).lstrip("0") + (f".{fraction}" if fraction else "") or "0"


def _numeric(first: str, second: str, third: str) -> tuple[str, ...]:
    if len(first) == 4:
        orders = [(first, second, third)]
    elif len(third) == 4:
        orders = [(third, second, first), (third, first, second)]
    else:
        return ()
    found = [
        f"{year}-{int(month):02}-{int(day):02}"
        for year, month, day in orders
        if _exists(int(year), int(month), int(day))
    ]
    return tuple(dict.fromkeys(found))


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
