"""What a finding asks for, by the value and by the kind of file: a policy officer with a workbook never reads of IRIs.

>>> from bicentennial.vocabulary.index import default_index
>>> party = {"ranges": [BIC.Party], "min": 1, "expected": {"en": "a known party", "es": "una parte conocida"}}
>>> said = Remedies(default_index(), "xlsx").of("unknown", party, "SSCP")
>>> said.texts["en"][22:80], said.words["sheet"]["en"]
('or if it is one of your own, add it to the sheet “{sheet}”', 'parties')
>>> Remedies(default_index(), "json").of("unknown", {**party, "min": 0}, "N/A").texts["es"]
'Omita la clave si no hay.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.file_formats import FILE_FORMATS, Family
from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.core.namespaces import BIC, XSD, compact
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.semantics.values.amounts import scale
from bicentennial.semantics.values.plain_text import is_error, is_placeholder
from bicentennial.vocabulary.index import NAMED_BY_IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.vocabulary.index import Index, Table

__all__ = ["Remedies", "Remedy"]

_WAYS: Final = {
    Family.RDF: ("rdf", "graph", "table"),
    Family.WORKBOOK: ("workbook", "table"),
    Family.DELIMITED: ("table",),
    Family.JSON: ("json", "table"),
}
_GRAPH: Final = ("graph", "table")
_JSONLD: Final = "jsonld"
# So many things to choose from are listed.
_FEW: Final = 8
# What a mapping file calls the things that it can declare.
_KINDS: Final = {BIC.Party: "party", BIC.Place: "place"}


class Remedy(NamedTuple):
    """What to do in each language, as the catalogue has it, and what fills some of its placeholders."""

    texts: dict[str, str]
    words: Mapping[str, str | Mapping[str, str]]


class Remedies:
    """The remedies for values that are not what their property demands.

    Args:
        index: the compiled index.
        format_name: the format of the submission; RDF if it is none that has cells or keys.
    """

    def __init__(self, index: Index, format_name: str | None) -> None:
        self._index = index
        self._ways = _WAYS.get(FILE_FORMATS[format_name].family, _GRAPH) if format_name else _GRAPH
        if format_name == _JSONLD:
            self._ways = (_JSONLD, *self._ways)

    @property
    def is_rdf(self) -> bool:
        """Whether things are named by their IRIs, and literals have datatypes."""
        return "rdf" in self._ways

    def literal(self, text: str, datatype: str) -> str:
        """Return how a literal is written."""
        if datatype == XSD.string:
            return f'"{text}"'
        if _JSONLD in self._ways:
            return f'{{"@value": "{text}", "@type": "{compact(datatype)}"}}'
        return f'"{text}"^^{compact(datatype)}'

    def reference(self, iri: str, *, is_text: bool) -> str:
        """Return how a thing is referred to, where a text stands or where an IRI does."""
        return f'{{"@id": "{compact(iri)}"}}' if is_text and _JSONLD in self._ways else compact(iri)

    def of(
        self,
        kind: str,
        described: Mapping[str, Any],
        value: str,
        *,
        joined: bool = False,
        partly: bool = False,
        near: bool = False,
        typed: str = "",
        foreign: bool = False,
        is_list: bool = False,
        is_blank: bool = False,
    ) -> Remedy | None:
        """Return what to do about a value; None where the kind of fault has its own remedy.

        What all findings of the property share, such as {expected}, is left for the finding to fill.

        Args:
            kind: `unknown` or `datatype`, or another kind of fault.
            described: what the index says of the property.
            value: what was written; nothing for an IRI or a blank node.
            joined: whether it is several values that only need to be separated.
            partly: whether it seems to hold several values.
            near: whether something is suggested in its place.
            typed: the literal of the right datatype for a text that is right.
            foreign: whether it is an amount that names another currency than the one beside it.
            is_list: whether it is a list of RDF, in which no value is looked for.
            is_blank: whether it is another node that no IRI names.
        """
        if is_list:
            return self._said("list")
        if foreign:
            return self._said("currency")
        if typed:
            return self._said("datatype", literal=typed)
        if kind not in ("unknown", "datatype"):
            return None
        if is_error(value):
            return self._said("error")
        if joined:
            return self._said("several")
        if is_placeholder(value):
            return self._said("needed" if described.get("min") else "none")
        if kind == "datatype":
            return None
        if not described.get("ranges"):  # codes: those of currencies are the only list that is no class
            return self._said("unit") if scale(value)[0] else Remedy(entry("shape", "remedy")["budget_currency"], {})
        table = self._declarable(described["ranges"])
        if table is None:
            choices = {} if near or self.is_rdf else self._choices(described["ranges"])
            known = "known" if value or not self.is_rdf else "blank" if is_blank else "iri"
            said = self._said("choice", choices=choices) if choices else self._said(known)
        else:
            key = "declared" if value or not self.is_rdf else "declared-blank" if is_blank else "declared-iri"
            if table.iri in NAMED_BY_IDENTIFIER and not self.is_rdf:
                key = "identified"
            said = self._said(key, sheet=table.name, kind=_KINDS.get(table.iri, ""), term=compact(table.iri))
        if not partly:
            return said
        first = self._said("partly").texts
        return said._replace(texts={language: f"{first[language]} {said.texts[language]}" for language in LANGUAGES})

    def _said(self, key: str, **words: str | Mapping[str, str]) -> Remedy:
        texts = entry("remedy", key)
        return Remedy(next(texts[way] for way in self._ways if way in texts), words)

    def _choices(self, ranges: Sequence[str]) -> Mapping[str, str]:
        """Return the names of all things of some classes, in each language, where they are few; otherwise nothing."""
        ours = self._index.individuals
        iris = sorted(self._index.of_classes(frozenset(ranges)), key=lambda iri: (ours[iri]["notations"], iri))
        if not 0 < len(iris) <= _FEW:
            return {}
        return {each: ", ".join(self._index.label(iri, each) for iri in iris) for each in LANGUAGES}

    def _declarable(self, ranges: Sequence[str]) -> Table | None:
        """Return the table in which a partner declares things of some classes, if the file can hold it."""
        tables = (each for each in self._index.tables if each.iri in ranges and self._index.is_open(each.iri))
        found = next(tables, None)
        in_csv = self._ways == ("table",)
        return None if found is None or (in_csv and found.iri not in _KINDS) else found
