"""`bicentennial export`: what the project publishes, as files."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command and its arguments."""
    parser = add_command(commands, "export", _words)
    words, lang = entry("cli", "export"), commands.lang
    parser.add_argument("what", metavar=words["what-name"][lang], help=words["what"][lang])
    out = entry("cli", "convert")
    parser.add_argument("output", metavar=out["output-name"][lang], help=out["output"][lang])
    parser.add_argument("--base", metavar="URL", help=words["base"][lang])


def _words() -> dict[str, str]:
    from bicentennial.exchange.publications.publication import WHAT

    listed = [f"{name}: {' '.join(endings)}" for name, endings in WHAT.items()]
    return {"artifacts": "; ".join(listed)}


def run(arguments: argparse.Namespace) -> int:
    """Write the file or folder; standard error says what could not be carried over, and where a folder begins."""
    from bicentennial.api import export
    from bicentennial.core.escape import plain
    from bicentennial.exchange.publications.publication import FOLDERS

    lang = arguments.lang
    for loss in export(arguments.what, arguments.output, lang=lang, base=arguments.base):
        print(f"{entry('cli', 'convert')['lost'][lang]}: {loss.message[lang]}", file=sys.stderr)
    if arguments.what in FOLDERS:
        start = os.path.join(arguments.output, "index.html")  # noqa: PTH118 - as it was typed
        print(entry("cli", "export")["folder-written"][lang].format(path=plain(start)), file=sys.stderr)
    return 0
