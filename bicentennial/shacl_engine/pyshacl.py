"""The reference engine: pySHACL, with results in the same form as those of the compiled one.

rdflib reads ill-typed literals as it likes (`"maybe"^^xsd:boolean` becomes false), so that pySHACL cannot see them.
They are therefore given a datatype of our own before pySHACL looks, and their own again in the results.

>>> import rdflib
>>> from bicentennial.storage.duckdb.dataset import DuckDBDataset
>>> from bicentennial.storage.statement import Statement
>>> shapes = '''@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
...     <urn:S> sh:targetSubjectsOf <urn:p> ; sh:property <urn:P> . <urn:P> sh:path <urn:p> ; sh:datatype xsd:date .'''
>>> with DuckDBDataset() as dataset:
...     dataset.load([Statement.literal("urn:a", "urn:p", "2026-W01-1", XSD.date)])
...     [(result.kind, str(result.value)) for result in run(rdflib.Graph().parse(data=shapes), dataset)]
[('Datatype', '"2026-W01-1"^^<http://www.w3.org/2001/XMLSchema#date>')]
"""

# ruff: noqa: S608 -- the names of the tables are constants

from __future__ import annotations

import re
import threading
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import pyshacl
import rdflib
from pyshacl.constraints.sparql.sparql_based_constraint_components import SPARQLConstraintComponentValidator
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.operators import _CUSTOM_FUNCTIONS
from rdflib.plugins.sparql.parserutils import CompValue

from bicentennial.core.errors import ShapesError
from bicentennial.core.namespaces import XSD
from bicentennial.shacl_engine.declared import Said, as_recommended
from bicentennial.shacl_engine.lexical.datatypes import is_valid
from bicentennial.shacl_engine.lexical.regex import for_python
from bicentennial.shacl_engine.problems import ill_formed, unusable
from bicentennial.shacl_engine.results import Result, Term, sort_key
from bicentennial.shacl_engine.shapes.discovery import TRUE, instances, is_class, shapes_of
from bicentennial.shacl_engine.shapes.form import check_form
from bicentennial.shacl_engine.shapes.paths import path_text, read_path
from bicentennial.shacl_engine.terms import messages_of, term
from bicentennial.storage.layout import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Processor
    from rdflib.query import Result as Answer
    from rdflib.term import Node

    from bicentennial.storage.dataset import Dataset

__all__ = ["adapted", "run", "run_adapted"]

_VALIDATORS: Final = (SH.SPARQLAskValidator, SH.SPARQLSelectValidator, SH.SPARQLConstraint)
_DEEPEST: Final = 200
_TARGETS: Final = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_ILL_TYPED: Final = "urn:x-ill-typed:"
# Python's dates are of the years from 1 to 9999.
_BEYOND: Final = re.compile(r"(?P<before>-|0000)|[0-9]{5}")
# pySHACL keeps state of its own, and the SPARQL parser of rdflib breaks when two threads use it for the first time.
_ONE_AT_A_TIME: Final = threading.Lock()


def run(shapes: rdflib.Graph, dataset: Dataset, *, submission: bool = False, advanced: bool = False) -> list[Result]:
    """Return what pySHACL finds, sorted and each result once.

    Args:
        shapes: what to check.
        dataset: what to check it on.
        submission: check only nodes that the partner says something of.
        advanced: whether targets, expressions and rules of SHACL Advanced Features apply.

    Raises:
        ShapesError: the shapes are ill-formed or recursive, or pySHACL gives up on them or on the data.
    """
    check_form(shapes, advanced=advanced)
    return run_adapted(adapted(shapes), dataset, submission=submission, advanced=advanced)


