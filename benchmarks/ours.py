"""Our engine with the shapes that every validator gets, on the same file, as a whole process."""

import sys
from pathlib import Path

import pyoxigraph
import rdflib

from bicentennial.shacl_engine.sql.engine import run
from bicentennial.shacl_engine.sql.planner import compile_plan
from bicentennial.storage.duckdb_dataset import DuckDBDataset

plan = compile_plan(rdflib.Graph().parse(sys.argv[2], format="turtle"))
syntax = pyoxigraph.RdfFormat.from_extension(Path(sys.argv[1]).suffix[1:])
quads = pyoxigraph.parse(path=sys.argv[1], format=syntax)
with DuckDBDataset.from_quads(quads, named=False) as dataset:
    for result in run(plan, dataset):
        print(result.focus.lexical, result.path or "", result.component)
