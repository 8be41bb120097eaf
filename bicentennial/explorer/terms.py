"""What a class holds and where a property is used: the structure that submissions are checked against, for reading.

>>> [use.count for use in _uses_of("https://w3id.org/bicentennial/ontology#dueDate") if use.owner.endswith("#Action")]
['at-most-one']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.names import names
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bicentennial.explorer.view import View

__all__ = ["Use", "structure_table"]


@dataclass(frozen=True, slots=True)
class Use:
    """A property in a class: how many values it has there, and what is expected of them, by language.

    `count` is a key of the catalogue: `one`, `at-least-one`, `at-most-one` or `any-number`.
    """

    owner: str
    link: str
    count: str
    expected: Mapping[str, str]


def _uses_of(iri: str) -> tuple[Use, ...]:
    """Return the properties that a class has, or the classes that have a property, sorted."""
    found = [
        _use(owner, link, structure)
        for link, said in default_index().properties.items()
        for owner, structure in said.get("of", {}).items()
        if iri in (owner, link)
    ]
    return tuple(sorted(found, key=lambda use: (use.owner, use.count not in ("one", "at-least-one"), use.link)))


def _use(owner: str, link: str, structure: Mapping[str, Any]) -> Use:
    if structure.get("min"):
        count = "one" if structure.get("max") == 1 else "at-least-one"
    else:
        count = "at-most-one" if structure.get("max") == 1 else "any-number"
    return Use(owner, link, count, structure.get("expected", {}))


def structure_table(view: View, iri: str) -> Iterator[Markup]:
    """Yield a table of a class's properties or of a property's classes; nothing for what has neither."""
    uses = _uses_of(iri)
    if not uses:
        return
    is_class = uses[0].owner == iri
    title = view.word("terms", "holds" if is_class else "used-in")
    heads = [view.word("terms", key) for key in ("property" if is_class else "class", "count", "expected")]
    rows = [_row(view, use, use.link if is_class else use.owner) for use in uses]
    yield element("section", element("h2", title), view.table(title, heads, rows))


def _row(view: View, use: Use, iri: str) -> Markup:
    return element(
        "tr",
        element("th", view.link(iri, names()[iri].name(view.lang)), scope="row"),
        element("td", view.word("terms", use.count)),
        element("td", use.expected.get(view.lang, "")),
    )
