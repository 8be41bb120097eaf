"""Libraries that few tests need, though every process of a run imports every file of tests."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Late"]


class Late:
    """A module that is imported when something of it is asked for.

    Args:
        name: what it is called.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
