r"""What a query must be before an engine sees it: one SELECT, ASK, CONSTRUCT or DESCRIBE, of reasonable size and depth.

The decision rests on tokens, cut as SPARQL 1.1 cuts them, so that a word inside a string, a comment or an IRI neither
triggers a refusal nor hides what should be refused.

>>> inspect("# SERVICE\nSELECT ?s { ?s ?p 'LOAD { DROP' }").form
'SELECT'
>>> inspect("DROP ALL")  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
bicentennial.core.errors.QueryError: line 1, column 1: DROP is not allowed: queries only read. ...
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.core.startup.records import record
from bicentennial.knowledge.problems import query_error, reached

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Inspection", "QueryLimits", "Token", "inspect", "tokenise"]


@record(frozen=True, kw_only=True)
class QueryLimits:
    """How long and deep a query may be, and how many rows it may answer; the settings are called `query_rows` etc.

    Args:
        rows: rows, or triples of a graph, that an answer may have.
        depth: how deep brackets may nest.
        characters: characters of the query.
        words: words and marks of the query. Ten thousand are far more than a person writes; a chain of operators much
            longer than this overflows the engine's stack.
    """

    rows: int = 1_000_000
    depth: int = 20
    characters: int = 100_000
    words: int = 10_000


_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH", "USING"}
)
# The engine reads keywords without asking where a word ends: to it `trueSERVICE` is `true SERVICE`, and `SERVICE:x` is
# `SERVICE` and the name `:x`. So these are refused anywhere in a word and in the prefix of a name.
_ELSEWHERE: Final = ("SERVICE", "FROM")

_NAME: Final = r"(?:[^\W\d]|[\u00B7\u200C\u200D])(?:[\w.\-\u00B7\u200C\u200D]*[\w\-\u00B7])?"
_LOCAL: Final = r"(?:[\w:\-\u00B7]|%[0-9A-Fa-f]{2}|\\[^\s])"
_TOKEN: Final = lazy(
    rf"""
      (?P<blank>[ \t\r\n\f\v\u00A0]+|\#[^\r\n]*)
    | (?P<string>'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"\"\"(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"\"\"
                |'(?:[^'\\\r\n]|\\.)*'|\"(?:[^\"\\\r\n]|\\.)*\")
    | (?P<iri><(?:[^<>\"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<node>_:[\w](?:[\w.\-\u00B7]*[\w\-\u00B7])?)
    | (?P<name>(?:{_NAME})?:(?:{_LOCAL}(?:\.|{_LOCAL})*)?)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<mark>\^\^|&&|\|\||!=|<=|>=|<<|>>|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a query: `kind` is string, iri, variable, language, node, name, number, word or mark."""

    kind: str
    text: str
    start: int
    end: int


class Inspection(NamedTuple):
    """A query that passed: its form (`SELECT` …) and its tokens."""

    form: str
    tokens: tuple[Token, ...]


def tokenise(text: str) -> Iterator[Token]:
    """Cut a query into tokens; white space and comments are left out.

    >>> [token.text for token in tokenise("ASK { ?a < 3 . ?b ex:c <http://x#y> } # SERVICE")]
    ['ASK', '{', '?a', '<', '3', '.', '?b', 'ex:c', '<http://x#y>', '}']
    """
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "blank":
            assert match.lastgroup is not None
            yield Token(match.lastgroup, match.group(), match.start(), match.end())


def inspect(text: str, limits: QueryLimits | None = None, *, datasets: bool = False) -> Inspection:
    """Check that a text is one read-only query within the limits, without running anything.

    Args:
        text: the query.
        limits: see `QueryLimits`; the usual ones if None.
        datasets: whether it may say with FROM which graphs it asks.

    Raises:
        QueryError: it is empty, an update, or asks for SERVICE or FROM.
        LimitReachedError: it is too long or nests too deeply; `setting` names the limit.
    """
    limits = limits or QueryLimits()
    if len(text) > limits.characters:
        raise reached("too-long", limits.characters, "query_characters")
    tokens: list[Token] = []
    opened = 0
    for token in tokenise(text):
        tokens.append(token)
        if len(tokens) > limits.words:
            raise reached("too-many-words", limits.words, "query_words")
        if token.kind == "mark":
            if token.text in "([{":
                opened += 1
                if opened > limits.depth:
                    raise reached("too-deep", limits.depth, "query_depth", text, token.start)
            elif token.text in ")]}":
                opened = max(0, opened - 1)
            elif token.text in "\"'":
                raise query_error("string-open", text, token.start)
    form = _form(text, tokens)
    declared = _declared(tokens)
    brackets = 0
    for n, token in enumerate(tokens):
        word = token.text.upper() if token.kind == "word" else ""
        brackets += (token.text in "([{") - (token.text in ")]}") if token.kind == "mark" else 0
        keywords = token.text.partition(":")[0].upper() if token.kind == "name" else word
        for elsewhere in _ELSEWHERE[:1] if datasets else _ELSEWHERE:
            if elsewhere in keywords and not _is_plain_name(tokens, n, declared, brackets):
                raise query_error(elsewhere.lower(), text, token.start)
        if word in _UPDATES:
            raise query_error("update", text, token.start, word=word)
    return Inspection(form, tuple(tokens))


def _declared(tokens: list[Token]) -> frozenset[str]:
    """Return the prefixes that a query declares."""
    found = set()
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.kind == "word" and before.text.upper() == "PREFIX" and after.kind == "iri":
            found.add(token.text)
    return frozenset(found)


def _is_plain_name(tokens: list[Token], n: int, declared: frozenset[str], brackets: int) -> bool:
    """Whether a token with SERVICE or FROM in its prefix can be read as a name alone.

    Its prefix must be declared, so that the engine has no reason to look for a keyword in it. What follows SERVICE is
    a group, and no group follows a name but that of a graph; FROM stands before all brackets, where a name that only
    looks like it has nothing to do.
    """
    token, before = tokens[n], tokens[n - 1] if n else None
    after = tokens[n + 1] if n + 1 < len(tokens) else None
    if token.kind != "name" or f"{token.text.partition(':')[0]}:" not in declared:
        return False
    opener = before.text.upper() if before is not None and before.kind == "word" else ""
    if opener == "PREFIX":
        return True
    return brackets > 0 and (opener == "GRAPH" or after is None or after.text != "{")


def _form(text: str, tokens: list[Token]) -> str:
    """Return the word that says what kind of query it is: the first after BASE and PREFIX."""
    if not tokens:
        raise query_error("empty")
    for token in tokens:
        if token.kind == "word":
            word = token.text.upper()
            if word in _FORMS:
                return word
            if word in _UPDATES:
                raise query_error("update", text, token.start, word=word)
            if word not in {"PREFIX", "BASE"}:
                raise query_error("no-form", text, token.start, word=token.text[:40])
    raise query_error("no-form", text, tokens[0].start, word=tokens[0].text[:40])
