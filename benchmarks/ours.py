"""Our engine with the shapes that every validator gets, on the same file, as a whole process."""

import sys
from pathlib import Path

import pyoxigraph
import rdflib

from bicentennial.core.limits import Limits
from bicentennial.formats.rdf.stretches import read_in_stretches
from bicentennial.shacl_engine.sql.engine import run
from bicentennial.shacl_engine.sql.planner import compile_plan
from bicentennial.storage.duckdb_dataset import DuckDBDataset

plan = compile_plan(rdflib.Graph().parse(sys.argv[2], format="turtle"))
syntax = pyoxigraph.RdfFormat.from_extension(Path(sys.argv[1]).suffix[1:])
with DuckDBDataset() as dataset:
    with Path(sys.argv[1]).open("rb") as stream:
        lines = syntax == pyoxigraph.RdfFormat.N_TRIPLES
        loaded = lines and read_in_stretches(stream, dataset, Limits(statements=20_000_000))
    if not loaded:
        dataset.load_quads(pyoxigraph.parse(path=sys.argv[1], format=syntax), named=False)
    for result in run(plan, dataset):
        print(result.focus.lexical, result.path or "", result.component)
