r"""Regular expressions of SHACL and SPARQL for DuckDB, whose engine is RE2.

>>> translated(r"^\d{4}$", "i")
'(?i-s)^\\p{Nd}{4}$'
>>> translated(r"(a)\1", "")  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
bicentennial.core.errors.UnsupportedShapeError: the compiled engine does not cover \1 in the pattern “(a)\1”; ...
"""

from __future__ import annotations

import re
from typing import Final

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.core.escape import plain
from bicentennial.shacl_engine.lexical.regex import NotCoveredError, PatternError, for_re2
from bicentennial.shacl_engine.problems import ill_formed
from bicentennial.storage.connection import duckdb

__all__ = ["translated"]

# So short a pattern is never too large without sets of characters that have thousands of members, and counts of groups.
_SHORT: Final = 200
_SMALL: Final = re.compile(r"(?:[^{\\]|\\[^pP]|\\p\{Nd\}|(?<!\))\{[0-9]{1,2}(?:,[0-9]{0,2})?\})*")


def translated(pattern: str, flags: str) -> str:
    """Return the pattern for DuckDB's `regexp_matches`.

    Raises:
        ShapesError: it is no regular expression.
        UnsupportedShapeError: it uses what RE2 does not have.
    """
    try:
        text = for_re2(pattern, flags)
        if len(text) > _SHORT or not _SMALL.fullmatch(text):
            duckdb.execute("SELECT regexp_matches('', $1)", [text])
    except PatternError as error:
        raise ill_formed("bad-regex", pattern=pattern, reason=error.text) from error
    except NotCoveredError as error:
        raise UnsupportedShapeError("in-pattern", construct=error, pattern=plain(pattern)) from error
    except duckdb.Error as error:  # too large, for what counts
        raise UnsupportedShapeError("pattern", pattern=plain(pattern)) from error
    return text
