"""The floor: parse the file and do nothing."""

import sys

import pyoxigraph

for _ in pyoxigraph.parse(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_TRIPLES):
    pass
