"""`bicentennial registry …`: the registry of what partners handed in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command
from bicentennial.cli.registry.subcommands import describe

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command and its subcommands."""
    parser = add_command(commands, "registry")
    describe(parser, commands.lang)
    parser.set_defaults(helper=parser)


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    from bicentennial.cli.registry.acts import ACTS, WITHOUT
    from bicentennial.cli.registry.answers import ANSWERS, show

    name = arguments.subcommand
    if name is None:
        arguments.helper.print_help(sys.stderr)
        return 2
    if name in WITHOUT and (code := WITHOUT[name](arguments)) is not None:
        return code
    from bicentennial.monitoring.registry import open_registry

    with open_registry(arguments.registry) as registry:
        if name in ACTS:
            return ACTS[name](registry, arguments)
        show(ANSWERS[name](registry, arguments), arguments)
        return 0
