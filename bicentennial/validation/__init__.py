"""Validation: plain SHACL on two engines, and the checking of submissions that rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import rdflib

    from bicentennial.shacl_engine.results import Result

__all__ = ["Engine", "shacl"]

Engine = Literal["auto", "compiled", "pyshacl"]


def shacl(data_graph: rdflib.Graph, shapes_graph: rdflib.Graph, *, engine: Engine = "auto") -> list[Result]:
    """Validate a graph against the shapes of another, as the SHACL recommendation says.

    Those shapes apply and nothing else: none of ours, nothing that the data imports, and nothing inferred but the
    members of subclasses that `rdfs:subClassOf` in the data makes.

    Args:
        data_graph: what to check. Neither graph is changed. rdflib's own parser rewrites literals that are ill-typed
            or not canonical before they can be looked at; `storage.graphs` makes graphs that keep them.
        shapes_graph: SHACL Core shapes and SPARQL constraints.
        engine: `compiled` runs the shapes as SQL and refuses what it does not cover, `pyshacl` is the reference, and
            `auto` takes the first that covers all shapes.

    Returns:
        The results, sorted by focus node and path, each once.

    Raises:
        UnsupportedShapeError: `compiled` was asked for and does not cover a shape; the error names what.
        UsageError: the shapes are not well-formed, or there is no such engine.

    >>> import rdflib
    >>> shapes = rdflib.Graph().parse(data='''
    ...     @prefix sh: <http://www.w3.org/ns/shacl#> .
    ...     <urn:Person> sh:targetClass <urn:Human> ; sh:property <urn:Person-name> .
    ...     <urn:Person-name> sh:path <urn:name> ; sh:minCount 1 ; sh:minLength 2 .''')
    >>> data = rdflib.Graph().parse(data='<urn:a> a <urn:Human> . <urn:b> a <urn:Human> ; <urn:name> "B" .')
    >>> for result in shacl(data, shapes):
    ...     print(result.focus, result.constraint, result.value)
    <urn:a> MinCountConstraintComponent None
    <urn:b> MinLengthConstraintComponent "B"
    """
    from bicentennial.shacl_engine.engines import Engines
    from bicentennial.shacl_engine.result_table import ResultTable
    from bicentennial.storage.duckdb_dataset import DuckDBDataset

    chosen = Engines(shapes_graph, engine)
    with DuckDBDataset.from_graph(data_graph) as dataset:
        found = ResultTable(dataset)
        chosen.find(dataset, found)
        return found.results()
