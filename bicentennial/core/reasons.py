"""Why the system refused something, in words: it says so in one language, and seldom in that of the reader.

>>> reason(FileNotFoundError(errno.ENOENT, "No such file or directory"))["es"]
'no existe'
>>> reason(ValueError("embedded null byte"))
'embedded null byte'
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import entry

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_full", "reason"]

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def reason(error: BaseException) -> Mapping[str, str] | str:
    """Return why something failed, by language where it is a reason of the system that we have words for.

    Args:
        error: what was raised, most often an `OSError`.
    """
    known: dict[str, dict[str, str]] = entry("error", "reasons")
    if isinstance(error, UnicodeDecodeError):
        return known["not-utf-8"]
    number = getattr(error, "errno", None)
    words = known.get(errno.errorcode.get(number, "")) if isinstance(number, int) else None
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return words or " ".join(str(said).split())


def is_full(error: BaseException) -> bool:
    """Return whether something failed since there was no room for it on a disk.

    >>> is_full(OSError(errno.ENOSPC, "No space left on device")), is_full(OSError(errno.ENOENT, "No such file"))
    (True, False)
    """
    return getattr(error, "errno", None) in _FULL or "No space left on device" in str(error)
