"""What the page says, from its part of the catalogue.

>>> say("due-on", "es", date="2024-12-31")
'2024-12-31 (prevista)'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.core.messages import entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.core.messages import Language

__all__ = ["say", "texts"]


def texts(key: str) -> Mapping[str, str]:
    """Return a text of the page in both languages."""
    found: Mapping[str, str] = entry("report", "html")[key]
    return found


def say(key: str, lang: Language, **values: Any) -> str:
    """Return a text of the page in a language, its placeholders filled."""
    return texts(key)[lang].format(**values)
