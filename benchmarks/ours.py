"""Our engine with the shapes that every validator gets, on the same file, in one process and without a report."""

import sys

from bicentennial.core.limits import Limits
from bicentennial.shacl_engine.checking import find
from bicentennial.shacl_engine.job import Job
from bicentennial.shacl_engine.sources import Sources
from bicentennial.storage.duckdb.dataset import DuckDBDataset

data, shapes = map(Sources.of, sys.argv[1:3])
job = Job(data, shapes, engine="compiled")
with DuckDBDataset() as dataset:
    for result in find(job, Limits(file_bytes=20_000_000_000, statements=20_000_000), dataset)[0]:
        print(result.focus.lexical, result.path or "", result.component)
