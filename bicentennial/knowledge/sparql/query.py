"""Running one query on the ontology, the Framework and, as named graphs, the data of others.

>>> answer("SELECT ?goal { ?goal a bic:Goal } ORDER BY ?goal").rows[0].goal
'https://w3id.org/bicentennial/id/goal-prevent-transborder-crime'
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

from bicentennial.core.messages import entry, render
from bicentennial.core.namespaces import PREFIXES, XSD, expand
from bicentennial.knowledge.names import KINDS, names
from bicentennial.knowledge.problems import query_error, reached
from bicentennial.knowledge.sparql.functions import functions
from bicentennial.knowledge.sparql.guard import Inspection, QueryLimits, inspect, tokenise
from bicentennial.knowledge.sparql.library import NamedQuery, all_queries, find
from bicentennial.knowledge.sparql.results import Kind, QueryResult
from bicentennial.knowledge.store import load, store

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

    from bicentennial.core.errors import QueryError

__all__ = ["Parameter", "answer", "bound", "data_graph", "evaluate", "syntax_error"]

Parameter = str | int | float | Decimal | bool | date | Iterable["Parameter"]

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_UNKNOWN_FUNCTION: Final = re.compile(r"custom function <([^>]*)> is not supported")
_CURIE: Final = re.compile(r"[a-z]+:[^\s/]+")


def data_graph(file: str) -> str:
    """Return the name of the graph that holds the data of a file.

    >>> data_graph("my report.xlsx")
    'urn:x-bicentennial:data:my%20report.xlsx'
    """
    return f"urn:x-bicentennial:data:{quote(file, safe='')}"


def answer(
    asked: str | Path,
    *,
    params: Mapping[str, Parameter] | None = None,
    lang: str = "en",
    graphs: Mapping[str, bytes] | None = None,
    limits: QueryLimits | None = None,
    is_last: bool = False,
) -> QueryResult:
    """Answer a query in this process: no limit on time and memory.

    Args:
        asked: SPARQL 1.1, the name of a named query, or a file that holds a query.
        params: values for the query's parameters.
        lang: the language of labels, for queries that have the parameter `lang`.
        graphs: data of others: N-Quads by the name of the graph for what stands in none.
        limits: how long and deep the query may be, and how many rows it may answer.
        is_last: whether this process ends with the answer: then the graphs may go into the store that queries share.

    Raises:
        QueryError: the query is wrong or not allowed.
        UnknownNameError: a parameter's value is no known name.
        LimitReachedError: the query is too long or nests too deeply, or the answer has too many rows.
    """
    query = find(asked)
    text = bound(query, params or {}, lang, limits)
    where = _with(graphs, store() if is_last else load()) if graphs else store()
    kind, payload = evaluate(text, {}, limits, where=where)
    heads: dict[str, dict[str, str]] = {}
    if kind == "select" and query.columns:
        heads = query.heads(QueryResult(kind, payload).columns)
    return QueryResult(kind, payload, heads, _notes(query, text, graphs or {}, where, limits))


def _notes(
    query: NamedQuery, text: str, graphs: Mapping[str, bytes], where: ox.Store, limits: QueryLimits | None
) -> list[dict[str, str]]:
    """Return what there is to know about the answer: what the query means, misspelt names, data not looked at."""
    from bicentennial.knowledge.sparql.misspelt import is_reading_graphs, notes, unused_data

    tokens = inspect(text, limits).tokens
    said = [dict(query.description)] if query.description else []
    said += notes(tokens, graphs, where)
    if graphs and not is_reading_graphs(tokens):
        name = query.name if query.name in {each.name for each in all_queries()} else ""
        said.append(unused_data(name, _readers()))
    elif graphs and any(token.kind == "word" and token.text.upper() == "DESCRIBE" for token in tokens):
        said.append(render(entry("query", "data-not-described")["message"]))
    return said


@cache
def _readers() -> list[str]:
    """Return the named queries that look into the data of others."""
    from bicentennial.knowledge.sparql.misspelt import is_reading_graphs

    # Only what holds the word is looked at more closely: cutting all queries takes longer than most answers.
    likely = [each for each in all_queries() if "GRAPH" in each.text.upper()]
    return [each.name for each in likely if is_reading_graphs(tuple(tokenise(each.text)))]


def bound(query: NamedQuery, params: Mapping[str, Parameter], lang: str, limits: QueryLimits | None = None) -> str:
    """Return the text of a query with its parameters' values in their VALUES blocks.

    >>> bound(find("ASK { VALUES ?x { UNDEF } ?s ?p ?x }"), {"x": "a } DROP"}, "en")
    'ASK { VALUES ?x { "a } DROP" } ?s ?p ?x }'
    """
    inspection = inspect(query.text, limits)
    blocks = _blocks(inspection)
    values: dict[str, Parameter] = dict(params)
    if "lang" in blocks:
        values.setdefault("lang", lang)
    for name in values:
        if name not in blocks:
            known = ", ".join(sorted(blocks))
            message = entry("query", "known-parameters" if known else "no-parameters")["message"]
            raise query_error("unknown-parameter", name=name, known=render(message, names=known))
    text = query.text
    for name in sorted(values, key=lambda name: -blocks[name][0]):
        start, end = blocks[name]
        terms = " ".join(_terms(name, values[name], query.parameters.get(name, "")))
        text = f"{text[:start]} {terms} {text[end:]}"
    return text


def _blocks(inspection: Inspection) -> dict[str, tuple[int, int]]:
    """Find `VALUES ?name { … }`; give where its inside begins and ends."""
    found: dict[str, tuple[int, int]] = {}
    tokens = inspection.tokens
    for n, token in enumerate(tokens[:-2]):
        if token.kind == "word" and token.text.upper() == "VALUES" and tokens[n + 1].kind == "variable":
            closing = next((later for later in tokens[n + 2 :] if later.text == "}"), None)
            if tokens[n + 2].text == "{" and closing is not None:
                found.setdefault(tokens[n + 1].text[1:], (tokens[n + 2].end, closing.start))
    return found


def _terms(name: str, value: Parameter, kind: str) -> Iterable[str]:
    """Give the SPARQL terms of a parameter's value, or of each of its values."""
    import pyoxigraph as ox

    if not isinstance(value, str | int | float | Decimal | date):
        for one in value:
            yield from _terms(name, one, kind)
        return
    if isinstance(value, str) and kind in KINDS:
        yield str(ox.NamedNode(names().resolve(value, kind=kind)))
    elif isinstance(value, str) and kind == "date":
        if not _is_date(value):
            raise query_error("bad-date", value=value, name=name)
        shape = {4: XSD.gYear, 7: XSD.gYearMonth}.get(len(value), XSD.date)
        yield str(ox.Literal(value, datatype=ox.NamedNode(shape)))
    elif isinstance(value, str) and kind == "number":
        if not _NUMBER.fullmatch(value):
            raise query_error("bad-number", value=value, name=name)
        yield str(ox.Literal(value, datatype=ox.NamedNode(XSD.decimal)))
    elif isinstance(value, str):
        yield _text_or_iri(value, kind)
    elif isinstance(value, Decimal):
        yield str(ox.Literal(str(value), datatype=ox.NamedNode(XSD.decimal)))
    elif isinstance(value, datetime):
        yield str(ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD.dateTime)))
    elif isinstance(value, date):
        yield str(ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD.date)))
    else:
        yield str(ox.Literal(value))


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return _DATE.fullmatch(value) is not None


