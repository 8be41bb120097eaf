"""The reference engine: pySHACL, with results in the same form as those of the compiled one.

rdflib reads ill-typed literals as it likes (`"maybe"^^xsd:boolean` becomes false), so that pySHACL cannot see them.
They are therefore given a datatype of our own before pySHACL looks, and their own again in the results.

>>> import rdflib
>>> from bicentennial.storage.dataset import Statement
>>> shapes = '''@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
...     <urn:S> sh:targetSubjectsOf <urn:p> ; sh:property <urn:P> . <urn:P> sh:path <urn:p> ; sh:datatype xsd:date .'''
>>> with Dataset() as dataset:
...     dataset.load([Statement.literal("urn:a", "urn:p", "2026-W01-1", XSD.date)])
...     [(result.kind, str(result.value)) for result in run(rdflib.Graph().parse(data=shapes), dataset)]
[('Datatype', '"2026-W01-1"^^<http://www.w3.org/2001/XMLSchema#date>')]
"""

# ruff: noqa: S608 -- the names of the tables are constants

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pyshacl
import rdflib
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib.namespace import RDF, RDFS, SH

from bicentennial.core.errors import UsageError
from bicentennial.core.namespaces import XSD
from bicentennial.shacl_engine.lexical import is_valid
from bicentennial.shacl_engine.paths import path_text, read_path
from bicentennial.shacl_engine.results import Result, Term, sort_key
from bicentennial.shacl_engine.shapes import messages_of, term
from bicentennial.storage.dataset import BLANK, IRI, LITERAL, Dataset

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = ["run"]

_TARGETS: Final = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_ILL_TYPED: Final = "urn:x-bicentennial:ill-typed:"
# pySHACL keeps state of its own, and the SPARQL parser of rdflib breaks when two threads use it for the first time.
_ONE_AT_A_TIME: Final = threading.Lock()


def run(shapes: rdflib.Graph, dataset: Dataset, *, submission: bool = False) -> list[Result]:
    """Return what pySHACL finds, sorted and each result once.

    Args:
        shapes: what to check.
        dataset: what to check it on.
        submission: check only nodes that the partner says something of.

    Raises:
        UsageError: the shapes are not well-formed or recursive, or the data is such that pySHACL gives up on them.
    """
    data, own = rdflib.Graph(), rdflib.Graph()
    for table in ("statements", "background"):
        for s, p, *value in dataset.connection.execute(f"SELECT s, p, o, kind, dt, lang FROM {table}").fetchall():
            triple = _node(Term(s, BLANK if s.startswith("_:") else IRI)), rdflib.URIRef(p), _node(Term(*value))
            data.add(triple)
            if submission and table == "statements":
                own.add(triple)
    if (shape := _recursive(shapes)) is not None:
        raise UsageError(
            f"the shape {shape} is recursive; what that means is undefined, and pySHACL would miss errors",
            f"la forma {shape} es recursiva; no está definido qué significa, y pySHACL pasaría por alto errores",
        )
    checked = rdflib.Graph()
    for s, p, o in shapes:
        checked.add((s, p, _node(term(o)) if isinstance(o, rdflib.Literal) else o))
    if submission:
        _aim(checked, own, data)
    try:
        with _ONE_AT_A_TIME:
            _, report, text = pyshacl.validate(
                data,
                shacl_graph=checked,
                advanced=False,
                inference="none",
                meta_shacl=False,
                inplace=True,
                do_owl_imports=False,
                allow_infos=False,
                allow_warnings=False,
            )
    except (ReportableRuntimeError, ShapeLoadError, ConstraintLoadError) as error:
        report, text = None, str(error)
    if not isinstance(report, rdflib.Graph):
        reason = " ".join(str(text).split())[:500]
        raise UsageError(f"pySHACL cannot use the shapes: {reason}", f"pySHACL no puede usar las formas: {reason}")
    return sorted({_result(report, node, checked) for node in report.objects(None, SH.result)}, key=sort_key)


