"""What a query answers: rows, yes or no, or a graph, as Python values and in the standard formats.

>>> result = QueryResult.of_select(
...     b'{"head":{"vars":["agency","n"]},"results":{"bindings":[{"agency":{"type":"literal","value":"OFAC"},'
...     b'"n":{"type":"literal","value":"1","datatype":"http://www.w3.org/2001/XMLSchema#integer"}}]}}')
>>> result.columns, result.rows
(('agency', 'n'), [Row(agency='OFAC', n=1)])
>>> print(result.to_table())
agency  n
------  -
OFAC    1
"""

from __future__ import annotations

import importlib
import json
import os
from typing import TYPE_CHECKING, Any, Final, Literal

from bicentennial.core.escape import coded, csv_escaped, numbered, tsv_escaped
from bicentennial.core.messages import UNSAFE, entry, environment_language, section
from bicentennial.core.namespaces import PREFIXES, RDF, XSD, compact
from bicentennial.knowledge.problems import query_error
from bicentennial.knowledge.sparql.rows import Row, Value, value_of
from bicentennial.knowledge.tables import html, html_page, html_table, markdown, markdown_table
from bicentennial.knowledge.text import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    import polars as pl

__all__ = ["Kind", "QueryResult", "optional"]

Kind = Literal["select", "ask", "graph"]


