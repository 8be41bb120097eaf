"""What intake knows of the ontology, from the compiled index: no Turtle is parsed on the way of a small file.

`Index` wraps `compiled/index.json`: classes, properties and the tables that partners fill.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from bicentennial.core import namespaces
from bicentennial.core.messages import LANGUAGES, section
from bicentennial.core.namespaces import BIC, DCTERMS, XSD, compact, local_name, snake_case
from bicentennial.core.resources import COMPILED
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.prepared import Unpacked, packed, prepared

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NotRequired, TypedDict

    class _Compiled(TypedDict):
        """What `index.json` holds; `_read` adds `names`, `members` and `headers`."""

        classes: dict[str, dict[str, Any]]
        properties: dict[str, dict[str, Any]]
        individuals: dict[str, Any]
        tables: list[dict[str, Any]]
        shapes: NotRequired[list[str]]
        codelists: NotRequired[list[dict[str, Any]]]
        external: NotRequired[dict[str, list[str]]]
        versions: NotRequired[list[dict[str, str]]]
        replaced: NotRequired[dict[str, str]]
        names: NotRequired[dict[str, list[str]]]
        members: NotRequired[dict[str, list[str]]]
        headers: NotRequired[dict[str, dict[str, tuple[int, str]]]]


__all__ = ["NAMED_BY_IDENTIFIER", "Column", "Index", "Table", "default_index", "names_of", "normalize_key", "written"]

_FILE: Final = COMPILED / "index.json"

# All but letters and digits, and points between digits.
_JOINTS: Final = re.compile(r"(?<!\d)[.,]|[.,](?!\d)|[^\w.,]|_")
_OTHERS: Final = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())


def normalize_key(text: str) -> str:
    """Return what is left of a name when case, accents, spaces and punctuation do not matter.

    Points between digits stay, for `1.1` is not `11`.

    >>> [normalize_key(each) for each in ("  Parte_Responsable ", "U.S. Treasury", "Línea base", "O1.1")]
    ['parteresponsable', 'ustreasury', 'lineabase', 'o1.1']
    """
    if text.isascii():
        plain = text.lower()
        if plain.isalnum():
            return plain
        return _JOINTS.sub("", plain) if "." in plain or "," in plain else plain.translate(_OTHERS)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return _JOINTS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


NAMED_BY_IDENTIFIER: Final = frozenset({BIC.Action, BIC.FinancialRecord, BIC.Indicator, BIC.Measurement, BIC.Milestone})
"""Classes whose individuals in tables are named by their identifiers alone: two may share a title."""


class Column(NamedTuple):
    """A column that a table may have: its property, its headers by language, and what its values may be.

    `about` is the IRI of what its values are said of, and `describes` the class of that; both are empty where it is the
    thing of the row. `either` is the property that may be given in the place of a required one.
    """

    iri: str
    header: dict[str, str]
    required: bool
    template: bool
    ranges: tuple[str, ...]
    datatypes: tuple[str, ...]
    about: str = ""
    describes: str = ""
    either: str = ""

    @property
    def is_text(self) -> bool:
        """Whether its values are texts in a language."""
        return any(datatype.endswith("#langString") for datatype in self.datatypes)

    @property
    def is_date(self) -> bool:
        """Whether its values are dates, or years or months."""
        return any(datatype in (XSD.date, XSD.gYearMonth, XSD.gYear) for datatype in self.datatypes)

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return any(datatype in (XSD.decimal, XSD.integer) for datatype in self.datatypes)


class Table(NamedTuple):
    """A sheet that partners may fill: the class of its rows, its names by language, its columns in order."""

    iri: str
    name: dict[str, str]
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns that it cannot do without."""
        return tuple(column for column in self.columns if column.required)


