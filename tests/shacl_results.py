"""What the engines find in a graph, as they hold it: terms of their own, which keep literals as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pyoxigraph

from bicentennial.shacl_engine.engines import Engines
from bicentennial.shacl_engine.result_table import ResultTable
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.graphs import graph_of
from bicentennial.storage.sqlite_dataset import SqliteDataset

if TYPE_CHECKING:
    import rdflib

    from bicentennial.shacl_engine.results import Result

__all__ = ["Engine", "shacl", "turtle"]

Engine = Literal["auto", "compiled", "pyshacl"]


def shacl(data_graph: rdflib.Graph, shapes_graph: rdflib.Graph, *, engine: Engine = "auto") -> list[Result]:
    """Return the results of the shapes of one graph for another, sorted by focus node and path, each once."""
    chosen = Engines(shapes_graph, engine)
    with DuckDBDataset.from_graph(data_graph) as dataset:
        found = ResultTable(dataset)
        chosen.find(dataset, found)
        return found.results()


def turtle(text: str) -> rdflib.Graph:
    """Return the graph of a text, lexical forms untouched: rdflib's own parser would rewrite them."""
    with SqliteDataset() as dataset:  # which opens in no time, unlike the other
        dataset.load_quads(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))
        return graph_of(dataset)
