r"""Query results for programs that would act on what stands in them: spreadsheets and terminals.

>>> csv_escaped("name\r\n=1+1\r\n-5\r\n")
"name\r\n'=1+1\r\n-5\r\n"
>>> tsv_escaped('?name\n"=1+1"\n')
'?name\n"\\u003D1+1"\n'
>>> numbered('{"a": "b\u202e"}')
'{"a": "b\\u202e"}'
"""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from bicentennial.messages import UNSAFE

__all__ = ["csv_escaped", "numbered", "runs", "tsv_escaped"]

_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_RUNS: Final = re.compile(f"[{_SIGNS}\t\r\n]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_RISKY: Final = re.compile(f"{_CONTROL.pattern}|[{_SIGNS}\t]")
_QUOTED: Final = re.compile(f'((?:^|\t)")([{_SIGNS}])', re.MULTILINE)
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?", re.ASCII)


def runs(text: str) -> bool:
    """Tell whether a spreadsheet might run a text: the usual formula starts, the full-width ones among them.

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
    rows = csv.reader(io.StringIO(text, newline=""))
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue()


def _harmless(value: str) -> str:
    value = _CONTROL.sub(lambda match: ascii(match.group())[1:-1], value)
    return f"'{value}" if runs(value) and not _NUMBER.fullmatch(value) else value


def tsv_escaped(text: str) -> str:
    """Return SPARQL TSV in which the first character of a text that would run is written by its number."""
    return numbered(_QUOTED.sub(lambda match: f"{match[1]}\\u{ord(match[2]):04X}", text))


def numbered(text: str) -> str:
    """Return JSON or Turtle in which what would act on a terminal is written by its number, as both allow."""
    return UNSAFE.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    # What stands between values is left alone, and so is what four digits cannot say.
    character = match.group()
    if character in "\t\n\r":
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return f"\\u{units}" if len(units) == 4 else character
