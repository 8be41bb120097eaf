"""The sheets and columns of a submission, as `ontology/tables.ttl` describes them.

>>> [table.name["en"] for table in tables()]
['actions', 'finances', 'indicators', 'measurements', 'milestones', 'parties', 'places']
>>> tables()[0].columns[0].header
{'en': 'id', 'es': 'identificador'}
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from bicentennial.core.namespaces import BIC, CSVW, RDF, SKOS
from bicentennial.rdf.ontology import read

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CsvwColumn", "CsvwTable", "tables"]


@dataclass(frozen=True, slots=True)
class CsvwColumn:
    """A column: its key in JSON, the property it gives, and its header by language.

    `required` columns must be there; `template` says whether the blank template offers it. `describes` is the class of
    the thing `about` which the column is, where that is not the row: both are empty for most.
    """

    name: str
    property: str
    header: Mapping[str, str]
    required: bool
    template: bool
    about: str = ""
    describes: str = ""


@dataclass(frozen=True, slots=True)
class CsvwTable:
    """A sheet: the class of which each row is one thing, its names by language, its columns in order."""

    describes: str
    name: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]]
    columns: tuple[CsvwColumn, ...]


class _Graph:
    """Triples by subject and predicate."""

    def __init__(self, triples: list[ox.Triple]) -> None:
        self.about: dict[str, dict[str, list[ox.NamedNode | ox.Literal | ox.BlankNode]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for triple in triples:
            assert not isinstance(triple.subject, ox.Triple)
            assert not isinstance(triple.object, ox.Triple)
            self.about[triple.subject.value][triple.predicate.value].append(triple.object)

    def one(self, subject: str, predicate: str) -> str:
        (value,) = self.about[subject][predicate]
        return value.value

    def any(self, subject: str, predicate: str) -> str:
        return self.one(subject, predicate) if self.about[subject][predicate] else ""

    def texts(self, subject: str, predicate: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for value in self.about[subject][predicate]:
            assert isinstance(value, ox.Literal)
            found.setdefault(value.language or "", []).append(value.value)
        return {language: tuple(sorted(found[language])) for language in sorted(found)}

    def members(self, start: str) -> list[str]:
        found = []
        while start != RDF.nil:
            found.append(self.one(start, RDF.first))
            start = self.one(start, RDF.rest)
        return found


@cache
def tables() -> tuple[CsvwTable, ...]:
    """Return the sheets in the order of their names."""
    graph = _Graph(read("tables.ttl"))
    found = [
        CsvwTable(
            describes=graph.one(iri, BIC.describes),
            name={language: names[0] for language, names in graph.texts(iri, SKOS.prefLabel).items()},
            alternatives=graph.texts(iri, SKOS.altLabel),
            columns=tuple(
                CsvwColumn(
                    name=graph.one(column, CSVW.name),
                    property=graph.one(column, CSVW.propertyUrl),
                    header={language: titles[0] for language, titles in graph.texts(column, CSVW["title"]).items()},
                    required=graph.one(column, CSVW.required) == "true",
                    template=graph.one(column, BIC.inTemplate) == "true",
                    about=graph.any(column, CSVW.aboutUrl),
                    describes=graph.any(column, BIC.describes),
                )
                for column in graph.members(graph.one(graph.one(iri, CSVW.tableSchema), CSVW.column))
            ),
        )
        for iri in sorted(graph.about)
        if ox.NamedNode(CSVW.Table) in graph.about[iri][RDF.type]
    ]
    return tuple(sorted(found, key=lambda table: table.name["en"]))
