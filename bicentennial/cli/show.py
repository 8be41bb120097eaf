"""`bicentennial show`: the Framework as a tree, or one thing with everything about it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from bicentennial.cli.output import choose_format, terminal_width, write
from bicentennial.cli.parser import Commands, add_command, add_output
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse

__all__ = ["FORMATS", "register", "run"]

FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "text": (".txt",),
    "html": (".html", ".htm"),
    "markdown": (".md", ".markdown"),
    "json": (".json",),
}
"""The formats of a page, the usual one first, and the endings of files that hold them."""


def register(commands: Commands) -> None:
    """Describe the command and its arguments."""
    parser = add_command(commands, "show")
    words, lang = entry("cli", "show"), commands.lang
    parser.add_argument("id", nargs="*", metavar=words["id-name"][lang], help=words["id"][lang])
    add_output(parser, FORMATS, words["format"][lang], words["output"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Write the tree, or what the name stands for."""
    from bicentennial.guide import show

    output = arguments.output
    name = choose_format(arguments.format, output, FORMATS, "text")
    # Several words without quotation marks are one name.
    page = show(" ".join(arguments.id) or None, lang=arguments.lang)
    if name == "text":
        terminal = output is None and sys.stdout.isatty()
        text = page.to_text(width=min(terminal_width(), 120) if terminal else 100)
    else:
        text = getattr(page, f"to_{name}")()
    write(text.rstrip("\n") + "\n", output)
    return 0
