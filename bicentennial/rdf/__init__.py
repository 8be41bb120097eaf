"""Between graphs and models, and what is compiled from ontology and models.

>>> from bicentennial.models import Place
>>> from bicentennial.rdf import from_graph, to_graph
>>> places = [Place(id="bicd:place-oaxaca", pref_label={"en": "Oaxaca", "es": "Oaxaca"})]
>>> from_graph(to_graph(places)) == places
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from bicentennial.rdf.ontology import Ontology, Term, ontology, read
from bicentennial.rdf.turtle import format_turtle, write_turtle

if TYPE_CHECKING:
    from bicentennial.rdf.jsonld import to_jsonld
    from bicentennial.rdf.mapping import from_graph, from_triples, to_graph, to_triples, to_turtle

__all__ = [
    "Ontology",
    "Term",
    "format_turtle",
    "from_graph",
    "from_triples",
    "ontology",
    "read",
    "to_graph",
    "to_jsonld",
    "to_triples",
    "to_turtle",
    "write_turtle",
]

# Models take as long to make as all else that a service imports of ours: who writes Turtle alone needs none.
_OF_MODELS: Final = {
    "to_jsonld": "jsonld",
    **dict.fromkeys(("from_graph", "from_triples", "to_graph", "to_triples", "to_turtle"), "mapping"),
}


def __getattr__(name: str) -> Any:
    if name in _OF_MODELS:
        return getattr(import_module(f"{__name__}.{_OF_MODELS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