def _text_or_iri(value: str, kind: str) -> str:
    """Read a parameter without a declared kind: an IRI where it looks like one that we know, otherwise text."""
    import pyoxigraph as ox

    iri = expand(value) if _CURIE.fullmatch(value) else value
    if kind != "text" and iri.startswith(("http://", "https://", "urn:")):
        try:
            return str(ox.NamedNode(iri))
        except ValueError:
            pass
    return str(ox.Literal(value))


def evaluate(
    text: str, graphs: Mapping[str, bytes], limits: QueryLimits | None = None, *, where: ox.Store | None = None
) -> tuple[Kind, bytes]:
    """Run a query that has its values; return SPARQL JSON, or N-Triples for a graph.

    Args:
        text: the query.
        graphs: data of others: N-Quads by the name of the graph for what stands in none.
        limits: how long and deep the query may be, and how many rows it may answer.
        where: the store to ask; ours, with the graphs, if None.

    Raises:
        QueryError: the query is wrong or not allowed.
        LimitReachedError: the query is too long or nests too deeply, or the answer has too many rows.
    """
    import pyoxigraph as ox

    limits = limits or QueryLimits()
    inspect(text, limits)
    where = where or (_with(graphs, load()) if graphs else store())
    sink = _Sink(limits.rows)
    try:
        found = where.query(text, prefixes=PREFIXES, custom_functions=functions())
        if isinstance(found, ox.QueryBoolean):
            return "ask", b'{"head":{},"boolean":' + (b"true}" if found else b"false}")
        if isinstance(found, ox.QueryTriples):
            found.serialize(cast("IO[bytes]", sink), format=ox.RdfFormat.N_TRIPLES)
            return "graph", b"".join(sink.parts)
        found.serialize(cast("IO[bytes]", sink), format=ox.QueryResultsFormat.TSV)
        # TSV has a line a row, which is what the limit counts; JSON is what Python reads fastest.
        table = ox.parse_query_results(b"".join(sink.parts), format=ox.QueryResultsFormat.TSV)
        assert isinstance(table, ox.QuerySolutions)
        payload = table.serialize(format=ox.QueryResultsFormat.JSON)
        assert payload is not None
    except SyntaxError as error:
        raise syntax_error(text, str(error)) from None
    except (OSError, RuntimeError, ValueError) as error:
        if unknown := _UNKNOWN_FUNCTION.search(str(error)):
            known = ", ".join(f"<{each.value}>" for each in functions())
            raise query_error("unknown-function", function=unknown[1], known=known) from None
        raise query_error("failed", reason=str(error)) from None
    return "select", payload


