"""`bicentennial explain`: what a code means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.cli.output import choose_format, write
from bicentennial.cli.parser import Commands, add_command, add_output
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse

__all__ = ["FORMATS", "register", "run"]

FORMATS: Final[dict[str, tuple[str, ...]]] = {"text": (".txt",), "html": (".html", ".htm")}
"""The formats of an explanation, the usual one first, and the endings of files that hold them."""


def register(commands: Commands) -> None:
    """Describe the command."""
    parser = add_command(commands, "explain")
    words, lang = entry("cli", "explain"), commands.lang
    parser.add_argument("code", nargs="?", metavar=words["metavar"][lang], help=words["code"][lang])
    add_output(parser, FORMATS, words["format"][lang], words["output"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Write what a code means, or the list of all codes."""
    from bicentennial.report.codes.explanation import codes, explain
    from bicentennial.report.codes.pages import listing, to_html, to_text

    lang = arguments.lang
    format_name = choose_format(arguments.format, arguments.output, FORMATS, "text")
    explained = explain(arguments.code) if arguments.code else list(codes().values())
    if format_name == "html":
        text = to_html(explained, lang, brief=not arguments.code)
    elif arguments.code:
        text = "\n".join(to_text(each, lang) for each in explained)
    else:
        text = listing(explained, lang)
    write(text, arguments.output)
    return 0
