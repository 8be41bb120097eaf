r"""The parts of a workbook's package: found by their relations, under plain names, and in UTF-8.

What the reader of workbooks is given has the usual layout. Other layouts, which the formats allow and programs write,
are brought into it first: parts in folders of other names, backslashes in names, parts in UTF-16, and flat ODS, which
is the same XML without a package.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from bicentennial.core.problems import unreadable
from bicentennial.core.startup.records import field, record
from bicentennial.formats.decoding import decode_xml
from bicentennial.formats.workbook.inspection import ATTRIBUTES, decoded, part_name, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "TAG",
    "Book",
    "Listed",
    "arranged",
    "attribute",
    "book_of",
    "packed_flat",
    "read_parts",
    "repacked",
    "tidied",
]

TAG: Final = rb"<(?:\w+:)?%s(?=[\s/>])" + ATTRIBUTES + rb">"
"""A tag of a name that is to be filled in, as an expression."""

_ATTRIBUTE: Final = rb"""(?<![\w:])%s\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)
_PLAIN: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
_MARKUP: Final = (".xml", ".rels", ".vml")
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_ROOT: Final = "_rels/.rels"
_ROOTS: Final = {"[content_types].xml": "[Content_Types].xml", _ROOT: _ROOT}
_TO_BOOK: Final = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}officeDocument" Target="xl/workbook.xml"/></Relationships>'
).encode()
_USUAL: Final = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_READ: Final = (*_ROOTS, *map(str.lower, _USUAL.values()))
_META: Final = re.compile(rb"<office:meta(?=[\s>]).*?</office:meta\s*>", re.DOTALL)


@record(frozen=True)
class Listed:
    """A sheet as the workbook lists it: its part, its kind, such as `worksheet`, and its state, such as `hidden`."""

    part: str
    kind: str
    state: str


@record(frozen=True)
class Book:
    """The workbook of an XLSX package: its part, that of its relations, and what those lead to."""

    part: str
    relations: str
    sheets: dict[str, Listed]
    """The sheets by name, in the workbook's order; parts that the package lacks among them."""
    others: dict[str, str] = field(default_factory=dict)
    """The parts of the shared strings and the styles, by the kind of the relation."""

    @property
    def is_usual(self) -> bool:
        """Whether everything is where the reader of workbooks looks for it."""
        usual = self.part.lower() == "xl/workbook.xml" and all(
            part.lower() == _USUAL[kind].lower() for kind, part in self.others.items()
        )
        return usual and all(listed.part.lower().startswith("xl/") for listed in self.sheets.values())


def attribute(tag: bytes, name: bytes) -> str | None:
    """Return the value of an attribute of a tag, None if it has none.

    Raises:
        UnreadableInputError: the tag has it twice, so that another reader might take the other.
    """
    found = re.findall(_ATTRIBUTE % name, tag)
    if len(found) > 1:
        raise unreadable("broken-workbook")
    return decoded(b"".join(found[0])) if found else None


def book_of(archive: zipfile.ZipFile) -> Book:
    """Return the workbook of a package.

    Raises:
        KeyError: there is none.
        UnreadableInputError: two sheets have one name or one part, so that they may be taken for one another.
    """
    names = {part_name(name): name for name in archive.namelist()}
    part = _book_part(archive, names)
    folder, base = posixpath.split(part)
    relations = names[part_name(posixpath.join(folder, "_rels", f"{base}.rels"))]
    targets = _targets(archive, relations, folder, names)
    sheets: dict[str, Listed] = {}
    for tag in re.findall(TAG % b"sheet", shown(archive.read(part))):
        name, relation = attribute(tag, b"name"), attribute(tag, rb"\w+:id")
        if name is not None and relation in targets:
            kind, target = targets[relation]
            if name in sheets or any(target == listed.part for listed in sheets.values()):
                raise unreadable("broken-workbook")
            sheets[name] = Listed(target, kind, attribute(tag, b"state") or "")
    others = {kind: target for kind, target in targets.values() if kind in _USUAL and target in archive.namelist()}
    return Book(part, relations, sheets, others)


def read_parts(archive: zipfile.ZipFile, book: Book, *, sheets: bool = True) -> list[str]:
    """Return the parts that are read, perhaps without the sheets; what others hold, such as pictures, is left alone."""
    # The reader takes some parts by their usual names, whether a relation leads to them or not.
    usual = [name for name in archive.namelist() if part_name(name) in _READ]
    listed = [each.part for each in book.sheets.values() if sheets and each.part in archive.namelist()]
    return list(dict.fromkeys([*usual, book.part, book.relations, *book.others.values(), *listed]))


