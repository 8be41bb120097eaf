"""What a date was meant to be: the ISO dates that a text may mean, or nothing where it means none.

Read are numbers in any order, names of months in English and Spanish, Roman months (`12/III/2023`), times of day beside
a date, quarters and other parts of a year, ranges, and the numbers that spreadsheet programs keep for dates.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from bicentennial.core.messages import LANGUAGES
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.semantics.values.plain_text import is_error, is_placeholder, plain, unaccented, words
from bicentennial.semantics.values.typed import days_of_month

__all__ = ["exists", "read_date", "suggest_date"]

_LONGEST: Final = 80
_YEARS: Final = range(1900, 2101)
_PIVOT: Final = 69
# Days since the end of 1899, from 2000 to 2049: what a date cell holds, seen as a number.
_SERIAL: Final = lazy(r"(3[6-9]\d{3}|4\d{4}|5[0-4]\d{3})(?:\.\d+)?", re.ASCII)
_EPOCH: Final = date(1899, 12, 30)
_TIME: Final = lazy(
    r"(?:(?<=\d)t|[\s,]|^)\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?(?:[ap]\.?\s?m\b\.?|hrs?\b\.?|horas|h\b))?"
    r"\s*(?:z\b|(?:gmt|utc)?\s?[+-]\d{2}:?\d{2}\b|gmt|utc)?(?:\s*\([^)]*\))?"
)
_BRACKETED: Final = lazy(r"[(\[][^()\[\]]*[)\]]")
_PLAIN: Final = lazy(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})", re.ASCII)
_SHORT: Final = lazy(r"(\d{2})-(\d{2})-(\d{2})", re.ASCII)
_YEAR: Final = lazy(r"((?:19|20)\d{2})\.0+", re.ASCII)
_RUN: Final = lazy(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_MONTHS_ONLY: Final = lazy(r"(?:(\d{4})[-/. ](\d{1,2})|(\d{1,2})[-/. ](\d{4}))", re.ASCII)
_SPAN: Final = lazy(r"\s+(?:-|a|al|to|hasta|until|through|y|and)\s+")
_RANGE: Final = lazy(r"(\d{4})\s?(?:-|/|a|al|to|y|and)\s?(\d{4})", re.ASCII)
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_TOKEN: Final = lazy(r"\d+|[^\W\d_]+|[^\s\w]")
_WORD: Final = lazy(r"[^\W\d_]{3,}\.?")
_DAY: Final = lazy("%[djcxDF]")
_NOISE: Final = frozenset(".,-/ºª°'")
_ENDINGS: Final = frozenset(("st", "nd", "rd", "th", "o", "ro", "do", "er", "to", "mo"))


class _Parts(NamedTuple):
    """What a text with words holds: its numbers as they are written, and its months."""

    numbers: tuple[str, ...]
    months: tuple[int, ...]
    order: str
    """`9` for each number and `m` for each month."""


def suggest_date(value: str, *, ends: bool | None = None) -> tuple[str, ...]:
    """Return the ISO dates, months or years that a text may mean.

    Args:
        value: the text.
        ends: of a part of a year, whether its last month is meant, or its first; both are returned if None.

    >>> suggest_date("03/04/2023"), suggest_date("28/02/2023"), suggest_date("3 de abril de 2023")
    (('2023-04-03', '2023-03-04'), ('2023-02-28',), ('2023-04-03',))
    >>> suggest_date("2023-04-03T12:30:00"), suggest_date("Oct 2021"), suggest_date("next year")
    (('2023-04-03',), ('2021-10',), ())
    >>> suggest_date("15-ene-24"), suggest_date("2011Q1", ends=True), suggest_date("primer trimestre de 2023")
    (('2024-01-15',), ('2011-03',), ('2023-01', '2023-03'))
    >>> suggest_date("24-01-15"), suggest_date("24/01/15")
    (('2015-01-24', '2024-01-15'), ('2015-01-24',))
    """
    text = unaccented(plain(value).casefold())
    if len(text) > _LONGEST or is_error(value) or is_placeholder(text):
        return ()
    text = _BRACKETED.sub(_kept, _TIME.sub(" ", text)).strip(" .,;")
    found = _read(text, ends) or _between(text, ends)
    return tuple(each for each in dict.fromkeys(found) if each != value.strip())


def _between(text: str, ends: bool | None) -> list[str]:
    """Return the first and the last date of a range.

    >>> _between("enero 2024 - marzo 2024", None), _between("del 1/3/2023 al 31/12/2023", True)
    (['2024-01', '2024-03'], ['2023-12-31'])
    """
    sides = _SPAN.split(text)
    if len(sides) != 2:
        return []
    dates = [_read(sides[0].strip(), ends=False), _read(sides[1].strip(), ends=True)]
    if sum(map(len, dates)) == 4:  # the other date may show which is the day: 1/3/2023 – 31/12/2023
        return []
    first, last = (each[0] if each else "" for each in dates)
    return _ends([first, last], ends) if first and last and first < last else []


def _read(text: str, ends: bool | None) -> list[str]:
    for way in (_numeric, _serial, _period, _named):
        if found := way(text, ends):
            return found
    return []


def _numeric(text: str, ends: bool | None) -> list[str]:
    """Return what digits alone mean; of a range of years, the ends."""
    text = " ".join(each for each in text.split() if each.strip(".,:") not in _fillers())
    text = re.sub(r"\s*([-/.])\s*", r"\1", text)
    if whole := _YEAR.fullmatch(text):  # as a program writes the years of a column that lacks some
        return [whole[1]]
    if run := _RUN.fullmatch(text):
        return _valid([run.groups()])
    if parts := _PLAIN.fullmatch(text):
        short = _SHORT.fullmatch(text)  # an ISO date without its century, perhaps
        return _orders(*parts.groups()) + (_valid([(_century(short[1]), short[2], short[3])]) if short else [])
    if months := _MONTHS_ONLY.fullmatch(text):
        year, month = months[1] or months[4], months[2] or months[3]
        return [f"{year}-{int(month):02}"] if 1 <= int(month) <= 12 and int(year) in _YEARS else []
    if years := _RANGE.fullmatch(text):
        first, last = int(years[1]), int(years[2])
        return _ends([str(first), str(last)], ends) if first < last and {first, last} <= set(_YEARS) else []
    return []


def _orders(first: str, second: str, third: str) -> list[str]:
    """Return the dates of three numbers, the day before the month before the reverse.

    >>> _orders("3", "4", "2023"), _orders("15", "3", "23"), _orders("2023", "3", "5"), _orders("3", "2023", "5")
    (['2023-04-03', '2023-03-04'], ['2023-03-15'], ['2023-03-05'], [])
    >>> _orders("2023", "31", "12"), _orders("2023", "02", "30")
    (['2023-12-31'], [])
    """
    if len(first) == 4:
        # The month stands behind the day only where it cannot be otherwise.
        return _valid([(first, second, third)]) or _valid([(first, third, second)]) if len(third) <= 2 else []
    if len(first) > 2 or len(third) not in (2, 4):
        return []
    year = _century(third)
    return _valid([(year, second, first), (year, first, second)])


def _century(year: str) -> str:
    return year if len(year) == 4 else f"{20 if int(year) < _PIVOT else 19}{year}"


def _valid(dates: list[tuple[str, ...]]) -> list[str]:
    return [
        f"{year}-{int(month):02}-{int(day):02}" for year, month, day in dates if exists(int(year), int(month), int(day))
    ]


def _serial(text: str, ends: bool | None) -> list[str]:  # noqa: ARG001 - all ways are called alike
    found = _SERIAL.fullmatch(text)
    return [(_EPOCH + timedelta(days=int(found[1]))).isoformat()] if found else []


def _period(text: str, ends: bool | None) -> list[str]:
    """Return the months in which a part of a year begins and ends.

    >>> _period("2011q1", False), _period("4t 2023", True), _period("segundo semestre de 2022", None)
    (['2011-01'], ['2023-12'], ['2022-07', '2022-12'])
    """
    lengths, ordinals = words("periods")["months"], words("periods")["ordinals"]
    tokens = [each for each in _TOKEN.findall(text) if each not in _NOISE and each not in _fillers() | _ENDINGS]
    length = [each for each in tokens if each in lengths]
    rest = [each for each in tokens if each not in lengths]
    if len(length) != 1 or len(rest) != 2:
        return []
    years = [each for each in rest if each.isdigit() and len(each) == 4]
    # With a letter for the name, the number stands beside it, and two digits may be a year: 1T23, T1-23.
    years = years or [each for each in rest[1:] if re.fullmatch(r"\d\d", each) and len(length[0]) <= 1]
    if len(years) != 1 or int(_century(years[0])) not in _YEARS:
        return []
    rest.remove(years[0])
    number = int(rest[0]) if rest[0].isdigit() else ordinals.get(rest[0], 0)
    months = lengths[length[0]]
    if not 1 <= number <= 12 // months:
        return []
    year = _century(years[0])
    return _ends([f"{year}-{(number - 1) * months + 1:02}", f"{year}-{number * months:02}"], ends)


def _ends(both: list[str], ends: bool | None) -> list[str]:
    return both if ends is None else [both[-1 if ends else 0]]


def _named(text: str, ends: bool | None) -> list[str]:
    """Return what a text with names of months means, or one that names a year alone."""
    parts = _parts(text)
    if parts is None:
        return []
    numbers, months = parts.numbers, parts.months
    if parts.order == "9":
        return [numbers[0]] if len(numbers[0]) == 4 and int(numbers[0]) in _YEARS else []
    if parts.order in ("mm9", "9mm") and len(numbers[0]) == 4 and months[0] < months[1]:
        return _ends([f"{numbers[0]}-{month:02}" for month in months], ends)
    if len(months) != 1:
        return []
    if len(numbers) == 1:
        # “ene-24”, “ene. '24” are months; “ene 24” may be a day.
        short = len(numbers[0]) == 2 and parts.order == "m9" and re.search(r"[-/']\s?\d\d$", text)
        year = _century(numbers[0]) if len(numbers[0]) == 4 or short else ""
        return [f"{year}-{months[0]:02}"] if year and int(year) in _YEARS else []
    if len(numbers) == 2:
        first, second = numbers
        day, year = (second, first) if len(first) == 4 else (first, second)
        return _valid([(_century(year), str(months[0]), day)]) if len(day) <= 2 and len(year) in (2, 4) else []
    return []


def _kept(match: re.Match[str]) -> str:
    """Return what stands in brackets if it may be part of the date; “(aprox.)” and the like are not."""
    return match[0][1:-1] if any(map(str.isdigit, match[0])) else " "


def _parts(text: str) -> _Parts | None:
    """Return the numbers and months of a text, or None if anything else is in it."""
    tokens = _TOKEN.findall(text)
    numbers: list[str] = []
    months: list[int] = []
    order = ""
    for position, token in enumerate(tokens):
        before = tokens[position - 1] if position else ""
        if token.isdigit():
            numbers.append(token)
            order += "9"
        elif month := _month_number(token) or _roman(token, before, tokens[position + 1 : position + 2]):
            months.append(month)
            order += "m"
        elif (token in _ENDINGS and before.isdigit()) or token in _NOISE or token in _fillers():
            continue
        elif token in ("primero", "first"):
            numbers.append("1")
            order += "9"
        else:
            return None
    return _Parts(tuple(numbers), tuple(months), order) if numbers else None


def _roman(token: str, before: str, after: list[str]) -> int:
    """Return the month of a Roman number between the marks of a date, 0 for anything else."""
    is_between = before in ("-", "/", ".") and after[:1] == [before]
    return _ROMAN.index(token) + 1 if is_between and token in _ROMAN else 0


@cache
def _fillers() -> frozenset[str]:
    lists = words("weekdays")
    days = [day for language in LANGUAGES for day in lists[language]]
    short = {day[:3] for day in days} | {"thur", "thurs", "tues"}
    return frozenset([*words("around-dates")["texts"], *days, *(short - _months().keys())])


def _month_number(name: str) -> int:
    """Return the number of a month by its English or Spanish name, in full, shortened or with a slip; 0 if it is none.

    >>> [_month_number(each) for each in ("enero", "Sept", "ene", "febuary", "dic", "mayo", "mar", "march", "mal")]
    [1, 9, 1, 2, 12, 5, 3, 3, 0]
    """
    return _month(unaccented(name.casefold()).rstrip("."))


@cache
def _months() -> dict[str, int]:
    lists = words("months")
    named = {name: number for language in reversed(LANGUAGES) for number, name in enumerate(lists[language], start=1)}
    other: dict[str, int] = lists["other"]
    return {name[:3]: number for name, number in named.items()} | named | other


def _month(name: str) -> int:
    known = _months()
    if name in known:
        return known[name]
    if 4 <= len(name) <= 12:
        started = {number for each, number in known.items() if each.startswith(name)}
        if len(started) == 1:
            return started.pop()
    if len(name) >= 5:
        from rapidfuzz.distance import OSA

        near = {number for each, number in known.items() if OSA.distance(name, each, score_cutoff=1) <= 1}
        if len(near) == 1:
            return near.pop()
    return 0


def read_date(value: str, pattern: str) -> str | None:
    """Return the date, month or year that a text is by a pattern such as `%d de %B de %Y`, or None if it is none.

    Names of months are read in English and Spanish, in full and shortened, whatever the environment.

    >>> read_date("12 de marzo de 2023", "%d de %B de %Y"), read_date("15-ene-24", "%d-%b-%y")
    ('2023-03-12', '2024-01-15')
    >>> read_date("Marzo 2023", "%B %Y"), read_date("31/12/2023", "%d/%m/%Y"), read_date("13/2023", "%m/%Y")
    ('2023-03', '2023-12-31', None)
    """
    text = plain(value)
    if "%B" in pattern or "%b" in pattern:
        text = _WORD.sub(lambda match: _numbered(match[0]), text)
        pattern = pattern.replace("%B", "%m").replace("%b", "%m")
    try:
        found = datetime.strptime(text, pattern)  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
    precise = 10 if _DAY.search(pattern) else 7 if "%m" in pattern else 4
    return found.date().isoformat()[:precise]


def _numbered(word: str) -> str:
    month = _months().get(unaccented(word.casefold()).rstrip("."))
    return f"{month:02}" if month else word


def exists(year: int, month: int, day: int) -> bool:
    """Return whether there is such a day.

    >>> exists(2024, 2, 29), exists(2023, 2, 29), exists(2023, 13, 1)
    (True, False, False)
    """
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= days_of_month(year, month)
