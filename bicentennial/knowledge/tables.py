r"""Tables and small pages as HTML and Markdown, in which nothing of what they show can act.

>>> html_table(["goal"], [["<b>"]])
'<table><thead><tr><th>goal</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>'
>>> print(markdown_table(["goal", "n"], [["a|b", "1"]]))
| goal | n |
| --- | --- |
| a\|b | 1 |
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["html", "html_page", "html_table", "markdown", "markdown_table"]

_ACTING: Final = re.compile(r"([\\`*_\[\]<>#|~!&])")
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2a33}"
    "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3rem .7rem;"
    "border-bottom:1px solid #dfe4e6}dt{color:#55646e;margin-top:.6rem}dd{margin-left:1rem}code{font-size:.9em}"
)


def html(text: str) -> str:
    """Return a text for HTML: markup and control characters are escaped."""
    return escape(plain(text))


def html_page(title: str, body: str, lang: str) -> str:
    """Return a whole page around a body that is escaped already."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html(title)}</title><style>{_STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


def html_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as HTML."""
    head = "".join(f"<th>{html(each)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{html(each)}</td>" for each in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def markdown(text: str) -> str:
    r"""Return a text for Markdown, its own marks escaped.

    >>> markdown("a*b* <c>")
    'a\\*b\\* \\<c\\>'
    """
    return _ACTING.sub(r"\\\1", plain(text))


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = [heads, ["---"] * len(heads)]
    escaped = [[markdown(each) for each in heads], lines[1], *([markdown(each) for each in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)