class _Sink(io.RawIOBase):
    """A file that keeps what is written to it, until there are too many lines."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.parts: list[bytes] = []
        self._rows = rows
        self._left = rows + 1

    def write(self, part: Any) -> int:
        self.parts.append(bytes(part))
        self._left -= part.count(b"\n")
        if self._left < 0:
            raise reached("too-many-rows", self._rows, "query_rows")
        return len(part)


def _with(graphs: Mapping[str, bytes], where: ox.Store) -> ox.Store:
    import pyoxigraph as ox

    for name, quads in graphs.items():
        where.load(quads, format=ox.RdfFormat.N_QUADS, to_graph=ox.NamedNode(name))
    return where


def syntax_error(text: str, reported: str) -> QueryError:
    """Say where a query stops being SPARQL, and what most often is the matter."""
    match = _PLACE.match(reported)
    if match is None:
        return query_error("failed", reason=reported)
    line, column, expected = int(match[1]), int(match[2]), match[3]
    at = sum(len(part) for part in text.splitlines(keepends=True)[: line - 1]) + column - 1
    tokens = tuple(tokenise(text))
    # The parser reports how far it came, which is past what is wrong: the last token that begins before.
    before = [token for token in tokens if token.start < at] or list(tokens[:1])
    if "Prefix not found" in expected:
        declared = {
            tokens[n + 1].text.removesuffix(":")
            for n, token in enumerate(tokens[:-1])
            if token.kind == "word" and token.text.upper() == "PREFIX"
        }
        for token in tokens:
            prefix = token.text.partition(":")[0]
            if token.kind == "name" and prefix not in declared and prefix not in PREFIXES:
                known = ", ".join(f"{one}:" for one in PREFIXES)
                return query_error("unknown-prefix", text, token.start, prefix=prefix, known=known)
    unbound = "unbound" in expected
    hint = entry("query", "hint-unbound" if unbound else "hint-brackets")["message"]
    opened = sum((token.text in "([{") - (token.text in ")]}") for token in tokens if token.kind == "mark")
    if at >= len(text.rstrip()) and opened > 0:
        return query_error("syntax-end", text, max(len(text.rstrip()) - 1, 0), hint=hint)
    here = next((token for token in tokens if token.start <= at < token.end), None) or before[-1]
    return query_error("syntax", text, here.start, found=here.text[:40], hint=hint)
