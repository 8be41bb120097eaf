"""Constraint components that a shapes graph declares itself, in SPARQL (section 6 of the recommendation).

>>> import rdflib
>>> graph = rdflib.Graph().parse(data='''@prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:K> a sh:ConstraintComponent ; sh:parameter [ sh:path <urn:words> ] ;
...         sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER ($words > 2) }" ] .
...     <urn:S> sh:targetNode <urn:a> ; <urn:words> 3 .''')
>>> component, = components(graph)
>>> [(use.node, use.is_ask, str(use.bound["words"])) for use in component.uses(graph, rdflib.URIRef("urn:S"))]
[('urn:K', True, '"3"^^<http://www.w3.org/2001/XMLSchema#integer>')]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import rdflib
from rdflib.namespace import SH

from bicentennial.core.namespaces import local_name
from bicentennial.shacl_engine.problems import ill_formed
from bicentennial.shacl_engine.shapes.discovery import TRUE, instances, prefixes
from bicentennial.shacl_engine.terms import messages_of, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from bicentennial.shacl_engine.results import Term

__all__ = ["Component", "Use", "check_components", "components"]

_VARIABLE: Final = re.compile(r"\{[?$](\w+)\}")
_PATH: Final = re.compile(r"[$?]PATH\b")


@dataclass(frozen=True, slots=True)
class Use:
    """A component as one shape uses it: its IRI, its query, and the values of its parameters."""

    node: str
    text: str
    is_ask: bool
    bound: dict[str, Term] = field(hash=False)
    messages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """A declared component; the parameters are pairs of property and whether it may be missing."""

    node: rdflib.URIRef
    parameters: tuple[tuple[rdflib.URIRef, bool], ...]

    def is_used(self, graph: rdflib.Graph, shape: Node) -> bool:
        """Return whether a shape has all parameters that must be there."""
        return all(optional or (shape, path, None) in graph for path, optional in self.parameters)

    def validator(self, graph: rdflib.Graph, shape: Node) -> Node | None:
        """Return the validator for a shape."""
        kind = SH.propertyValidator if (shape, SH.path, None) in graph else SH.nodeValidator
        found = graph.value(self.node, kind)
        return graph.value(self.node, SH.validator) if found is None else found

    def uses(self, graph: rdflib.Graph, shape: Node) -> Iterator[Use]:
        """Yield what a shape demands by the component: once for each value, if it has but one parameter.

        Raises:
            ShapesError: a shape has two values of one of several parameters.
        """
        validator = self.validator(graph, shape) if self.is_used(graph, shape) else None
        if validator is None:
            return
        query = graph.value(validator, SH.select) or graph.value(validator, SH.ask)
        is_ask = (validator, SH.select, None) not in graph
        messages = messages_of(graph, validator) or messages_of(graph, self.node)
        for bound in self._bound(graph, shape):
            filled = tuple((language, _filled(text, bound)) for language, text in messages)
            yield Use(str(self.node), prefixes(graph, validator) + str(query), is_ask, bound, filled)

    def _bound(self, graph: rdflib.Graph, shape: Node) -> list[dict[str, Term]]:
        given = {path: sorted(map(term, graph.objects(shape, path))) for path, _ in self.parameters}
        if len(self.parameters) == 1:
            ((path, values),) = given.items()
            return [{local_name(str(path)): value} for value in values]
        for path, values in given.items():
            if len(values) > 1:
                raise ill_formed("two-values", str(shape), property=str(path))
        return [{local_name(str(path)): values[0] for path, values in given.items() if values}]


def components(graph: rdflib.Graph) -> list[Component]:
    """Return the components that a shapes graph declares, sorted by name."""
    found = []
    for node in sorted(instances(graph, SH.ConstraintComponent), key=str):
        parameters = tuple(
            (path, TRUE in graph.objects(parameter, SH.optional))
            for parameter in graph.objects(node, SH.parameter)
            for path in graph.objects(parameter, SH.path)
            if isinstance(path, rdflib.URIRef)
        )
        if isinstance(node, rdflib.URIRef) and parameters:
            found.append(Component(node, tuple(sorted(parameters))))
    return found


def check_components(graph: rdflib.Graph) -> None:
    """Raise an error if the query of a declared component breaks a rule.

    Raises:
        ShapesError: it is no SPARQL, or SHACL does not allow it.
    """
    for component in components(graph):
        bound = [local_name(str(path)) for path, _ in component.parameters]
        for kind in (SH.validator, SH.nodeValidator, SH.propertyValidator):
            for validator in graph.objects(component.node, kind):
                query = graph.value(validator, SH.select) or graph.value(validator, SH.ask)
                if query is None:
                    raise ill_formed("no-query", str(component.node))
                extra = [*bound, "value"] if kind == SH.validator else bound
                text = prefixes(graph, validator) + _PATH.sub("<urn:x-path>", str(query))
                from bicentennial.shacl_engine.shapes.queries import algebra  # loads a parser that few shapes need

                algebra(text, str(component.node), extra)


def _filled(text: str, bound: dict[str, Term]) -> str:
    return _VARIABLE.sub(lambda match: bound[match[1]].lexical if match[1] in bound else match[0], text)
