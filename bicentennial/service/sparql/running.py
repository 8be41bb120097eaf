"""The inside of a query process: the store that each query's fork has, and the query itself.

What goes in and comes out is JSON, and text of the answer. The store's default graph is the ontology and the Framework;
its named graphs are those of the registry, as far as the audience of the process may see them.
"""

from __future__ import annotations

import io
import os
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox

from bicentennial.core.errors import LimitReachedError, QueryError
from bicentennial.core.escape import coded, csv_escaped, numbered, tsv_escaped
from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import PREFIXES
from bicentennial.core.worker import WithText
from bicentennial.exchange.cells import UNWRITABLE
from bicentennial.exchange.publications.owl import DATASET
from bicentennial.knowledge.sparql.functions import functions
from bicentennial.knowledge.sparql.guard import inspect
from bicentennial.knowledge.sparql.misspelt import notes
from bicentennial.knowledge.sparql.query import syntax_error
from bicentennial.knowledge.store import store
from bicentennial.service.http.rdf_syntaxes import serialized
from bicentennial.service.sparql.graphs import graphs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["MOST_BYTES", "graphs", "preload", "run"]

MOST_BYTES: Final = 32 << 20
"""How large the text of an answer may be."""
_FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_HARMLESS: Final[dict[str, Callable[[str], str]]] = {
    "json": coded,
    "xml": partial(UNWRITABLE.sub, "\ufffd"),
    "csv": csv_escaped,
    "tsv": tsv_escaped,
    "ttl": numbered,
    "jsonld": coded,
}
"""What keeps values of partners from acting in spreadsheets, terminals and eyes, and from what XML cannot hold."""
_NICE: Final = 5
_giving_way: set[int] = set()
_loaded: set[str] = set()


def preload(*paths: str) -> None:
    """Load what every query's fork needs: the Framework, our functions, and the named graphs of files.

    The graphs go into the store that all questions share: in this process nothing asks it but queries.
    """
    _load(paths)
    for query, form in (("SELECT * { ?s a bic:Goal }", "json"), ("CONSTRUCT WHERE { ?s a bic:Goal }", "ttl")):
        # What is loaded or compiled by the first query of a process is there for all its forks.
        _answered({"query": query, "form": form, "default": [], "named": [], "base": None, "rows": None})


def warm() -> None:
    """Touch what every query needs: called in a process that waits for one, before it comes."""
    _give_way()
    _answered({"query": "ASK {}", "form": "json", "default": [], "named": [], "base": None, "rows": None})


def _load(paths: Iterable[str]) -> None:
    """Load the named graphs of the files that there are, each file once; what is in no named graph is left out."""
    for path in paths:
        if path not in _loaded and Path(path).is_file():
            _loaded.add(path)
            form = ox.RdfFormat.from_extension(Path(path).suffix[1:]) or ox.RdfFormat.N_QUADS
            quads = ox.parse(path=path, format=form, rename_blank_nodes=True)
            store().extend(quad for quad in quads if quad.graph_name != ox.DefaultGraph())


def graphs(paths: Sequence[str]) -> list[str]:
    """Return the names of the graphs that queries find by themselves."""
    _load(paths)
    return sorted(each.value for each in store().named_graphs() if isinstance(each, ox.NamedNode))


def run(job: Mapping[str, Any]) -> WithText:
    """Answer a query; its form is known to be one that there is for this kind of query.

    Args:
        job: `query`, `default` and `named` (graphs that the request names), `form` (see `forms.py`), `rows` (how many
            are wanted at most; None for all), `base` (the address of the endpoint), `files` (of graphs,
            which where there are no forks are yet to be loaded).

    Raises:
        QueryError: the query is wrong.
        LimitReachedError: the answer is too large.
    """
    _give_way()
    _load(job["files"])
    return _answered(job)


def _give_way() -> None:
    """Let the process that serves, and whatever else is quick, go first: once in each process."""
    if hasattr(os, "nice") and os.getpid() not in _giving_way:
        _giving_way.add(os.getpid())
        os.nice(_NICE)


