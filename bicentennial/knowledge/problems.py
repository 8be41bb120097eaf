"""What is wrong with a question, in words: errors of queries and of names, from `bicentennial/messages/query.toml`."""

from __future__ import annotations

from bicentennial.core.errors import LimitReachedError, QueryError
from bicentennial.core.messages import entry, render

__all__ = ["query_error", "reached"]


def query_error(key: str, text: str = "", at: int | None = None, **values: object) -> QueryError:
    """Make the error of `[query.<key>]` in messages/, with line and column where `at` falls in the text."""
    message = render(entry("query", key)["message"], **values)
    if at is not None:
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        place = render(entry("query", "place")["message"], line=line, column=column)
        message = {language: f"{place[language]}: {message[language]}" for language in message}
    return QueryError(message)


def reached(key: str, limit: int, setting: str, text: str = "", at: int | None = None) -> LimitReachedError:
    """Make the error for a limit, which names the setting that raises it."""
    message = query_error(key, text, at, limit=f"{limit:,}", setting=setting).text
    return LimitReachedError(message, setting=setting)
