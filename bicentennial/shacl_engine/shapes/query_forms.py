r"""SPARQL queries parsed by their form: those that differ only in names, as the queries of many shapes do, once.

A query is split into tokens. Each name of a variable or a thing becomes one of ours, spaces and comments become one
space; what that leaves is parsed, and the syntax tree is copied with the names of the query. If there is any doubt
about a token, the query is parsed as it is.

>>> _parted("PREFIX a: <urn:> SELECT $this WHERE { $this a:b ?x . ?x a <urn:c> }")[1]
' SELECT ?x0 WHERE { ?x1 <urn:x-2> ?x3 . ?x4 a <urn:x-5> }'
>>> _parted(r"SELECT $this WHERE { $this <urn:p> '\'' }") is None
True
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from pyparsing import ParseResults
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.term import BNode, URIRef, Variable

__all__ = ["parsed", "renamed"]

_SPACE: Final = r"(?:[ \t\r\n]|\#[^\n\\]*(?:\n|\Z))"
_PREFIX: Final = r"(?P<prefix>[A-Za-z][A-Za-z0-9_-]*)?:"
# `?a<?b&&?c>?d` could be read as if there were one in it.
_IRI: Final = r'<(?P<iri>[^\x00-\x20<>"{}|^`\\?$&()]*)>'
_DECLARED: Final = re.compile(rf"{_SPACE}*PREFIX[ \t\r\n]{_SPACE}*{_PREFIX}{_SPACE}*{_IRI}", re.IGNORECASE)
_TOKEN: Final = re.compile(
    rf"""(?P<space>{_SPACE}+)
    | [?$](?P<variable>[A-Za-z0-9_]+)
    | {_IRI}
    | (?P<short>{_PREFIX}(?P<local>[A-Za-z0-9_][A-Za-z0-9_-]*)?)(?!\.*[\w:%\\-])
    | (?P<other>[A-Za-z][A-Za-z0-9_]*(?![\w:$-]) | [0-9]+(?:\.[0-9]+)?(?![\w:.])
      | "[^"\\\t\r\n]*"(?!") | '[^'\\\t\r\n]*'(?!') | <=?(?=[ \t\r\n]) | [{{}}()\[\].;,=!>|&*+/^@?-])
    """,
    re.VERBOSE | re.ASCII,
)


def parsed(text: str) -> Any:
    """Return the syntax tree of a query, as rdflib's `parseQuery` does."""
    parts = _parted(text)
    if parts is not None:
        declared, form, names = parts
        try:
            prologue, query = _tree(form)
        except Exception:  # rdflib's parser raises whatever it meets; what is wrong is said of the text
            return parseQuery(text)
        return [[*declared, *renamed(prologue, names)], renamed(query, names)]
    return parseQuery(text)


_tree: Final = lru_cache(256)(parseQuery)


def _parted(text: str) -> tuple[list[CompValue], str, dict[Any, Any]] | None:
    """Return the prefixes that a query declares, its form, and the names for those in it; None if there is a doubt."""
    declared: list[CompValue] = []
    place = 0
    while found := _DECLARED.match(text, place):
        declared.append(CompValue("PrefixDecl", prefix=found["prefix"], iri=URIRef(found["iri"])))
        place = found.end()
    form: list[str] = []
    names: dict[Any, Any] = {}
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return None
        place = token.end()
        if token["space"]:
            form.append(" ")
        elif token["other"]:
            form.append(token["other"])
        elif token["variable"]:
            name = f"x{len(names)}"
            names[Variable(name)] = Variable(token["variable"])
            form.append(f"?{name}")
        else:
            name = f"urn:x-{len(names)}"
            short = token["short"] and CompValue("pname", prefix=token["prefix"], localname=token["local"])
            names[URIRef(name)] = URIRef(token["iri"]) if short is None else short
            form.append(f"<{name}>")
    return declared, "".join(form), names


def renamed(node: Any, names: dict[Any, Any]) -> Any:
    """Return a copy of a syntax tree with other names; blank nodes are of each copy its own."""
    if isinstance(node, Expr):
        method = node._evalfn  # noqa: SLF001 -- it is bound to the node
        copy: CompValue = Expr(node.name, method and method.__func__)
    elif isinstance(node, CompValue):
        copy = CompValue(node.name)
    elif isinstance(node, list | ParseResults):
        return [renamed(each, names) for each in node]
    elif isinstance(node, tuple):
        return tuple(renamed(each, names) for each in node)
    elif isinstance(node, BNode):
        return names.setdefault(node, BNode())
    else:
        return names.get(node, node) if isinstance(node, URIRef | Variable) else node
    for key, value in node.items():
        copy[key] = renamed(value, names)
    return copy
