"""Constraint components that shapes declare, evaluated for pySHACL as section 6.2 of the recommendation says.

pySHACL asks a SELECT validator once for each value node, with `?value` bound to it: it finds neither what a node lacks
nor another value. It takes 0 and "" for no value, keeps one value of a parameter, leaves the value out of the result of
an ASK validator, and gives each result the messages of those before it.
"""

# ruff: noqa: SLF001 -- pySHACL has no other place where this could be said

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import rdflib
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.constraints.sparql.sparql_based_constraint_components import BoundShapeValidatorComponent
from pyshacl.errors import ValidationFailure

from bicentennial.shacl_engine.results import filled
from bicentennial.shacl_engine.shapes.components import components
from bicentennial.shacl_engine.terms import term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyshacl.pytypes import RDFNode

    from bicentennial.shacl_engine.results import Term

__all__ = ["as_recommended"]


@contextmanager
def as_recommended() -> Iterator[None]:
    """Let pySHACL evaluate declared components by this module, and leave messages as they are.

    `Result.messages` fills them in; pySHACL takes a backslash in a value for an escape of `re.sub`, and gives up.
    """
    evaluate = BoundShapeValidatorComponent.evaluate
    format_message = ConstraintComponent._format_sparql_based_result_message
    BoundShapeValidatorComponent.evaluate = _evaluate  # type: ignore[assignment, method-assign]
    ConstraintComponent._format_sparql_based_result_message = _unfilled  # type: ignore[method-assign]
    try:
        yield
    finally:
        BoundShapeValidatorComponent.evaluate = evaluate  # type: ignore[method-assign]
        ConstraintComponent._format_sparql_based_result_message = format_message  # type: ignore[method-assign]


def _unfilled(constraint: ConstraintComponent, message: str, solution: object) -> str:  # noqa: ARG001
    return message


def _evaluate(
    bound: BoundShapeValidatorComponent,
    executor: object,  # noqa: ARG001 -- what pySHACL passes
    graph: rdflib.Graph,
    nodes: Mapping[RDFNode, Iterable[RDFNode]],
    path: object,  # noqa: ARG001
) -> tuple[bool, list[Any]]:
    """Return whether all focus nodes conform, and pySHACL's results; `nodes` has the value nodes of each focus node."""
    shapes, shape = bound.shape.sg.graph, bound.shape.node
    component = next(each for each in components(shapes) if each.node == bound.constraint.node)
    arguments: dict[Term, Any] = {
        term(node): node for parameter, _ in component.parameters for node in shapes.objects(shape, parameter)
    }
    reports = []
    for use in component.uses(shapes, shape):
        given = {name: arguments[value] for name, value in use.bound.items()}
        for focus, values in nodes.items():
            for this, way, value, solution in _found(bound, given, graph, focus, values, is_ask=use.is_ask):
                messages = filled(use.messages, {name: term(node) for name, node in solution.items()})
                reports.append(
                    bound.make_v_result(
                        graph,
                        this,
                        value_node=value,
                        result_path=way,
                        constraint_component=component.node,
                        extra_messages=[rdflib.Literal(text, lang=language or None) for language, text in messages],
                    )
                )
    return not reports, reports


def _found(
    bound: BoundShapeValidatorComponent,
    given: Mapping[str, RDFNode],
    graph: rdflib.Graph,
    focus: RDFNode,
    values: Iterable[RDFNode],
    *,
    is_ask: bool,
) -> Iterator[tuple[RDFNode, RDFNode | None, RDFNode | None, dict[str, RDFNode]]]:
    """Yield focus node, path and value of each result, with what its messages may name; `given` are the parameters."""
    helper = bound.query_helper
    first, text = helper.pre_bind_variables(focus, extravars=given)
    first, text = {"this": focus, **first, **given}, helper.apply_prefixes(text)
    if is_ask:
        for value in values:
            known = {**first, "value": value}
            if not graph.query(text, initBindings=known).askAnswer:
                yield focus, None, value, known
        return
    for row in graph.query(text, initBindings=first).bindings:
        solution = {**first, **{str(name): node for name, node in row.items()}}
        if solution.get("failure") == rdflib.Literal(lexical_or_value=True):
            raise ValidationFailure("the query of a component reports a failure")  # type: ignore[no-untyped-call]
        valued = solution if bound.shape.is_property_shape else {"value": focus, **solution}
        yield solution["this"], solution.get("path"), valued.get("value"), solution
