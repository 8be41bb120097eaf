"""Reports: findings rendered for people and programs. How they came about is no concern of this layer."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from bicentennial.report.formats import BINARY, FORMATS, render

if TYPE_CHECKING:
    from bicentennial.report.model import Report
    from bicentennial.report.several import Reports

__all__ = ["BINARY", "FORMATS", "Report", "Reports", "render"]

# The names of the formats are wanted for help; the rest is imported when it is used.
_MODULES: Final = {"Report": "model", "Reports": "several"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"bicentennial.report.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
