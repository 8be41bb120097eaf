"""A partner's own headers, values, constants and dates, as a TOML file says them.

version = "0.1.0"                   # of the ontology, if the file was made for a certain one
submission_date = "2024-06-30"      # when the file is handed in: nothing may have been measured later
date_format = "%d/%m/%Y"            # how the file writes dates, or a list of ways; ISO 8601 if absent
number_format = "1,234.56"          # how the file writes amounts; signs, names and units of money are read then too
header_row = 4                      # the row that holds the headers, if it is not found by itself

[sheets]                            # the sheets to read, and what each holds; all that are known if absent
"Grants" = "actions"

[columns]                           # the file's header = ours; "" leaves a column out on purpose
"Objetivo estratégico" = "goal"
"Notas" = ""

[columns."Seguimiento"]             # the same for one sheet (or key of JSON) alone
"Fecha" = "date"

[values.goal]                       # by our header or theirs: the file's value = ours
"Prevención" = "bicd:goal-prevent-transborder-crime"

[multiply]                          # columns of amounts that are given in thousands or millions
"Monto (mdp)" = 1000000

[constants]                         # what holds for every action
status = "ongoing"

[[parties]]                         # parties that the file names and the Framework does not know
id = "ejemplo"
name = "Fundación Ejemplo Ficticia"
acronym = "FEF"

[[declare]]                         # columns whose every value is a party (or place) of the partner's own
as = "party"
name = "Recipient name"
id = "Recipient number"             # optional: the column with its identifier
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.file_formats import FILE_FORMATS, Family
from bicentennial.core.files.content import content
from bicentennial.core.limits import DEFAULT
from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.startup.records import field, record
from bicentennial.semantics.values.amounts import has_unit, read_amount
from bicentennial.semantics.values.dates import read_date
from bicentennial.semantics.values.plain_text import plain, unaccented
from bicentennial.semantics.values.typed import decimal_type, language_tag
from bicentennial.vocabulary.index import Column, names_of, normalize_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bicentennial.semantics.sheets.headers import Heading
    from bicentennial.vocabulary.index import Index

__all__ = ["MappingFile"]

_PARTY: Final = frozenset({"id", "name", "acronym", "language"})
_DECLARE: Final = frozenset({"as", "name", "id"})
_KEYS: Final = (
    "version", "submission_date", "date_format", "header_row", "sheets", "columns", "values", "constants", "parties",
    "declare", "number_format", "multiply",
)  # fmt: skip
_OF_SHEETS: Final = frozenset({"sheets", "header_row"})
_OF_CELLS: Final = frozenset({"columns", "date_format", "declare", "number_format", "multiply"})
# What of a mapping has a meaning in every format, and what has none in some.
_ALWAYS: Final = frozenset({"version", "submission_date"})
_PASSED_OVER: Final = {
    Family.WORKBOOK: frozenset[str](),
    Family.DELIMITED: frozenset({"sheets"}),
    Family.JSON: frozenset({"header_row"}),
    Family.IATI: _OF_SHEETS | _OF_CELLS,
    Family.RDF: frozenset(_KEYS) - _ALWAYS,
}
# A document of lines is one list, which has no name.
_OF_LINES: Final = "jsonl"


@record(frozen=True)
class MappingFile:
    """What a mapping file says; without one, nothing.

    >>> MappingFile(date_format=("%d/%m/%Y",)).date("03/04/2023"), MappingFile().date("03/04/2023")
    ('2023-04-03', '03/04/2023')
    """

    columns: dict[str, str] = field(default_factory=dict)
    sheet_columns: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    date_format: tuple[str, ...] = ()
    parties: list[dict[str, str]] = field(default_factory=list)
    declare: list[dict[str, str]] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)
    header_row: int | None = None
    version: str = ""
    submission_date: str = ""
    number_format: str = ""
    multiply: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, index: Index | None = None) -> MappingFile:
        """Return the mapping of a file.

        Args:
            path: the file.
            index: the compiled index; with it, headers of ours that the file names are checked too.

        Raises:
            InputNotFoundError: there is no such file.
            LimitReachedError: it is larger than any file that is read.
            UsageError: it is no TOML, or holds what a mapping has no place for; the message gives line and key.
        """
        import tomllib

        from bicentennial.core.toml_errors import fault

        try:
            raw = content(path, DEFAULT)
            # The shell of Windows writes UTF-16 into a file that output goes to.
            text = raw.decode("utf-16" if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
            data = tomllib.loads(text)
        except UnicodeDecodeError as error:
            raise _Strict(path.name, "").wrong("encoding") from error
        except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, or a number of thousands of digits
            line = re.search(r"line (\d+)", str(error))
            reason = fault(str(error))
            raise _Strict(path.name, "").wrong("toml", line=line and line[1], reason=reason) from error
        strict = _Strict(path.name, text)
        for key in data:
            if key not in _KEYS:
                raise strict.wrong("key", key, known=", ".join(_KEYS))
        columns = strict.table(data, "columns")
        made = cls(
            columns=strict.texts("columns", {key: each for key, each in columns.items() if not isinstance(each, dict)}),
            sheet_columns={
                key: strict.texts(f"columns → {key}", each) for key, each in columns.items() if isinstance(each, dict)
            },
            values={key: strict.texts(f"values.{key}", pairs) for key, pairs in strict.table(data, "values").items()},
            constants=strict.texts("constants", data.get("constants", {})),
            date_format=strict.formats(data.get("date_format", [])),
            parties=strict.parties(data.get("parties", [])),
            declare=strict.list_("declare", data.get("declare", []), _DECLARE, {"as", "name"}),
            sheets=strict.texts("sheets", data.get("sheets", {})),
            header_row=strict.row(data.get("header_row")),
            version=strict.text("version", data.get("version", "")),
            submission_date=strict.text("submission_date", _day(data.get("submission_date", ""))),
            number_format=strict.number_format(data.get("number_format", "")),
            multiply=strict.factors(data.get("multiply", {})),
        )
        if index is not None:
            strict.against(made, index)
        return made

    def columns_of(self, sheet: str | None) -> dict[str, str]:
        """Return the headers of a sheet, or the keys of a list of JSON, and what they stand for.

        >>> mapping = MappingFile(columns={"Fecha": "start_date"}, sheet_columns={"Results": {"Fecha": "date"}})
        >>> mapping.columns_of("results")
        {'Fecha': 'date'}
        """
        own = (
            each
            for name, each in self.sheet_columns.items()
            if sheet is not None and normalize_key(name) == normalize_key(sheet)
        )
        return self.columns | next(own, {})

    def values_of(self, header: str, column: Column) -> Replaced:
        """Return the values to replace in a column, which the file names by its own header or by ours."""
        if not self.values:
            return Replaced()
        wanted = {normalize_key(header), *map(normalize_key, column.header.values())}
        wanted |= {normalize_key(name) for name, _ in names_of({}, column.iri)}
        chosen = (pairs for key, pairs in self.values.items() if normalize_key(key) in wanted)
        return Replaced({old: new for pairs in chosen for old, new in pairs.items()})

    def passed_over(self, format_name: str) -> list[str]:
        """Return the keys of the mapping that mean nothing for a format; for RDF, which has no cells, most.

        >>> MappingFile(columns={"Eje": "goal"}, version="0.1.0").passed_over("turtle")
        ['columns']
        """
        keys = _OF_SHEETS if format_name == _OF_LINES else _PASSED_OVER[FILE_FORMATS[format_name].family]
        return [
            key for key in _KEYS if key in keys and (getattr(self, key) or (key == "columns" and self.sheet_columns))
        ]

    def date(self, value: str) -> str:
        """Return a date in ISO 8601 if it is written as the mapping says, otherwise as it is."""
        return next((found for each in self.date_format if (found := read_date(value, each))), value)

    def factor_of(self, header: str, column: Column) -> Decimal | None:
        """Return what the numbers of a column are to be multiplied with, None if nothing."""
        named = {normalize_key(header), *map(normalize_key, column.header.values())}
        return next((Decimal(factor) for name, factor in self.multiply.items() if normalize_key(name) in named), None)

    def unscaled(self, headings: Iterable[Heading]) -> Iterator[Heading]:
        """Yield those columns of numbers that are not multiplied."""
        for each in headings:
            if each.column.is_number and self.factor_of(each.text, each.column) is None:
                yield each

    def number(self, value: str, factor: Decimal | None = None) -> str:
        """Return a plain number if the value is written as the mapping says, otherwise the value as it is.

        Args:
            value: the text of a cell.
            factor: what to multiply it with; a value that names a unit itself (`25 mdp`) is not multiplied.

        >>> MappingFile(number_format="1,234.56").number("$1,234,567.00"), MappingFile().number("$1,000")
        ('1234567.00', '$1,000')
        >>> MappingFile().number("25.5", Decimal(1000000))
        '25500000'
        """
        found: str | None = value
        if self.number_format:
            found = read_amount(value, next(mark for mark in self.number_format if mark in ",."))
        if found is None or factor is None or decimal_type(found) is None or has_unit(value):
            return value if found is None else found
        return f"{(Decimal(found) * factor).normalize():f}"


class Replaced(dict[str, str]):
    """Values and what takes their place; where none is written alike, case, accents and spaces do not matter.

    >>> replaced = Replaced({"Salud": "G1", "salud": "G2"})
    >>> replaced.of("salud"), replaced.of("SALÚD "), replaced.of("Health")
    ('G2', 'G1', 'Health')
    """

    def __init__(self, pairs: Mapping[str, str] | None = None) -> None:
        super().__init__(pairs or {})
        self._folded: dict[str, str] = {}
        for old, new in self.items():
            self._folded.setdefault(_folded(old), new)

    def of(self, value: str) -> str:
        """Return what takes the place of a value, which is itself if nothing does."""
        return self[value] if value in self else self._folded.get(_folded(value), value)


def _folded(text: str) -> str:
    return " ".join(unaccented(plain(text).casefold()).split())


class _Strict:
    """Reads the parts of a mapping file and refuses what does not belong, with its line."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines = text.splitlines()

    def wrong(self, why: str, key: str = "", **words: object) -> UsageError:
        """Return the error for a key."""
        texts = entry("intake", "mapping-unreadable")
        line = words.pop("line", None) or self._line(key)
        reason = render(texts["reasons"][why], key=key, **words)
        what = {
            language: (f"{texts['line'][language].format(line=line)}, " if line else "") + reason[language]
            for language in LANGUAGES
        }
        text = render(texts["message"], file=self._file, what=what)
        return UsageError(text)

    def _line(self, key: str) -> int | None:
        # TOML is read without positions: the line is the first on which the last part of the key is given.
        last = key.rsplit(" → ", maxsplit=1)[-1]
        name = re.escape(last)
        found = re.compile(rf"""^\s*(?:\[+\s*)?(?:[\w"'-]+\.)*["']?{name}["']?\s*(?:=|\]|\.)""")
        return next((number for number, line in enumerate(self._lines, start=1) if last and found.match(line)), None)

    def text(self, key: str, value: Any) -> str:
        """Return a text."""
        if not isinstance(value, str):
            raise self.wrong("text", key)
        return value

    def table(self, data: dict[str, Any], key: str) -> dict[str, Any]:
        """Return a table."""
        value = data.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong("table", key)
        return value

    def texts(self, key: str, pairs: Any) -> dict[str, str]:
        """Return a table whose values are texts, numbers or dates."""
        if not isinstance(pairs, dict):
            raise self.wrong("table", key)
        for name, value in pairs.items():
            if isinstance(value, (dict, list, bool)):
                raise self.wrong("text", f"{key} → {name}")
        return {name: str(value) for name, value in pairs.items()}

    def list_(self, key: str, several: Any, known: frozenset[str], needed: set[str]) -> list[dict[str, str]]:
        """Return a list of tables with known keys."""
        if not isinstance(several, list):
            raise self.wrong("list", key)
        made = [self.texts(key, each) for each in several]
        for each in made:
            for name in each:
                if name not in known:
                    raise self.wrong("key", f"{key} → {name}", known=", ".join(sorted(known)))
            for name in sorted(needed - each.keys()):
                raise self.wrong("needed", key, needed=name)
        return made

    def parties(self, several: Any) -> list[dict[str, str]]:
        """Return the parties that are listed."""
        made = self.list_("parties", several, _PARTY, {"name"})
        for each in made:
            language = each.get("language", "en")
            if not language_tag(language):
                raise self.wrong("sheet", "parties → language", given=language, known="en, es, fr, nah …")
        return made

    def row(self, value: Any) -> int | None:
        """Return the number of a row."""
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            raise self.wrong("row", "header_row")
        return value

    def formats(self, value: Any) -> tuple[str, ...]:
        """Return the ways in which dates are written."""
        several = [value] if isinstance(value, str) else value
        if not isinstance(several, list) or not all(isinstance(each, str) for each in several):
            raise self.wrong("text", "date_format")
        day = date(2001, 2, 3)
        for pattern in several:
            try:
                found = read_date(day.strftime(pattern.replace("%B", "february").replace("%b", "feb")), pattern)
            except (ValueError, re.error):
                found = None
            if found is None or not day.isoformat().startswith(found):
                raise self.wrong("format", "date_format", pattern=pattern)
        return tuple(several)

    def number_format(self, value: Any) -> str:
        """Return how amounts are written: with a comma or with a point between thousands."""
        if value not in ("", "1,234.56", "1.234,56"):
            raise self.wrong("number", "number_format", given=value)
        return str(value)

    def factors(self, pairs: Any) -> dict[str, str]:
        """Return a table of positive numbers."""
        found = self.texts("multiply", pairs)
        for name, factor in found.items():
            if decimal_type(factor) is None or Decimal(factor) <= 0:
                raise self.wrong("factor", f"multiply → {name}", given=factor)
        return found

    def against(self, made: MappingFile, index: Index) -> None:
        """Check the headers and tables of ours that a mapping names."""
        from bicentennial.semantics.sheets.headers import Recogniser

        recognisers = [Recogniser(index, table, multiplied=made.multiply) for table in index.tables]
        headers = sorted(
            {text for table in index.tables for column in table.columns for text in column.header.values()}
        )
        for sheet, columns in {"": made.columns, **made.sheet_columns}.items():
            for theirs, ours in columns.items():
                if ours and not any(each.match(ours) for each in recognisers):
                    key = " → ".join(filter(None, ("columns", sheet, theirs)))
                    raise self.wrong("header", key, given=ours, near=_near(ours, headers))
        named = {normalize_key(name) for each in (made.columns, *made.sheet_columns.values()) for name in each}
        named.add("sector")  # which activities of IATI have, and no table
        for key in ("values", "multiply"):
            for name in getattr(made, key):
                if normalize_key(name) not in named and not any(each.match(name) for each in recognisers):
                    raise self.wrong("column", f"{key} → {name}", near=_near(name, headers))
        for name in made.constants:
            if not recognisers[0].match(name):
                raise self.wrong("header", f"constants → {name}", given=name, near=_near(name, headers))
        names = [name for table in index.tables for name in table.name.values()]
        for theirs, ours in made.sheets.items():
            if normalize_key(ours) not in set(map(normalize_key, names)):
                raise self.wrong("sheet", f"sheets → {theirs}", given=ours, known=", ".join(names))
        for each in made.declare:
            if each["as"] not in ("party", "place"):
                raise self.wrong("sheet", "declare → as", given=each["as"], known="party, place")


def _day(value: Any) -> Any:
    return value.isoformat() if type(value) is date else value


def _near(given: str, known: list[str]) -> str:
    from rapidfuzz import process

    return ", ".join(text for text, _, _ in process.extract(given, known, limit=3))
