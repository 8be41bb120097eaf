"""SQL that reads files of lines, as DuckDB is given them: our own rows, and canonical N-Quads.

Both hold one row a line, and no control character that is not escaped. Canonical N-Quads is what pyoxigraph writes:
one space between terms, and of escapes only those that JSON has too.
"""

# ruff: noqa: S608 -- the SQL is put together from constants of this module alone

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["count_of_graphs", "rows_of", "triples", "triples_of_quads", "unescaped"]

_FILE: Final = (
    "read_csv($1, columns={columns}, delim='{delimiter}', auto_detect=false, header=false, quote='', escape='',"
    " comment='', nullstr='\x02', new_line='\\n', max_line_size=16777216)"
)
_LINES: Final = _FILE.format(columns={"line": "VARCHAR"}, delimiter="\x01")
# Triple terms do not fit, on purpose.
_QUAD: Final = (
    r'^<?([^ <>"]+)>? <([^ <>"]+)> (?:<?([^ <>"]+)>?|"((?:[^"\\]|\\.)*)"(?:\^\^<([^ <>"]+)>|@([A-Za-z0-9-]+))?)'
    r"(?: (<?[^ <>\"]+>?))? \.$"
)
_TEXT: Final = f"CASE WHEN contains(lang, '--') THEN '{RDF.dirLangString}' ELSE '{RDF.langString}' END"


def rows_of(columns: Mapping[str, str]) -> str:
    """Return the relation of the rows in file `$1`, whose fields are separated by tabs."""
    return _FILE.format(columns=dict(columns), delimiter="\t")


def unescaped(column: str) -> str:
    """Return a text without its escapes, of which few have any."""
    text = f"json_extract_string('\"' || {column} || '\"', '$')"
    return rf"CASE WHEN contains({column}, '\') THEN {text} ELSE {column} END"


def triples() -> str:
    """Return a query for the triples in file `$1`, which has no named graph.

    The columns are `s, p, o, kind, dt, lang`; `p` is empty where there is a triple term. Looking for spaces
    and quotation marks takes a third of the time of a regular expression.
    """
    # What follows the predicate is `<o> .`, `_:o .`, `"…" .`, `"…"^^<dt> .` or `"…"@lang .`
    parts = (
        "SELECT split_part(line, ' ', 1) AS s, split_part(line, ' ', 2) AS p,"
        f" substr(line, length(s) + length(p) + 3) AS rest FROM {_LINES}"
    )
    formed = (
        "SELECT *, CASE WHEN starts_with(rest, '<') THEN 'i' WHEN starts_with(rest, '_') THEN 'b'"
        " WHEN ends_with(rest, '\" .') THEN 's' WHEN ends_with(rest, '> .') THEN 't' ELSE 'l' END AS form"
        f" FROM ({parts})"
    )
    ended = (
        "SELECT *, CASE form WHEN 't' THEN split_part(rest, '\"^^<', -1) WHEN 'l' THEN split_part(rest, '\"@', -1) END"
        f" AS ending FROM ({formed})"
    )
    split = (
        "SELECT CASE WHEN starts_with(s, '<') THEN substr(s, 2, length(s) - 2) ELSE s END AS s,"
        " CASE WHEN starts_with(rest, '<<') THEN '' ELSE substr(p, 2, length(p) - 2) END AS p,"
        " CASE form WHEN 'b' THEN substr(rest, 1, length(rest) - 2)"
        " WHEN 't' THEN substr(rest, 2, length(rest) - length(ending) - 5)"
        " WHEN 'l' THEN substr(rest, 2, length(rest) - length(ending) - 3)"
        " ELSE substr(rest, 2, length(rest) - 4) END AS o,"
        " CASE form WHEN 'i' THEN 0 WHEN 'b' THEN 1 ELSE 2 END AS kind,"
        f" CASE form WHEN 's' THEN '{XSD.string}' WHEN 't' THEN substr(ending, 1, length(ending) - 3)"
        " ELSE '' END AS dt,"
        " CASE form WHEN 'l' THEN lower(substr(ending, 1, length(ending) - 2)) ELSE '' END AS lang, form"
        f" FROM ({ended})"
    )
    datatype = f"CASE form WHEN 'l' THEN {_TEXT} ELSE dt END"
    return f"SELECT s, p, {unescaped('o')} AS o, kind, {datatype} AS dt, lang FROM ({split})"


def triples_of_quads() -> str:
    """Return a query for the same columns of file `$1`, which may have named graphs."""
    names = "['s', 'p', 'o', 'lexical', 'dt', 'lang', 'graph']"
    parts = f"SELECT unnest(regexp_extract(line, {_quoted(_QUAD)}, {names})) FROM {_LINES}"
    return (
        f"SELECT s, p, CASE WHEN o <> '' THEN o ELSE {unescaped('lexical')} END AS o,"
        " CASE WHEN o = '' THEN 2 WHEN starts_with(o, '_:') THEN 1 ELSE 0 END AS kind,"
        f" CASE WHEN o <> '' THEN '' WHEN dt <> '' THEN dt WHEN lang = '' THEN '{XSD.string}' ELSE {_TEXT} END AS dt,"
        f" lower(lang) AS lang FROM ({parts})"
    )


def count_of_graphs() -> str:
    """Return a query for the number of graphs in file `$1`, that without a name included, and the last name."""
    graph = f"regexp_extract(line, {_quoted(_QUAD)}, 7)"
    return f"SELECT count(DISTINCT g), max(g) FROM (SELECT {graph} AS g FROM {_LINES})"


def _quoted(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"
