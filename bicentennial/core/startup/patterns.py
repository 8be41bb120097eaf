"""Regular expressions that are compiled when they are used first: most runs need few of them.

>>> _WORD = lazy(r"[a-z]+")
>>> _WORD.sub("-", "a1b2"), _WORD.fullmatch("a1")
('-1-2', None)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr

if TYPE_CHECKING:

    def lazy(pattern: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:
        """Return a regular expression whose methods are those of a compiled one; it is no argument for `re` itself."""
        raise NotImplementedError


__all__ = ["lazy"]

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Lazy:
    def __init__(self, pattern: Any, flags: int = 0) -> None:
        self._said = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._said)
        # From now on they are found without coming here.
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


if not TYPE_CHECKING:
    lazy = _Lazy
