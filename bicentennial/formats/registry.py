r"""Which format a file has: its content decides, its extension breaks ties.

>>> detect("actions.csv", b"id,title\n1,x\n").name
'csv'
>>> detect("actions.xlsx", b"id,title\n1,x\n").name
'csv'
>>> detect("data.txt", b"@prefix bic: <https://w3id.org/bicentennial/ontology#> .\n").name
'turtle'
"""

from __future__ import annotations

import io
import re
from pathlib import PurePath
from typing import Final

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.file_formats import FILE_FORMATS, FORMAT_OF_SUFFIX, Family, of_family
from bicentennial.core.problems import unreadable
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.formats.decoding import decode, decode_xml, is_wide

__all__ = ["TITLES", "Format", "detect", "text_of"]

TITLES: Final = {each.name: each.title for each in FILE_FORMATS.values()}
"""The formats that are read, and their names as people write them."""

_WORKBOOKS: Final = of_family(Family.WORKBOOK)
_TURTLES: Final = tuple(each.name for each in FILE_FORMATS.values() if each.alike == "turtle")
_JSONS: Final = tuple(each.name for each in FILE_FORMATS.values() if each.alike == "json")
_HEAD: Final = 65_536
_SAMPLE: Final = 4_096
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - set(b"\t\n\r\f\x1a\x1b"))
_FEW: Final = 0.02
_FOREIGN: Final = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old-workbook",
    b"\x09\x08\x10\x00": "old-workbook",
    b"\x09\x04\x06\x00": "old-workbook",
    b"\x09\x02\x06\x00": "old-workbook",
    b"{\\rtf": "text-document",
    b"%PDF-": "pdf",
    b"\x1f\x8b": "compressed",
    b"7z\xbc\xaf\x27\x1c": "compressed",
    b"Rar!": "compressed",
    b"\xfd7zXZ": "compressed",
    b"\x28\xb5\x2f\xfd": "compressed",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"PAR1": "columnar",
    b"ARROW1": "columnar",
    b"SQLite format 3": "database",
    b"\x00\x01\x00\x00Standard ": "database",
}
# Blank lines are not passed over at the beginning of each line, which would take a square of their number.
_PREFIX: Final = lazy(
    r"^[^\S\n]*(?:@prefix\s+[\w.-]*:\s*<|@base\s+<|PREFIX\s+[\w.-]*:\s*<|BASE\s+<)", re.IGNORECASE | re.MULTILINE
)
# A tag is no subject: an IRI has a colon, a hash or a slash somewhere.
_LINE: Final = lazy(
    r"^[^\S\n]*(?:<(?=[^<>\s]*[:#/])[^<>\s]+>|_:\S+)\s+<[^<>\s]+>\s+(?:<[^<>\s]*>|_:\S+|\")(.*)$", re.MULTILINE
)
_QUAD: Final = lazy(r"(?:^|>|\"|\w)\s+(?:<[^<>\s]+>|_:\S+)\s*\.\s*$")
_NODE: Final = lazy(r'"@(?:context|graph|id|type)"\s*:')
_MARKUP: Final = lazy(r"<(?:[?!]|rdf:RDF[\s>]|html[\s>])", re.IGNORECASE)
_COMMENT: Final = lazy(r"<!--.*?-->", re.DOTALL)
_HTML: Final = frozenset(
    {
        "a", "b", "body", "br", "caption", "center", "col", "colgroup", "div", "font", "form", "h1", "h2", "h3", "h4",
        "head", "hr", "html", "i", "img", "li", "link", "main", "meta", "ol", "p", "script", "span", "style", "table",
        "tbody", "td", "th", "thead", "title", "tr", "ul",
    }
)  # fmt: skip
# A web page saved in one file with what it shows, as Excel too writes it.
_WEB_ARCHIVE: Final = lazy(r"(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){0,20}?MIME-Version:", re.IGNORECASE)
_SPREADSHEETML: Final = ("urn:schemas-microsoft-com:office:spreadsheet", "schemas.microsoft.com/office/2006/xmlPackage")
_FLAT: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_FLAT_SHEETS: Final = lazy(r"""office:mimetype\s*=\s*["']application/vnd\.oasis\.opendocument\.spreadsheet""")
_WEB_LINK: Final = lazy(r'\{\s*"(?:url|doc_id|resource_id|email)"\s*:.{0,400}"doc_id"', re.DOTALL)
# The first row of a table: values with separators between them, and nothing that JSON, RDF or a program has.
_ROW: Final = lazy(r'(?!.*"\s*:)[^{}\[\]()<>\n]*[,;\t|][^{}\[\]()<>\n]*')
_ROWS: Final = 5
# Turtle may begin with a bracket and TriG with a brace, but not as JSON goes on.
_JSON: Final = lazy(r'\{\s*"[^"]*"\s*:|\[\s*\{\s*"[^"]*"\s*:')
_JSON_LIKE: Final = lazy(r"[{\[]")
# In a file that is said to be a table: its first cell may be `[id]`, as SQL Server writes it, or `[2024] Report`.
_JSON_AFTER_ALL: Final = lazy(r"[{\[]\s*[\"{}\[\]]")
# The first cell may be `<id>`, behind which no markup has the separator of a table.
_ANGLED: Final = lazy(r"<[^<>\n]*>[ ]*[,;\t|]")
_ROOT: Final = lazy(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


class Format(NamedTuple):
    """A format by name, and that which the extension promised where the content is another."""

    name: str
    promised: str | None = None

    @property
    def family(self) -> Family:
        """What reads it."""
        return FILE_FORMATS[self.name].family


def detect(file: str, data: bytes) -> Format:
    """Return the format of a file from its name and content.

    Raises:
        UnreadableInputError: it is empty, or of no format that is read.
    """
    if not re.search(rb"[^ \t\r\n\x00\xef\xbb\xbf]", data):
        raise unreadable("empty")
    promised = FORMAT_OF_SUFFIX.get(PurePath(file).suffix.lower())
    found = _packed(data) if data[:4] == b"PK\x03\x04" else _text(data, promised)
    if promised is None or promised == found:
        return Format(found)
    if FILE_FORMATS[promised].alike == FILE_FORMATS[found].alike:
        # JSON that is one object a line, or that speaks of nodes, is no matter of taste.
        return Format(found if promised in ("json", "csv", "rdfxml") else promised)
    return Format(found, promised)


def _packed(data: bytes) -> str:
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
            kind = (
                archive.read("mimetype")[:100]
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 100
                else b""
            )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise unreadable("broken-workbook") from error
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet") or (not kind and "content.xml" in names):
        return "ods"
    if kind.startswith(b"application/vnd.oasis.opendocument") or any(name.startswith("word/") for name in names):
        raise unreadable("text-document")
    if any(name.endswith(("Document.iwa", "Index.zip")) for name in names):
        raise unreadable("numbers")
    lower = {name.lower() for name in names}
    if "xl/workbook.bin" in lower:
        raise unreadable("binary-workbook")
    if any(name.startswith("xl/") for name in lower) or {"workbook.xml", "_rels/.rels"} <= lower:
        return "xlsm" if "xl/vbaProject.bin" in names else "xlsx"
    if "[content_types].xml" not in lower and any(name.endswith(tuple(FORMAT_OF_SUFFIX)) for name in lower):
        raise unreadable("compressed")
    raise unreadable("not-a-workbook")


def _text(data: bytes, promised: str | None) -> str:
    for magic, reason in _FOREIGN.items():
        if data.startswith(magic):
            raise unreadable(reason)
    if _is_binary(data):
        if promised in _WORKBOOKS:
            raise unreadable("broken-workbook")
        raise unreadable("binary")
    head = _head(data)
    start = head.lstrip()
    triples = promised in _TURTLES
    if promised is not None and promised in ("csv", "tsv") and _ANGLED.match(start):
        return promised
    if _MARKUP.match(start) or (start.startswith("<") and not triples and not _LINE.match(start)):
        return _markup(start)
    if _WEB_ARCHIVE.match(start):
        raise unreadable("web-page")
    is_table = promised in ("csv", "tsv")
    json_begins = _JSON if triples else _JSON_AFTER_ALL if is_table else _JSON_LIKE
    if json_begins.match(start) and not _PREFIX.search(head):
        return _json(start)
    if promised is not None and is_table:
        return promised
    if _PREFIX.search(head):
        return "trig" if promised == "trig" else "turtle"
    line = _LINE.search(head)
    if line:
        return "nquads" if _QUAD.search(line[1]) else "ntriples"
    if promised in (*_JSONS, *_TURTLES, "rdfxml") and not _is_table(start):
        return promised
    return "tsv" if "\t" in start.partition("\n")[0] else "csv"


def _is_binary(data: bytes) -> bool:
    """Return whether bytes are no text in any encoding: many of them are control characters that no text has."""
    head = data[:_SAMPLE]
    if is_wide(data) or len(head.translate(None, _CONTROLS)) > (1 - _FEW) * len(head):
        return False
    try:
        decode(data)
    except UnreadableInputError:
        return True
    return False


def _is_table(start: str) -> bool:
    """Return whether a text that is said to be something else begins as delimited text does."""
    lines = [line for line in start.splitlines()[: 2 * _ROWS] if line.strip()][:_ROWS]
    plain = not any(line.lstrip().startswith(("#", "@", "//", "/*", "{", "[", "<")) for line in lines)
    return plain and any(map(_ROW.fullmatch, lines))


def _head(data: bytes) -> str:
    # A sample may end within a character; a decoder that expects that would not notice broken files.
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or b"\x00" in data[:200]:
        return decode(data)[0][:_HEAD]
    return data[:_HEAD].decode("utf-8", errors="replace")


def _markup(start: str) -> str:
    start = _COMMENT.sub("", start)
    root = _ROOT.search(start)
    name = root[1] if root else ""
    if name == "RDF":
        return "rdfxml"
    if name.lower() in _HTML:
        raise unreadable("web-page")
    if name in ("Workbook", "package") and any(each in start for each in _SPREADSHEETML):
        raise unreadable("spreadsheetml")
    if name == "document" and _FLAT in start:
        if _FLAT_SHEETS.search(start):
            return "ods"
        raise unreadable("text-document")
    if name in ("iati-activities", "iati-activity"):
        return "iati"
    if name == "iati-organisations":
        raise unreadable("iati-organisations")
    # RDF/XML may also describe a single node without the element rdf:RDF around it.
    if "http://www.w3.org/1999/02/22-rdf-syntax-ns#" in start or re.search("<!DOCTYPE", start, re.IGNORECASE):
        return "rdfxml"
    raise unreadable("xml", root=name or "?")


def _json(start: str) -> str:
    if _WEB_LINK.match(start):
        raise unreadable("web-link")
    if _NODE.search(start):
        return "jsonld"
    first, _, rest = start.partition("\n")
    complete = first.rstrip().endswith("}") and first.count("{") == first.count("}")
    return "jsonl" if start.startswith("{") and complete and rest.lstrip().startswith("{") else "json"


def text_of(data: bytes, format_name: str) -> str:
    """Return the text of a file of a format that is text.

    Raises:
        UnreadableInputError: it is no text, or not in the encoding that it declares.
    """
    return (decode_xml(data) if FILE_FORMATS[format_name].is_xml else decode(data))[0]
