"""The command line: `python -m bicentennial` and the command `bicentennial`."""

import sys

from bicentennial.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
