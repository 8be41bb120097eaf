"""The reference engine: pySHACL, with results in the same form as those of the compiled one.

rdflib reads ill-typed literals as it likes (`"maybe"^^xsd:boolean` becomes false), so that pySHACL cannot see them.
They are therefore given a datatype of our own before pySHACL looks, and their own again in the results.

>>> import rdflib
>>> from bicentennial.intake.dataset import Statement
>>> shapes = '''@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
...     <urn:S> sh:targetSubjectsOf <urn:p> ; sh:property <urn:P> . <urn:P> sh:path <urn:p> ; sh:datatype xsd:date .'''
>>> with Dataset() as dataset:
...     dataset.load([Statement.literal("urn:a", "urn:p", "2026-W01-1", XSD.date)])
...     [(result.kind, str(result.value)) for result in run(rdflib.Graph().parse(data=shapes), dataset)]
[('Datatype', '"2026-W01-1"^^<http://www.w3.org/2001/XMLSchema#date>')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyshacl
import rdflib
from rdflib.namespace import SH

from bicentennial.errors import UsageError
from bicentennial.intake.dataset import LITERAL, Dataset
from bicentennial.namespaces import XSD
from bicentennial.validation.lexical import is_valid
from bicentennial.validation.paths import path_text, read_path
from bicentennial.validation.results import Result, Term, filled, sort_key
from bicentennial.validation.shapes import messages_of, term

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = ["run"]

_ILL_TYPED: Final = "urn:x-bicentennial:ill-typed:"


def run(shapes: rdflib.Graph, dataset: Dataset, *, submission: bool = False) -> list[Result]:
    """Return what pySHACL finds, sorted and each result once.

    Args:
        shapes: what to check.
        dataset: what to check it on.
        submission: leave out what was found about nodes that the partner says nothing of.

    Raises:
        UsageError: the shapes are not well-formed.
    """
    own = dataset.to_graph()
    data = rdflib.Graph()
    for triple in own:
        data.add(_shielded(triple))
    for s, p, o in dataset.connection.execute("SELECT s, p, o FROM background").fetchall():
        data.add((rdflib.URIRef(s), rdflib.URIRef(p), rdflib.URIRef(o)))
    checked = rdflib.Graph()
    for triple in shapes:
        checked.add(_shielded(triple))
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
    if not isinstance(report, rdflib.Graph):
        reason = " ".join(str(text).split())[:500]
        raise UsageError(f"the shapes cannot be used: {reason}", f"las formas no se pueden usar: {reason}")
    results = (_result(report, node, checked) for node in set(report.objects(None, SH.result)))
    found = set(results)
    if submission:
        # pySHACL's own `focus_nodes` would also leave out the value nodes of nested shapes, and find nothing there.
        subjects = {term(subject).key for subject in own.subjects()}
        found = {result for result in found if result.focus.key in subjects}
    return sorted(found, key=sort_key)


def _shielded(triple: tuple[Node, Node, Node]) -> tuple[Node, Node, Node]:
    """Return a statement in which an ill-typed literal has a datatype of ours, and a plain one none."""
    s, p, o = triple
    if isinstance(o, rdflib.Literal):
        lexical, datatype = str(o), str(o.datatype or "")
        if datatype == XSD.string and is_valid(datatype, lexical):
            o = rdflib.Literal(lexical)
        elif not is_valid(datatype or XSD.string, lexical, o.language or ""):
            o = rdflib.Literal(lexical, datatype=rdflib.URIRef(_ILL_TYPED + (datatype or XSD.string)), normalize=False)
    return s, p, o


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
        filled(messages, {"this": subject} | ({"value": found} if found else {})),
    )
