r"""Folders of N-Triples: Spark takes the lines apart that are right beyond doubt, and a parser looks at the others.

Spark's patterns know the form that serializers write, with terms that no reader takes for anything else. The lines that
differ from it are few in what a program has written: they come to the driver, each different one once, are parsed by
the parser that reads single files, and go back by a broadcast join. Nothing is guessed, and no line is left out.
"""

# ruff: noqa: S608, E501 -- what goes into the SQL is ours, and a clause of SQL stays on its line

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.messages import entry, render
from bicentennial.core.namespaces import RDF, XSD
from bicentennial.formats.rdf.syntax_errors import broken_text
from bicentennial.spark.dataset import checkpointed
from bicentennial.spark.session import frame, lists, literal, refused
from bicentennial.storage.duckdb.lines import PLAIN_IRI, PLAIN_LANGUAGE, PLAIN_NODE
from bicentennial.storage.layout import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["of_lines"]

# So many different lines may take a parser.
_MOST: Final = 200_000
_LINE: Final = (
    rf"(?d)\A(?:<({PLAIN_IRI})>|({PLAIN_NODE})) <({PLAIN_IRI})> (?:<({PLAIN_IRI})>|({PLAIN_NODE})"
    rf'|(")([^\n]*)"(?:\^\^<({PLAIN_IRI})>|@([A-Za-z0-9-]+))?) \.\z'
)
_PARTS: Final = ("iri", "node", "p", "thing", "blank", "mark", "text", "dt", "lang")
_MARK: Final = "\x01"
_TRIPLE: Final = "line STRING, s STRING, p STRING, o STRING, kind INT, dt STRING, lang STRING"
# What is left of a text without its escapes has neither.
_ESCAPES: Final = r'\\[tbnrf"\\]'
_UNESCAPED: Final = r'["\\]'
_LANGUAGE: Final = rf"\A{PLAIN_LANGUAGE}\z"
_NOTHING: Final = r"\A[ \t]*(?:#.*)?\z"


def of_lines(session: SparkSession, lines: DataFrame, files: Sequence[str]) -> DataFrame:
    """Return the statements of the lines of N-Triples, with file and line as their `sheet` and `row`.

    Blank nodes of several files differ by the number of their file.

    Args:
        session: the session.
        lines: the lines, with the columns `line`, `sheet` and `row`.
        files: the names of the files, for errors.

    Raises:
        UnreadableInputError: a line is no triple, or too many take a parser.
    """
    lines.createOrReplaceTempView("lines")
    is_text = (
        f"NOT regexp_like(text, {literal(_UNESCAPED)})"
        f" OR NOT regexp_like(regexp_replace(text, {literal(_ESCAPES)}, ''), {literal(_UNESCAPED)})"
    )
    is_language = f"lang = '' OR regexp_like(lower(lang), {literal(_LANGUAGE)})"
    # JSON has the same escapes, and those of `'` and of code points are left to the parser.
    json = "from_json(concat('[\"', text, '\"]'), 'array<string>', map('allowUnquotedControlChars', 'true'))[0]"
    taken = checkpointed(
        session.sql(
            f"SELECT CASE WHEN iri <> '' THEN iri ELSE {_scoped('node', files)} END AS s, p,"
            f" CASE WHEN thing <> '' THEN thing WHEN blank <> '' THEN {_scoped('blank', files)}"
            f" WHEN plain AND contains(text, {literal(chr(92))}) THEN {json} ELSE text END AS o,"
            f" CASE WHEN thing <> '' THEN {IRI} WHEN blank <> '' THEN {BLANK} ELSE {LITERAL} END AS kind,"
            f" CASE WHEN mark = '' THEN '' WHEN dt <> '' THEN dt WHEN lang <> '' THEN {literal(str(RDF.langString))}"
            f" ELSE {literal(str(XSD.string))} END AS dt, lower(lang) AS lang, sheet, row, plain,"
            f" CASE WHEN NOT plain AND NOT regexp_like(line, {literal(_NOTHING)}) THEN line END AS line"
            f" FROM (SELECT *, matched AND ({is_text}) AND ({is_language}) AS plain FROM ({_taken_apart()}))"
        ),
        on_disk=True,
    )
    taken.where("line IS NOT NULL").createOrReplaceTempView("doubtful")
    plain = taken.where("plain").select("s", "p", "o", "kind", "dt", "lang", "sheet", "row")
    parsed = _parsed(session, files)
    if not parsed:
        return plain
    frame(session, parsed, _TRIPLE).createOrReplaceTempView("parsed")
    return plain.unionAll(
        session.sql(
            f"SELECT /*+ BROADCAST(q) */ CASE WHEN startswith(q.s, '_:') THEN {_scoped('q.s', files)} ELSE q.s END AS s,"
            f" q.p, CASE WHEN q.kind = {BLANK} THEN {_scoped('q.o', files)} ELSE q.o END AS o, q.kind, q.dt, q.lang,"
            " sheet, row FROM doubtful JOIN parsed q ON q.line = doubtful.line"
        )
    )