def _recursive(shapes: rdflib.Graph) -> Node | None:
    """Return a shape that refers to itself by way of others, if there is one."""
    steps: defaultdict[Node, set[Node]] = defaultdict(set)
    for p in (SH.node, SH.property, SH.qualifiedValueShape, SH["not"]):
        for s, o in shapes.subject_objects(p):
            steps[s].add(o)
    for p in (SH["and"], SH["or"], SH.xone):
        for s, o in shapes.subject_objects(p):
            steps[s].update(filter(None, shapes.transitive_objects(o, RDF.rest)))
            for part in list(steps[s]):
                steps[s].update(filter(None, shapes.objects(part, RDF.first)))
    # Whoever leads to nothing is no part of a circle, and nor is who then leads to nothing.
    while ends := [s for s, found in steps.items() if not any(o in steps for o in found)]:
        for s in ends:
            del steps[s]
    return next(iter(steps), None)


def _aim(shapes: rdflib.Graph, own: rdflib.Graph, data: rdflib.Graph) -> None:
    """Name the partner's nodes as the targets of shapes, instead of all nodes of a class or with a property.

    pySHACL's own option for focus nodes would also leave out the value nodes of nested shapes, and find nothing there.
    """
    targeted = {(s, p, o) for p in (*_TARGETS, SH.targetNode) for s, o in shapes.subject_objects(p)}
    targeted |= {(s, SH.targetClass, s) for s in shapes.subjects(RDF.type, RDFS.Class)}
    for shape, predicate, value in targeted:
        shapes.remove((shape, predicate, value))
        shapes.remove((shape, RDF.type, RDFS.Class))
        found: set[Node] = set()
        if predicate == SH.targetClass:
            for lower in data.transitive_subjects(RDFS.subClassOf, value):
                found.update(own.subjects(RDF.type, lower))
        elif predicate == SH.targetSubjectsOf:
            found.update(own.subjects(value))
        elif predicate == SH.targetObjectsOf:
            found.update(own.objects(None, value))
        elif (value, None, None) in own:
            found.add(value)
        for node in found:
            shapes.add((shape, SH.targetNode, node))


def _node(value: Term) -> rdflib.term.Identifier:
    """Return a term as rdflib's; an ill-typed literal has a datatype of ours, and a plain one none."""
    if value.kind != LITERAL:
        return rdflib.URIRef(value.lexical) if value.kind == IRI else rdflib.BNode(value.lexical.removeprefix("_:"))
    if not is_valid(value.datatype, value.lexical, value.language):
        return rdflib.Literal(value.lexical, datatype=rdflib.URIRef(_ILL_TYPED + value.datatype))
    if value.language:
        return rdflib.Literal(value.lexical, lang=value.language)
    datatype = None if value.datatype == XSD.string else rdflib.URIRef(value.datatype)
    return rdflib.Literal(value.lexical, datatype=datatype, normalize=False)


def _unshielded(node: Node) -> Term:
    found = term(node)
    if found.kind == LITERAL and found.datatype.startswith(_ILL_TYPED):
        return Term(found.lexical, LITERAL, found.datatype.removeprefix(_ILL_TYPED))
    return found


def _result(report: rdflib.Graph, node: Node, shapes: rdflib.Graph) -> Result:
    def one(predicate: rdflib.URIRef) -> Node | None:
        return report.value(node, predicate)

    focus, value, shape = one(SH.focusNode), one(SH.value), one(SH.sourceShape)
    path, component, constraint = one(SH.resultPath), one(SH.sourceConstraintComponent), one(SH.sourceConstraint)
    assert focus is not None
    assert shape is not None
    subject, found = _unshielded(focus), None if value is None else _unshielded(value)
    if isinstance(path, rdflib.BNode):
        # The report holds a copy of the path; the shape's own is the same.
        written = shapes.value(shape, SH.path)
        path = written if written is not None else path
    messages = (messages_of(shapes, constraint) if constraint is not None else ()) or messages_of(shapes, shape)
    return Result(
        subject,
        None if path is None else path_text(read_path(shapes, path)),
        found,
        str(component),
        term(shape).key,
        str(one(SH.resultSeverity)),
        messages,
    )
