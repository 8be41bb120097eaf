"""The public SHACL call on files, as a whole process."""

import sys
from pathlib import Path

import bicentennial

limits = {"file_bytes": 4_000_000_000, "statements": 20_000_000, "seconds": 1_000}
for result in bicentennial.shacl(Path(sys.argv[1]), Path(sys.argv[2]), limits=limits):
    print(result.focus, result.path or "", result.constraint)
