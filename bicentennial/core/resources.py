"""Where the project's own files are: beside the package in a checkout, inside it once it is installed.

>>> directory("ontology").is_dir()
True
>>> version() == version()
True
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, Literal

__all__ = ["COMPILED", "directory", "files", "version"]

Area = Literal["ontology", "shapes", "queries", "submissions", "cases"]

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_CHECKOUT: Final[dict[Area, str]] = {
    "ontology": "ontology",
    "shapes": "shapes",
    "queries": "examples/queries",
    "submissions": "examples/submissions",
    "cases": "tests/shapes",
}

_VERSION: Final = re.compile(r'^version = "(.+)"$', re.MULTILINE)

COMPILED: Final = _PACKAGE / "compiled"
"""The folder of what is compiled from ontology, models and shapes, and committed."""


@cache
def directory(area: Area) -> Path:
    """Return the folder of the ontology, the shapes, their cases, the named queries or the example submissions."""
    installed = _PACKAGE / "data" / area
    return installed if installed.is_dir() else _PACKAGE.parent / _CHECKOUT[area]


def files(area: Area, pattern: str) -> list[Path]:
    """Return the files of an area that match a pattern, sorted; finding none is an error, not a pass.

    Raises:
        FileNotFoundError: nothing matches, so the installation is damaged.

    >>> [path.name for path in files("ontology", "terms/header.ttl")]
    ['header.ttl']
    """
    found = sorted(directory(area).glob(pattern))
    if not found:
        raise FileNotFoundError(f"no {pattern} in {directory(area)}")
    return found


@cache
def version() -> str:
    """Return the version of the package, as `pyproject.toml` gives it.

    It is read where it stands: asking `importlib.metadata` takes longer than all else that `--version` does.
    """
    if not (_PACKAGE / "data").is_dir():
        project = (_PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8")
        if match := _VERSION.search(project):
            return match[1]
    installed = list(_PACKAGE.parent.glob("bicentennial-*.dist-info"))
    if len(installed) == 1:
        return installed[0].stem.partition("-")[2]
    from importlib.metadata import version as installed_version

    return installed_version("bicentennial")