def _book_part(archive: zipfile.ZipFile, names: Mapping[str, str]) -> str:
    root = names.get("_rels/.rels")
    if root is not None:
        for kind, target in _targets(archive, root, "", names).values():
            if kind == "officeDocument" and target in archive.namelist():
                return target
    return names["xl/workbook.xml"]


def _targets(
    archive: zipfile.ZipFile, relations: str, folder: str, names: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Return the kind and the target of each relation, by its id."""
    targets: dict[str, tuple[str, str]] = {}
    for tag in re.findall(TAG % b"Relationship", shown(archive.read(relations))):
        relation, target = attribute(tag, b"Id"), attribute(tag, b"Target")
        if relation and target:
            if relation in targets:
                raise unreadable("broken-workbook")
            plain = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
            kind = (attribute(tag, b"Type") or "").rpartition("/")[2]
            targets[relation] = kind, names.get(part_name(plain), plain)
    return targets


def tidied(data: bytes, archive: zipfile.ZipFile) -> bytes:
    """Return a package whose parts have names with slashes and are in UTF-8: nearly always the one that is given.

    Raises:
        UnreadableInputError: a part is in an encoding that is not read, or is not in the encoding that it declares.
    """
    wide = [name for name in archive.namelist() if part_name(name).endswith(_MARKUP) and _is_foreign(archive, name)]
    if not wide and not any("\\" in name for name in archive.namelist()):
        return data
    return repacked(
        archive,
        {name: name.replace("\\", "/") for name in archive.namelist()},
        dict.fromkeys(wide, _in_utf8),
    )


def _is_foreign(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        head = part.read(200)
    return head.startswith(_WIDE) or _DECLARED.search(head) is not None


def _in_utf8(part: bytes) -> bytes:
    text, _ = decode_xml(part)
    return _PLAIN + re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", text).encode()


def repacked(
    archive: zipfile.ZipFile, names: Mapping[str, str], changes: Mapping[str, Callable[[bytes], bytes]]
) -> bytes:
    """Return a package with some of the parts of another.

    Args:
        archive: the package.
        names: which parts, and the names that they get.
        changes: what to do to some of them, by their former names.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, given in names.items():
            part = archive.read(name)
            new.writestr(given, changes[name](part) if name in changes else part)
    return out.getvalue()


def arranged(archive: zipfile.ZipFile, book: Book, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """Return a package that holds what is read of an XLSX workbook, each part where it usually is.

    Args:
        archive: the package.
        book: its workbook.
        changes: what to do to some of its parts.
    """
    there = [listed for listed in book.sheets.values() if listed.part in archive.namelist()]
    places = {listed.part: f"xl/{listed.kind}s/sheet{number}.xml" for number, listed in enumerate(there, start=1)}
    names = {book.part: "xl/workbook.xml", book.relations: "xl/_rels/workbook.xml.rels", **places}
    names |= {part: _USUAL[kind] for kind, part in book.others.items()}
    roots = {part_name(name): name for name in archive.namelist()}
    given = {roots[name]: place for name, place in _ROOTS.items() if name in roots}
    folder = posixpath.dirname(book.part)

    def relocated(relations: bytes) -> bytes:
        return re.sub(TAG % b"Relationship", lambda match: _moved(match[0], folder, places, archive), shown(relations))

    return repacked(archive, names | given, {**changes, book.relations: relocated, _ROOT: lambda _: _TO_BOOK})


def _moved(tag: bytes, folder: str, places: Mapping[str, str], archive: zipfile.ZipFile) -> bytes:
    """Return the tag of a relation to the new place of a sheet, or nothing if it is none to a sheet."""
    target = (attribute(tag, b"Target") or "").replace("\\", "/")
    plain = part_name(posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
    part = next((name for name in archive.namelist() if part_name(name) == plain), None)
    if part is None or part not in places:
        return b""
    relation, kind = attribute(tag, b"Id") or "", posixpath.dirname(places[part]).removeprefix("xl/")[:-1]
    place = posixpath.relpath(places[part], "xl")
    written = f"<Relationship Id={quoteattr(relation)} Type={quoteattr(_RELATIONS + kind)} Target={quoteattr(place)}/>"
    return written.encode("ascii", "xmlcharrefreplace")


def packed_flat(data: bytes) -> bytes:
    """Return a flat ODS document as a package."""
    text, _ = decode_xml(data)
    content = _PLAIN + re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", text).encode()
    meta = _META.search(content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("content.xml", content)
        new.writestr("meta.xml", meta[0] if meta else b"<office:meta/>")
        new.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()
