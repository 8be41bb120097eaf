"""A workbook's package with cells marked, comments added and a sheet of findings, and all else byte for byte as it was.

Why not load and save with a library: openpyxl drops what it does not know (images and charts of some kinds, pivot
caches, slicers, threaded comments, form controls, printer settings, custom XML, the extensions of conditional formats)
and writes the rest anew. Here the zip is copied part by part; the bytes of the marked sheets are changed only at the
tags of marked cells and of the hidden rows, columns and sheets that they are in, and single tags are added to styles,
workbook, relations and content types. It opens on the sheet of findings, so that the sheet that was selected before no
longer is. Macros, charts and pictures stay as they were. What does change: a digital signature no longer fits, as after
any edit, and `docProps/app.xml` does not list the new sheet, which programs mend when they save. A conditional format
of the partner's may cover the fill of a mark; the comment and the list still say so.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import tempfile
import zipfile
from html import unescape
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from bicentennial.core.findings import column_letter
from bicentennial.formats.workbook.package_parts import book_of
from bicentennial.report.workbook.comments import AUTHOR, NO_BOXES, NO_COMMENTS, with_boxes, with_comments
from bicentennial.report.workbook.markup import (
    MAIN,
    STRICT_MAIN,
    appended,
    attribute,
    escaped,
    inserted,
    prefix,
    tags,
    with_attribute,
)
from bicentennial.report.workbook.relations import Relations, relations_of
from bicentennial.report.workbook.sheet import mark_sheet
from bicentennial.report.workbook.styles import EMPTY, Styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bicentennial.core.findings import Severity

__all__ = ["Mark", "Package"]

_TYPES: Final = "[Content_Types].xml"
_NAME: Final = "bicentennial.findings"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_VML_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_LATER: Final = (b"calcPr", b"oleSize", b"customWorkbookViews", b"pivotCaches", b"smartTagPr", b"smartTagTypes",
                 b"webPublishing", b"fileRecoveryPr", b"webPublishObjects", b"extLst")  # fmt: skip


# The head of a sheet, in which its views are, and the mark of a selected one.
_HEAD: Final = 1 << 16
_SELECTED: Final = re.compile(rb"(<(?:[\w.-]+:)?sheetView\b[^<>]*?)\s+tabSelected=(?:\"[^\"<>]*\"|'[^'<>]*')")


class Mark:
    """What to do to one cell: the gravest severity, and the comment's headings with their texts."""

    __slots__ = ("said", "severity")

    def __init__(self, severity: Severity, said: list[tuple[str, str]]) -> None:
        self.severity = severity
        self.said = said


