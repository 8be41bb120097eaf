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
from typing import Final, NamedTuple

from bicentennial.core.notices import unreadable
from bicentennial.formats.decoding import decode

__all__ = ["EXTENSIONS", "TITLES", "Format", "detect"]

EXTENSIONS: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsm",
    ".ods": "ods",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonld": "jsonld",
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".trig": "trig",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
    ".xml": "rdfxml",
}
"""The format that an extension promises."""

TITLES: Final = {
    "csv": "CSV",
    "tsv": "TSV",
    "xlsx": "XLSX",
    "xlsm": "XLSM",
    "ods": "ODS",
    "json": "JSON",
    "jsonl": "JSON Lines",
    "jsonld": "JSON-LD",
    "turtle": "Turtle",
    "trig": "TriG",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "rdfxml": "RDF/XML",
    "iati": "IATI XML",
}
"""The formats that are read, and their names as people write them."""

# Formats of one family differ by more than a glance can tell, so the extension decides between them.
_FAMILIES: Final = (
    {"csv", "tsv"},
    {"xlsx", "xlsm"},
    {"json", "jsonl", "jsonld"},
    {"turtle", "trig", "ntriples", "nquads"},
    {"rdfxml", "iati"},
)
_HEAD: Final = 65_536
_FOREIGN: Final = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old-workbook",
    b"%PDF-": "pdf",
    b"\x1f\x8b": "compressed",
    b"7z\xbc\xaf\x27\x1c": "compressed",
    b"Rar!": "compressed",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"PAR1": "binary",
    b"SQLite format 3": "binary",
}
# Blank lines are not passed over at the beginning of each line, which would take a square of their number.
_PREFIX: Final = re.compile(
    r"^[^\S\n]*(?:@prefix\s+[\w.-]*:\s*<|@base\s+<|PREFIX\s+[\w.-]*:\s*<|BASE\s+<)", re.IGNORECASE | re.MULTILINE
)
# A tag is no subject: an IRI has a colon, a hash or a slash somewhere.
_LINE: Final = re.compile(
    r"^[^\S\n]*(?:<(?=[^<>\s]*[:#/])[^<>\s]+>|_:\S+)\s+<[^<>\s]+>\s+(?:<[^<>\s]*>|_:\S+|\")(.*)$", re.MULTILINE
)
_QUAD: Final = re.compile(r"(?:^|>|\"|\w)\s+(?:<[^<>\s]+>|_:\S+)\s*\.\s*$")
_NODE: Final = re.compile(r'"@(?:context|graph|id|type)"\s*:')
_MARKUP: Final = re.compile(r"<(?:[?!]|rdf:RDF[\s>]|html[\s>])", re.IGNORECASE)
# Turtle may begin with a bracket and TriG with a brace, but not as JSON goes on.
_JSON: Final = re.compile(r'\{\s*"[^"]*"\s*:|\[\s*\{\s*"[^"]*"\s*:')
_JSON_LIKE: Final = re.compile(r"[{\[]")
_ROOT: Final = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


class Format(NamedTuple):
    """A format by name, and that which the extension promised where the content is another."""

    name: str
    promised: str | None = None


def detect(file: str, data: bytes) -> Format:
    """Return the format of a file from its name and content.

    Raises:
        UnreadableInputError: it is empty, or of no format that is read.
    """
    if not re.search(rb"[^ \t\r\n\x00\xef\xbb\xbf]", data):
        raise unreadable("empty")
    promised = EXTENSIONS.get(PurePath(file).suffix.lower())
    found = _packed(data) if data[:4] == b"PK\x03\x04" else _text(data, promised)
    if promised is None or promised == found:
        return Format(found)
    if any({promised, found} <= family for family in _FAMILIES):
        # JSON that is one object a line, or that speaks of nodes, is no matter of taste.
        return Format(found if promised in ("json", "csv", "rdfxml") else promised)
    return Format(found, promised)


def _packed(data: bytes) -> str:
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = (
                archive.read("mimetype")[:100]
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 100
                else b""
            )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise unreadable("broken-workbook") from error
    if kind == b"application/vnd.oasis.opendocument.spreadsheet" or "content.xml" in names:
        return "ods"
    if "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names):
        return "xlsm" if "xl/vbaProject.bin" in names else "xlsx"
    raise unreadable("not-a-workbook")


def _text(data: bytes, promised: str | None) -> str:
    for magic, reason in _FOREIGN.items():
        if data.startswith(magic):
            raise unreadable(reason)
    head = _head(data)
    start = head.lstrip()
    triples = promised in _FAMILIES[3]
    if _MARKUP.match(start) or (start.startswith("<") and not triples and not _LINE.match(start)):
        return _markup(start)
    if (_JSON if triples else _JSON_LIKE).match(start) and not _PREFIX.search(head):
        return _json(start)
    if promised in ("csv", "tsv"):
        return promised
    if _PREFIX.search(head):
        return "trig" if promised == "trig" else "turtle"
    line = _LINE.search(head)
    if line:
        return "nquads" if _QUAD.search(line[1]) else "ntriples"
    if promised in ("turtle", "trig", "ntriples", "nquads", "json", "jsonl", "jsonld", "rdfxml"):
        return promised
    return "tsv" if "\t" in start.partition("\n")[0] else "csv"


def _head(data: bytes) -> str:
    # A sample may end within a character; a decoder that is told to expect that would not notice broken files.
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or b"\x00" in data[:200]:
        return decode(data)[0][:_HEAD]
    return data[:_HEAD].decode("utf-8", errors="replace")


def _markup(start: str) -> str:
    root = _ROOT.search(start)
    name = root[1] if root else ""
    if name == "RDF":
        return "rdfxml"
    if name.lower() == "html":
        raise unreadable("web-page")
    if name in ("iati-activities", "iati-activity"):
        return "iati"
    if name == "iati-organisations":
        raise unreadable("iati-organisations")
    # RDF/XML may also describe a single node without the element rdf:RDF around it.
    if "http://www.w3.org/1999/02/22-rdf-syntax-ns#" in start or re.search("<!DOCTYPE", start, re.IGNORECASE):
        return "rdfxml"
    raise unreadable("xml", root=name or "?")


def _json(start: str) -> str:
    if _NODE.search(start):
        return "jsonld"
    first, _, rest = start.partition("\n")
    complete = first.rstrip().endswith("}") and first.count("{") == first.count("}")
    return "jsonl" if start.startswith("{") and complete and rest.lstrip().startswith("{") else "json"
