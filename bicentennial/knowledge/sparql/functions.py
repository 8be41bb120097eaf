"""The functions that queries may call beside those of SPARQL: those of the space `bicf:`.

Another engine leaves empty what these compute; everything else in a named query is SPARQL 1.1.

>>> similar("Guardia Nacional", "guardía nacional")
1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.knowledge.citing import citations, lines, linking, texts
from bicentennial.knowledge.text import normalize_words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

__all__ = ["SPACE", "functions", "similar"]

SPACE: Final = "https://w3id.org/bicentennial/function#"
_BETWEEN: Final = "; "


def functions() -> dict[ox.NamedNode, Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]]:
    """Return the functions by IRI, as pyoxigraph takes them.

    - `bicf:similarity(text, text)`: how alike two texts are, from 0 to 1, without regard to case, accents and order.
    - `bicf:sources(thing, language)`: the sources of a thing of ours, each with its standing and address.
    - `bicf:labels(thing, property, language)`: the names of what a property of a thing of ours names, sorted.
    - `bicf:linking(thing, property, language)`: the names of what has the thing as a value of the property, sorted.
    """
    import pyoxigraph as ox

    named: dict[str, Callable[..., ox.Literal | None]] = {
        "similarity": _similarity,
        "sources": _sources,
        "labels": _labels,
        "linking": _linking,
    }
    return {ox.NamedNode(SPACE + name): function for name, function in named.items()}


def similar(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1, without regard to case, accents and the order of words."""
    from rapidfuzz import fuzz

    return round(fuzz.token_sort_ratio(normalize_words(one), normalize_words(other)) / 100, 2)


def _similarity(*terms: ox.Literal) -> ox.Literal | None:
    import pyoxigraph as ox

    if len(terms) != 2 or not all(isinstance(term, ox.Literal) for term in terms):
        return None
    return ox.Literal(similar(terms[0].value, terms[1].value))


def _sources(*terms: ox.NamedNode | ox.Literal) -> ox.Literal | None:
    return _literal(lines(citations(*(term.value for term in terms)))) if len(terms) == 2 else None


def _labels(*terms: ox.NamedNode | ox.Literal) -> ox.Literal | None:
    return _literal(_BETWEEN.join(texts(*(term.value for term in terms)))) if len(terms) == 3 else None


def _linking(*terms: ox.NamedNode | ox.Literal) -> ox.Literal | None:
    return _literal(_BETWEEN.join(linking(*(term.value for term in terms)))) if len(terms) == 3 else None


def _literal(text: str) -> ox.Literal | None:
    """Return a text as a term; unbound where it is empty."""
    import pyoxigraph as ox

    return ox.Literal(text) if text else None
