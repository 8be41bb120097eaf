"""Between graphs and models, and what is compiled from ontology and models.

>>> from bicentennial.models import Place
>>> from bicentennial.rdf import from_graph, to_graph
>>> places = [Place(id="bicd:place-oaxaca", pref_label={"en": "Oaxaca", "es": "Oaxaca"})]
>>> from_graph(to_graph(places)) == places
True
"""

from __future__ import annotations

from bicentennial.rdf.jsonld import to_jsonld
from bicentennial.rdf.mapping import from_graph, from_triples, to_graph, to_triples, to_turtle
from bicentennial.rdf.ontology import Ontology, Term, ontology, read
from bicentennial.rdf.turtle import format_turtle, write_turtle

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
