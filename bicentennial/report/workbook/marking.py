"""What the worker does: read the submission again, under the same limits, and write the marked workbook."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bicentennial.core.errors import InputError, UsageError
from bicentennial.core.file_formats import FILE_FORMATS
from bicentennial.core.files.content import content
from bicentennial.core.findings import SEVERITIES, column_letter, column_number
from bicentennial.core.limits import Limits
from bicentennial.core.messages import entry, render
from bicentennial.core.problems import unreadable
from bicentennial.formats.registry import detect
from bicentennial.formats.workbook.inspection import open_packed, refusing_damage
from bicentennial.formats.workbook.package_parts import tidied
from bicentennial.formats.workbook.xlsx_inspection import inspect_xlsx
from bicentennial.report.codes.titles import title
from bicentennial.report.judged import JudgedOutcome
from bicentennial.report.words import suggestion, verdict
from bicentennial.report.workbook.listing import listing, notes_on
from bicentennial.report.workbook.new_workbook import Table, write_fresh
from bicentennial.report.workbook.package import Mark, Package
from bicentennial.report.workbook.tables import tables_of
from bicentennial.semantics.mapping import MappingFile as Rules
from bicentennial.validation.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.core.findings import Finding, Severity
    from bicentennial.core.messages import Language

__all__ = ["write"]

Place = tuple[str, int, int | None]


def write(
    target: str, outcome: Mapping[str, Any], fail_on: Severity, lang: Language, options: Mapping[str, Any]
) -> None:
    """Write the workbook of a report: JSON in, a file out.

    Args:
        target: the file to write.
        outcome: the outcome of validating, as `Outcome.to_dict` gives it.
        fail_on: the mildest severity that keeps a submission from conforming.
        lang: the language of comments and list.
        options: `limits` and `mapping`, as for validating; `suffix`, that of the file's name to be; `path`, where the
            submission is, if not where the report says.

    Raises:
        UsageError: the suffix is that of the other kind of workbook, with macros or without.
        UnreadableInputError: the workbook is damaged where its values do not show it.
    """
    try:
        _write(target, JudgedOutcome(Outcome.from_dict(outcome), fail_on), lang, options)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, IndexError, NotImplementedError) as error:
        if isinstance(error, UsageError):
            raise
        # A reader of values forgives what cannot be patched: parts that are missing, numbers that are none.
        raise unreadable("broken-workbook") from error


def _write(target: str, report: JudgedOutcome, lang: Language, options: Mapping[str, Any]) -> None:
    limits = Limits(**options.get("limits") or {})
    mapping = options.get("mapping")
    rules = Rules.read(Path(mapping)) if mapping else Rules()
    book, places = _opened(report, options.get("path") or report.file, rules, limits, lang)
    if options.get("suffix") in {".xlsx", ".xlsm"} - {book.suffix}:
        text = render(entry("report", "workbook")["suffix"], suffix=book.suffix)
        raise UsageError(text)
    marks: dict[str, dict[tuple[int, int], Mark]] = {name: {} for name in book.sheets}
    for finding, place in zip(report.findings, places, strict=True):
        if place is not None and place[2] is not None and place[0] in marks:
            _note(marks[place[0]], (place[1], place[2]), finding, lang)
    for name, cells in marks.items():
        book.mark(name, cells)
    targets = [_address(place) if place and place[0] in marks else None for place in places]
    listed = Counter(finding.code for finding in report.findings)
    notes = [verdict(report, lang), *notes_on(report.by_code, listed, lang)]
    name = entry("report", "workbook")["sheet"][lang]
    book.add_sheet(name, lambda styles: listing(report.findings, targets, notes, lang, styles))
    with Path(target).open("wb") as out:
        book.write(out)


def _opened(
    report: JudgedOutcome, file: str, rules: Rules, limits: Limits, lang: Language
) -> tuple[Package, list[Place | None]]:
    """Return the workbook to mark, and where in it each finding is."""
    findings = report.findings
    try:
        data = content(file, limits)
        if FILE_FORMATS[detect(Path(file).name, data).name].alike == "excel":
            with refusing_damage(), open_packed(data, limits) as archive:
                data = tidied(data, archive)
            archive = open_packed(data, limits)
            inspect_xlsx(archive, limits)
            return Package(archive), [_own_place(finding) for finding in findings]
        tables = tables_of(file, data, rules, limits, lang)
    except (InputError, OSError):
        # Nothing can be read: the list alone says why.
        tables = []
    book = io.BytesIO()
    names = write_fresh(tables, book)
    package = Package(open_packed(book.getvalue(), Limits(unpacked_ratio=100_000)))
    return package, [_place(finding, tables, names) for finding in findings]


def _own_place(finding: Finding) -> Place | None:
    place = finding.location
    if place.sheet is None or place.row is None:
        return None
    return place.sheet, place.row, column_number(place.column or "") or None


def _place(finding: Finding, tables: Sequence[Table], names: Sequence[str]) -> Place | None:
    for table, name in zip(tables, names, strict=True):
        found = table.locate(finding)
        if found is not None:
            return name, *found
    return None


def _note(marks: dict[tuple[int, int], Mark], cell: tuple[int, int], finding: Finding, lang: Language) -> None:
    severity = entry("report", "severity")[finding.severity]["one"][lang]
    heading = f"{severity[:1].upper()}{severity[1:]}: {title(finding)[lang]}"
    said = (heading, "\n".join(filter(None, (finding.message[lang], suggestion(finding, lang)))))
    mark = marks.setdefault(cell, Mark(finding.severity, []))
    mark.said.append(said)
    if SEVERITIES.index(finding.severity) < SEVERITIES.index(mark.severity):
        mark.severity = finding.severity


def _address(place: Place) -> str:
    sheet, row, column = place
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{column_letter(column or 1)}{row}"
