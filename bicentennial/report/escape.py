r"""Values of a submission made harmless: quoted in a report, none may act on a terminal, a page or a spreadsheet.

>>> plain("done\x1b[2J\nConforms: True")
'done\\x1b[2J\\nConforms: True'
>>> cell("=HYPERLINK(1)"), cell("goal"), cell(7), cell(None)
("'=HYPERLINK(1)", 'goal', '7', '')
"""

from __future__ import annotations

from bicentennial.core.escape import runs
from bicentennial.core.messages import UNSAFE

__all__ = ["cell", "plain", "printable"]


def plain(text: str) -> str:
    """Return a text on one line in which nothing acts on a terminal: what could is written as an escape."""
    return UNSAFE.sub(lambda match: ascii(match.group())[1:-1], text)


def printable(text: str) -> str:
    r"""Return a text of any length in which lines stay and nothing else acts on a terminal.

    >>> printable("one\ntwo\x07")
    'one\ntwo\\x07'
    """
    return "\n".join(plain(line) for line in text.split("\n"))


def cell(value: object) -> str:
    """Return a value for a cell of CSV, such that no spreadsheet program takes it for a formula."""
    text = "" if value is None else plain(str(value))
    return f"'{text}" if runs(text) else text
