"""`bicentennial convert`: what a file says, in another format."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command, input_formats
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "convert", _words)
    words, lang = entry("cli", "convert"), commands.lang
    parser.add_argument("input", metavar=words["input-name"][lang], help=words["input"][lang])
    parser.add_argument("output", metavar=words["output-name"][lang], help=words["output"][lang])
    parser.add_argument("--strict", action="store_true", help=words["strict"][lang])
    options = entry("cli", "validate")
    parser.add_argument("--mapping", metavar=entry("cli", "file")[lang], help=options["mapping"][lang])
    parser.add_argument("--to-version", metavar=words["version-name"][lang], help=words["version"][lang])
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help=options["limit"][lang])


def _words() -> dict[str, str]:
    from bicentennial.exchange.conversion import ENDINGS

    return {**input_formats(), "endings": " ".join(ENDINGS)}


def run(arguments: argparse.Namespace) -> int:
    """Convert the file, and say what could not be carried over."""
    from bicentennial.api import convert
    from bicentennial.cli.validate import limits_of, progress
    from bicentennial.core.escape import plain

    lang = arguments.lang
    losses = convert(
        arguments.input,
        arguments.output,
        lang=lang,
        mapping=arguments.mapping,
        to_version=arguments.to_version,
        limits=limits_of(arguments.limit),
        strict=arguments.strict,
        on_progress=progress([arguments.input], lang),
    )
    for loss in losses:
        print(f"{entry('cli', 'convert')['lost'][lang]}: {plain(loss.message[lang])}", file=sys.stderr)
    return 1 if losses and arguments.strict else 0
