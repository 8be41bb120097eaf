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

__all__ = [
    "FOREIGN",
    "PLAIN_IRI",
    "PLAIN_LANGUAGE",
    "PLAIN_NODE",
    "count_of_graphs",
    "doubtful_terms",
    "rows_of",
    "triples",
    "triples_of_quads",
    "unescaped",
]

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


FOREIGN: Final = ("\x00", "\x01", "\x02", "\r", "\\u", "\\U")
"""What N-Triples must not hold that DuckDB is to read as they are: what its reader takes for something else, and
escapes that JSON reads otherwise."""
# Forms of terms that are right beyond doubt; the grammars allow more.
PLAIN_IRI: Final = (
    r"(?:https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[A-Za-z0-9._~!$&()*+,;=:@/-]*)?|urn:[A-Za-z0-9][A-Za-z0-9-]+:"
    r"[A-Za-z0-9._~!$&()*+,;=:@/-]+)(?:\?[A-Za-z0-9._~!$&()*+,;=:@/?-]*)?(?:#[A-Za-z0-9._~!$&()*+,;=:@/?-]*)?"
)
PLAIN_NODE: Final = "_:[A-Za-z][A-Za-z0-9]*"
PLAIN_LANGUAGE: Final = "[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
_PLAIN_TEXT: Final = r'(?:[^"\\]|\\[tbnrf"\\])*'


def rows_of(columns: Mapping[str, str]) -> str:
    """Return the relation of the rows in file `$1`, whose fields are separated by tabs."""
    return _FILE.format(columns=dict(columns), delimiter="\t")


def unescaped(column: str) -> str:
    """Return a text without its escapes, of which few have any."""
    text = f"json_extract_string('\"' || {column} || '\"', '$')"
    return rf"CASE WHEN contains({column}, '\') THEN {text} ELSE {column} END"


def triples(*, trusted: bool = True) -> str:
    """Return a query for the triples in file `$1`, which has no named graph.

    The columns are `s, p, o, kind, dt, lang`; `p` is empty where there is a triple term. Looking for spaces
    and quotation marks takes a third of the time of a regular expression.

    Args:
        trusted: a serializer has written the file; if not, `p` is empty too for each line that is no triple in the form
            of a serializer, and terms are still to be looked at: see `doubtful_terms`.
    """
    # A text without quotation marks and backslashes is one; a regular expression looks at the others.
    is_formed = (
        "ends_with(rest, ' .') AND starts_with(p, '<') AND ends_with(p, '>')"
        " AND (starts_with(s, '_') OR (starts_with(s, '<') AND ends_with(s, '>')))"
        " AND CASE form WHEN 'i' THEN ends_with(rest, '> .') WHEN 'b' THEN true"
        " WHEN 's' THEN starts_with(rest, '\"') AND length(rest) > 3"
        " WHEN 't' THEN starts_with(rest, '\"') AND contains(rest, '\"^^<')"
        " ELSE starts_with(rest, '\"') AND contains(rest, '\"@') END"
    )
    is_text = (
        f"CASE WHEN kind = 2 AND (contains(o, '\"') OR contains(o, chr(92))) THEN regexp_full_match(o, '{_PLAIN_TEXT}')"
        " ELSE true END"
    )
    refused = "" if trusted else f" OR NOT ({is_formed})"
    property_name = "p" if trusted else f"CASE WHEN {is_text} THEN p ELSE '' END"
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
        f" CASE WHEN starts_with(rest, '<<'){refused} THEN '' ELSE substr(p, 2, length(p) - 2) END AS p,"
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
    # A triple term is no text, though it may hold one with escapes.
    value = f"CASE WHEN kind = 2 THEN {unescaped('o')} ELSE o END"
    return f"SELECT s, {property_name} AS p, {value} AS o, kind, {datatype} AS dt, lang FROM ({split})"


def doubtful_terms() -> str:
    """Return a query for a few terms of `statements` of which it takes a parser to tell whether they are right.

    Each distinct term is looked at once.
    """
    iris = (
        "SELECT s AS term FROM statements WHERE NOT starts_with(s, '_:') UNION SELECT p FROM statements"
        " UNION SELECT o FROM statements WHERE kind = 0 UNION SELECT dt FROM statements WHERE kind = 2"
    )
    nodes = "SELECT s AS term FROM statements WHERE starts_with(s, '_:') UNION SELECT o FROM statements WHERE kind = 1"
    languages = "SELECT DISTINCT lang AS term FROM statements WHERE lang <> ''"
    kinds = ((iris, PLAIN_IRI), (nodes, PLAIN_NODE), (languages, PLAIN_LANGUAGE))
    doubts = (f"SELECT term FROM ({terms}) WHERE NOT regexp_full_match(term, '{plain}')" for terms, plain in kinds)
    return f"{' UNION ALL '.join(doubts)} LIMIT 1"


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
