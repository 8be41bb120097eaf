"""The floor: parse the file and do nothing."""

import sys
from pathlib import Path

import pyoxigraph

for _ in pyoxigraph.parse(path=sys.argv[1], format=pyoxigraph.RdfFormat.from_extension(Path(sys.argv[1]).suffix[1:])):
    pass
