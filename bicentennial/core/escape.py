r"""Text for programs that would act on what stands in it: spreadsheets, terminals, and eyes that read in order.

A report may quote any value of a submission: none may act on a terminal, a page or a spreadsheet.

>>> plain("done\x1b[2J\nConforms: True")
'done\\x1b[2J\\nConforms: True'
>>> cell("=HYPERLINK(1)"), cell("goal"), cell(7), cell(None)
("'=HYPERLINK(1)", 'goal', '7', '')

>>> csv_escaped("name\r\n=1+1\r\n-5\r\n")
"name\r\n'=1+1\r\n-5\r\n"
>>> tsv_escaped('?name\n"=1+1"\n')
'?name\n"\\u003D1+1"\n'
>>> coded('{"a": "b\u202e"}\n'), numbered('"\U000e0041" .')
('{"a": "b\\u202e"}\n', '"\\U000E0041" .')
"""

from __future__ import annotations

import re
from typing import Final

from bicentennial.core.messages import UNSAFE
from bicentennial.core.startup.patterns import lazy

__all__ = ["ACTING", "cell", "coded", "csv_escaped", "numbered", "plain", "printable", "runs", "tsv_escaped"]

_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_RUNS: Final = lazy(f"[{_SIGNS}\t\r\n]")
_ACTING: Final = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
ACTING: Final = lazy(_ACTING)
"""What has no business in a text of a table: control characters, those that turn the direction of writing, and letters
that is invisible. Joiners and the like, which some scripts need, are none of these."""
_RISKY: Final = lazy(f"{_ACTING}|[{_SIGNS}\t]")
_QUOTED: Final = lazy(f'((?:^|\t)")([{_SIGNS}])', re.MULTILINE)
_HARMLESS: Final = bytes([*b"\n", *range(0x20, 0x7F)])
_NUMBER: Final = lazy(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?", re.ASCII)


def plain(text: str) -> str:
    """Return a text on one line in which nothing acts on a terminal or is hidden; what would is an escape."""
    if text.isascii() and text.isprintable():  # most are, and need no search
        return text
    return UNSAFE.sub(lambda match: ascii(match.group())[1:-1], text)


def printable(text: str) -> str:
    r"""Return a text of any length in which lines stay and everything else is as in `plain`.

    >>> printable("one\ntwo\x07")
    'one\ntwo\\x07'
    """
    return "\n".join(map(plain, text.split("\n")))


def cell(value: object) -> str:
    """Return a value for a cell of CSV, such that no spreadsheet program takes it for a formula."""
    text = "" if value is None else plain(str(value))
    return f"'{text}" if runs(text) else text


def runs(text: str) -> bool:
    """Return whether a spreadsheet might run a text: the usual formula starts, the full-width ones among them.

    >>> runs("=1+1"), runs("@SUM(A1)"), runs("-5 pesos"), runs("1-1"), runs("")
    (True, True, True, False, False)
    """
    return _RUNS.match(text) is not None


def csv_escaped(text: str) -> str:
    """Return CSV in which a text that a spreadsheet program would run has an apostrophe in front.

    Numbers stay as they are; a control character is written as an escape.
    """
    if not _RISKY.search(text):
        return text
    import csv
    import io

    rows = csv.reader(io.StringIO(text, newline=""))
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue()


def _harmless(value: str) -> str:
    value = ACTING.sub(lambda match: ascii(match.group())[1:-1], value)
    return f"'{value}" if runs(value) and not _NUMBER.fullmatch(value) else value


def tsv_escaped(text: str) -> str:
    """Return SPARQL TSV in which the first character of a text that would run is written by its number."""
    return numbered(_QUOTED.sub(lambda match: f"{match[1]}\\u{ord(match[2]):04X}", text))


def numbered(text: str) -> str:
    """Return Turtle or the like in which what would act is written by its number; what stands between terms stays."""
    return UNSAFE.sub(lambda match: _number(match.group()), text)


def _number(character: str) -> str:
    if character in "\t\n\r":
        return character
    return f"\\u{ord(character):04X}" if character <= "\uffff" else f"\\U{ord(character):08X}"


def coded(text: str) -> str:
    """Return JSON in which what would act is written by its number, which changes no value."""
    # A report is long and nearly all of it harmless: what is left of it without that is soon searched.
    rest = text.encode("utf-8", "surrogatepass").translate(None, _HARMLESS).decode("utf-8", "surrogatepass")
    if UNSAFE.search(rest) is None:
        return text
    return UNSAFE.sub(lambda match: _coded(match.group()) if match.group() > "~" else match.group(), text)


def _coded(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