def _taken_apart() -> str:
    """Return the query for the parts of each line: matched once, they stand between marks that no plain line has."""
    marked = "".join(f"{_MARK}${number}" for number in range(1, len(_PARTS) + 1))
    parts = (
        f"split(CASE WHEN contains(line, '{_MARK}') THEN '' ELSE regexp_replace(line, {literal(_LINE)}, '{marked}') END,"
        f" '{_MARK}')"
    )
    columns = ", ".join(f"coalesce(get(parts, {number}), '') AS {name}" for number, name in enumerate(_PARTS, start=1))
    return (
        f"SELECT line, sheet, row, size(parts) > 1 AS matched, {columns}"
        f" FROM (SELECT line, sheet, row, {parts} AS parts FROM lines)"
    )


def _scoped(node: str, files: Sequence[str]) -> str:
    """Return a blank node as SQL: the same label stands for another one in each file."""
    return f"concat('_:f', sheet, 'x', substr({node}, 3))" if len(files) > 1 else node


def _parsed(session: SparkSession, files: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what a parser makes of each different line in doubt.

    Raises:
        UnreadableInputError: one is no triple, or there are too many.
    """
    import pyoxigraph

    found = lists(
        session.sql(
            "SELECT line, at.sheet, at.row FROM (SELECT line, min(struct(sheet, row)) AS at FROM doubtful GROUP BY line)"
            f" ORDER BY 2, 3 LIMIT {_MOST + 1}"
        )
    )
    if len(found) > _MOST:
        raise refused("lines-in-doubt", most=_MOST)
    made: list[tuple[str, ...]] = []
    for line, sheet, row in found:
        try:
            quads = list(pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES))
        except SyntaxError as error:
            broken = broken_text(error, line, "N-Triples")
            text = render(entry("spark", "broken-line"), file=files[sheet], line=row, reason=broken.text)
            raise UnreadableInputError(text, line=row) from error
        made += [(line, *_triple(quad)) for quad in quads]
    return made


def _triple(quad: pyoxigraph.Quad) -> tuple[str, ...]:
    import pyoxigraph

    o = quad.object
    if isinstance(o, pyoxigraph.Triple) or (isinstance(o, pyoxigraph.Literal) and o.direction is not None):
        raise refused("rdf-12")
    s = quad.subject.value if isinstance(quad.subject, pyoxigraph.NamedNode) else str(quad.subject)
    given: tuple[object, ...]
    if isinstance(o, pyoxigraph.Literal):
        given = (s, quad.predicate.value, o.value, LITERAL, o.datatype.value, (o.language or "").lower())
    elif isinstance(o, pyoxigraph.NamedNode):
        given = (s, quad.predicate.value, o.value, IRI, "", "")
    else:
        given = (s, quad.predicate.value, str(o), BLANK, "", "")
    return given  # type: ignore[return-value]