def run_adapted(
    shapes: rdflib.Graph, dataset: Dataset, *, submission: bool = False, advanced: bool = False
) -> list[Result]:
    """Return what pySHACL finds by well-formed shapes that `adapted` returned, which may be kept for other datasets."""
    data, own = _Data(), rdflib.Graph()
    for table in ("statements", "background"):
        for s, p, *value in dataset.connection.execute(f"SELECT s, p, o, kind, dt, lang FROM {table}").fetchall():
            triple = _node(Term(s, BLANK if s.startswith("_:") else IRI)), rdflib.URIRef(p), _node(Term(*value))
            data.add(triple)
            if submission and table == "statements":
                own.add(triple)
    with _ONE_AT_A_TIME, _aimed(shapes, own, data) if submission else nullcontext():
        report, said = _validated(data, shapes, advanced=advanced)
        nodes = report.objects(None, SH.result)
        return sorted({_result(report, node, shapes, said.get(node)) for node in nodes}, key=sort_key)


class _Data(rdflib.Graph):
    """A graph that reads each query once: pySHACL asks the same again for every focus node."""

    @cached_property
    def _names(self) -> tuple[tuple[str, Any], ...]:
        """The prefixes that a query need not declare."""
        return tuple(self.namespaces())

    def query(
        self,
        query_object: str | Query,
        processor: str | Processor = "sparql",
        result: str | type[Answer] = "sparql",
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        *arguments: Any,
        **options: Any,
    ) -> Answer:
        """Answer a query, as any graph does."""
        if isinstance(query_object, str) and not options.keys() & {"base", "DEBUG"}:
            query_object, called = _read(query_object, tuple(initNs.items()) if initNs else self._names)
            # A call that fails is an error of its solution alone: a filter then lets everything pass.
            if unknown := called - _CUSTOM_FUNCTIONS.keys():
                raise ill_formed("query-function", function=min(unknown, key=str))
        return super().query(query_object, processor, result, initNs, *arguments, **options)


@lru_cache(1 << 8)
def _read(text: str, names: tuple[tuple[str, Any], ...]) -> tuple[Query, frozenset[Node]]:
    """Return a query, and the functions that it calls by their IRIs."""
    query = prepareQuery(text, initNs=dict(names))
    return query, frozenset(_called(query.algebra))


def _called(part: Any) -> Iterator[Node]:
    if isinstance(part, CompValue):
        if part.name == "Function":
            yield part.iri
        for each in part.values():
            yield from _called(each)
    elif isinstance(part, list | tuple | set):
        for each in part:
            yield from _called(each)


def _validated(data: rdflib.Graph, shapes: rdflib.Graph, *, advanced: bool) -> tuple[rdflib.Graph, dict[Node, Said]]:
    with as_recommended() as said:
        normalized = rdflib.NORMALIZE_LITERALS
        try:
            _, report, text = pyshacl.validate(
                data,
                shacl_graph=shapes,
                advanced=advanced,
                inference="none",
                meta_shacl=False,
                inplace=True,
                do_owl_imports=False,
                allow_infos=False,
                allow_warnings=False,
                max_validation_depth=_DEEPEST,
            )
        except (MemoryError, ShapesError):
            raise
        except (
            Exception
        ) as error:  # whatever it meets on its way: its own errors, rdflib's, those of regular expressions
            raise unusable(str(error) or type(error).__name__) from error
        finally:
            rdflib.NORMALIZE_LITERALS = normalized  # which pySHACL sets
            SPARQLConstraintComponentValidator.validator_cache.clear()  # by addresses of graphs that are gone then
    if not isinstance(report, rdflib.Graph):
        raise unusable(str(text))
    return report, said


