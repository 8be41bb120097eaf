r"""Canonical N-Quads: what pyoxigraph writes in a fraction of the time that its terms take to be looked at one by one.

One space stands between terms, and of escapes there are only those that JSON has too. DuckDB reads them from files
(`storage/duckdb/lines.py`), and few are read here.

>>> import pyoxigraph
>>> text = r'<urn:a> <urn:p> "1\n2"@EN , "7"^^<urn:t> , <urn:b> . <urn:g> { <urn:a> <urn:p> "<c>" }'
>>> rows, graphs = read_quads(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TRIG))
>>> [row[2:4] for row in rows], rows[0][5:], sorted(graphs)
([('1\n2', 2), ('7', 2), ('urn:b', 0), ('<c>', 2)], ('en', 1), ['', '<urn:g>'])
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.storage.layout import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyoxigraph

__all__ = ["PIECE", "Row", "read_quads", "write_quads"]

PIECE: Final = 1 << 20
"""What is written in pieces of this size is kept in large pages, which are read and removed in a tenth of the time."""

Row = tuple[str, str, str, int, str, str, int]
"""The first columns of `statements`, and the number of the quad, from 1."""
_STRING: Final = XSD.string
_TEXT: Final = RDF.langString


def write_quads(quads: Iterable[pyoxigraph.Quad], path: Path) -> None:
    """Write quads to a file."""
    import pyoxigraph

    with path.open("wb", buffering=PIECE) as out:
        pyoxigraph.serialize(quads, out, format=pyoxigraph.RdfFormat.N_QUADS)


def read_quads(quads: Iterable[pyoxigraph.Quad]) -> tuple[list[Row], set[str]]:
    """Return what quads say, and the names of their graphs: of that without a name, an empty text.

    Raises:
        UnreadableInputError: there is a triple term.
    """
    import pyoxigraph

    written = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    assert written is not None
    rows: list[Row] = []
    graphs: set[str] = set()
    for number, line in enumerate(written.decode().split("\n")[:-1], start=1):
        s, p, rest = line.split(" ", 2)
        # Where a text ends is a quotation mark, behind which there is no space but before a graph.
        value, _, graph = rest[:-2].rpartition(" ")
        if not value or '"' in graph:
            value, graph = rest[:-2], ""
        graphs.add(graph)
        o, kind, dt, lang = _term(value)
        rows.append((s[1:-1] if s[0] == "<" else s, p[1:-1], o, kind, dt, lang, number))
    return rows, graphs


def _term(written: str) -> tuple[str, int, str, str]:
    """Return the object that is written so, and its kind, datatype and language."""
    if written[0] == "<":
        if written[1] == "<":
            from bicentennial.storage.statement import no_triple_term

            raise no_triple_term()
        return written[1:-1], IRI, "", ""
    if written[0] == "_":
        return written, BLANK, "", ""
    dt, lang = _STRING, ""
    if written[-1] == '"':
        o = written[1:-1]
    elif written[-1] == ">":
        o, dt = written[1:-1].rsplit('"^^<', 1)
    else:
        o, lang = written[1:].rsplit('"@', 1)
        dt, lang = RDF.dirLangString if "--" in lang else _TEXT, lang.lower()
    return json.loads(f'"{o}"') if "\\" in o else o, LITERAL, dt, lang
