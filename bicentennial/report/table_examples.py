"""Examples of a code as rows of the form's own tables: a row that breaks the rule and one that keeps it.

They are the examples in RDF, converted as `convert` converts them, and then validated: an example is shown only if the
table that is to break the rule is found to do so, and the other is not. What no table can say has no example here.

>>> example = table_examples("Action-endsAfterItStarts", "es")
>>> [row for sheet in example.breaks for row in sheet.rows][0][-2:]
('2023-02-28', '2023-01-31')
>>> example.breaks[0].header[-1], example.breaks[0].marked
('fecha_fin', ((0, 3),))
"""

from __future__ import annotations

import csv
import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core import resources
from bicentennial.core.findings import column_number
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import DCTERMS, RDF, SKOS, compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.exchange.source import Object
    from bicentennial.exchange.tables import Sheet
    from bicentennial.report.explanation import Explanation

__all__ = ["ExampleSheet", "TableExample", "in_language", "table_examples"]

_NAMES: Final = (DCTERMS.identifier, SKOS.prefLabel)
"""What tells a reader which row is meant, so that it is always shown."""
_NAME: Final = re.compile(r"\b(?:bic|dcterms|skos|schema|prov):\w+")


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


class _Made(NamedTuple):
    sheets: list[Sheet]
    findings: Sequence[Finding]

    def of(self, explanation: Explanation) -> list[Finding]:
        """The findings of a code, or for a shape of several classes of the code that the example's class has."""
        ending = explanation.code.partition(".")[2]
        return [
            each
            for each in self.findings
            if each.code == explanation.code
            or (each.shape == explanation.shape is not None and each.code.partition(".")[2] == ending)
        ]


@cache
def table_examples(code: str, lang: str) -> TableExample | None:
    """Return the examples of a code as tables in a language, or None where no table can show what it is about.

    Args:
        code: the code of a finding.
        lang: the language of headers, names and texts.

    Raises:
        UnknownNameError: there is no such code, or it is the name of several.
    """
    from bicentennial.report.explanation import explain

    [explanation] = explain(code)
    return _of_shape(explanation, lang) if explanation.shape else _of_reading(explanation, lang)


def _of_shape(explanation: Explanation, lang: str) -> TableExample | None:
    names = _mentioned(explanation)
    for broken, kept in _pairs(explanation, lang):
        if broken and kept and broken.of(explanation) and not kept.of(explanation):
            return TableExample(
                tuple(_shown(broken, kept, explanation, lang, names)),
                tuple(_shown(kept, broken, explanation, lang, names)),
            )
    return None


def _pairs(explanation: Explanation, lang: str) -> Iterator[tuple[_Made | None, _Made | None]]:
    """Yield what may be the examples: the shape's own, or, for what is missing, any row of the class without it."""
    kind = explanation.code.removeprefix(explanation.code.partition(".")[0])
    breaking = _case("invalid", f"{explanation.shape}{kind}")
    keeping = _case("valid", str(explanation.shape))
    if breaking and keeping:
        # A language that the rule itself is about is left as it is: the second try.
        for translated in (True, False):
            yield _made(breaking, lang, translated), _made(keeping, lang, translated)
    if kind == ".missing":
        class_name, _, name = explanation.code.removesuffix(kind).partition("-")
        others = sorted((resources.directory("cases") / "valid").glob(f"{class_name}-*.ttl"))
        yield from (
            (_made(each, lang, True, without=(class_name, name)), _made(each, lang, True)) for each in others[:1]
        )


def _case(kind: str, name: str) -> Path | None:
    path = resources.directory("cases") / kind / f"{name}.ttl"
    return path if path.is_file() else None


@cache
def _made(path: Path, lang: str, translated: bool, without: tuple[str, str] | None = None) -> _Made | None:
    """Convert an example to sheets and validate the file that they make, in this process: it is a file of ours.

    `without` are the local names of a class and of a property that things of that class are to lack.
    """
    from bicentennial.core.limits import Limits
    from bicentennial.exchange.grids import write_delimited, write_workbook
    from bicentennial.exchange.losses import Losses
    from bicentennial.exchange.source import described, open_source
    from bicentennial.exchange.tables import sheets
    from bicentennial.validation.submission import check
    from bicentennial.vocabulary.index import default_index

    words = entry("explain", "sample").get(lang, {}) if translated else {}
    losses = Losses()
    with open_source(path, mapping=None, limits=Limits()).dataset as dataset:
        things = [
            (s, {p: [_in_language(o, lang, words) for o in about[p]] for p in about if (kind, _local(p)) != without})
            for s, about in described(dataset)
            for kind in [_local(about[RDF.type][0][0])]
        ]
        made = sheets(things, default_index(), lang, losses)
    if not made:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("example.csv" if len(made) == 1 else "example.xlsx")
        if len(made) == 1:  # what reads and writes workbooks takes longer to load than all the rest
            write_delimited(path, made, losses, delimiter=",")
        else:
            write_workbook(path, made, losses, lang)
        return _Made(made, check(path, name=path.name).findings)


def _local(iri: str) -> str:
    return compact(iri).rpartition(":")[2]


def _in_language(value: Object, lang: str, words: dict[str, str]) -> Object:
    text, kind, datatype, language = value
    if text not in words or language not in ("", "en"):
        return value
    return words[text], kind, datatype, lang if language else ""


def _mentioned(explanation: Explanation) -> frozenset[str]:
    """Return the compact names of the properties that a shape speaks of."""
    found: set[str] = set()
    for path in (*resources.files("shapes", "rules/*.ttl"), *resources.files("shapes", "structural/*.ttl")):
        text = path.read_text(encoding="utf-8")
        for part in text.split("\n\n"):
            if re.match(rf"bicsh:{re.escape(str(explanation.shape))}\b", part):
                found.update(_NAME.findall(part))
    return frozenset(found)


def _shown(
    made: _Made, other: _Made, explanation: Explanation, lang: str, names: frozenset[str]
) -> Iterator[ExampleSheet]:
    marks = {
        (
            each.location.sheet or made.sheets[0].table.name[lang],
            each.location.row - 2,
            column_number(each.location.column) - 1,
        )
        for each in made.of(explanation)
        if each.location.row and each.location.column
    }
    others = {sheet.table.iri: sheet for sheet in other.sheets}
    for sheet in made.sheets:
        name, counterpart = sheet.table.name[lang], others.get(sheet.table.iri)
        filled = [bool(_values(sheet, header)) for _, header, _ in sheet.columns]
        marked = {number for where, _, number in marks if where == name}
        columns = [
            number
            for number, (column, header, _) in enumerate(sheet.columns)
            if number in marked
            or (filled[number] and column.iri in _NAMES)
            or (compact(column.iri) in names and (filled[number] or _values(counterpart, header)))
        ]
        yield ExampleSheet(
            name,
            tuple(sheet.columns[number][1] for number in columns),
            tuple(tuple("; ".join(row[number]) for number in columns) for row in sheet.rows),
            tuple((row, columns.index(number)) for where, row, number in sorted(marks) if where == name),
            abridged=any(filled[number] for number in range(len(filled)) if number not in columns),
        )


def _values(sheet: Sheet | None, header: str) -> list[tuple[str, ...]]:
    """Return what stands in the column of a header, without the empty cells."""
    if sheet is None:
        return []
    numbers = [number for number, (_, each, _) in enumerate(sheet.columns) if each == header]
    return [row[number] for row in sheet.rows for number in numbers if row[number]]


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