def adapted(shapes: rdflib.Graph) -> rdflib.Graph:
    """Return shapes as pySHACL reads them right: types said outright, patterns as Python's, ill-typed literals kept."""
    found = rdflib.Graph()
    for s, p, o in shapes:
        found.add((s, p, _node(term(o)) if isinstance(o, rdflib.Literal) else o))
    for kind in (SH.NodeShape, SH.PropertyShape, SH.ConstraintComponent, *_VALIDATORS):
        for node in instances(shapes, kind):
            found.add((node, RDF.type, kind))
    for node in shapes_of(shapes):
        if is_class(shapes, node):
            found.add((node, SH.targetClass, node))
        if (text := shapes.value(node, SH.pattern)) is not None:
            flags = str(shapes.value(node, SH.flags) or "")
            found.set((node, SH.pattern, rdflib.Literal(for_python(str(text), flags))))
            found.remove((node, SH.flags, None))
        # It takes whatever is not "false" for true, and knows the list only with sh:closed.
        if TRUE not in shapes.objects(node, SH.closed):
            found.remove((node, SH.closed, None))
            found.remove((node, SH.ignoredProperties, None))
        for predicate in (SH.uniqueLang, SH.deactivated, SH.qualifiedValueShapesDisjoint):
            if TRUE not in shapes.objects(node, predicate):
                found.remove((node, predicate, None))
    return found


@contextmanager
def _aimed(shapes: rdflib.Graph, own: rdflib.Graph, data: rdflib.Graph) -> Iterator[None]:
    """Let the partner's nodes be the targets of shapes, instead of all nodes of a class or with a property.

    pySHACL's own option for focus nodes would also leave out the value nodes of nested shapes, and find nothing there.
    """
    targeted = {(s, p, o) for p in (*_TARGETS, SH.targetNode) for s, o in shapes.subject_objects(p)}
    classes = ((s, RDF.type, kind) for s, _, _ in targeted for kind in (RDFS.Class, OWL.Class))
    left_out = targeted.union(each for each in classes if each in shapes)  # the instances of classes are targets too
    aims = {(shape, SH.targetNode, node) for shape, p, o in targeted for node in _found(p, o, own, data)}
    for each in left_out:
        shapes.remove(each)
    for each in aims:
        shapes.add(each)
    try:
        yield
    finally:
        for each in aims:
            shapes.remove(each)
        for each in left_out:
            shapes.add(each)


def _found(predicate: Node, value: Node, own: rdflib.Graph, data: rdflib.Graph) -> Iterator[Node]:
    """Yield the partner's nodes that are targets by a predicate of a shape and its value."""
    if predicate == SH.targetClass:
        for lower in data.transitive_subjects(RDFS.subClassOf, value):
            yield from own.subjects(RDF.type, lower)
    elif predicate == SH.targetSubjectsOf:
        yield from own.subjects(value)
    elif predicate == SH.targetObjectsOf:
        yield from own.objects(None, value)
    elif (value, None, None) in own:
        yield value


def _node(value: Term) -> rdflib.term.Identifier:
    """Return a term as rdflib's; an ill-typed literal has a datatype of ours, and a plain one none."""
    if value.kind != LITERAL:
        return rdflib.URIRef(value.lexical) if value.kind == IRI else rdflib.BNode(value.lexical.removeprefix("_:"))
    if not is_valid(value.datatype, value.lexical, value.language):
        return rdflib.Literal(value.lexical, datatype=rdflib.URIRef(_ILL_TYPED + value.datatype))
    if value.language:
        return rdflib.Literal(value.lexical, lang=value.language)
    datatype = None if value.datatype == XSD.string else rdflib.URIRef(value.datatype)
    found = rdflib.Literal(value.lexical, datatype=datatype, normalize=False)
    kind = {XSD.date: date, XSD.dateTime: datetime}.get(value.datatype)
    if kind and (beyond := _BEYOND.match(value.lexical)):
        found._value = kind.min if beyond["before"] else kind.max  # noqa: SLF001
        found._ill_typed = False  # noqa: SLF001
    return found


def _unshielded(node: Node) -> Term:
    return _own(term(node))


def _own(found: Term) -> Term:
    if found.kind == LITERAL and found.datatype.startswith(_ILL_TYPED):
        return Term(found.lexical, LITERAL, found.datatype.removeprefix(_ILL_TYPED))
    return found


def _result(report: rdflib.Graph, node: Node, shapes: rdflib.Graph, said: Said | None) -> Result:
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
        messages if said is None else said.templates,
        () if said is None else tuple((name, _own(value)) for name, value in said.bindings),
        source=None if constraint is None else term(constraint).key,
    )
