"""`bicentennial mapping init`: propose what the headers and values of a file mean, for a person to finish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.cli.output import write
from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.errors import InputNotFoundError, UsageError
from bicentennial.core.escape import numbered
from bicentennial.core.messages import entry, render
from bicentennial.core.output_files import never_over

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "mapping")
    words, lang = entry("cli", "mapping"), commands.lang
    parser.add_argument("task", choices=("init",), help=words["task"][lang])
    parser.add_argument("file", metavar=entry("cli", "file")[lang], help=words["file"][lang])
    parser.add_argument("--output", metavar=entry("cli", "path")[lang], help=words["output"][lang])
    parser.add_argument("--force", action="store_true", help=words["force"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Write the proposal."""
    from bicentennial.core.worker import call

    words = entry("cli", "mapping")
    never_over(arguments.output, [arguments.file])
    if not Path(arguments.file).is_file():
        text = render(entry("intake", "input-not-found")["message"], file=arguments.file)
        raise InputNotFoundError(text["en"], text["es"])
    if arguments.output and not arguments.force and Path(arguments.output).exists():
        text = render(words["there"], path=arguments.output)
        raise UsageError(text["en"], text["es"])
    proposal = call("bicentennial.intake.proposal:propose", arguments.file, arguments.lang)
    write(numbered(proposal), arguments.output)  # TOML has the escapes of Turtle
    return 0
