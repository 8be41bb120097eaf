"""rudof (Rust) through its Python binding."""

import sys
from pathlib import Path

from pyrudof import RDFFormat, Rudof, RudofConfig, ShaclFormat

rudof = Rudof(RudofConfig())
rudof.read_data(Path(sys.argv[1]), format=RDFFormat.NTriples)
rudof.read_shacl(Path(sys.argv[2]), format=ShaclFormat.Turtle)
for entry in rudof.validate_shacl():
    print(entry.focus_node, entry.path or "", entry.constraint_component)
