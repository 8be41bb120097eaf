"""SQL that reads files of lines, as DuckDB is given them: our own rows, and canonical N-Quads.

Both hold one row a line, and no control character that is not escaped. Canonical N-Quads is what pyoxigraph writes:
one space between terms, and of escapes only those that JSON has too.
"""

# ruff: noqa: S608 -- the SQL is put together from constants of this module alone

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.storage.layout import materialized

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FOREIGN",
    "FOREIGN_ESCAPES",
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
    " comment='', nullstr='\x02', null_padding={padded}, new_line='\\n', max_line_size=16777216)"
)
_LINES: Final = _FILE.format(columns={"line": "VARCHAR"}, delimiter="\x01", padded="false")
# A triple split where its IRIs end, in DuckDB's reader, costs a third of what its functions of texts take. A text that
# holds as much as the end of an IRI has more parts than most.
_ENDED: Final = "> "
_PARTS: Final = tuple(f"c{number}" for number in range(1, 17))
_PARTED: Final = _FILE.format(columns=dict.fromkeys(_PARTS, "VARCHAR"), delimiter=_ENDED, padded="true")
# Triple terms do not fit, on purpose.
_QUAD: Final = (
    r'^<?([^ <>"]+)>? <([^ <>"]+)> (?:<?([^ <>"]+)>?|"((?:[^"\\]|\\.)*)"(?:\^\^<([^ <>"]+)>|@([A-Za-z0-9-]+))?)'
    r"(?: (<?[^ <>\"]+>?))? \.$"
)
_TEXT: Final = f"CASE WHEN contains(lang, '--') THEN '{RDF.dirLangString}' ELSE '{RDF.langString}' END"


FOREIGN: Final = (b"\x00", b"\x01", b"\x02", b"\r")
"""What N-Triples must not hold that DuckDB is to read as they are: what its reader takes for something else."""
FOREIGN_ESCAPES: Final = (b"\\u", b"\\U")
"""Escapes that JSON reads otherwise, or not as what the parser takes them for."""
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
    return _FILE.format(columns=dict(columns), delimiter="\t", padded="false")


def unescaped(column: str) -> str:
    """Return a text without its escapes, of which few have any."""
    text = f"json_extract_string('\"' || {column} || '\"', '$')"
    return rf"CASE WHEN contains({column}, '\') THEN {text} ELSE {column} END"