def _answered(job: Mapping[str, Any]) -> WithText:
    text, form = job["query"], job["form"]
    sink = _Sink()
    is_cut = False
    try:
        found = _asked(job)
        if isinstance(found, ox.QueryTriples):
            content = _graph(found, form)
        elif isinstance(found, ox.QuerySolutions) and job["rows"] is not None:
            content, is_cut = _first(found, job["rows"])
        else:
            found.serialize(cast("IO[bytes]", sink), format=_FORMATS[form])
            content = b"".join(sink.parts)
    except SyntaxError as error:
        raise syntax_error(text, str(error)) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(sentence("query", "failed", "message", reason=str(error))) from None
    written = content.decode()
    noted = [dict(each) for each in notes(inspect(text, datasets=True).tokens, {}, store())]
    return WithText({"is_cut": is_cut, "notes": noted}, _HARMLESS.get(form, str)(written))


def _asked(job: Mapping[str, Any]) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Run the query on the dataset that the request names, or else the query itself, or else on all there is."""
    default, named = job["default"], job["named"]
    if not default and not named:
        default, named = graphs_of(inspect(job["query"], datasets=True).tokens)
    options: dict[str, Any] = {}
    if default or named:
        # What names graphs has just those: nothing in the default graph unless it says so.
        options = {"default_graph": [_graph_name(each) for each in default]}
        options["named_graphs"] = [ox.NamedNode(each) for each in named]
    return store().query(job["query"], base_iri=job["base"], prefixes=PREFIXES, custom_functions=functions(), **options)


def _graph_name(iri: str) -> ox.NamedNode | ox.DefaultGraph:
    """Return a graph by name: that of the Framework's data stands for the default graph."""
    return ox.DefaultGraph() if iri == DATASET else ox.NamedNode(iri)


def _graph(found: ox.QueryTriples, form: str) -> bytes:
    sink = _Sink()
    found.serialize(cast("IO[bytes]", sink), format=ox.RdfFormat.N_TRIPLES)
    content = b"".join(sink.parts)
    try:
        triples = (each.triple for each in ox.parse(content, format=ox.RdfFormat.N_TRIPLES))
        return serialized(dict.fromkeys(triples), f".{form}")
    except ValueError as error:
        raise QueryError(sentence("sparql", "not-writable", reason=str(error))) from None


def _first(found: ox.QuerySolutions, rows: int) -> tuple[bytes, bool]:
    """Return the first rows as JSON, and whether there are more."""
    sink = _Sink(rows)
    try:
        found.serialize(cast("IO[bytes]", sink), format=ox.QueryResultsFormat.TSV)
    except _EnoughError:
        sink.cut()
    table = ox.parse_query_results(b"".join(sink.parts), format=ox.QueryResultsFormat.TSV)
    assert isinstance(table, ox.QuerySolutions)
    content = table.serialize(format=ox.QueryResultsFormat.JSON)
    assert content is not None
    return content, sink.is_cut


class _EnoughError(Exception):
    """There are as many rows as are wanted."""


class _Sink(io.RawIOBase):
    """A file that keeps what is written to it, until it is too much, or has enough lines."""

    def __init__(self, rows: int | None = None) -> None:
        super().__init__()
        self.parts: list[bytes] = []
        self.is_cut = False
        self._lines = None if rows is None else rows + 1  # the first names the columns
        self._seen = self._size = 0

    def write(self, part: Any) -> int:
        self.parts.append(bytes(part))
        self._size += len(part)
        if self._size > MOST_BYTES:
            text = sentence("sparql", "answer", limit=MOST_BYTES >> 20)
            raise LimitReachedError(text, setting="query_rows")
        if self._lines is not None:
            self._seen += part.count(b"\n")
            if self._seen > self._lines:
                raise _EnoughError
        return len(part)

    def cut(self) -> None:
        """Leave out what is behind the last wanted line."""
        assert self._lines is not None
        lines = b"".join(self.parts).split(b"\n", self._lines)
        self.parts = [b"\n".join(lines[: self._lines]) + b"\n"]
        self.is_cut = True
