"""Compile what is derived from ontology and models, and format all Turtle; with `--check`, only say what differs.

Ends with 0 if every file is fresh (or has been written), and with 1 if `--check` finds one that is not or a file
cannot be read.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from typing import TYPE_CHECKING

from bicentennial.errors import BicentennialError
from bicentennial.rdf.compile import artefacts, formatted
from bicentennial.resources import directory

if TYPE_CHECKING:
    from pathlib import Path


def differing(fresh: dict[Path, str]) -> list[Path]:
    """Return the files whose content is not what it should be, missing ones included."""
    return [path for path, text in fresh.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


def orphans(fresh: dict[Path, str]) -> list[Path]:
    """Return the structural shapes that nothing compiles to any more."""
    return sorted(set((directory("shapes") / "structural").glob("*")) - set(fresh))


def plan() -> dict[Path, str]:
    """Return what the validation layer compiles from the shapes as they now are on disk."""
    if importlib.util.find_spec("bicentennial.validation.plan") is None:
        return {}
    from bicentennial.validation.plan import artefacts as plan_artefacts

    return plan_artefacts()


def main() -> int:
    """Write or check all compiled and formatted files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; name the files that differ")
    parser.add_argument("--no-format", action="store_true", help="leave the hand-written Turtle as it is")
    arguments = parser.parse_args()
    stale: list[Path] = []
    try:
        compiled = artefacts()
        stages = (compiled, plan) if arguments.no_format else (formatted(), compiled, plan)
        for stage in stages:
            fresh = stage() if callable(stage) else stage
            for path in differing(fresh):
                stale.append(path)
                if not arguments.check:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(fresh[path], encoding="utf-8")
        for path in orphans(compiled):
            stale.append(path)
            if not arguments.check:
                path.unlink()
    except BicentennialError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for path in stale:
        print(f"{'differs from a fresh compile' if arguments.check else 'written'}: {path}")
    return int(arguments.check and bool(stale))


if __name__ == "__main__":
    raise SystemExit(main())
