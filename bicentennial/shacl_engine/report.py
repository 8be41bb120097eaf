"""What plain SHACL validation finds: a report with terms of rdflib, and as the W3C's validation report.

>>> report = ShaclReport((), "compiled")
>>> report.conforms, len(report), report
(True, 0, <ShaclReport: conforms, 0 results>)
>>> print(report.to_text(), end="")
The data conforms to the shapes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import rdflib
from rdflib.namespace import RDF, SH

from bicentennial.core.findings import Location
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import local_name
from bicentennial.shacl_engine.shapes.paths import Predicate
from bicentennial.shacl_engine.shapes.pathterms import as_nodes, as_rdflib, of_json
from bicentennial.shacl_engine.shapes.wording import ConstraintWording
from bicentennial.shacl_engine.terms import node_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.paths import Path as RdflibPath
    from rdflib.term import Node

    from bicentennial.shacl_engine.results import Result, Term
    from bicentennial.shacl_engine.shapes.paths import Path

__all__ = ["ShaclReport", "ShaclResult", "as_term"]

# For a literal that is not of its datatype rdflib logs a traceback, which Python prints where no handler is set.
logging.getLogger("rdflib.term").addHandler(logging.NullHandler())


def as_term(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """Return a term as rdflib's, its lexical form as it was written."""
    from bicentennial.core.namespaces import XSD
    from bicentennial.shacl_engine.results import IRI, LITERAL

    if term.kind != LITERAL:
        return rdflib.URIRef(term.lexical) if term.kind == IRI else rdflib.BNode(term.lexical.removeprefix("_:"))
    if term.language:
        return rdflib.Literal(term.lexical, lang=term.language)
    datatype = None if term.datatype == XSD.string else rdflib.URIRef(term.datatype)
    return rdflib.Literal(term.lexical, datatype=datatype, normalize=False)


@dataclass(frozen=True, slots=True)
class ShaclResult:
    """One validation result; its parts are those of the recommendation, as terms of rdflib.

    `path` is the IRI of a property, a path object of rdflib for a complex path, or None; `constraint` is the IRI of the
    component, such as `sh:MinCountConstraintComponent`; `source_constraint` the node of a SPARQL constraint. `location`
    says where in a file the value or the focus node stands, as far as that was asked for.
    """

    focus: rdflib.URIRef | rdflib.BNode | rdflib.Literal
    path: rdflib.URIRef | RdflibPath | None
    value: rdflib.URIRef | rdflib.BNode | rdflib.Literal | None
    constraint: rdflib.URIRef
    shape: rdflib.URIRef | rdflib.BNode
    severity: rdflib.URIRef = SH.Violation
    messages: tuple[rdflib.Literal, ...] = ()
    source_constraint: rdflib.URIRef | rdflib.BNode | None = None
    location: Location = field(default_factory=Location, compare=False)
    wording: ConstraintWording = field(default=ConstraintWording(), compare=False)
    """How a report names the constraint."""
    steps: Path | None = field(default=None, compare=False, repr=False)
    """The path as this library holds it."""

    @classmethod
    def of(
        cls,
        result: Result,
        paths: Mapping[str, Any],
        location: Location | None = None,
        wording: ConstraintWording | None = None,
    ) -> ShaclResult:
        """Return an engine's result with terms of rdflib; `paths` are the complex paths by their text, as JSON."""
        path: Path | None = None
        if result.path is not None:
            path = of_json(paths[result.path]) if result.path in paths else Predicate(result.path)
        return cls(
            focus=as_term(result.focus),
            path=None if path is None else as_rdflib(path),
            value=None if result.value is None else as_term(result.value),
            constraint=rdflib.URIRef(result.component),
            shape=node_of(result.shape),
            severity=rdflib.URIRef(result.severity),
            messages=tuple(rdflib.Literal(text, lang=language or None) for language, text in result.messages),
            source_constraint=None if result.source is None else node_of(result.source),
            location=location or Location(),
            wording=wording or ConstraintWording(),
            steps=path,
        )

    @property
    def component(self) -> str:
        """The local name of the constraint component without its ending, such as `MinCount`."""
        return local_name(self.constraint).removesuffix("ConstraintComponent")

    def message(self, lang: str = "en") -> str:
        """Return a message in a language: the shape's own, otherwise what is wrong by which parameters."""
        by_language = {(text.language or "").partition("-")[0]: str(text) for text in self.messages}
        for each in (lang, "", *by_language):
            if each in by_language:
                return by_language[each]
        spoken = entry("shacl", "components")
        text = str(spoken.get(self.component, spoken["others"])[lang]).format(component=self.component)
        return f"{text.removesuffix('.')}: {self.wording.parameters}" if self.wording.parameters else text

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """Return the result as the JSON report holds it, terms as N-Triples writes them."""
        return {
            "focus": self.focus.n3(),
            "path": None if self.path is None else self.path.n3(),
            "value": None if self.value is None else self.value.n3(),
            "constraint": str(self.constraint),
            "parameters": self.wording.parameters,
            "shape": self.shape.n3(),
            "within": self.wording.within,
            "severity": str(self.severity),
            "message": self.message(lang),
            "location": self.location.to_dict(),
        }


