"""The command line: `python -m bicentennial` and the command `bicentennial`."""

import gc
import sys

# What is imported stays: looking through it for circles again and again takes a tenth of the start.
gc.set_threshold(50_000, 20, 50)

from bicentennial.cli import main  # noqa: E402

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
