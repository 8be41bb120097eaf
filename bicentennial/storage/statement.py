"""A statement with its origin: what every reader makes and every dataset stores."""

from __future__ import annotations

import json
from typing import Final

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import RDF, XSD
from bicentennial.core.problems import unreadable
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.storage.layout import BLANK, IRI, LITERAL

__all__ = ["Statement", "as_line", "no_triple_term", "not_text"]

_NULL: Final = "\x02"


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


def as_line(row: Statement) -> str:
    """Return a statement as a line of the file that `duckdb.lines.rows_of` reads."""
    s, p, o, kind, dt, lang, sheet, number, col, item = row
    if "\\" in o or not o.isprintable():
        o = json.dumps(o, ensure_ascii=False)[1:-1]
    places = (
        f"{_NULL if sheet is None else sheet}\t{_NULL if number is None else number}"
        f"\t{_NULL if col is None else col}\t{_NULL if item is None else item}"
    )
    return f"{s}\t{p}\t{o}\t{kind}\t{dt}\t{lang}\t{places}\n"
