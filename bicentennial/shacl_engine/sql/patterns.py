r"""Regular expressions of SPARQL and SHACL as RE2, DuckDB's dialect, reads them.

XPath's dialect and RE2's agree on what most patterns use. What they read differently is translated, and what RE2
does not have, or what engines of SHACL themselves do not agree on, is refused.

>>> translated(r"^\d{4}$", "i")
'(?i-s)^\\p{Nd}{4}$'
>>> translated(r"(a)\1", "")  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
bicentennial.core.errors.UnsupportedShapeError: the compiled engine does not cover \1 in the pattern '(a)\\1'; ...
"""

from __future__ import annotations

import re
from typing import Final

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.storage.duckdb import duckdb

__all__ = ["for_python", "translated"]

_PART: Final = re.compile(r"\\[pP]\{\^?[A-Za-z_]+\}|\\.|\(\?.|[*+?}]\+|.", re.DOTALL)
# RE2's ends a text, Python's may stand before a last line break.
_DOLLAR: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
_OUTSIDE: Final = {r"\d": r"\p{Nd}", r"\D": r"\P{Nd}", r"\s": r"[ \t\n\r]", r"\S": r"[^ \t\n\r]"}
_WITHIN: Final = {r"\d": r"\p{Nd}", r"\D": r"\P{Nd}", r"\s": r" \t\n\r"}
_ESCAPES: Final = frozenset("\\" + character for character in r"\|.?*+(){}[]^$-ntr/\"'#&~,:;@!%<>=_` ")


def translated(pattern: str, flags: str) -> str:
    """Return the pattern for DuckDB's `regexp_matches`.

    Raises:
        UnsupportedShapeError: it uses what the two dialects do not share, or is no regular expression.
    """
    if set(flags) - set("ism"):
        raise UnsupportedShapeError(f"the flags {flags!r} of a regular expression")
    parts: list[str] = []
    bracket = False
    for part in _PART.findall(pattern):
        if part.startswith("\\"):
            table = _WITHIN if bracket else _OUTSIDE
            if part not in table and part not in _ESCAPES and not part.startswith((r"\p{", r"\P{")):
                raise _refusal(part, pattern)
            parts.append(table.get(part, part))
            continue
        if bracket and part == "[":
            raise _refusal("a class within a class", pattern)
        if not bracket and ((part.startswith("(?") and part != "(?:") or (len(part) == 2 and part[0] != "(")):
            raise _refusal(part, pattern)
        if part == "[":
            bracket = True
        elif part == "]":
            bracket = False
        parts.append(part)
    wanted = "".join(sorted(set(flags)))
    text = f"(?{wanted}{'' if 's' in wanted else '-s'})" + "".join(parts)
    try:
        duckdb.execute("SELECT regexp_matches('', $1)", [text])
    except duckdb.Error as error:
        raise _refusal("something", pattern) from error
    return text


def for_python(translated: str) -> str:
    r"""Return a pattern that `translated` has returned as Python's `re` reads it.

    >>> for_python(translated(r"^\$[$\d]\d$", "i"))
    '(?i-s:^\\$[$\\d]\\d\\Z)'
    """
    flags, _, pattern = translated.partition(")")
    pattern = pattern.replace(r"\p{Nd}", r"\d").replace(r"\P{Nd}", r"\D")
    if "m" not in flags.partition("-")[0]:
        pattern = _DOLLAR.sub(lambda part: r"\Z" if part[0] == "$" else part[0], pattern)
    return f"{flags}:{pattern})"


def _refusal(construct: str, pattern: str) -> UnsupportedShapeError:
    return UnsupportedShapeError(f"{construct} in the pattern {pattern!r}")
