"""Queries of constraints and of declared components, evaluated for pySHACL as the recommendation says (5.3 and 6.2).

pySHACL asks a SELECT validator once for each value node, with `?value` bound to it: it finds neither what a node lacks
nor another value. It takes 0 and "" for no value, keeps one value of a parameter, leaves the value out of the result of
an ASK validator, and gives each result the messages of those before it. A failure that a query reports is a result to
it, and so are solutions of which it has no use for the variables.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import rdflib
from pyshacl.constraints.sparql.sparql_based_constraint_components import BoundShapeValidatorComponent
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ValidationFailure

from bicentennial.core.startup.records import record
from bicentennial.shacl_engine.shapes.components import components
from bicentennial.shacl_engine.terms import messages_of, term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyshacl.pytypes import RDFNode
    from rdflib.term import Node

    from bicentennial.shacl_engine.results import Term

__all__ = ["Said", "as_recommended"]

# The value nodes of each focus node.
_Nodes: TypeAlias = "Mapping[RDFNode, Iterable[RDFNode]]"
# Whether nothing was found, and pySHACL's results: of each its text, its node and its triples.
_Reported: TypeAlias = "tuple[bool, list[Any]]"
# Focus node, path and value of a result, and what its messages may name.
_Found: TypeAlias = "tuple[Any, Any, Any, dict[str, Any]]"


@record(frozen=True)
class Said:
    """What a result says: the messages, and the variables of the solution, which may stand in them."""

    templates: tuple[tuple[str, str], ...]
    bindings: tuple[tuple[str, Term], ...]


@contextmanager
def as_recommended() -> Iterator[dict[Node, Said]]:
    """Let pySHACL evaluate queries by this module, and yield what its results say, by their nodes in its report."""
    by_node: dict[Node, Said] = {}

    def constrain(this: SPARQLBasedConstraint, _: object, graph: rdflib.Graph, nodes: _Nodes, __: object) -> _Reported:
        return _reported(by_node, _of_constraints(this, graph, nodes))

    def apply(
        this: BoundShapeValidatorComponent, _: object, graph: rdflib.Graph, nodes: _Nodes, __: object
    ) -> _Reported:
        return _reported(by_node, _of_component(this, graph, nodes))

    kept = SPARQLBasedConstraint.evaluate, BoundShapeValidatorComponent.evaluate
    SPARQLBasedConstraint.evaluate, BoundShapeValidatorComponent.evaluate = constrain, apply  # type: ignore[assignment, method-assign]
    try:
        yield by_node
    finally:
        SPARQLBasedConstraint.evaluate, BoundShapeValidatorComponent.evaluate = kept  # type: ignore[method-assign]


def _reported(by_node: dict[Node, Said], found: Iterable[tuple[Any, Said]]) -> _Reported:
    reports = []
    for report, said in found:
        by_node[report[1]] = said
        reports.append(report)
    return not reports, reports


def _of_constraints(
    constraint: SPARQLBasedConstraint, graph: rdflib.Graph, nodes: _Nodes
) -> Iterator[tuple[Any, Said]]:
    """Yield the results of the queries that a shape has by `sh:sparql`."""
    shape = constraint.shape
    for helper in constraint.sparql_constraints:
        if helper.deactivated or not nodes:
            continue
        query = _bound(helper, {})
        messages = messages_of(shape.sg.graph, helper.node) or messages_of(shape.sg.graph, shape.node)
        for focus in nodes:
            for this, way, value, solution in _selected(helper, *query, graph, focus):
                report = constraint.make_v_result(
                    graph, this, value_node=value, result_path=way, source_constraint=helper.node
                )
                yield report, _said(messages, solution)


def _of_component(
    bound: BoundShapeValidatorComponent, graph: rdflib.Graph, nodes: _Nodes
) -> Iterator[tuple[Any, Said]]:
    """Yield the results of a declared component for a shape."""
    shapes, shape = bound.shape.sg.graph, bound.shape.node
    component = next(each for each in components(shapes) if each.node == bound.constraint.node)
    arguments: dict[Term, Any] = {
        term(node): node for parameter, _ in component.parameters for node in shapes.objects(shape, parameter)
    }
    for use in component.uses(shapes, shape):
        if not nodes:
            continue
        query = _bound(bound.query_helper, {name: arguments[value] for name, value in use.bound.items()})
        for focus, values in nodes.items():
            found = (
                _denied(*query, graph, focus, values)
                if use.is_ask
                else _selected(bound.query_helper, *query, graph, focus)
            )
            for this, way, value, solution in found:
                report = bound.make_v_result(
                    graph, this, value_node=value, result_path=way, constraint_component=component.node
                )
                yield report, _said(use.messages, solution)


def _said(messages: tuple[tuple[str, str], ...], solution: Mapping[str, Any]) -> Said:
    return Said(messages, tuple((name, term(node)) for name, node in solution.items() if name != "this"))


def _selected(
    helper: Any, known: Mapping[str, Any], text: str, graph: rdflib.Graph, focus: RDFNode
) -> Iterator[_Found]:
    """Yield what a SELECT query finds for a focus node."""
    first = {"this": focus, **known}
    for row in graph.query(text, initBindings=first).bindings:
        solution = {**first, **{str(name): node for name, node in row.items()}}
        if solution.get("failure") == rdflib.Literal(lexical_or_value=True):
            raise ValidationFailure("the query reports a failure")  # type: ignore[no-untyped-call]
        valued = solution if helper.shape.is_property_shape else {"value": focus, **solution}
        yield solution["this"], solution.get("path"), valued.get("value"), solution


def _denied(
    known: Mapping[str, Any], text: str, graph: rdflib.Graph, focus: RDFNode, values: Iterable[RDFNode]
) -> Iterator[_Found]:
    """Yield the values to which an ASK query says no."""
    for value in values:
        first = {"this": focus, **known, "value": value}
        if not graph.query(text, initBindings=first).askAnswer:
            yield focus, None, value, first


def _bound(helper: Any, given: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what is bound beforehand for any focus node, and the query, which pySHACL looks through at length.

    Args:
        helper: pySHACL's for the query.
        given: the parameters of a component.
    """
    first, text = helper.pre_bind_variables(None, extravars=given)
    first.pop("this", None)
    return {**first, **given}, helper.apply_prefixes(text)