@dataclass(frozen=True)
class ShaclReport:
    """The results of applying shapes to data; true as a value (`if report:`) exactly when the data conforms.

    `engine` is the one that ran (`compiled`, `pyshacl` or both), `focus_nodes` the number of nodes that were checked
    (a report on none of them says nothing about the data), `allowed` the severities that do not count against
    conformance: none of them, as the recommendation says, unless the caller allows them. `unread_imports` are the
    ontologies that the `shapes` or the `data` import and that are in none of the files: nothing is fetched.
    """

    results: tuple[ShaclResult, ...]
    engine: str
    focus_nodes: int = 0
    allowed: frozenset[rdflib.URIRef] = frozenset()
    unread_imports: tuple[tuple[str, str], ...] = ()

    @cached_property
    def conforms(self) -> bool:
        """Whether there is no result that counts."""
        return all(result.severity in self.allowed for result in self.results)

    def __bool__(self) -> bool:
        return self.conforms

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[ShaclResult]:
        return iter(self.results)

    def __repr__(self) -> str:
        verdict = "conforms" if self.conforms else "does not conform"
        return f"<ShaclReport: {verdict}, {len(self.results)} result{'' if len(self.results) == 1 else 's'}>"

    def to_graph(self) -> rdflib.Graph:
        """Return the report as a graph, as section 3.6 of the recommendation describes it.

        >>> graph = ShaclReport((), "compiled").to_graph()
        >>> (None, SH.conforms, rdflib.Literal(True)) in graph
        True
        """
        graph = rdflib.Graph()
        graph.bind("sh", SH)
        report = rdflib.BNode()
        graph.add((report, RDF.type, SH.ValidationReport))
        graph.add((report, SH.conforms, rdflib.Literal(self.conforms)))
        for result in self.results:
            node = rdflib.BNode()
            graph.add((report, SH.result, node))
            for predicate, value in self._parts(result, graph):
                graph.add((node, predicate, value))
        return graph

    def _parts(self, result: ShaclResult, graph: rdflib.Graph) -> Iterator[tuple[rdflib.URIRef, Node]]:
        yield RDF.type, SH.ValidationResult
        yield SH.focusNode, result.focus
        if result.steps is not None:
            yield SH.resultPath, as_nodes(result.steps, graph)
        if result.value is not None:
            yield SH.value, result.value
        yield SH.resultSeverity, result.severity
        yield SH.sourceShape, result.shape
        yield SH.sourceConstraintComponent, result.constraint
        if result.source_constraint is not None:
            yield SH.sourceConstraint, result.source_constraint
        for message in result.messages:
            yield SH.resultMessage, message

    def to_turtle(self) -> str:
        """Return the report as Turtle."""
        return self.to_graph().serialize(format="turtle")

    def to_text(self, lang: str = "en") -> str:
        """Return the report as text for people, in English or Spanish."""
        from bicentennial.shacl_engine.text import to_text

        return to_text(self, lang)

    def to_json(self, lang: str = "en") -> str:
        """Return the report as JSON; its keys are stable."""
        from bicentennial.shacl_engine.text import to_json

        return to_json(self, lang)
