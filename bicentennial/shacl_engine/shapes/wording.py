"""How a report names a constraint: its parameters as Turtle writes them, and the named shape that it is part of.

>>> import rdflib
>>> graph = rdflib.Graph().parse(data='''@prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:S> sh:property _:p . _:p sh:path <urn:age> ; sh:minInclusive 0 ; sh:in ( 1 2 ) .''')
>>> shape = graph.value(rdflib.URIRef("urn:S"), SH.property)
>>> wording_of(graph, shape, SH.MinInclusiveConstraintComponent)
ConstraintWording(parameters='sh:minInclusive 0', within='urn:S')
>>> wording_of(graph, shape, SH.InConstraintComponent).parameters
'sh:in ( 1 2 )'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import rdflib
from rdflib.namespace import RDF, SH, XSD

from bicentennial.core.namespaces import compact, local_name
from bicentennial.core.problems import excerpt
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.shacl_engine.shapes.discovery import list_members

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

__all__ = ["ConstraintWording", "wording_of"]

_LISTED: Final = 8
# What belongs to the parameter that a component is named after.
_FURTHER: Final = {
    SH.PatternConstraintComponent: (SH.flags,),
    SH.QualifiedMinCountConstraintComponent: (SH.qualifiedValueShape,),
    SH.QualifiedMaxCountConstraintComponent: (SH.qualifiedValueShape,),
}
# Queries, and what is true or not there: the component says it all.
_UNSAID: Final = frozenset(
    (
        *(SH.SPARQLConstraintComponent, SH.JSConstraintComponent, SH.ExpressionConstraintComponent),
        *(SH.ClosedConstraintComponent, SH.UniqueLangConstraintComponent),
    )
)


class ConstraintWording(NamedTuple):
    """What a report says of a constraint beside its component.

    `parameters` are empty where the component has none that says more, such as a query; `within` is the nearest named
    shape around a shape without a name, otherwise empty.
    """

    parameters: str = ""
    within: str = ""


def wording_of(graph: rdflib.Graph, shape: Node, component: Node) -> ConstraintWording:
    """Return what a report says of a constraint component of a shape, in a shapes graph."""
    texts = (
        f"{_written(predicate)} {_value(graph, value)}"
        for predicate in _parameters(graph, component)
        for value in sorted(graph.objects(shape, predicate), key=str)
    )
    within = "" if isinstance(shape, rdflib.URIRef) else _around(graph, shape)
    return ConstraintWording(" ; ".join(texts), within)


def _parameters(graph: rdflib.Graph, component: Node) -> Iterable[Node]:
    if component in _UNSAID:
        return ()
    if str(component).startswith(str(SH)):
        name = local_name(str(component)).removesuffix("ConstraintComponent")
        return SH[name[0].lower() + name[1:]], *_FURTHER.get(rdflib.URIRef(str(component)), ())
    declared = sorted(graph.objects(component, SH.parameter), key=str)
    return [path for parameter in declared for path in graph.objects(parameter, SH.path)]


def _value(graph: rdflib.Graph, value: Node) -> str:
    is_list = (value, RDF.first, None) in graph or value == RDF.nil
    members = list_members(graph, value, _LISTED + 1) if is_list else None
    if members is None:
        return _written(value)
    shown = [*map(_written, members[:_LISTED]), *(["…"] if len(members) > _LISTED else [])]
    return " ".join(("(", *shown, ")"))


def _written(node: Node) -> str:
    """Return a term as Turtle writes it, on one line and not too long."""
    if isinstance(node, rdflib.BNode):
        return "[ … ]"
    if isinstance(node, rdflib.Literal):
        if node.datatype in (XSD.integer, XSD.decimal, XSD.boolean):
            return excerpt(str(node))
        text = rdflib.Literal(excerpt(str(node)), lang=node.language).n3()
        return text if node.datatype in (None, XSD.string) else f"{text}^^{_written(node.datatype)}"
    short = compact(str(node))
    return short if short != str(node) else f"<{node}>"


def _around(graph: rdflib.Graph, shape: Node) -> str:
    """Return the nearest named node that leads to a node without a name, through lists and others of its kind."""
    seen, waiting = {shape}, [shape]
    for node in waiting:
        for above in sorted(graph.subjects(None, node), key=str):
            if isinstance(above, rdflib.URIRef):
                return str(above)
            if above not in seen:
                seen.add(above)
                waiting.append(above)
    return ""
