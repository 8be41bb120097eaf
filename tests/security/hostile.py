"""Texts that would act somewhere if they could, and what shows that one did."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ACTS", "FORGED", "HOSTILE", "IN_TABLES", "RUNS"]

HOSTILE: Final = {
    "formula": '=HYPERLINK("http://127.0.0.1:9/","x")',
    "formula of another program": "@SUM(A1)",
    "formula with a program": "-1+cmd|' /C calc'!A0",
    "formula with a plus": "+1+1",
    "formula in wide letters": "\uff1d1+1",
    "formula behind a tab": "\t=1+1",
    "formula behind a line": "\n=1+1",
    "script": "<script>alert(1)</script>",
    "picture": '"><img src=x onerror=alert(1)>',
    "drawing": "'><svg/onload=alert(1)>",
    "end of a section": "]]></t></is></c><c t='str'><f>1+1</f></c>",
    "entity": "&#x202e;&lt;b&gt;&amp;",
    "style": "</style><style>*{display:none}</style>",
    "link": "javascript:alert(1)",
    "colours": "a\x1b[2J\x1b[31mb\x1b]8;;http://127.0.0.1:9/\x07c",
    "colours in one character": "a\x9b31mb\x85c\x90d",
    "bell and backspace": "good\x07\x08\x08\x08\x08bad\x7f",
    "direction": "a\u202egpj.exe\u2066b\u2069",
    "nobody sees": "a\u200b\u2060\ufeffb\u00adc\U000e0041",
    "line": "a\nFORGED conforms",
    "line by return": "a\rFORGED conforms",
    "line by others": "a\x85FORGED\u2028FORGED\u2029FORGED\x0bFORGED\x0cFORGED",
    "end of Turtle": '" . <urn:FORGED> a <urn:FORGED> . "',
    "long end of Turtle": '""" . <urn:FORGED> a <urn:FORGED> . """\\',
    "end of JSON": '"}], "FORGED": [{"a": "',
    "end of TOML": "\"\n[FORGED]\na = '''",
    "placeholder": "{0} {file} {value!r} %s ${HOME} {{",
    "number of a character": "_x0000_ _x003D_1+1 _x000D_",
    "no character": "a\ufffe\uffffb",
    "path": "../../../../etc/passwd",
    "sheet": "'A'!B1:[x]*?/\\",
    "long": "long" * 8_000,
}
"""By what they are."""

ACTS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""No character of these may be in what we write, however it got there."""
IN_TABLES: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
"""The same for tables of values, which cannot write any character otherwise and hold those that scripts need."""
FORGED: Final = re.compile(r"(?:^|[\r\n\x0b\x0c\x85\u2028\u2029])\s*\[?FORGED")
"""A line that somebody else has written."""
RUNS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet would run."""