def triples(*, trusted: bool = True) -> str:
    """Return a query for the triples in file `$1`, which has no named graph.

    The columns are `s, p, o, kind, dt, lang`; `p` is empty where there is a triple term. It fails at texts in which as
    many IRIs seem to end as hardly any has. Looking for the ends of IRIs and texts takes a quarter of the time of a
    regular expression.

    Args:
        trusted: a serializer has written the file; if not, `p` is empty too for each line that is no triple in the form
            of a serializer, and terms are still to be looked at: see `doubtful_terms`.
    """
    # Most lines are `<s> <p> <o> .`, `<s> <p> "…"^^<dt> .` or `<s> <p> "…" .`. Those that begin with a blank node, or
    # hold a text like the end of an IRI, are put together again from there on.
    parts = (
        "SELECT *, starts_with(c1, '<') AS is_named, CASE WHEN NOT is_named"
        f" THEN concat_ws('{_ENDED}', {', '.join(_PARTS[1:])}) WHEN c5 IS NOT NULL OR c4 <> '.'"
        f" THEN concat_ws('{_ENDED}', {', '.join(_PARTS[2:])}) END AS whole FROM {_PARTED}"
    )
    # What follows the predicate is then `body> .` if it is `closed`, and ` .` is part of the body otherwise.
    bodies = (
        "SELECT CASE WHEN is_named THEN substr(c1, 2) ELSE split_part(c1, ' ', 1) END AS s,"
        " CASE WHEN is_named THEN c2 ELSE substr(c1, length(s) + 2) END AS p,"
        f" CASE WHEN whole IS NULL THEN c4 IS NOT NULL ELSE ends_with(whole, '{_ENDED}.') END AS closed,"
        " CASE WHEN whole IS NULL THEN c3 WHEN closed THEN substr(whole, 1, length(whole) - 3) ELSE whole END AS body"
        f" FROM ({parts})"
    )
    formed = (
        "SELECT *, CASE WHEN closed THEN CASE WHEN starts_with(body, '<') THEN 'i' ELSE 't' END"
        " WHEN starts_with(body, '_') THEN 'b' WHEN ends_with(body, '\" .') THEN 's' ELSE 'l' END AS form"
        f" FROM ({bodies})"
    )
    ended = (
        "SELECT *, CASE form WHEN 't' THEN split_part(body, '\"^^<', -1) WHEN 'l' THEN split_part(body, '\"@', -1) END"
        f" AS ending FROM ({formed})"
    )
    is_formed = (
        "starts_with(p, '<') AND CASE form WHEN 'i' THEN true WHEN 'b' THEN ends_with(body, ' .')"
        " WHEN 's' THEN starts_with(body, '\"') AND length(body) > 3"
        " WHEN 't' THEN starts_with(body, '\"') AND contains(body, '\"^^<')"
        " ELSE starts_with(body, '\"') AND contains(body, '\"@') AND ends_with(body, ' .')"
        " AND NOT ends_with(body, '\"@ .') END"
    )
    refused = "" if trusted else f" OR NOT ({is_formed})"
    split = (
        f"SELECT s, CASE WHEN starts_with(body, '<<'){refused} THEN '' ELSE substr(p, 2) END AS p,"
        " CASE form WHEN 'i' THEN substr(body, 2) WHEN 'b' THEN substr(body, 1, length(body) - 2)"
        " WHEN 't' THEN substr(body, 2, length(body) - length(ending) - 5)"
        " WHEN 'l' THEN substr(body, 2, length(body) - length(ending) - 3)"
        " ELSE substr(body, 2, length(body) - 4) END AS o,"
        " CASE form WHEN 'i' THEN 0 WHEN 'b' THEN 1 ELSE 2 END AS kind,"
        f" CASE form WHEN 's' THEN '{XSD.string}' WHEN 't' THEN ending ELSE '' END AS dt,"
        " CASE form WHEN 'l' THEN lower(substr(ending, 1, length(ending) - 2)) ELSE '' END AS lang, form"
        f" FROM ({ended})"
    )
    # A text without quotation marks and backslashes is one; a regular expression looks at the others.
    is_text = (
        f"CASE WHEN kind = 2 AND (contains(o, '\"') OR contains(o, chr(92))) THEN regexp_full_match(o, '{_PLAIN_TEXT}')"
        " ELSE true END"
    )
    property_name = "p" if trusted else f"CASE WHEN {is_text} THEN p ELSE '' END"
    datatype = f"CASE form WHEN 'l' THEN {_TEXT} ELSE dt END"
    # A triple term is no text, though it may hold one with escapes.
    value = f"CASE WHEN kind = 2 THEN {unescaped('o')} ELSE o END"
    return f"SELECT s, {property_name} AS p, {value} AS o, kind, {datatype} AS dt, lang FROM ({split})"


def doubtful_terms() -> str:
    """Return a query for a few terms of `statements` of which only a parser finds whether they are right.

    Each distinct term is looked at once.
    """
    iris = (
        "SELECT s AS term FROM statements WHERE NOT starts_with(s, '_:') UNION SELECT p FROM statements"
        " UNION SELECT o FROM statements WHERE kind = 0 UNION SELECT dt FROM statements WHERE kind = 2"
    )
    nodes = "SELECT s AS term FROM statements WHERE starts_with(s, '_:') UNION SELECT o FROM statements WHERE kind = 1"
    languages = "SELECT DISTINCT lang AS term FROM statements WHERE lang <> ''"
    kinds = ((iris, PLAIN_IRI), (nodes, PLAIN_NODE), (languages, PLAIN_LANGUAGE))
    doubts = (
        f"SELECT term FROM ({materialized(terms)}) WHERE NOT regexp_full_match(term, '{plain}')"
        for terms, plain in kinds
    )
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
