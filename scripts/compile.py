"""Compile what is derived from ontology and models, and format all Turtle; with `--check`, only say what differs.

Ends with 0 if every file is fresh (or has been written), and with 1 if `--check` finds one that is not or a file
cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bicentennial.compilers.compile import artefacts, formatted
from bicentennial.core import messages
from bicentennial.core.errors import BicentennialError
from bicentennial.core.resources import directory
from bicentennial.report.codes import worked_examples
from bicentennial.spark import transpiling
from bicentennial.validation import own_shapes

if TYPE_CHECKING:
    from pathlib import Path


class Compilation:
    """The files that are not what they should be; unless it only checks, each is put right at once."""

    def __init__(self, *, check: bool) -> None:
        self.check = check
        self.stale: list[Path] = []

    def bring(self, fresh: dict[Path, str]) -> None:
        """Compare files with their fresh texts."""
        for path, text in fresh.items():
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                self.stale.append(path)
                if not self.check:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8")

    def clear(self, folder: Path, fresh: dict[Path, str]) -> None:
        """Find the files of a folder that nothing compiles to any more."""
        for path in sorted(set(folder.glob("*")) - set(fresh)):
            self.stale.append(path)
            if not self.check:
                path.unlink()


def main() -> int:
    """Write or check all compiled and formatted files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; name the files that differ")
    parser.add_argument("--no-format", action="store_true", help="leave the hand-written Turtle as it is")
    parser.add_argument("--all-examples", action="store_true", help="make all examples in tables anew; takes minutes")
    arguments = parser.parse_args()
    compilation = Compilation(check=arguments.check)
    try:
        if not arguments.no_format:
            compilation.bring(formatted())
        compilation.bring(messages.artefacts())
        compiled = artefacts()
        compilation.bring(compiled)
        compilation.clear(directory("shapes") / "structural", compiled)
        compilation.bring(own_shapes.artefacts())  # made of the shapes as they now are on disk
        compilation.bring(transpiling.artefacts(own_shapes.load()))
        compilation.bring(worked_examples.artefacts(afresh=arguments.all_examples))
    except BicentennialError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for path in compilation.stale:
        print(f"{'differs from a fresh compile' if arguments.check else 'written'}: {path}")
    return int(arguments.check and bool(compilation.stale))


if __name__ == "__main__":
    raise SystemExit(main())
