"""Parties and places that are the partner's own because a mapping file says so.

A workbook has a sheet for them; a bare table has none, so the mapping file names them one by one, or the columns whose
every value is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Finding, Location
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, make_iri
from bicentennial.core.problems import make_finding
from bicentennial.core.startup.patterns import lazy
from bicentennial.semantics.records import several
from bicentennial.storage.statement import Statement
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bicentennial.core.grid import Cell
    from bicentennial.semantics.values.resolver import Resolver

__all__ = ["DeclaredColumns", "listed_parties", "named_in_columns"]

_REGISTERED: Final = lazy(r"([A-Z]{2,3}-[A-Z0-9_]+)-(\S+)")


def listed_parties(parties: Iterable[dict[str, str]], resolver: Resolver) -> Iterator[Statement]:
    """Yield what a mapping file says of the parties that it lists, and let values name them."""
    for party in parties:
        names = [party[key] for key in ("id", "name", "acronym") if party.get(key)]
        if not names:
            continue
        subject = make_iri(BIC.Party, names[0])
        resolver.declare(BIC.Party, subject, names)
        yield Statement.iri(subject, RDF.type, BIC.Party)
        yield Statement.literal(subject, SKOS.prefLabel, party.get("name", names[0]), lang=party.get("language", "en"))
        if party.get("id"):
            yield Statement.literal(subject, DCTERMS.identifier, party["id"])
        if party.get("acronym"):
            yield Statement.literal(subject, SKOS.notation, party["acronym"])


class DeclaredColumns:
    """The columns of a submission, or the keys of its objects, whose every value is one of the partner's own.

    Args:
        declare: what a mapping file says of them: the class, the header of the names and perhaps of identifiers.
    """

    def __init__(self, declare: Sequence[Mapping[str, str]]) -> None:
        self._declare = declare
        self._found: set[int] = set()

    def own(
        self, headers: Sequence[str], cell: Callable[[int, int], Cell], numbers: Sequence[int]
    ) -> Iterator[tuple[str, str, str, int]]:
        """Yield class, name, identifier and row of each thing that a table names, with the row that names it first.

        Args:
            headers: the headers of the table, or the keys of its objects.
            cell: what stands in a column and a record, both counted from 0.
            numbers: the rows of the records.
        """
        places = {normalize_key(text): position for position, text in enumerate(headers) if text}
        for number, each in enumerate(self._declare):
            position = places.get(normalize_key(each["name"]))
            if position is None:
                continue
            self._found.add(number)
            identifying = places.get(normalize_key(each.get("id", "")))
            seen: set[str] = set()
            for record, row in enumerate(numbers):
                names = several(cell(position, record))
                identifiers = several(cell(identifying, record)) if identifying is not None else []
                if len(identifiers) != len(names):
                    identifiers = [""] * len(names)
                for name, identifier in zip(names, identifiers, strict=True):
                    if name not in seen:
                        seen.add(name)
                        yield BIC.Place if each["as"] == "place" else BIC.Party, name, identifier, row

    def missing(self, file: str) -> Iterator[Finding]:
        """Yield a finding for each column that no table had."""
        for number, each in enumerate(self._declare):
            if number not in self._found:
                yield make_finding(
                    "declare-without-column", Location(file=file), value=each["name"], header=each["name"]
                )


def declared(named: Iterable[tuple[str, Location]], most: int) -> Iterator[Finding]:
    """Yield a finding for each name that only a mapping file makes one of the partner's own.

    Args:
        named: the names, each with the place where it stands first.
        most: how many are named; the others are counted.
    """
    rest = 0
    for number, (name, place) in enumerate(named):
        if number < most:
            yield make_finding("declared-by-mapping", place, name=name, value=name)
        else:
            rest += 1
    if rest:
        yield make_finding("declared-by-mapping-more", Location(file=place.file), count=rest)


def named_in_columns(own: Iterable[tuple[str, str, str, int]], sheet: int, resolver: Resolver) -> Iterator[Statement]:
    """Yield what the columns that a mapping file declares say, and let values name it.

    Args:
        own: class, name, identifier and row of each thing; what is known already stays what it is.
        sheet: the number of the sheet.
        resolver: learns the names.
    """
    identified: dict[tuple[str, str], str] = {}
    for class_iri, name, identifier, row in own:
        found = resolver.resolve(name, (class_iri,))
        if found.iri is not None or found.candidates:
            continue
        same = identified.get((class_iri, identifier)) if identifier else None
        resolver.declare(class_iri, same or make_iri(class_iri, identifier or name), [name])
        if same is not None:  # another spelling of the same thing
            yield Statement.literal(same, SKOS.altLabel, name)._replace(sheet=sheet, row=row)
            continue
        subject = make_iri(class_iri, identifier or name)
        said = [Statement.iri(subject, RDF.type, class_iri), Statement.literal(subject, SKOS.prefLabel, name)]
        if identifier:
            identified[class_iri, identifier] = subject
            said.append(Statement.literal(subject, DCTERMS.identifier, identifier))
            registered = _REGISTERED.fullmatch(identifier)
            if registered and class_iri == BIC.Party:
                code = f"{registered[1]}:{registered[2]}"
                said.append(Statement.literal(subject, BIC.externalIdentifier, code))
        yield from (each._replace(sheet=sheet, row=row) for each in said)
