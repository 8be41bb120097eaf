"""`bicentennial template`: a blank form for a submission."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.escape import plain
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "template")
    words, lang = entry("cli", "template"), commands.lang
    parser.add_argument("output", metavar=entry("cli", "path")[lang], help=words["output"][lang])
    parser.add_argument("--force", action="store_true", help=words["force"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Write the form."""
    from bicentennial.api import template

    template(arguments.output, lang=arguments.lang, force=arguments.force)
    print(entry("cli", "template")["written"][arguments.lang].format(path=plain(arguments.output)), file=sys.stderr)
    return 0
