"""pySHACL on an rdflib graph."""

import sys

import pyshacl
import rdflib

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
data = rdflib.Graph().parse(sys.argv[1], format="nt")
shapes = rdflib.Graph().parse(sys.argv[2], format="turtle")
_, report, _ = pyshacl.validate(data, shacl_graph=shapes)
for result in report.objects(None, SH.result):
    print(*(report.value(result, term) or "" for term in (SH.focusNode, SH.resultPath, SH.sourceConstraintComponent)))
