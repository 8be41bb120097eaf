"""`bicentennial version`: which version this is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.resources import version

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]


def register(commands: Commands) -> None:
    """Describe the command."""
    add_command(commands, "version")


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001
    """Print the version."""
    print(f"bicentennial {version()}")
    return 0
