"""`bicentennial mapping init`: propose what the headers and values of a file mean, for a person to finish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.cli.output import choose_format, write
from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.errors import InputNotFoundError, UsageError
from bicentennial.core.files.output import refuse_overwrite
from bicentennial.core.files.paths import exists, is_file
from bicentennial.core.messages import entry, render

if TYPE_CHECKING:
    import argparse

__all__ = ["FORMATS", "register", "run"]

FORMATS: Final[dict[str, tuple[str, ...]]] = {"toml": (".toml",)}
"""What is written, and the endings of files that hold it."""


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "mapping")
    words, lang = entry("cli", "mapping"), commands.lang
    parser.add_argument("task", choices=("init",), help=words["task"][lang])
    parser.add_argument("file", metavar=entry("cli", "file")[lang], help=words["file"][lang])
    path = entry("cli", "path")[lang]
    parser.add_argument("-o", "--output", metavar=path, help=words["output"][lang])
    parser.add_argument("--force", action="store_true", help=words["force"][lang])
    limit = entry("cli", "validate")["limit"][lang]
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help=limit)


def run(arguments: argparse.Namespace) -> int:
    """Write the proposal."""
    from bicentennial.cli.validate import limits_of, progress
    from bicentennial.guide import propose_mapping

    output, lang = arguments.output, arguments.lang
    refuse_overwrite(output, [arguments.file])
    choose_format(None, output, FORMATS, "toml")
    if not is_file(arguments.file):
        text = render(entry("intake", "input-not-found")["message"], file=arguments.file)
        raise InputNotFoundError(text)
    if output and not arguments.force and exists(output):
        text = render(entry("cli", "mapping")["there"], path=output)
        raise UsageError(text)
    limits = limits_of(arguments.limit)
    proposal = propose_mapping(arguments.file, lang=lang, limits=limits, on_progress=progress([arguments.file], lang))
    write(proposal, output)
    return 0