class QueryResult:
    """The answer to a query. Rows are read once and kept; nothing in it changes.

    `kind` is `select` (rows), `ask` (yes or no) or `graph` (CONSTRUCT, DESCRIBE). It is iterable and has a length;
    `bool(result)` is the answer to ASK, otherwise whether there is any row.
    """

    def __init__(
        self,
        kind: Kind,
        payload: bytes,
        heads: Mapping[str, Mapping[str, str]] | None = None,
        notes: Iterable[Mapping[str, str]] = (),
    ) -> None:
        self.kind: Kind = kind
        self.payload: Final = payload
        """SPARQL Query Results JSON; of a graph, N-Triples."""
        self.heads: Final = heads or {}
        """The heads of the columns of a named query, by language and column."""
        self.notes: Final = tuple(notes)
        """What there is to know about the answer, by language: names in the query that stand for nothing, and so on."""
        self._rows: list[Row] | None = None
        self._cells: list[list[dict[str, Any] | None]] = []
        self.columns: tuple[str, ...] = ("subject", "predicate", "object") if kind == "graph" else ()
        if kind == "select":
            document = json.loads(payload)
            self.columns = tuple(document["head"]["vars"])
            self._cells = [[binding.get(name) for name in self.columns] for binding in document["results"]["bindings"]]
        elif kind == "graph":
            self._cells = _triples(payload)

    @classmethod
    def of_select(cls, payload: bytes, heads: Mapping[str, Mapping[str, str]] | None = None) -> QueryResult:
        """Make the answer to SELECT from SPARQL Query Results JSON; `heads` names columns by language."""
        return cls("select", payload, heads)

    @classmethod
    def of_graph(cls, payload: bytes) -> QueryResult:
        """Make the answer to CONSTRUCT or DESCRIBE from N-Triples."""
        return cls("graph", payload)

    @property
    def rows(self) -> list[Row]:
        """The rows: IRIs in full, numbers, dates and booleans as such, unbound as None; of a graph, its triples."""
        if self._rows is None:
            self._rows = [
                Row([None if term is None else value_of(term) for term in cells], self.columns) for cells in self._cells
            ]
        return self._rows

    @property
    def boolean(self) -> bool | None:
        """The answer to ASK; None for other kinds."""
        return bool(json.loads(self.payload)["boolean"]) if self.kind == "ask" else None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self._cells)

    def __bool__(self) -> bool:
        return bool(self.boolean) if self.kind == "ask" else bool(self._cells)

    def __repr__(self) -> str:
        if self.kind == "ask":
            return f"<QueryResult {self.boolean}>"
        return f"<QueryResult {len(self)} rows: {', '.join(self.columns)}>"

    def to_dicts(self) -> list[dict[str, Value]]:
        """Return the rows as dictionaries from column to value."""
        return [row.as_dict() for row in self.rows]

    def to_json(self) -> str:
        """Return SPARQL 1.1 Query Results JSON.

        Raises:
            QueryError: the answer is a graph; use `to_turtle`.
        """
        self._refuse("graph")
        return coded(self.payload.decode())

    def to_csv(self) -> str:
        """Return SPARQL 1.1 Query Results CSV.

        It is the standard's but for two things, since partners' values may be in it: a text that a spreadsheet program
        would run has an apostrophe in front, and a control character is written as an escape.
        """
        return csv_escaped(self._serialised("CSV"))

    def to_tsv(self) -> str:
        """Return SPARQL 1.1 Query Results TSV, in which terms are written as in Turtle.

        The first character of a text that a spreadsheet program would run is written by its number, as Turtle may.
        """
        return tsv_escaped(self._serialised("TSV"))

    def to_turtle(self) -> str:
        """Return the graph as Turtle.

        Raises:
            QueryError: the answer is no graph.
        """
        self._refuse("select", "ask")
        import pyoxigraph as ox

        # Sorted, and with those prefixes only that occur, so that the same graph is always the same text.
        lines = b"\n".join(sorted(self.payload.splitlines()))
        # What would act is written by its number, for which there is no place in a short name.
        acts = UNSAFE.search(lines.decode().replace("\n", " ")) is not None
        prefixes = {} if acts else {prefix: iri for prefix, iri in PREFIXES.items() if f"<{iri}".encode() in lines}
        triples = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
        text = ox.serialize((quad.triple for quad in triples), format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes))
        assert text is not None
        return numbered(text.decode())

    def to_table(self, lang: str = "en", *, width: int | None = None) -> str:
        """Return the rows laid out in columns: IRIs shortened, yes and no in words, control characters escaped.

        Args:
            lang: the language of the heads and of the note that there is no row.
            width: wrap long cells so that lines fit this many columns.
        """
        if said := self._without_rows(lang):
            return said
        return aligned(self.titles(lang), self._texts(lang), width=width)

    def to_html(self, lang: str = "en") -> str:
        """Return the rows as a page of HTML that loads nothing, written as in `to_table`."""
        words = section("query")["words"]
        return html_page(words["title"][lang], self._body(lang), lang)

    def _repr_html_(self) -> str:
        return self._body(environment_language(os.environ))

    def _body(self, lang: str) -> str:
        if said := self._without_rows(lang):
            return f"<p>{html(said)}</p>"
        said = "".join(f"<p>{html(note[lang])}</p>" for note in self.notes)
        return said + html_table(self.titles(lang), self._texts(lang))

    def to_markdown(self, lang: str = "en") -> str:
        """Return the rows as a table of Markdown, written as in `to_table`."""
        said = "".join(f"{markdown(note[lang])}\n\n" for note in self.notes)
        return self._without_rows(lang) or said + markdown_table(self.titles(lang), self._texts(lang))

    def _without_rows(self, lang: str) -> str:
        """Return what there is to say where there are no rows; nothing where there are."""
        words = section("query")["words"]
        if self.kind == "ask":
            return str(words["yes" if self.boolean else "no"][lang])
        return "" if self._cells else str(words["no-rows"][lang])

    @property
    def cells(self) -> list[list[dict[str, Any] | None]]:
        """The rows as terms of SPARQL Query Results JSON; None where a variable is unbound."""
        return self._cells

    def titles(self, lang: str) -> list[str]:
        """Return the heads of the columns in a language."""
        words = section("query")["words"]
        if self.kind == "graph":
            return [words[name][lang] for name in self.columns]
        return [self.heads.get(lang, {}).get(name, name.replace("_", " ")) for name in self.columns]

    def _texts(self, lang: str) -> Iterator[list[str]]:
        return ([_cell(term, lang) for term in cells] for cells in self._cells)

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas DataFrame.

        Raises:
            QueryError: pandas is not installed, or the answer is yes or no.
        """
        self._refuse("ask")
        library = optional("pandas")
        frame: pd.DataFrame = library.DataFrame([tuple(row) for row in self.rows], columns=list(self.columns))
        return frame

    def to_polars(self) -> pl.DataFrame:
        """Return a polars DataFrame; a column of mixed kinds becomes text.

        Raises:
            QueryError: polars is not installed, or the answer is yes or no.
        """
        self._refuse("ask")
        library = optional("polars")
        data: dict[str, list[Value]] = {}
        for n, name in enumerate(self.columns):
            column = [row[n] for row in self.rows]
            mixed = len({type(value) for value in column if value is not None}) > 1
            data[name] = [None if value is None else str(value) for value in column] if mixed else column
        frame: pl.DataFrame = library.DataFrame(data)
        return frame

    def _refuse(self, *kinds: Kind) -> None:
        if self.kind in kinds:
            key = "not-a-table" if self.kind == "graph" or "select" not in kinds else "not-a-graph"
            raise query_error(key, kind=entry("query", "kinds")[self.kind])

    def _serialised(self, name: Literal["CSV", "TSV"]) -> str:
        self._refuse("ask")
        import pyoxigraph as ox

        payload = self.payload if self.kind == "select" else _as_rows(self._cells)
        results = ox.parse_query_results(payload, format=ox.QueryResultsFormat.JSON)
        assert isinstance(results, ox.QuerySolutions)
        text = results.serialize(format=getattr(ox.QueryResultsFormat, name))
        assert text is not None
        return text.decode()


def _cell(term: Mapping[str, Any] | None, lang: str) -> str:
    if term is None:
        return ""
    text = str(term.get("value", ""))
    if term.get("datatype") == XSD.boolean:
        return str(section("query")["words"]["yes" if text in {"true", "1"} else "no"][lang])
    return compact(text) if term["type"] == "uri" else f"_:{text}" if term["type"] == "bnode" else text


def _triples(payload: bytes) -> list[list[dict[str, Any] | None]]:
    """Return the triples of N-Triples as terms of SPARQL JSON."""
    import pyoxigraph as ox

    def term(node: object) -> dict[str, Any]:
        if isinstance(node, ox.NamedNode):
            return {"type": "uri", "value": node.value}
        if isinstance(node, ox.BlankNode):
            return {"type": "bnode", "value": node.value}
        assert isinstance(node, ox.Literal)
        found: dict[str, Any] = {"type": "literal", "value": node.value}
        if node.language:
            found["xml:lang"] = node.language
        elif node.datatype.value not in {XSD.string, RDF.langString}:
            found["datatype"] = node.datatype.value
        return found

    return [
        [term(quad.subject), term(quad.predicate), term(quad.object)]
        for quad in ox.parse(payload, format=ox.RdfFormat.N_TRIPLES)
    ]


def _as_rows(triples: list[list[dict[str, Any] | None]]) -> bytes:
    names = ("subject", "predicate", "object")
    return json.dumps(
        {
            "head": {"vars": names},
            "results": {"bindings": [dict(zip(names, triple, strict=True)) for triple in triples]},
        }
    ).encode()


def optional(name: str) -> Any:
    """Return a library that is installed only where it is wanted.

    Raises:
        QueryError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise query_error("library-missing", library=name) from None
