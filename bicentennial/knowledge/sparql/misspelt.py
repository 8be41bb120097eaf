"""What a query names that is not there, and data that it does not look at: notes beside the answer, not errors.

>>> from bicentennial.knowledge.sparql.guard import inspect
>>> [note["en"] for note in notes(inspect("ASK { ?a bic:responsible bicd:agency-ofac }").tokens, {})]
['nothing is called bic:responsible; did you mean bic:hasResponsibleParty, bic:infersResponsibleParty?']
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import entry, render
from bicentennial.core.namespaces import BIC, BICD, PREFIXES, compact, local_name
from bicentennial.knowledge.store import select, store
from bicentennial.knowledge.text import normalize_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyoxigraph as ox

    from bicentennial.knowledge.sparql.guard import Token

__all__ = ["is_reading_graphs", "notes", "unused_data"]

_OURS: Final = (str(BIC), str(BICD))
_NEAR: Final = 65
_BEHIND: Final = 10
_PART: Final = 0.9
_SUGGESTIONS: Final = 2


def notes(
    tokens: Sequence[Token], graphs: Mapping[str, bytes], asked: ox.Store | None = None
) -> Iterator[dict[str, str]]:
    """Yield a note, by language, for each `bic:` or `bicd:` name in a query that stands for nothing.

    Args:
        tokens: of the query.
        graphs: data of others by name of graph.
        asked: the store that is asked, if there are such data.
    """
    where = asked or store()
    for iri in _named(tokens, graphs):
        if not _is_there(where, iri):
            yield _note(iri)


def is_reading_graphs(tokens: Sequence[Token]) -> bool:
    """Return whether a query looks into named graphs, where the data of others are."""
    return any(token.kind == "word" and token.text.upper() == "GRAPH" for token in tokens)


def unused_data(name: str, others: Sequence[str]) -> dict[str, str]:
    """Return the note that a query looks at none of the data that are given to it.

    Args:
        name: that of a named query; empty for any other.
        others: the named queries that do.
    """
    key = "data-unused-named" if name else "data-unused"
    return render(entry("query", key)["message"], name=name, others=", ".join(others))


def _named(tokens: Sequence[Token], graphs: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the IRIs in our own space that a query asks for, each once; not those of what it constructs."""
    prefixes = dict(PREFIXES)
    seen = set(graphs)
    depth, template = 0, False
    for n, token in enumerate(tokens):
        before = tokens[n - 1] if n else None
        if token.text == "{":
            template = template or (depth == 0 and before is not None and before.text.upper() == "CONSTRUCT")
            depth += 1
        elif token.text == "}":
            depth -= 1
            template = template and depth > 0
        if before is not None and before.text.upper() == "PREFIX" and n + 1 < len(tokens):
            prefixes[token.text.removesuffix(":")] = tokens[n + 1].text[1:-1]
            continue
        iri = _iri(token, prefixes)
        if iri and not template and iri not in seen and iri.startswith(_OURS) and iri not in _OURS:
            seen.add(iri)
            yield iri


def _iri(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, colon, name = token.text.partition(":")
    if token.kind != "name" or not colon or prefix not in prefixes:
        return ""
    return prefixes[prefix] + name.replace("\\", "")


def _is_there(where: ox.Store, iri: str) -> bool:
    import pyoxigraph as ox

    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    patterns = ((node, None, None), (None, node, None), (None, None, node))
    return any(next(where.quads_for_pattern(*pattern), None) is not None for pattern in patterns)


@cache
def _known() -> dict[str, str]:
    """Return the names in our space in words, without their kind, and the IRIs that they stand for."""
    found: dict[str, str] = {}
    for row in select("SELECT DISTINCT ?thing { ?thing a ?class FILTER(?class NOT IN (bic:Passage, bic:Name)) }"):
        if row["thing"]["type"] == "uri" and row["thing"]["value"].startswith(_OURS):
            found[row["thing"]["value"]] = _folded(row["thing"]["value"])
    return found


def _folded(iri: str) -> str:
    name = local_name(iri)
    return normalize_words("".join(f" {letter}" if letter.isupper() else letter for letter in name))


def _note(iri: str) -> dict[str, str]:
    space = next(each for each in _OURS if iri.startswith(each))
    wanted = _folded(iri)
    scores = {each: _likeness(wanted, words) for each, words in _known().items() if each.startswith(space)}
    ranked = sorted(scores, key=lambda each: (-scores[each], len(each), each))[:_SUGGESTIONS]
    best = [compact(each) for each in ranked if scores[each] >= max(_NEAR, scores[ranked[0]] - _BEHIND)]
    key = "unknown-term-near" if best else "unknown-term"
    return render(entry("query", key)["message"], term=compact(iri), near=", ".join(best))


def _likeness(wanted: str, words: str) -> float:
    """Return how alike two names are, from 0 to 100: as a whole, without the kind that they begin with, or in part."""
    from rapidfuzz import fuzz

    tail = words.partition(" ")[2]
    return max(fuzz.ratio(wanted, words), fuzz.ratio(wanted, tail), _PART * fuzz.token_set_ratio(wanted, words))
