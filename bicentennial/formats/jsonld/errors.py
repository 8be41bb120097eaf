"""What can be wrong with a JSON-LD document, by the names that the recommendation gives the errors."""

from __future__ import annotations

from typing import Any

__all__ = ["JsonLdError"]


class JsonLdError(ValueError):
    """A document that is no JSON-LD.

    Args:
        code: the name of the error in the recommendation, such as `invalid term definition`.
        value: what is wrong.

    `place` is where, once the reader has found out; `is_of_context` is whether a context is at fault.
    """

    def __init__(self, code: str, value: Any = "") -> None:
        super().__init__(f"{code}: {value}")
        self.code = code
        self.value = value
        self.place: int | None = None
        self.is_of_context = False
