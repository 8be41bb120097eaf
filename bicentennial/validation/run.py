"""One run of an engine over a submission: our own shapes, further ones if given, and what we know ourselves.

>>> Run("compiled").engine
'compiled'
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bicentennial.errors import UnsupportedShapeError, UsageError
from bicentennial.intake.index import own
from bicentennial.messages import entry, render
from bicentennial.namespaces import BIC, RDF, RDFS
from bicentennial.validation.plan import compile_plan, load, shapes_graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import rdflib

    from bicentennial.intake.dataset import Dataset
    from bicentennial.validation.plan import Plan
    from bicentennial.validation.results import Result
    from bicentennial.validation.wording import Pairs

__all__ = ["Run", "background"]


def background() -> Iterator[tuple[str, str, str]]:
    """Return what shapes need to know beyond the submission: our own types, superclasses and parents.

    >>> ("https://w3id.org/bicentennial/id/agency-ofac", RDF.type, BIC.Agency) in set(background())
    True
    """
    index = own()
    for iri, described in index.classes.items():
        for superclass in described["superclasses"]:
            yield iri, RDFS.subClassOf, superclass
    for iri, individual in index.individuals.items():
        for class_iri in individual["types"]:
            yield iri, RDF.type, class_iri
        for parent in individual["parents"]:
            yield iri, BIC.isPartOf, parent


class Run:
    """An engine with its shapes, ready for a submission.

    Args:
        engine: `compiled`, `pyshacl`, or `auto` for the compiled one if it covers all shapes.
        shapes: files of further shapes.

    Raises:
        UsageError: a file of shapes cannot be used.
        UnsupportedShapeError: the compiled engine was asked for by name and does not cover a shape.
    """

    def __init__(self, engine: str, shapes: Sequence[str | os.PathLike[str]] = ()) -> None:
        self._further = [_shapes(path) for path in shapes]
        self._plans: list[Plan] = []
        self.engine = "pyshacl"
        """The engine that runs."""
        ours = load()
        self.templates: dict[str, Pairs] = {shape.node: shape.messages for shape in ours.shapes}
        """The messages of our own shapes by IRI, their variables not yet filled in."""
        if engine != "pyshacl":
            try:
                self._plans = [ours, *map(compile_plan, self._further)]
                self.engine = "compiled"
            except UnsupportedShapeError:
                if engine == "compiled":
                    raise

    def __call__(self, dataset: Dataset) -> list[Result]:
        """Return the results for a submission, which is given our background knowledge on the way."""
        dataset.load_background(background())
        if self.engine == "compiled":
            from bicentennial.validation.compiled.engine import run

            return [result for plan in self._plans for result in run(plan, dataset, submission=True)]
        from bicentennial.validation.reference import run as run_reference

        graph = shapes_graph()
        for further in self._further:
            graph += further
        return run_reference(graph, dataset, submission=True)


def _shapes(path: str | os.PathLike[str]) -> rdflib.Graph:
    import rdflib

    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - a path of any kind
            return rdflib.Graph().parse(stream, format=rdflib.util.guess_format(os.fspath(path)) or "turtle")
    except Exception as error:
        text = render(entry("cli", "shapes-unusable"), file=os.fspath(path), reason=" ".join(str(error).split())[:200])
        raise UsageError(text["en"], text["es"]) from error