class Package:
    """An XLSX package that is changed and then written elsewhere.

    Args:
        archive: the workbook, its size already checked.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._changed: dict[str, bytes] = {}
        self._sheets: dict[str, Path] = {}
        self._new: list[str] = []
        self._types: list[tuple[str, str]] = []
        self._vml = False
        self._unselected: set[str] = set()
        self._layout = book_of(archive)
        self._root = posixpath.dirname(self._layout.part)
        self._parts = {name: listed.part for name, listed in self._layout.sheets.items()}
        self._book = Relations(self._read(self._layout.relations))
        self._folder = tempfile.TemporaryDirectory()
        self._is_strict = STRICT_MAIN in self._read(self._layout.part)
        styles = self._book.target("styles")
        self._styles_part = self._layout.others.get("styles") or posixpath.join(self._root, "styles.xml")
        if self._styles_part not in self._names:
            self._put(self._styles_part, self._in_its_namespace(EMPTY), _STYLES_TYPE)
            if not styles:
                self._book.add("styles", "styles.xml")
        self.styles = Styles(self._read(self._styles_part))
        """The styles, to which those of marked cells are added."""

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets, in the workbook's order."""
        return list(self._parts)

    @property
    def suffix(self) -> str:
        """The suffix that a file of this kind must have, or Excel refuses it: that for macros, or that for none."""
        return ".xlsm" if b"macroEnabled.main" in self._read(_TYPES) else ".xlsx"

    def mark(self, sheet: str, marks: Mapping[tuple[int, int], Mark]) -> None:
        """Mark cells of a sheet; the keys are rows and columns."""
        part = self._parts.get(sheet)
        if part is None or part not in self._names:
            return
        relations_part = relations_of(part)
        relations = Relations(
            self._read(relations_part) if relations_part in self._names else b"", strict=self._is_strict
        )
        if not marks:
            self._clean(part, relations)
            return
        rows: dict[int, dict[int, Severity]] = {}
        for (row, column), mark in marks.items():
            rows.setdefault(row, {})[column] = mark.severity
        wanted = relations.free()
        copy = Path(self._folder.name) / f"{len(self._sheets)}.xml"
        with self._archive.open(part) as source, copy.open("wb") as target:
            drawing = mark_sheet(source, target, rows, self.styles, wanted)  # type: ignore[arg-type]
        self._sheets[part] = copy
        self._show(sheet)
        self._comment(part, relations, drawing, {cell: mark.said for cell, mark in marks.items()})
        self._put(relations_part, relations.xml())

    def _show(self, sheet: str) -> None:
        """Let a hidden sheet be seen."""
        if not self._layout.sheets[sheet].state:
            return
        book = self._read(self._layout.part)
        for tag in tags(book, prefix(book, "workbook") + b"sheet"):
            if attribute(tag, "name") == sheet:
                self._put(self._layout.part, book.replace(tag, with_attribute(tag, "state", "visible"), 1))

    def _in_its_namespace(self, part: bytes) -> bytes:
        """Return a part of ours in the namespaces of the workbook, which may be those of strict Office Open XML."""
        return part.replace(MAIN, STRICT_MAIN) if self._is_strict else part

    def _comment(
        self, part: str, relations: Relations, drawing: str, said: Mapping[tuple[int, int], Sequence[tuple[str, str]]]
    ) -> None:
        boxes = self._related(part, relations.by_id(drawing))
        if boxes is None:
            boxes = self._free(posixpath.join(self._root, "drawings/vmlDrawing{}.vml"))
            relations.add("vmlDrawing", posixpath.relpath(boxes, posixpath.dirname(part)), drawing)
            self._put(boxes, NO_BOXES)
            self._vml = True
        texts = self._related(part, relations.target("comments"))
        if texts is None:
            texts = self._free(posixpath.join(self._root, "comments{}.xml"))
            relations.add("comments", posixpath.relpath(texts, posixpath.dirname(part)))
            self._put(texts, self._in_its_namespace(NO_COMMENTS), _COMMENTS_TYPE)
        xml, new, gone = with_comments(self._read(texts), said)
        self._put(texts, xml)
        boxed = {cell: each for cell, each in said.items() if f"{column_letter(cell[1])}{cell[0]}" in new}
        self._put(boxes, with_boxes(self._read(boxes), boxed, gone))

    def _clean(self, part: str, relations: Relations) -> None:
        """Take the comments of an earlier report out of a sheet in which nothing is to be marked any more."""
        texts = self._related(part, relations.target("comments"))
        boxes = self._related(part, relations.target("vmlDrawing"))
        if texts is None or AUTHOR.encode() not in self._read(texts):
            return
        xml, _, gone = with_comments(self._read(texts), {})
        self._put(texts, xml)
        if boxes is not None:
            self._put(boxes, with_boxes(self._read(boxes), {}, gone))

    def add_sheet(self, name: str, rows: Callable[[Styles], Iterable[bytes]]) -> str:
        """Add the sheet of findings at the end, or put it in the place of an earlier one, and return its name."""
        book = self._read(self._layout.part)
        ns = prefix(book, "workbook")
        former = self._former(book, ns)
        if former is not None:
            part, name = self._parts[former], former
        else:
            taken = {each.casefold() for each in self._parts}
            name = next(
                each for each in (name, *(f"{name} {n}" for n in range(2, 1_000))) if each.casefold() not in taken
            )
            part = self._free(posixpath.join(self._root, "worksheets/sheet{}.xml"))
            relation = self._book.add("worksheet", posixpath.relpath(part, self._root))
            ids = [int(attribute(tag, "sheetId") or 0) for tag in tags(book, ns + b"sheet")]
            new = b'<%ssheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>' % (
                ns, self._book.namespace.encode(), escaped(name), max(ids, default=0) + 1, relation.encode(),
            )  # fmt: skip
            book = appended(book, ns + b"sheets", [new], [], ns + b"workbook")
            address = f"'{name}'!$A$1"
            named = b'<%sdefinedName name="%s" hidden="1">%s</%sdefinedName>' % (
                ns,
                _NAME.encode(),
                escaped(address),
                ns,
            )
            later = [ns + each for each in _LATER]
            self._put(self._layout.part, appended(book, ns + b"definedNames", [named], later, ns + b"workbook"))
            self._types.append((part, _SHEET_TYPE))
        copy = Path(self._folder.name) / "findings.xml"
        with copy.open("wb") as target:
            target.writelines(map(self._in_its_namespace, rows(self.styles)))
        self._sheets[part] = copy
        self._new.append(part)
        self._activate(name, part)
        return name

    def _activate(self, name: str, part: str) -> None:
        """Let the workbook open on a sheet; typing would change two selected sheets together."""
        book = self._read(self._layout.part)
        ns = prefix(book, "workbook")
        number = [attribute(tag, "name") for tag in tags(book, ns + b"sheet")].index(name)
        views = tags(book, ns + b"workbookView")
        if views:
            book = book.replace(views[0], with_attribute(views[0], "activeTab", number), 1)
        else:
            view = b'<%sbookViews><%sworkbookView activeTab="%d"/></%sbookViews>' % (ns, ns, number, ns)
            book = inserted(book, view, [ns + b"sheets"], ns + b"workbook")
        self._put(self._layout.part, book)
        self._unselected = {each for each in self._parts.values() if each != part}

    def _former(self, book: bytes, ns: bytes) -> str | None:
        """Return the sheet that an earlier report of ours added."""
        pattern = rb"<%sdefinedName(?=\s)[^<>]*\bname=[\"']%s[\"'][^<>]*>([^<]*)<" % (ns, re.escape(_NAME.encode()))
        found = re.search(pattern, book)
        if found is None:
            return None
        name = unescape(found[1].decode("utf-8", "replace")).rpartition("!")[0].strip("'").replace("''", "'")
        return name if self._parts.get(name) in self._names else None

    def write(self, target: BinaryIO) -> None:
        """Write the package with everything that changed."""
        self._put(self._styles_part, self.styles.xml())
        self._put(self._layout.relations, self._book.xml())
        self._put(_TYPES, self._content_types())
        done: set[str] = set()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as out:
            for info in self._archive.infolist():
                if info.filename in done:
                    continue
                done.add(info.filename)
                copy = zipfile.ZipInfo(info.filename, info.date_time)
                copy.compress_type = (
                    zipfile.ZIP_STORED if info.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
                )
                copy.external_attr = info.external_attr
                self._copy(out, copy, info)
            for name in self._new:
                if name not in done:
                    self._copy(out, zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), None)

    def _copy(self, out: zipfile.ZipFile, entry: zipfile.ZipInfo, info: zipfile.ZipInfo | None) -> None:
        if info is None:
            entry.compress_type = zipfile.ZIP_DEFLATED
        name = entry.filename
        if name in self._changed:
            out.writestr(entry, self._changed[name])
            return
        if name in self._sheets:
            with self._sheets[name].open("rb") as source, out.open(entry, "w", force_zip64=True) as sink:
                self._pour(name, source, sink)
            return
        assert info is not None
        with self._archive.open(info) as part, out.open(entry, "w", force_zip64=True) as sink:
            self._pour(name, part, sink)

    def _pour(self, name: str, source: IO[bytes], sink: IO[bytes]) -> None:
        if name in self._unselected:
            sink.write(_SELECTED.sub(rb"\1", source.read(_HEAD)))
        shutil.copyfileobj(source, sink, 1 << 20)

    def _content_types(self) -> bytes:
        xml = self._read(_TYPES)
        ns = prefix(xml, "Types")
        new = [
            b'<%sOverride PartName="/%s" ContentType="%s"/>' % (ns, escaped(part), kind.encode())
            for part, kind in self._types
        ]
        known = {(attribute(tag, "Extension") or "").lower() for tag in tags(xml, ns + b"Default")}
        if self._vml and "vml" not in known:
            xml = inserted(
                xml, b'<%sDefault Extension="vml" ContentType="%s"/>' % (ns, _VML_TYPE.encode()),
                [ns + b"Default", ns + b"Override"], ns + b"Types",
            )  # fmt: skip
        return inserted(xml, b"".join(new), [], ns + b"Types")

    def _related(self, part: str, target: str | None) -> str | None:
        if target is None:
            return None
        name = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
        return name if name in self._names or name in self._changed else None

    def _free(self, pattern: str) -> str:
        number = 1
        while pattern.format(number) in self._names:
            number += 1
        self._names.add(pattern.format(number))
        return pattern.format(number)

    def _read(self, part: str) -> bytes:
        return self._changed[part] if part in self._changed else self._archive.read(part)

    def _put(self, part: str, data: bytes, kind: str | None = None) -> None:
        self._changed[part] = data
        if kind is not None:
            self._types.append((part, kind))
        if part not in self._new:
            self._new.append(part)
        self._names.add(part)
