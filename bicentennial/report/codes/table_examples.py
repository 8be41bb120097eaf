"""Examples of a code as rows of the form's own tables: a row that breaks the rule and one that keeps it.

Those of shapes are worked out and proven by `scripts/compile.py` (`worked_examples`), since that takes a tenth of a
second for each; they are read here. Those of codes of reading are texts of the catalogue, in the reader's language.

>>> example = table_examples("Action-endsAfterItStarts", "es")
>>> [row for sheet in example.breaks for row in sheet.rows][0][-2:]
('2023-02-28', '2023-01-31')
>>> example.breaks[0].header[-1], example.breaks[0].marked
('fecha_fin', ((0, 3),))
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import entry
from bicentennial.core.resources import COMPILED

if TYPE_CHECKING:
    from bicentennial.report.codes.explanation import Explanation

__all__ = ["STORED", "ExampleSheet", "TableExample", "in_language", "table_examples"]

STORED: Final = COMPILED / "examples.json"
"""The examples of shapes, by code and language."""


@dataclass(frozen=True, slots=True)
class ExampleSheet:
    """A sheet of an example: its name, the headers and rows of the columns that matter.

    `marked` are the cells that the finding names, as numbers of row and column from 0; `abridged` says whether columns
    that do not matter were left out.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[tuple[int, int], ...] = ()
    abridged: bool = False


@dataclass(frozen=True, slots=True)
class TableExample:
    """The sheets that break a rule, and those that keep it."""

    breaks: tuple[ExampleSheet, ...]
    keeps: tuple[ExampleSheet, ...]


@cache
def table_examples(code: str, lang: str) -> TableExample | None:
    """Return the examples of a code as tables in a language, or None where no table can show what it is about.

    Args:
        code: the code of a finding.
        lang: the language of headers, names and texts.

    Raises:
        UnknownNameError: there is no such code, or it is the name of several.
    """
    from bicentennial.report.codes.explanation import explain

    [explanation] = explain(code)
    if not explanation.shape:
        return _of_reading(explanation, lang)
    stored = _stored().get(explanation.code, {}).get(lang)
    return None if stored is None else TableExample(*(tuple(map(_sheet, stored[key])) for key in ("breaks", "keeps")))


@cache
def _stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))["examples"]
    return found


def _sheet(stored: dict[str, Any]) -> ExampleSheet:
    return ExampleSheet(
        stored["name"],
        tuple(stored["header"]),
        tuple(map(tuple, stored["rows"])),
        tuple((row, column) for row, column in stored["marked"]),
        stored["abridged"],
    )


def _of_reading(explanation: Explanation, lang: str) -> TableExample | None:
    """Return the cells of a code of reading."""
    broken, kept = (_cells(in_language(text or "", lang), lang) for text in (explanation.breaks, explanation.keeps))
    return TableExample((broken,), (kept,)) if broken and kept else None


def in_language(text: str, lang: str) -> str:
    r"""Return the example of a code of reading with its headers and words in a language; it is written in English.

    >>> in_language("id,title\nA-1,Train port officers\n", "es")
    'identificador,título\nA-1,Capacitar a oficiales portuarios\n'
    """
    from bicentennial.vocabulary.index import default_index

    headers = {column.header["en"]: column.header[lang] for column in default_index().tables[0].columns}
    words = {**headers, **entry("explain", "sample").get(lang, {})}
    if not headers.keys() & set(text.partition("\n")[0].split(",")):
        return text  # no table
    return re.sub(r"[^,\n\"]+", lambda found: words.get(found[0], found[0]), text)


def _cells(text: str, lang: str) -> ExampleSheet | None:
    """Return the cells of a delimited text; None if it is none, or if what matters is how it is delimited."""
    from bicentennial.vocabulary.index import default_index

    table = default_index().tables[0]
    rows = [tuple(row) for row in csv.reader(text.splitlines())]
    headers = {column.header[lang] for column in table.columns}
    if not rows or '"' in text or not headers & set(rows[0]) or len({len(row) for row in rows}) > 1:
        return None
    return ExampleSheet(table.name[lang], rows[0], tuple(rows[1:]))
