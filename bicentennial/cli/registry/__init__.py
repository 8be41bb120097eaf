"""`bicentennial registry …`: the registry of what partners handed in."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Final

from bicentennial.cli.parser import Commands, add_command
from bicentennial.cli.registry.subcommands import VIEWS, describe
from bicentennial.core.files.output import refuse_overwrite

if TYPE_CHECKING:
    import argparse

__all__ = ["register", "run"]

_READ: Final = ("file", "mapping", "receipt", "profile", "config", "query")
"""The arguments that name a file to be read, but for `file` where it is what is to be written."""

_PATHS: Final = {*_READ, "registry", "url", "output"}
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def register(commands: Commands) -> None:
    """Describe the command and its subcommands."""
    parser = add_command(commands, "registry")
    describe(parser, commands.lang)
    parser.set_defaults(helper=parser)


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    from bicentennial.cli.registry.acts import ACTS, WITHOUT
    from bicentennial.cli.registry.answers import ANSWERS, form_of, show

    name = arguments.subcommand
    if name is None:
        arguments.helper.print_help(sys.stderr)
        return 2
    _refuse_other_encodings(arguments)
    _keep_what_is_read(arguments)
    if name in VIEWS:
        form_of(arguments)
    if name in WITHOUT and (code := WITHOUT[name](arguments)) is not None:
        return code
    from bicentennial.monitoring.registry import open_registry

    with open_registry(arguments.registry) as registry:
        if name in ACTS:
            return ACTS[name](registry, arguments)
        show(ANSWERS[name](registry, arguments), arguments)
        return 0


def _refuse_other_encodings(arguments: argparse.Namespace) -> None:
    """Refuse a text that is not in UTF-8, which a registry could not keep; paths may be in any encoding."""
    from bicentennial.monitoring.store import problems

    for name, value in vars(arguments).items():
        given = value if isinstance(value, list) else [value]
        if name not in _PATHS and any(isinstance(each, str) and _SURROGATE.search(each) for each in given):
            raise problems.usage("not-utf-8", given=", ".join(given))


def _keep_what_is_read(arguments: argparse.Namespace) -> None:
    """Refuse to write an answer over the registry itself, or over a file that is read."""
    from bicentennial.monitoring.store import path_of

    given = {name: value for name in _READ if (value := getattr(arguments, name, None))}
    registry = arguments.registry or os.environ.get("BICENTENNIAL_REGISTRY") or ""
    if arguments.subcommand in ("export", "backup"):
        given.pop("file", None)
    refuse_overwrite(arguments.output, [path_of(registry), *given.values()])
