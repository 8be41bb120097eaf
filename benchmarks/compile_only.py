"""The seconds in which shapes are compiled: those of a file, which are parsed beforehand."""

import sys
import time

import rdflib

from bicentennial.shacl_engine.sql.planner import compile_each

graph = rdflib.Graph().parse(sys.argv[1], format="turtle")
begun = time.perf_counter()
compile_each(graph)
print(time.perf_counter() - begun)
