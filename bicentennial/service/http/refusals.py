"""Requests that are refused with a sentence, which is answered in the language of the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Refusal"]


class Refusal(HTTPException):
    """The error of a request that is refused.

    Args:
        status: the HTTP status.
        text: why, by language.
        headers: what goes with the answer.
    """

    def __init__(self, status: int, text: Mapping[str, str], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, headers=headers)
        self.text = text
