"""`bicentennial examples`: the examples that come with the package, copied into a folder."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.errors import UsageError
from bicentennial.core.files.output import unwritten
from bicentennial.core.messages import entry, render

if TYPE_CHECKING:
    import argparse

    from bicentennial.core.resources import Area

__all__ = ["register", "run"]

_AREAS: Final[tuple[Area, ...]] = ("submissions", "profiles", "queries")


def register(commands: Commands) -> None:
    """Describe the command and its argument."""
    parser = add_command(commands, "examples")
    lang = commands.lang
    folder = entry("cli", "sources")["folder-name"][lang]
    parser.add_argument("folder", metavar=folder, help=entry("cli", "examples")["folder"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Copy the examples, and say what to try."""
    from bicentennial.core.escape import plain
    from bicentennial.core.resources import files

    words, lang, folder = entry("cli", "examples"), arguments.lang, Path(arguments.folder)
    number = 0
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            text = render(words["there"], path=folder)
            raise UsageError(text)
        for area in _AREAS:
            place = folder / area
            place.mkdir(parents=True, exist_ok=True)
            for file in files(area, "*.*"):
                shutil.copyfile(file, place / file.name)
                number += 1
    except UsageError:
        raise
    except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
        raise unwritten(folder, error) from error
    example = folder / _AREAS[0] / words["first"][lang]
    said = words["written"][lang].format(number=number, path=plain(str(folder)), example=plain(str(example)))
    print(said, file=sys.stderr)
    return 0
