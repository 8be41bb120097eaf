"""`bicentennial sources check FOLDER`: are all cited passages in the documents?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command and its arguments."""
    parser = add_command(commands, "sources")
    words, lang = entry("cli", "sources"), commands.lang
    parser.add_argument("what", choices=("check",), help=words["what"][lang])
    parser.add_argument("folder", metavar=words["folder-name"][lang], help=words["folder"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Check the passages; return 0 when all are found, 1 when some are not."""
    from bicentennial.knowledge.sources import check

    result = check(arguments.folder)
    print(result.to_text(arguments.lang))
    return 0 if result.complete else 1
