"""The command line: `python -m bicentennial` and the command `bicentennial`."""

from __future__ import annotations

import argparse
import gc
import sys
from typing import TYPE_CHECKING

# What is imported stays: looking through it for circles again and again takes a tenth of the start.
gc.set_threshold(50_000, 20, 50)
# What argparse says is replaced by sentences of ours; looking for translations of it takes longer than all parsing. In
# programs that call `cli.main` it stays as it is, for their own parsers.
argparse._ = str  # type: ignore[attr-defined]

from bicentennial import cli  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: the arguments, those of the process if None.
    """
    try:
        return cli.main(argv)
    finally:
        gc.freeze()  # the interpreter looks through all that is left once more before it ends


if __name__ == "__main__":
    sys.exit(main())
