"""Print which of the packages that are named can be imported here, with their versions, as JSON."""

import contextlib
import json
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

found = {}
for name in sys.argv[1:]:
    # A package that is installed but does not run here (no Java, no fitting library) is as good as none.
    with contextlib.suppress(Exception):
        import_module(name.replace("-", "_"))
        found[name] = "?"
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
print(json.dumps(found))
