"""A statement with its origin: what every reader makes and every dataset stores."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import RDF, XSD
from bicentennial.core.notices import unreadable
from bicentennial.storage.layout import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    import rdflib

__all__ = ["Statement", "no_triple_term", "not_text", "of_graph", "spooled"]

# What neither IRIs nor the names of blank nodes can hold.
_NO_NAME: Final = re.compile(r'[\x00-\x20<>"]')
_NULL: Final = "\x02"
_SPECIAL: Final = re.compile(r"[\\\x00-\x1f]")


class Statement(NamedTuple):
    """One statement and where it stands; see the module for what the fields hold.

    `sheet`, `row`, `col` and `item` count from 1: the sheet, the spreadsheet row, the column and the value within
    a cell that holds several.
    """

    s: str
    p: str
    o: str
    kind: int
    dt: str = ""
    lang: str = ""
    sheet: int | None = None
    row: int | None = None
    col: int | None = None
    item: int | None = None

    @classmethod
    def iri(cls, s: str, p: str, o: str) -> Statement:
        """Return a statement about another thing; an object that begins with `_:` is a blank node.

        >>> Statement.iri("urn:a", "urn:p", "_:b0").kind
        1
        """
        return cls(s, p, o, BLANK if o.startswith("_:") else IRI)

    @classmethod
    def literal(cls, s: str, p: str, o: str, dt: str = XSD.string, lang: str = "") -> Statement:
        """Return a statement that holds a literal; a language makes it an `rdf:langString`.

        >>> Statement.literal("urn:a", "urn:p", "meta", lang="es-MX").lang
        'es-mx'
        """
        return cls(s, p, o, LITERAL, RDF.langString if lang else dt, lang.lower())


def no_triple_term() -> UnreadableInputError:
    """Return the error for what RDF 1.1 does not have."""
    return unreadable("triple-term")


def not_text() -> UnreadableInputError:
    """Return the error for a value that cannot be written as UTF-8."""
    return UnreadableInputError(sentence("error", "not-text"))


def spooled(row: Statement) -> str:
    """Return a statement as the line that `spooled.rows_of` has DuckDB read."""
    s, p, o, kind, dt, lang, sheet, number, col, item = row
    if _SPECIAL.search(o):
        o = json.dumps(o, ensure_ascii=False)[1:-1]
    places = (
        f"{_NULL if sheet is None else sheet}\t{_NULL if number is None else number}"
        f"\t{_NULL if col is None else col}\t{_NULL if item is None else item}"
    )
    return f"{s}\t{p}\t{o}\t{kind}\t{dt}\t{lang}\t{places}\n"


def of_graph(graph: rdflib.Graph) -> Iterator[Statement]:
    """Yield the statements of an rdflib graph, those of a dataset whatever graph they stand in.

    Raises:
        UnreadableInputError: something in the place of an IRI is none.
    """
    import rdflib

    several = isinstance(graph, rdflib.ConjunctiveGraph)  # whose iteration gives quads
    for s, p, o in graph.triples((None, None, None)) if not several else _of_all(graph):
        if isinstance(o, rdflib.Literal):
            datatype = str(o.datatype or XSD.string)
            if _NO_NAME.search(datatype):
                raise _no_iri(datatype)
            yield Statement.literal(_name(s), _name(p), str(o), datatype, o.language or "")
        else:
            yield Statement.iri(_name(s), _name(p), _name(o))


def _of_all(graph: rdflib.Graph) -> Iterator[tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]]:
    import rdflib

    assert isinstance(graph, rdflib.ConjunctiveGraph)
    yield from {quad[:3] for quad in graph.quads((None, None, None, None))}


def _name(node: rdflib.term.Node) -> str:
    import rdflib

    if _NO_NAME.search(str(node)):
        raise _no_iri(str(node))
    return f"_:{node}" if isinstance(node, rdflib.BNode) else str(node)


def _no_iri(text: str) -> UnreadableInputError:
    return UnreadableInputError(sentence("error", "no-iri", text=repr(text[:80])))
