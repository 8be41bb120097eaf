r"""Which engine answers which shape, and what comes of it.

With `auto` each shape with a target is compiled if the compiled engine covers it, and only the others go to pySHACL,
which takes a hundred times as long.

>>> import rdflib
>>> shapes = rdflib.Graph().parse(data='''@prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:S> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ; sh:minCount 1 ] .
...     <urn:T> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:q> ; sh:pattern "(a)\\\\1" ] .''')
>>> Engines(shapes).names
'compiled+pyshacl'
>>> Engines(shapes, "compiled")  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
bicentennial.core.errors.UnsupportedShapeError: the compiled engine does not cover \1 in the pattern “(a)\1”; ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH

from bicentennial.shacl_engine.job import refuse_other_engines
from bicentennial.shacl_engine.shapes.discovery import targeted, unread_imports
from bicentennial.shacl_engine.shapes.form import check_form
from bicentennial.shacl_engine.shapes.paths import path_text, read_path
from bicentennial.shacl_engine.shapes.wording import ConstraintWording, wording_of
from bicentennial.shacl_engine.sql.planner import compile_each
from bicentennial.shacl_engine.terms import node_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from bicentennial.shacl_engine.plan import Plan
    from bicentennial.shacl_engine.result_table import ResultTable
    from bicentennial.shacl_engine.results import Result
    from bicentennial.shacl_engine.shapes.paths import Path
    from bicentennial.storage.dataset import Dataset

__all__ = ["Engines"]

_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)


class Engines:
    """A shapes graph, ready to be applied.

    Args:
        shapes: the shapes graph, which is not changed.
        engine: `compiled`, `pyshacl`, or `auto` for the compiled one on each shape that it covers.
        advanced: whether targets, expressions and rules of SHACL Advanced Features apply, which pySHACL knows.

    Raises:
        UsageError: there is no such engine.
        ShapesError: the shapes cannot be used.
        UnsupportedShapeError: the compiled engine was asked for by name and does not cover a shape.
    """

    def __init__(self, shapes: rdflib.Graph, engine: str = "auto", *, advanced: bool = False) -> None:
        refuse_other_engines(engine)
        self._shapes = shapes
        self._advanced = advanced and _uses_advanced(shapes)
        self._plan: Plan | None = None
        self._rest: rdflib.Graph | None = None
        self._checked: Dataset | None = None
        if engine == "pyshacl" or (self._advanced and engine == "auto"):
            check_form(shapes, advanced=self._advanced)
            self._rest = shapes
        else:
            self._plan, left = compile_each(shapes, refuse=engine == "compiled")
            if left:
                self._rest = _only(shapes, left)

    @property
    def names(self) -> str:
        """The engine that runs, or both: `compiled+pyshacl`."""
        compiled = self._plan is not None and (bool(self._plan.checks) or self._rest is None)
        return "+".join(name for name, used in (("compiled", compiled), ("pyshacl", self._rest is not None)) if used)

    def unread_imports(self) -> list[str]:
        """Return the ontologies that the shapes import and have no header of."""
        return unread_imports(self._shapes)

    def paths(self) -> dict[str, Path]:
        """Return the complex paths of all shapes, by their text in results."""
        found = {}
        for node in self._shapes.objects(None, SH.path):
            if not isinstance(node, rdflib.URIRef):
                path = read_path(self._shapes, node)
                found[path_text(path)] = path
        return found

    def wordings(self, results: Iterable[Result]) -> dict[tuple[str, str], ConstraintWording]:
        """Return how a report names the constraints of some results, by shape and component."""
        found = dict.fromkeys((result.shape, result.component) for result in results)
        return {key: wording_of(self._shapes, node_of(key[0]), rdflib.URIRef(key[1])) for key in found}

    def focus_nodes(self, dataset: Dataset) -> int:
        """Return how many nodes of a dataset, for which `find` was called, the targets of the shapes name."""
        from bicentennial.shacl_engine.shapes.graph import targets_of
        from bicentennial.shacl_engine.sql.edges import Edges
        from bicentennial.shacl_engine.sql.nodes import Nodes

        targets = tuple((target.kind, target.value) for target in targets_of(self._shapes))
        planned = {each for target in self._plan.targets for each in target} if self._plan else set()
        if planned != set(targets) or self._checked is not dataset:
            Nodes(dataset, Edges(dataset), [targets], submission=False)
        ((number,),) = dataset.connection.execute("SELECT count(DISTINCT f) FROM targets").fetchall()
        return int(number)

    def find(self, dataset: Dataset, found: ResultTable, *, submission: bool = False) -> None:
        """Add the results for a dataset to those that it has; see `engine.find` for `submission`."""
        if self._plan is not None:
            from bicentennial.shacl_engine.sql.engine import find

            find(self._plan, dataset, found, submission=submission)
            self._checked = dataset
        if self._rest is not None:
            from bicentennial.shacl_engine.pyshacl import run

            found.load(run(self._rest, dataset, submission=submission, advanced=self._advanced))


def _uses_advanced(shapes: rdflib.Graph) -> bool:
    used = (SH.target, SH.expression, SH.rule)
    return any((None, p, None) in shapes for p in used) or (None, RDF.type, SH.SPARQLFunction) in shapes


def _only(shapes: rdflib.Graph, kept: set[Node]) -> rdflib.Graph:
    """Return a copy of a shapes graph in which only some shapes have targets."""
    copy = rdflib.Graph()
    for triple in shapes:
        copy.add(triple)
    for node in targeted(shapes) - kept:
        for predicate in _TARGETS:
            copy.remove((node, predicate, None))
        for kind in [*copy.transitive_subjects(RDFS.subClassOf, RDFS.Class), OWL.Class]:
            copy.remove((node, RDF.type, kind))
    return copy
