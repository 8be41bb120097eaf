"""What differs between two submissions, cell by cell, and what became of one thing over time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from bicentennial.core.escape import plain
from bicentennial.core.findings import Location, column_letter
from bicentennial.monitoring.store.facts import parsed
from bicentennial.storage.origins import escaped
from bicentennial.validation.records import PREFIXES

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["Difference", "Places", "compare", "long", "readable", "values_of"]

_CHANGED: Final = """
    WITH held AS (
        SELECT subject, record, sheet, row_number, 0 AS side FROM member WHERE submission = ?
        UNION ALL SELECT subject, record, sheet, row_number, 1 FROM member WHERE submission = ?
    )
    SELECT u.name,
        max(CASE WHEN h.side = 0 THEN h.record END), max(CASE WHEN h.side = 0 THEN h.sheet END),
        max(CASE WHEN h.side = 0 THEN h.row_number END),
        max(CASE WHEN h.side = 1 THEN h.record END), max(CASE WHEN h.side = 1 THEN h.sheet END),
        max(CASE WHEN h.side = 1 THEN h.row_number END)
    FROM held h JOIN subject u ON u.id = h.subject
    GROUP BY u.name HAVING count(*) = 1 OR min(h.record) <> max(h.record) ORDER BY u.name
"""
ABOUT_THE_FILE: Final = ("submission",)
"""Kinds of records that speak of the handing in and are no part of what is compared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of one thing that two submissions say differently.

    `property` is None where the thing came or went, and where it was redacted, so that only its places are known.
    `before` and `after` are the values as records write them.
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
        found = database.value("SELECT places FROM content WHERE submission = ?", [submission])
        self._known = json.loads(found) if found else {}

    def at(self, sheet: int | None, line: int | None, name: str | None) -> Location:
        """Return the place of a subject, by its sheet and row, or of its values of a property, with its prefix."""
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


def readable(name: str) -> str:
    """Return the name of a row's thing as its identifier was written, which is percent-encoded in names.

    >>> readable("ngo/ports/action/Acci%C3%B3n%201%2FA"), readable("https://example.org/a%20b")
    ('ngo/ports/action/Acción 1/A', 'https://example.org/a%20b')
    """
    return name if ":" in name.partition("/")[0] else plain(unquote(name))


def values_of(body: str) -> dict[str, tuple[str, ...]]:
    """Return the values of a record by property, sorted."""
    found: dict[str, list[str]] = {}
    for each in parsed(body):
        found.setdefault(each.property, []).append(each.value)
    return {name: tuple(sorted(values)) for name, values in found.items()}


def compare(database: Database, before: int, after: int) -> list[Difference]:
    """Return what two submissions say differently, by subject and property."""
    rows = database.all(_CHANGED, [before, after])
    if not rows:
        return []
    records = _records(database, [number for row in rows for number in (row[1], row[4]) if number is not None])
    old, new = Places(database, before), Places(database, after)
    found: list[Difference] = []
    for name, b_record, b_sheet, b_row, a_record, a_sheet, a_row in rows:
        (kind, b_body), (a_kind, a_body) = records.get(b_record, ("", "")), records.get(a_record, ("", ""))
        kind = a_kind or kind
        if kind in ABOUT_THE_FILE:
            continue
        if b_record is None or a_record is None:
            title = values_of(a_body or b_body).get("skos:prefLabel", ())
            if b_record is None:
                found.append(Difference(name, kind, None, (), title, (None, new.at(a_sheet, a_row, None))))
            else:
                found.append(Difference(name, kind, None, title, (), (old.at(b_sheet, b_row, None), None)))
            continue
        if not b_body or not a_body:
            places = old.at(b_sheet, b_row, None), new.at(a_sheet, a_row, None)
            found.append(Difference(name, kind, None, (), (), places))
            continue
        said, says = values_of(b_body), values_of(a_body)
        found += [
            Difference(
                name,
                kind,
                each,
                said.get(each, ()),
                says.get(each, ()),
                (old.at(b_sheet, b_row, each), new.at(a_sheet, a_row, each)),
            )
            for each in sorted({*said, *says})
            if said.get(each) != says.get(each)
        ]
    return found


def _records(database: Database, numbers: list[int]) -> dict[int | None, tuple[str, str]]:
    rows = database.all_in("SELECT id, kind, body FROM record WHERE id IN (*)", numbers)
    return {number: (kind, body) for number, kind, body in rows}
