"""What the parser of TOML says of a text that it cannot read, in words of our own and in both languages.

The parser speaks English only, and of grammars; each thing that it says is known here by its beginning. What is not
known is said in general, with the place, which is what counts.

>>> fault("Expected '=' after a key in a key/value pair (at line 1, column 5)")["es"]
'falta el signo = después de la clave'
"""

from __future__ import annotations

import re
from typing import Final

from bicentennial.core.messages import entry, render

__all__ = ["fault", "toml_fault"]

# What the parser's message looks like, and the sentence of `messages/` that stands for it.
_KNOWN: Final = (
    (r"Expected '='", "equals"),
    (r"(?:Unterminated string|Expected '\"|Illegal character '\\[nr]')", "string"),
    (r"(?:Unclosed array|Expected '\]'|Unclosed inline)", "bracket"),
    (r"(?:Cannot (?:overwrite|declare|mutate|redefine)|Duplicate)", "twice"),
    (r"Expected newline", "newline"),
    (r"(?:Unescaped|Invalid escape)", "backslash"),
    (r"Invalid value", "value"),
    (r"(?:Invalid statement|Invalid initial character)", "statement"),
    (r"'utf-?8' codec", "encoding"),
)


def fault(message: str) -> dict[str, str]:
    """Return what is wrong with a text of which the parser said this, in each language."""
    key = next((key for pattern, key in _KNOWN if re.match(pattern, message)), "other")
    return dict(entry("syntax", "toml")[key])


def toml_fault(error: Exception) -> dict[str, str]:
    """Return what is wrong with a TOML file, and on which line if the parser says so, in each language."""
    line = re.search(r"line (\d+)", str(error))
    said = fault(str(error))
    if line is None:
        return said
    place = render(entry("intake", "mapping-unreadable")["line"], line=line[1])
    return {language: f"{place[language]}, {text}" for language, text in said.items()}
