"""`bicentennial version`: which version this is, and which of the ontology it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.messages import entry
from bicentennial.core.resources import ontology_version, version

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command."""
    add_command(commands, "version")


def run(arguments: argparse.Namespace) -> int:
    """Print both versions, one a line; for the option `--version` that of the program alone."""
    print(f"bicentennial {version()}")
    if not arguments.version:
        print(entry("cli", "version")["ontology"][arguments.lang].format(version=ontology_version()))
    return 0
