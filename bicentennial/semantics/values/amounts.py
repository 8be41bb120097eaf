"""What an amount of money, or another number, was meant to be: the plain number, or nothing where that is not certain.

People write signs and names of currencies, thousands with commas, points, spaces and apostrophes, units (`25 mdp`,
`5 mil millones`, `$3M`), negative numbers in parentheses. Whatever else stands there makes it no number at all.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

from bicentennial.core.startup.patterns import lazy
from bicentennial.semantics.values.plain_text import is_error, is_placeholder, plain, unaccented, words
from bicentennial.semantics.values.typed import DECIMAL

__all__ = [
    "currency_named",
    "currency_words",
    "has_unit",
    "is_currency",
    "is_statement_of_units",
    "names_other_currency",
    "read_amount",
    "scale",
    "suggest_number",
]

_LONGEST: Final = 120
_DIGITS: Final = 38
_SIGNS: Final = lazy(r"[$€£¥]")
_YEN: Final = "¥"
# “(doscientos mil pesos 00/100 M.N.)”, “(aprox.)”: words that repeat the amount, or say that it is rounded.
_IN_WORDS: Final = lazy(r"\((?=[^()]*[^\W\d])[^()\d]*(?:\d\d/100[^()\d]*)?\)$")
_CENTS: Final = lazy(r"(?<![\d.,])(\d\d)/100\b")
# “5mn” is five million in one place and five pesos in another.
_MILLION: Final = lazy(r"\d ?mn(?![^\W_])")
_MEXICAN: Final = lazy(r"(?<![^\W\d_])m\.? ?n\.?(?![^\W_])")
_PESOS: Final = lazy(r"\bpesos?\s+mexicanos?\b|\bmexican\s+pesos?\b|\bmoneda\s+nacional\b")
_POINTED: Final = lazy(r"(?<![^\W\d_])(?:[^\W\d_]{1,2}\. ?){2,}(?![^\W_])")
_THOUSAND: Final = 3
_EXPONENT: Final = lazy(r"([+-]?\d+(?:\.\d+)?)e([+-]?\d{1,2})", re.ASCII)
_TOKEN: Final = lazy(
    r"(?P<number>\d[\d.,' ]*(?<=[\d.])|[.,]\d+)|(?P<word>[^\W\d_]+)|(?P<blank>[\s.,~]+)|(?P<other>.)", re.DOTALL
)


def suggest_number(value: str) -> tuple[str, ...]:
    """Return the plain numbers that a text may mean: none, one, or two where a mark may be either.

    >>> suggest_number("1,000,000"), suggest_number("$5"), suggest_number("1.000.000,50")
    (('1000000',), ('5',), ('1000000.50',))
    >>> suggest_number("USD 2.5 million"), suggest_number("250,000.00 M.N."), suggest_number("5 mil millones")
    (('2500000',), ('250000.00',), ('5000000000',))
    >>> suggest_number("(5,000.00)"), suggest_number("$1.000"), suggest_number("1.23.456"), suggest_number("lots")
    (('-5000.00',), ('1000', '1.000'), (), ())
    """
    return tuple(each for each in _read(value) if each != value.strip())


def read_amount(value: str, marks: str = "") -> str | None:
    """Return the plain number that a text certainly means, or None.

    Args:
        value: the text.
        marks: `","` or `"."`, the mark of thousands where that is known; each is tried where it is not.

    >>> read_amount("$1,234,567.00"), read_amount("1.000", "."), read_amount("1.000"), read_amount("n/a")
    ('1234567.00', '1000', '1.000', None)
    """
    if not marks and re.fullmatch(DECIMAL, value, re.ASCII):
        return value
    found = _read(value, marks)
    return found[0] if len(found) == 1 else None


def has_unit(value: str) -> bool:
    """Return whether a text names thousands or millions.

    >>> has_unit("25 mdp"), has_unit("$25,000.00 M.N."), has_unit("3M")
    (True, False, True)
    """
    said = re.findall(r"[^\W\d_]+", _joined(unaccented(plain(value).casefold())))
    return any(word in words("multiples") for word in said)


def scale(header: str) -> tuple[int, str]:
    """Return the power of ten that a header names, and what of the header stands before it.

    >>> scale("Monto (mdp)"), scale("Presupuesto en miles de pesos"), scale("Budget (USD)"), scale("miles_driven")
    ((6, 'Monto ('), (3, 'Presupuesto en '), (0, 'Budget (USD)'), (3, ''))
    """
    named = [
        (words("multiples")[word], match.start())
        for match in re.finditer(r"[^\W\d_]+", header)
        if len(word := unaccented(match[0].casefold())) > 1 and word in words("multiples")
    ]
    return sum(power for power, _ in named), header[: named[0][1]] if named else header


def currency_named(value: str) -> tuple[str, bool]:
    """Return the code of the currency that stands beside an amount, and whether others are called the same.

    The code is empty where there is none, or several. The sign `$` is that of any peso and dollar, and names none; that
    of yen and yuan stands for itself.

    >>> [currency_named(each) for each in ("MXN 1 mdp", "25 mdp", "US$5", "€ 5", "5,000.00 M.N.", "$5", "5 million")]
    [('MXN', False), ('MXN', True), ('USD', False), ('EUR', False), ('MXN', False), ('', False), ('', False)]
    >>> currency_named("¥500")
    ('¥', False)
    """
    text = _PESOS.sub("mxn", _joined(unaccented(plain(value).casefold())))
    named: dict[str, bool] = {}
    for word in re.findall(r"[^\W\d_]+|[€£]", text):
        if word in _codes():
            named[word.upper()] = False
        elif code := words("currencies").get(word):
            is_kind = word in words("kinds-of-currency")["texts"]
            named[code] = named.get(code, True) and is_kind
    if not named and _YEN in text:
        return _YEN, False
    return next(iter(named.items())) if len(named) == 1 else ("", False)


def is_currency(text: str) -> bool:
    """Return whether words of a header of amounts are the name or the code of a currency, and nothing else.

    Of the codes, those of currencies that have other names here; SSP is an authority first, then a pound.

    >>> [is_currency(each) for each in ("US$", "pesos_mexicanos", "M.N.", "EUR", "$", "dólares canadienses")]
    [True, True, True, True, True, True]
    >>> [is_currency(each) for each in ("MX", "mn", "mdp", "miles de pesos", "SSP", "ALL", "pesos corrientes")]
    [False, False, False, False, False, False, False]
    """
    key = " ".join(unaccented(plain(text).casefold()).replace("_", " ").split())
    if key in words("no-currencies")["texts"] or has_unit(key):
        return False
    key = key.replace(".", "")
    return key in words("currencies") or key in words("signs") or key.upper() in words("currencies").values()


def currency_words(header: str) -> str:
    """Return what of a header of amounts may name a currency: not a country, nor `mn`, which stands for millions too.

    >>> [currency_words(each) for each in ("Budget (MXN)", "Monto EUA (mn)", "Amount US$", "Monto M.N.")]
    ['Budget (MXN)', 'Monto  ()', 'Amount US$', 'Monto M.N.']
    """
    usual = words("no-currencies")["texts"]
    return re.sub(r"(?<!\$)\b[^\W\d_]+\b(?!\$)", lambda word: "" if word[0].casefold() in usual else word[0], header)


def names_other_currency(value: str, currency: str) -> bool:
    """Return whether a text of an amount names another currency than one with a code.

    >>> [names_other_currency("MXN 1 mdp", each) for each in ("USD", "MXN", "n/a")]
    [True, False, False]
    >>> [names_other_currency("5 pesos", each) for each in ("USD", "ARS")], names_other_currency("$5", "EUR")
    ([True, False], False)
    >>> [names_other_currency("¥500", each) for each in ("MXN", "JPY", "CNY")]
    [True, False, False]
    """
    (named, is_kind), code = currency_named(value), currency.upper()
    if not named or named == code or currency.casefold() not in _codes():
        return False
    if named == _YEN:
        return code not in words("signs")[_YEN]
    return not (is_kind and _kind_of(named) == _kind_of(code))


def is_statement_of_units(text: str) -> bool:
    """Return whether a note says that amounts are in thousands or millions, and nothing else.

    >>> [is_statement_of_units(each) for each in ("(Cifras en millones de pesos)", "Amounts in USD thousands", "mdp")]
    [True, True, True]
    >>> [is_statement_of_units(each) for each in ("Cifras en pesos", "Programa Mil Oportunidades", "5 mil jóvenes")]
    [False, False, False]
    """
    if len(text) > _LONGEST or not scale(text)[0]:
        return False
    usual = {*words("units-stated")["texts"], *words("multiples"), *words("around-amounts")["texts"]}
    said = re.findall(r"\w+", unaccented(text.casefold()))
    return all(word in usual or word in _codes() for word in said)


def _read(value: str, marks: str = "") -> tuple[str, ...]:
    spelt = plain(value)
    if len(spelt) > _LONGEST or is_error(spelt) or is_placeholder(spelt) or _MILLION.search(spelt):
        return ()
    text, cents = _without_words(spelt.casefold())
    if exponent := _EXPONENT.fullmatch(_SIGNS.sub("", text).strip()):
        return _limited([_shifted(exponent[1], int(exponent[2]))])
    text, negative = _sign(text)
    found = []
    for thousands in marks or ",.":
        amount = _amount(text, thousands)
        if amount is not None and (amount := _with_cents(amount, cents)) is not None:
            found.append(f"-{amount}" if negative else amount)
    # A comma before three digits parts thousands in both countries; a point may part them or begin the decimals.
    if not re.search(r"\d ?\.", text):
        del found[1:]
    return _limited(dict.fromkeys(reversed(found)))


def _limited(found: dict[str, None] | list[str]) -> tuple[str, ...]:
    return tuple(each for each in found if len(each) <= _DIGITS)


def _without_words(text: str) -> tuple[str, str]:
    """Return a text without what repeats the amount in words, and the cents that stand there as `50/100`."""
    cents = _CENTS.search(text)
    text = _IN_WORDS.sub("", text).strip()
    return _CENTS.sub("", text).strip(), cents[1] if cents else ""


def _with_cents(amount: str, cents: str) -> str | None:
    whole, point, decimals = amount.partition(".")
    if not cents or decimals == cents:
        return amount
    return (amount if cents == "00" else f"{whole}.{cents}") if not point else None


def _sign(text: str) -> tuple[str, bool]:
    """Return a text without its sign, and whether that makes the amount negative.

    >>> _sign("(5,000)"), _sign("$(5)"), _sign("-$5"), _sign("$ -5"), _sign("5-"), _sign("5.-"), _sign("+5")
    (('5,000', True), ('$5', True), ('$5', True), ('$ 5', True), ('5', True), ('5', False), ('5', False))
    """
    if text.count("(") == text.count(")") == 1 and text.endswith(")") and not re.search(r"\d", text.partition("(")[0]):
        return text.replace("(", "").replace(")", "").strip(), True
    text = re.sub(r"(?<=\d)\.-+$", "", text)
    if found := re.fullmatch(r"(\D*?)([+-])\s?([^+-]*)", text):
        return found[1] + found[3], found[2] == "-"
    if found := re.fullmatch(r"([^-]*\d)\s?-", text):
        return found[1], True
    return text, False


def _amount(text: str, thousands: str) -> str | None:
    """Return the number that digits, units and names of currencies make, or None if anything else is among them."""
    tokens = [(match.lastgroup, match[0]) for match in _TOKEN.finditer(_joined(text))]
    said: list[str | int] = []
    for kind, token in tokens:
        if kind == "number":
            number = _plain_number(token.strip(), thousands)
            if number is None:
                return None
            said.append(number)
        elif kind == "word":
            word = unaccented(token)
            if said and word in words("multiples"):
                said.append(words("multiples")[word])
            elif word not in words("around-amounts")["texts"] and word not in _codes():
                return None
        elif kind == "other" and not _SIGNS.fullmatch(token):
            return None
    return _composed(said)


def _joined(text: str) -> str:
    """Return a text whose abbreviations are words: `m.n.`, `u.s.`, `m.d.p.`, `u$s`."""
    text = _MEXICAN.sub(" mn ", text.replace("u$s", "us ").replace("u$d", "us "))
    return _POINTED.sub(lambda match: re.sub(r"[.\s]", "", match[0]) + " ", text)


@cache
def _codes() -> frozenset[str]:
    """Return the codes of all currencies, in small letters."""
    from bicentennial.core.namespaces import BIC
    from bicentennial.vocabulary.index import default_index

    index = default_index()
    each = (index.individuals[iri] for iri in index.of_classes(frozenset({BIC.Currency})))
    return frozenset(code.casefold() for one in each for code in one["notations"])


@cache
def _kind_of(code: str) -> str:
    """Return what the currency with a code is called without its country: the last word of its English name."""
    from bicentennial.core.namespaces import BIC
    from bicentennial.vocabulary.index import default_index, normalize_key

    index = default_index()
    named = index.named(normalize_key(code), frozenset({BIC.Currency}))
    return index.label(named[0], "en").rpartition(" ")[2] if named else ""


def _plain_number(number: str, thousands: str) -> str | None:
    """Return a number without marks between thousands, or None if its marks make no sense.

    >>> [_plain_number(each, ",") for each in ("1,234.5", "1'234,567.00", "1 234", "1,5", "12,34.5", "0,500", "1,2,3")]
    ['1234.5', '1234567.00', '1234', None, None, None, None]
    >>> [_plain_number(each, ".") for each in ("1.234,5", "1,5", "0,500", "1.23.456", ",5")]
    ['1234.5', '1.5', '0.500', None, '0.5']
    """
    decimal = "." if thousands == "," else ","
    whole, point, rest = number.partition(decimal)
    if (point and not rest.isdigit() and rest) or (point and not rest and decimal == ","):
        return None
    groups = re.split(rf"[{re.escape(thousands)}' ]", whole)
    marks = set(re.findall(rf"[{re.escape(thousands)}' ]", whole))
    if len(groups) > 1 and not (
        1 <= len(groups[0]) <= 3
        and (groups[0].strip("0") or len(groups) > 2)
        and all(len(group) == 3 for group in groups[1:])
        and (len(marks) == 1 or marks == {thousands, "'"})
    ):
        return None
    digits = "".join(groups).lstrip("0") or "0"
    return digits + (f".{rest}" if rest else "")


def _composed(said: list[str | int]) -> str | None:
    """Return what numbers and powers of ten mean together, or None if they do not follow on one another.

    >>> _composed(["3", 3, "500", 6]), _composed(["2", 6, "500", 3]), _composed(["1.5", 6]), _composed(["5", "6"])
    ('3500000000', '2500000', '1500000', None)
    """
    if len(said) == 1 and isinstance(said[0], str):
        return said[0]
    total, current = Decimal(0), None
    below = last = _DIGITS
    for before, each in zip([6, *said], said, strict=False):
        if isinstance(each, str):
            if isinstance(before, str) or (current is not None and ("." in each or current % 1)):
                return None
            current = Decimal(each) + (current or 0)
            if Decimal(each) >= Decimal(10) ** last:
                return None
        elif current is None or each >= below or (each == last == _THOUSAND):
            return None
        elif each == _THOUSAND:
            current *= 1000
        else:
            total, current, below = total + current.scaleb(each), None, each
        last = each if isinstance(each, int) else last
        if current is not None and current >= Decimal(10) ** below:
            return None
    return _written(total + (current or 0)) if said else None


def _written(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shifted(number: str, places: int) -> str:
    """Return a number times a power of ten, with all its digits.

    >>> _shifted("2.50", 6), _shifted("1.23456", 2), _shifted("5", -3), _shifted("-0.5", 3)
    ('2500000', '123.456', '0.005', '-500')
    """
    return _written(Decimal(number).scaleb(places))
