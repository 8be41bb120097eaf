"""The command line: `python -m bicentennial` and the command `bicentennial`."""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import TYPE_CHECKING, Final

# What is imported stays: looking through it for circles again and again takes a tenth of the start.
gc.set_threshold(50_000, 20, 50)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_WORK: Final = {
    "shacl": "bicentennial.shacl_engine.checking:run_in_worker",
    "validate": "bicentennial.validation.submission:check_in_worker",
}
"""What commands have done in a worker, which loads that while the command line is loaded and arguments are read."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: the arguments, those of the process if None.
    """
    try:
        with _ahead(sys.argv[1:] if argv is None else argv):
            import argparse

            # What argparse says is replaced by sentences of ours; looking for translations of it takes longer than all
            # parsing. In programs that call `cli.main` it stays as it is, for their own parsers.
            argparse._ = lambda text: text  # type: ignore[attr-defined]
            from bicentennial import cli

            return cli.main(argv)
    finally:
        gc.freeze()  # the interpreter looks through all that is left once more before it ends


def _ahead(argv: Sequence[str]) -> contextlib.AbstractContextManager[None]:
    """Start the worker of a command; Spark and help need none."""
    if not argv or argv[0] not in _WORK or any(each in ("-h", "--help") or "spark" in each for each in argv):
        return contextlib.nullcontext()
    from bicentennial.core.worker.ahead import ahead

    return ahead(_WORK[argv[0]])


if __name__ == "__main__":
    sys.exit(main())
