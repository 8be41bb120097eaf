"""What a finding asks for, by the value and by the kind of file: a policy officer with a workbook never reads of IRIs.

>>> from bicentennial.vocabulary.index import default_index
>>> party = {"ranges": [BIC.Party], "min": 1, "expected": {"en": "a known party", "es": "una parte conocida"}}
>>> Remedies(default_index(), "xlsx").of("unknown", party, "SSCP")["en"][22:80]
'or if it is one of your own, add it to the sheet “parties”'
>>> Remedies(default_index(), "json").of("unknown", {**party, "min": 0}, "N/A")["es"]
'Omita la clave si no hay.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.file_formats import FILE_FORMATS, Family
from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.namespaces import BIC, compact
from bicentennial.semantics.values.plain_text import is_error, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.vocabulary.index import Index, Table

__all__ = ["Remedies"]

_WAYS: Final = {
    Family.RDF: ("rdf", "graph", "table"),
    Family.WORKBOOK: ("workbook", "table"),
    Family.DELIMITED: ("table",),
    Family.JSON: ("json", "table"),
}
_GRAPH: Final = ("graph", "table")
# What a mapping file calls the things that it can declare.
_KINDS: Final = {BIC.Party: "party", BIC.Place: "place"}


class Remedies:
    """The remedies for values that are not what their property demands.

    Args:
        index: the compiled index.
        format_name: the format of the submission; RDF if it is none that has cells or keys.
    """

    def __init__(self, index: Index, format_name: str | None) -> None:
        self._index = index
        self._ways = _WAYS.get(FILE_FORMATS[format_name].family, _GRAPH) if format_name else _GRAPH

    @property
    def is_rdf(self) -> bool:
        """Whether things are named by their IRIs, and literals have datatypes."""
        return "rdf" in self._ways

    def of(
        self,
        kind: str,
        described: Mapping[str, Any],
        value: str,
        *,
        joined: bool = False,
        partly: bool = False,
        typed: str = "",
    ) -> Mapping[str, str] | None:
        """Return what to do about a value, in each language; None where the kind of fault has its own remedy.

        Args:
            kind: `unknown` or `datatype`, or another kind of fault.
            described: what the index says of the property.
            value: what was written; nothing for an IRI or a blank node.
            joined: whether it is several values that only need to be parted.
            partly: whether it seems to hold several values.
            typed: the literal of the right datatype for a text that is right.
        """
        if typed:
            return self._said("datatype", literal=typed)
        if kind not in ("unknown", "datatype"):
            return None
        if is_error(value):
            return self._said("error")
        if joined:
            return self._said("several")
        if is_placeholder(value):
            return self._said("needed" if described.get("min") else "none", expected=described.get("expected", ""))
        if kind == "datatype":
            return None
        if not described.get("ranges"):  # codes: those of currencies are the only list that is no class
            codes: Mapping[str, str] = entry("shape", "remedy")["budget_currency"]
            return codes
        table = self._declarable(described["ranges"])
        if table is None:
            said = self._said("known" if value or not self.is_rdf else "iri")
        else:
            key = "declared" if value or not self.is_rdf else "declared-iri"
            said = self._said(key, sheet=table.name, kind=_KINDS.get(table.iri, ""), term=compact(table.iri))
        first = self._said("partly") if partly else dict.fromkeys(LANGUAGES, "")
        return {language: f"{first[language]} {said[language]}".lstrip() for language in LANGUAGES}

    def _said(self, key: str, **words: object) -> dict[str, str]:
        texts = entry("remedy", key)
        said: dict[str, str] = next(texts[way] for way in self._ways if way in texts)
        return render({language: said[language] for language in LANGUAGES}, header="{header}", **words)

    def _declarable(self, ranges: Sequence[str]) -> Table | None:
        """Return the table in which a partner declares things of some classes, if the file can hold it."""
        tables = (each for each in self._index.tables if each.iri in ranges and self._index.is_open(each.iri))
        found = next(tables, None)
        in_csv = self._ways == ("table",)
        return None if found is None or (in_csv and found.iri not in _KINDS) else found
