"""What can go wrong with a registry, as errors with the sentences of `messages/`."""

from __future__ import annotations

from typing import TypeVar

from bicentennial.core.errors import (
    BicentennialError,
    ConflictError,
    DatabaseError,
    DiskFullError,
    OutputError,
    UnknownNameError,
    UsageError,
)
from bicentennial.core.messages import entry, render

__all__ = ["conflict", "database", "full", "output", "unfinished", "unknown", "usage"]

_Failure = TypeVar("_Failure", bound=BicentennialError)


def _text(key: str, **words: object) -> dict[str, str]:
    return render(entry("registry", key), **words)


def usage(key: str, **words: object) -> UsageError:
    """Return the error for an argument or an order that makes no sense."""
    text = _text(key, **words)
    return UsageError(text)


def conflict(key: str, **words: object) -> ConflictError:
    """Return the error for an attempt that another writer was in the way of."""
    text = _text(key, **words)
    return ConflictError(text)


def database(key: str, **words: object) -> DatabaseError:
    """Return the error for a database that does not do its part."""
    text = _text(key, **words)
    return DatabaseError(text)


def output(key: str, **words: object) -> OutputError:
    """Return the error for something that cannot be written where it should go."""
    return OutputError(_text(key, **words))


def full(key: str = "full") -> DiskFullError:
    """Return the error for a disk with no room left: that of the registry, or `no-room` for temporary files."""
    return DiskFullError(_text(key))


def unfinished(error: _Failure, number: int) -> _Failure:
    """Return the error for a submission that was received, while what its check gave could not be kept."""
    return type(error)(_text("unfinished", number=number, why=error.text))


def unknown(name: str, suggestions: list[str]) -> UnknownNameError:
    """Return the error for a submission, submitter or dataset that there is none of."""
    return UnknownNameError(name, suggestions)
