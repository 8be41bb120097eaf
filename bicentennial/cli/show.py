"""`bicentennial show`: the Framework as a tree, or one thing with everything about it."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command and its argument."""
    parser = add_command(commands, "show")
    words, lang = entry("cli", "show"), commands.lang
    parser.add_argument("id", nargs="*", metavar=words["id-name"][lang], help=words["id"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Print the tree, or what the name stands for."""
    from bicentennial.knowledge.show import describe, tree

    if not arguments.id:
        print(tree(arguments.lang))
        return 0
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if sys.stdout.isatty() else 100
    # Whoever writes a name of several words without quotation marks means one name.
    print(describe(" ".join(arguments.id), arguments.lang, width=width))
    return 0