class Index:
    """The compiled index of the ontology and the Framework, with the look-ups that intake needs."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = cast("_Compiled", data)
        self._fitting: dict[frozenset[str], dict[str, bool]] = {}

    # Each part is read when it is asked for: most runs need few of them.

    @cached_property
    def classes(self) -> dict[str, dict[str, Any]]:
        """What is known of each class."""
        return self._data["classes"]

    @cached_property
    def shapes(self) -> list[str]:
        """The local names of the structural shapes."""
        return self._data.get("shapes", [])

    @cached_property
    def properties(self) -> dict[str, dict[str, Any]]:
        """What is known of each property."""
        return self._data["properties"]

    @cached_property
    def individuals(self) -> Mapping[str, dict[str, Any]]:
        """What is known of each individual of ours."""
        found = self._data["individuals"]
        return Unpacked(found) if isinstance(self._data, Unpacked) else found

    @cached_property
    def codelists(self) -> list[dict[str, Any]]:
        """The lists of codes."""
        return self._data.get("codelists", [])

    @cached_property
    def external(self) -> dict[str, list[str]]:
        """The classes of others that ours stand for."""
        return self._data.get("external", {})

    @cached_property
    def versions(self) -> list[dict[str, str]]:
        """The versions of the Framework."""
        return self._data.get("versions", [])

    @cached_property
    def replaced(self) -> dict[str, str]:
        """The IRIs that were replaced, with what takes their place."""
        return self._data.get("replaced", {})

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The sheets that partners may fill, that of actions first."""
        return tuple(self._table(each) for each in self._data["tables"])

    def _table(self, each: dict[str, Any]) -> Table:
        columns = []
        for column in each["columns"]:
            described = self.field(column["property"], column.get("describes") or each["class"])
            columns.append(
                Column(
                    iri=column["property"],
                    header=column["header"],
                    required=column["required"],
                    template=column["template"],
                    ranges=tuple(described.get("ranges", ())),
                    datatypes=tuple(described.get("datatypes", ())),
                    about=column.get("about", ""),
                    describes=column.get("describes", ""),
                    either=described.get("either", {}).get("property", ""),
                )
            )
        return Table(each["class"], each["name"], tuple(columns))

    @property
    def itself(self) -> frozenset[str]:
        """What columns are about that are not about their row: the submission itself."""
        return frozenset(column.about for table in self.tables for column in table.columns if column.about)

    def field(self, iri: str, class_iri: str) -> dict[str, Any]:
        """Return what a property holds for things of a class: ranges, datatypes, how many; empty if unknown."""
        described: dict[str, Any] = self.properties.get(iri, {}).get("of", {})
        for candidate in (class_iri, *self.superclasses(class_iri)):
            if candidate in described:
                return dict(described[candidate])
        return {}

    def table(self, class_iri: str) -> Table:
        """Return the table whose rows are of a class."""
        return next(table for table in self.tables if table.iri == class_iri)

    def within(self, class_iri: str, allowed: frozenset[str] | set[str]) -> bool:
        """Return whether a class is one of those allowed, or below one."""
        return class_iri in allowed or not allowed.isdisjoint(self.superclasses(class_iri))

    def named(self, key: str, allowed: frozenset[str]) -> list[str]:
        """Return our individuals of some classes (of any, if none is named) that have a folded name."""
        found = self.names.get(key)
        return [iri for iri in found if self.is_one(self.individuals[iri], allowed)] if found else []

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Our individuals by their folded names, each list in the order of the index."""
        if "names" in self._data:
            return self._data["names"]
        names: dict[str, list[str]] = {}
        for iri, individual in self.individuals.items():
            for key in {*map(normalize_key, written(individual)), normalize_key(local_name(iri))}:
                names.setdefault(key, []).append(iri)
        return names

    def is_one(self, individual: dict[str, Any], allowed: frozenset[str]) -> bool:
        """Return whether an individual is of one of some classes; without any class, each is."""
        fitting = self._fitting.setdefault(allowed, {})
        for each in individual["types"]:
            if each not in fitting:
                fitting[each] = not allowed or self.within(each, allowed)
            if fitting[each]:
                return True
        return False

    def of_classes(self, allowed: frozenset[str]) -> list[str]:
        """Return our individuals of some classes, or of classes below them, sorted; of any, if none is named."""
        found = (iris for each, iris in self._members.items() if not allowed or self.within(each, allowed))
        return sorted(set().union(*found))

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        if "members" in self._data:
            return self._data["members"]
        members: dict[str, list[str]] = {}
        for iri, individual in self.individuals.items():
            for each in individual["types"]:
                members.setdefault(each, []).append(iri)
        return members

    @cached_property
    def _headers(self) -> dict[str, dict[str, tuple[int, str]]]:
        return self._data.get("headers", {})

    def headers(self, table: Table) -> dict[str, tuple[int, str]]:
        """Return what columns of a table are called, folded: the position of the column, and the language or none."""
        if table.iri not in self._headers:
            self._headers[table.iri] = self._called(table)
        return self._headers[table.iri]

    def _called(self, table: Table) -> dict[str, tuple[int, str]]:
        known: dict[str, tuple[int, str]] = {}
        for position, column in enumerate(table.columns):
            for language, text in column.header.items():
                known.setdefault(normalize_key(text), (position, language))
        # A header such as “action id” is the identifier of an action, and elsewhere that of a link to one.
        for position, column in enumerate(table.columns):
            if column.iri == DCTERMS.identifier:
                self._identify(known, position, self.labels(table.iri))
        for position, column in enumerate(table.columns):
            linked = sorted(NAMED_BY_IDENTIFIER.intersection(column.ranges))
            for names in (column.header, *map(self.labels, linked)) if linked else ():
                self._identify(known, position, names)
        for position, column in enumerate(table.columns):
            for text, language in names_of(self.properties.get(column.iri, {}), column.iri):
                known.setdefault(normalize_key(text), (position, language))
                known.setdefault(normalize_key(snake_case(text)), (position, language))
        return known

    @staticmethod
    def _identify(known: dict[str, tuple[int, str]], position: int, names: Mapping[str, str]) -> None:
        for language, name in names.items():
            for form in section("words")["identifier-of"].get(language, ()):
                known.setdefault(normalize_key(form.format(name=name)), (position, language))

    def derived(self) -> dict[str, Any]:
        """Return what follows from the index and takes long to work out, as it may be given beside its data."""
        headers = {each.iri: self.headers(each) for each in self.tables}
        return {"names": self.names, "headers": headers, "members": self._members}

    def superclasses(self, class_iri: str) -> tuple[str, ...]:
        """Return all classes above a class of ours, the nearest first; none for any other."""
        return tuple(self.classes.get(class_iri, {}).get("superclasses", ()))

    def is_open(self, class_iri: str) -> bool:
        """Return whether partners may have their own things of a class."""
        return bool(self.classes.get(class_iri, {}).get("open"))

    def label(self, iri: str, language: str) -> str:
        """Return the label of a term or individual of ours in a language, its compact IRI where there is none."""
        for area in (self.individuals, self.properties, self.classes):
            if iri in area:
                labels: dict[str, str] = area[iri].get("label", {})
                return labels.get(language) or labels.get("en") or compact(iri)
        return compact(iri)

    def labels(self, iri: str) -> dict[str, str]:
        """Return the label in each language."""
        return {language: self.label(iri, language) for language in LANGUAGES}


def names_of(entry: dict[str, Any], iri: str) -> list[tuple[str, str]]:
    """Return each name of a term with its language, its IRI in several forms last, with no language."""
    named = [(text, language) for language, text in entry.get("label", {}).items() if text]
    named += [(text, language) for language, texts in entry.get("alternatives", {}).items() for text in texts]
    return [*named, (local_name(iri), ""), (compact(iri), ""), (iri, "")]


def written(individual: dict[str, Any]) -> list[str]:
    """Return the names, notations and identifier of an individual as people write them."""
    texts = [text for text in individual.get("label", {}).values() if text]
    texts += [text for several in individual.get("alternatives", {}).values() for text in several]
    texts += individual.get("notations", ())
    if individual.get("identifier"):
        texts.append(individual["identifier"])
    return texts


@cache
def default_index() -> Index:
    """Return the index of the installed package."""
    return Index(Unpacked(prepared(_FILE, _read, __file__, namespaces.__file__, COMPILED / "messages.json")))


def _read() -> dict[str, bytes]:
    data: dict[str, Any] = json.loads(_FILE.read_bytes())
    return packed(data | Index(data).derived() | {"individuals": packed(data["individuals"])})
