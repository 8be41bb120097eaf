r"""Facts of records in columns, for questions in SQL: derived from the records, and rebuilt whenever that is wanted.

>>> body = 'bic:budgetAmount "80000"^^xsd:decimal\nbic:advancesGoal bicd:goal-x\nskos:prefLabel "Sala\\n2"@es'
>>> for value in parsed(body):
...     print(*map(repr, value))
'bic:budgetAmount' '80000' 'xsd:decimal'
'bic:advancesGoal' 'bicd:goal-x' None
'skos:prefLabel' 'Sala\n2' '@es'
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.monitoring.store.database import Database

__all__ = ["TABLES", "Value", "add_facts", "derived", "kind_of", "kind_of_body", "parsed", "rebuild"]

_LINKS: Final = (
    "bic:advancesGoal",
    "bic:advancesPillar",
    "bic:honorsCommitment",
    "bic:hasResponsibleParty",
    "bic:hasPartner",
    "bic:hasTheme",
    "bic:takesPlaceIn",
    "bic:usesInstrument",
    "bic:measures",
    "bic:hasStatus",
)
"""The properties whose values the questions group and join by."""
_LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(@[A-Za-z0-9-]+|\^\^\S+)?', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(u0000|.)")
_PLAIN: Final = {"n": "\n", "r": "\r", "u0000": "\0"}
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_KINDS: Final = ("Action", "Indicator", "Measurement", "Submission")


class Value(NamedTuple):
    """A property and one of its values; `kind` is None for a thing, otherwise a datatype, `@` and a language, or ""."""

    property: str
    value: str
    kind: str | None


def parsed(body: str) -> list[Value]:
    """Return the properties and values of a record."""
    return [_parsed(line) for line in body.split("\n") if line]


def _parsed(line: str) -> Value:
    name, _, rest = line.partition(" ")
    found = _LITERAL.fullmatch(rest)
    if found is None:
        return Value(name, rest[1:-1] if rest.startswith("<") else rest, None)
    text = _ESCAPED.sub(lambda match: _PLAIN.get(match[1], match[1]), found[1])
    return Value(name, text, (found[2] or "").removeprefix("^^"))


def kind_of(classes: Iterable[str]) -> str:
    """Return the kind of a record: the first of our classes that counts, in lower case."""
    named = list(classes)
    return next((kind for kind in _KINDS if kind in named), min(named, default="thing")).lower()


def kind_of_body(body: str) -> str:
    r"""Return the kind of a record by the classes that its body states.

    >>> kind_of_body('dcterms:identifier "A-1"\nrdf:type bic:Action')
    'action'
    """
    named = (line.removeprefix("rdf:type ").strip("<>") for line in body.split("\n") if line.startswith("rdf:type "))
    return kind_of(re.split(r"[:/#]", each)[-1] for each in named)


def derived(records: Iterable[tuple[int, str, str]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each table for questions that records, each its number, kind and body, give."""
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    links: set[tuple[int, str, str]] = set()
    for number, kind, body in records:
        if kind in _ROWS and body:
            values = parsed(body)
            rows[kind].append((number, *_ROWS[kind](_first(values))))
            links.update((number, each.property, each.value) for each in values if each.property in _LINKS)
    return {**rows, "link": sorted(links)}


def add_facts(database: Database, records: Iterable[tuple[int, str, str]]) -> None:
    """Put the facts of records, each its number, kind and body, into the tables for questions."""
    for table, rows in derived(records).items():
        columns = TABLES[table]
        marks = ", ".join("?" * (columns.count(",") + 1))
        database.executemany(
            f"INSERT INTO {table}({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608 - constants
            rows,
        )


def rebuild(database: Database) -> None:
    """Make the tables of facts again from the records."""
    with database.transaction():
        for table in TABLES:
            database.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
        add_facts(database, database.all("SELECT id, kind, body FROM record ORDER BY id"))


TABLES: Final = {
    "action": "record, status, start_date, due_date, end_date, budget, currency, modality, title_en, title_es",
    "indicator": "record, title_en, title_es, unit, baseline, baseline_date, target, due_date",
    "measurement": "record, indicator, value, date",
    "link": "record, property, target",
}
"""The tables for questions and their columns."""


def _first(values: list[Value]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in values:
        found.setdefault(f"{each.property}{each.kind if (each.kind or '').startswith('@') else ''}", each.value)
        found.setdefault(each.property, each.value)
    return found


def _title(first: dict[str, str], language: str) -> str | None:
    return first.get(f"skos:prefLabel@{language}")


def _number(text: str | None) -> float | int | None:
    """Return the number that a record states; None of a text, which may stand where a reviewer has accepted faults.

    >>> _number("250000"), _number("0.5"), _number("inf"), _number("1" + "0" * 400), _number("1_000"), _number(None)
    (250000, 0.5, None, None, None, None)
    """
    number = float(text) if text and _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _action(first: dict[str, str]) -> tuple[Any, ...]:
    status, modality = first.get("bic:hasStatus"), first.get("bic:hasModality")
    dates = [first.get(f"bic:{name}") for name in ("startDate", "dueDate", "endDate")]
    money = _number(first.get("bic:budgetAmount")), first.get("bic:budgetCurrency")
    return status, *dates, *money, modality, _title(first, "en"), _title(first, "es")


def _indicator(first: dict[str, str]) -> tuple[Any, ...]:
    titles = _title(first, "en"), _title(first, "es")
    baseline = _number(first.get("bic:baselineValue")), first.get("bic:baselineDate")
    return *titles, first.get("bic:unit"), *baseline, _number(first.get("bic:targetValue")), first.get("bic:dueDate")


def _measurement(first: dict[str, str]) -> tuple[Any, ...]:
    return first.get("bic:observes"), _number(first.get("bic:numericValue")), first.get("dcterms:date")


_ROWS: Final = {"action": _action, "indicator": _indicator, "measurement": _measurement}
