"""`bicentennial serve`: the service, for a browser and for programs."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.errors import UsageError
from bicentennial.core.messages import entry, sentence

if TYPE_CHECKING:
    import argparse

__all__ = ["needs_libraries", "register", "run"]

_NEEDED = ("starlette", "fastapi", "uvicorn", "python_multipart", "limits", "prometheus_client")


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "serve")
    words, lang = entry("cli", "serve"), commands.lang
    parser.add_argument("--registry", metavar="URL", help=words["registry"][lang])
    parser.add_argument("--host", metavar="HOST", help=words["host"][lang])
    parser.add_argument("--port", metavar="PORT", type=int, help=words["port"][lang])
    parser.add_argument("--base", metavar="URL", help=words["base"][lang])
    parser.add_argument("--config", metavar=entry("cli", "file")[lang], help=words["config"][lang])
    parser.add_argument("--open", action="store_true", help=words["open"][lang])


def needs_libraries() -> None:
    """Refuse to go on without the libraries of the service.

    Raises:
        UsageError: one of them is not installed; it says how to get them.
    """
    if not all(find_spec(each) for each in _NEEDED):
        raise UsageError(sentence("service", "library-missing"))


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal ends it, and return the exit code."""
    needs_libraries()
    from bicentennial.service.server import serve
    from bicentennial.service.settings import Settings

    given = {
        "registry": arguments.registry or os.environ.get("BICENTENNIAL_REGISTRY") or None,
        "host": arguments.host,
        "port": arguments.port,
        "base": arguments.base,
    }
    given = {name: value for name, value in given.items() if value is not None}
    settings = Settings.read(arguments.config, **given) if arguments.config else Settings(**given)
    serve(settings, lang=arguments.lang, open_browser=arguments.open)
    return 0
