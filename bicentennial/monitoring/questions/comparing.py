"""What differs between two submissions, cell by cell, and what became of one thing over time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.findings import Location, column_letter
from bicentennial.monitoring.store.facts import parsed
from bicentennial.storage.origins import escaped
from bicentennial.validation.records import PREFIXES

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["Difference", "Places", "compare", "long", "values_of"]

ABOUT_THE_FILE: Final = ("submission",)
"""Kinds of records that speak of the handing in and are no part of what is compared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of one thing that two submissions say differently; `property` is None where the thing came or went.

    `before` and `after` are the values as records write them, `places` the places of both.
    """

    subject: str
    kind: str
    property: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    places: tuple[Location | None, Location | None]

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON holds it."""
        return {
            "subject": self.subject,
            "kind": self.kind,
            "property": self.property,
            "before": list(self.before),
            "after": list(self.after),
            "places": [place.to_dict() if place else None for place in self.places],
        }


class Places:
    """Where the things of a submission stand in its file."""

    def __init__(self, database: Database, submission: int) -> None:
        self._database, self._submission = database, submission
        found = database.value("SELECT places FROM content WHERE submission = ?", [submission])
        self._known = json.loads(found) if found else {}

    def locate(self, subject: int | None, name: str | None) -> Location | None:
        """Return the place of a subject, by its number, or of its values of a property, written with its prefix."""
        row = self._database.one(
            "SELECT sheet, row_number FROM member WHERE submission = ? AND subject = ?", [self._submission, subject]
        )
        if row is None:
            return None
        sheet, line = row
        file, kind = self._known.get("file"), self._known.get("kind")
        its = self._known.get("sheets", {}).get(str(sheet))
        if its is None or line is None:
            return Location(file=file, line=line if kind == "text" else None)
        columns = its["columns"].get(long(name), []) if name else []
        if kind == "json":
            pointer = (its["name"] or "") + ("" if its.get("alone") else f"/{line - 1}")
            keys = {key for _, key in columns}
            if len(keys) != 1:  # none, or one of those that mean the same
                return Location(file=file, pointer=pointer)
            (key,) = keys
            return Location(file=file, header=key, pointer=f"{pointer}/{escaped(key)}")
        if not columns or not columns[0][0]:
            return Location(file, its["name"], line)
        return Location(file, its["name"], line, column_letter(columns[0][0]), columns[0][1])


def long(name: str | None) -> str:
    """Return the IRI of a name that a record writes with a prefix.

    >>> long("bic:dueDate")
    'https://w3id.org/bicentennial/ontology#dueDate'
    """
    prefix, _, local = (name or "").partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else (name or "").strip("<>")


def values_of(body: str) -> dict[str, tuple[str, ...]]:
    """Return the values of a record by property, sorted."""
    found: dict[str, list[str]] = {}
    for each in parsed(body):
        found.setdefault(each.property, []).append(each.value)
    return {name: tuple(sorted(values)) for name, values in found.items()}


def compare(database: Database, before: int, after: int) -> list[Difference]:
    """Return what two submissions say differently, by subject and property."""
    rows = database.all(
        "WITH changed AS (SELECT subject, record, 0 AS side FROM member WHERE submission = ? UNION ALL"
        " SELECT subject, record, 1 FROM member WHERE submission = ?)"
        " SELECT u.name, max(CASE WHEN c.side = 0 THEN c.subject END), max(CASE WHEN c.side = 0 THEN c.record END),"
        " max(CASE WHEN c.side = 1 THEN c.subject END), max(CASE WHEN c.side = 1 THEN c.record END)"
        " FROM changed c JOIN subject u ON u.id = c.subject GROUP BY u.name"
        " HAVING count(*) = 1 OR min(c.record) <> max(c.record) ORDER BY u.name",
        [before, after],
    )
    records = _records(database, [number for row in rows for number in (row[2], row[4]) if number is not None])
    old, new = Places(database, before), Places(database, after)
    found: list[Difference] = []
    for name, b_subject, b_record, a_subject, a_record in rows:
        (kind, b_body), (a_kind, a_body) = records.get(b_record, ("", "")), records.get(a_record, ("", ""))
        kind = a_kind or kind
        if kind in ABOUT_THE_FILE:
            continue
        if b_subject is None or a_subject is None:
            places = old.locate(b_subject, None), new.locate(a_subject, None)
            title = values_of(a_body or b_body).get("skos:prefLabel", ())
            before_title, after_title = ((), title) if b_subject is None else (title, ())
            found.append(Difference(name, kind, None, before_title, after_title, places))
            continue
        said, says = values_of(b_body), values_of(a_body)
        found += [
            Difference(
                name,
                kind,
                each,
                said.get(each, ()),
                says.get(each, ()),
                (old.locate(b_subject, each), new.locate(a_subject, each)),
            )
            for each in sorted({*said, *says})
            if said.get(each) != says.get(each)
        ]
    return found


def _records(database: Database, numbers: list[int]) -> dict[int | None, tuple[str, str]]:
    found: dict[int | None, tuple[str, str]] = {}
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        marks = ", ".join("?" * len(some))
        query = f"SELECT id, kind, body FROM record WHERE id IN ({marks})"  # noqa: S608 - marks alone
        found.update({number: (kind, body) for number, kind, body in database.all(query, some)})
    return found
