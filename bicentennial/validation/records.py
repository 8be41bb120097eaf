"""Canonical records: what a submission says of each thing, in one form whatever its format and the order of its rows.

A record is the list of statements about one subject, sorted and without the subject, one statement a line. Two
submissions that say the same of a thing have the same record, and so the same hash. Names of the space that tables
give to everything (`urn:x-bicentennial:action:A-1`) are relative, `action/A-1`; a subject without an identifier is
named after the hash of its record. Numbers are in canonical form, so that 250000 and 250000.0 are the same.

>>> _canonical_number("0250000.50"), _canonical_number("-0.0"), _canonical_number("1e3")
('250000.5', '0', '1000')
>>> relative("urn:x-bicentennial:action:A%201"), relative("https://example.org/a")
('action/A%201', 'https://example.org/a')
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from itertools import groupby
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import BIC, DCTERMS, RDF, XSD, local_name
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.storage.origins import JsonOrigins, TabularOrigins

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bicentennial.intake.submission import Submission
    from bicentennial.storage.dataset import Dataset

__all__ = ["PREFIXES", "SPACE", "line_of", "relative", "sha256", "term", "write_records"]

SPACE: Final = "urn:x-bicentennial:"
"""What the names of rows begin with."""
_ANONYMOUS: Final = re.compile(r"urn:x-bicentennial:(\w+)::(?:sheet:\d+:)?row:\d+")
_NUMERIC: Final = frozenset(
    {
        XSD.decimal, XSD.integer, XSD.double, XSD.float, XSD.long, XSD.int, XSD.short, XSD.byte,
        XSD.nonNegativeInteger, XSD.positiveInteger, XSD.nonPositiveInteger, XSD.negativeInteger,
        XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort, XSD.unsignedByte,
    }
)  # fmt: skip
_TRUE: Final = {"1": "true", "0": "false"}
# Hashes rest on these: a prefix may never be added, changed or taken away.
PREFIXES: Final = {
    "bic": "https://w3id.org/bicentennial/ontology#",
    "bicd": "https://w3id.org/bicentennial/id/",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of names in records; any other IRI stands in angle brackets."""
_SHORT: Final = re.compile("(" + "|".join(map(re.escape, PREFIXES.values())) + r")([A-Za-z][\w-]*)", re.ASCII)
_PREFIX: Final = {iri: prefix for prefix, iri in PREFIXES.items()}
# Exponents beyond this would write out more digits than any amount has.
_LONGEST: Final = 60
_CHUNK: Final = 20_000
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


class _Subject(NamedTuple):
    """One subject as the dataset holds it: its statements, and where it stands."""

    name: str
    lines: list[str]
    classes: tuple[str, ...]
    sheet: int | None
    row: int | None


def write_records(submission: Submission, stream: IO[str]) -> None:
    """Write the records of a submission as JSON Lines: first what they have in common, then a line each.

    The first line is an object: `issued` (the date that the submission states, or None), `places` (what a sheet's or
    list's number stands for: its name and the columns of each property). Each further line is the list
    `[subject, classes, body, sheet, row]`; `sheet` and `row` are None where the format has none, and `row` is the
    line in text files.
    """
    dataset = submission.dataset
    header = {"issued": _issued(dataset), "places": _places(submission)}
    stream.write(json.dumps(header, ensure_ascii=False) + "\n")
    subjects = list(_subjects(dataset))
    anonymous = {each.name: each for each in subjects if is_anonymous(each.name)}
    names = _Names(anonymous)
    lines = _lines_of_text(submission, [each.name for each in subjects])
    taken: Counter[str] = Counter()
    for each in subjects:
        body = "\n".join(sorted({names.resolve(line) for line in each.lines}))
        name = names.name(each.name) if each.name in anonymous else relative(each.name)
        taken[name] += 1
        if taken[name] > 1:
            name = f"{name}~{taken[name]}"
        row = each.row if each.row is not None else lines.get(each.name)
        stream.write(json.dumps([name, each.classes, body, each.sheet, row], ensure_ascii=False) + "\n")


def is_anonymous(subject: str) -> bool:
    """Return whether a subject has no name of its own: a blank node, or a row without an identifier."""
    return subject.startswith("_:") or _ANONYMOUS.fullmatch(subject) is not None


def relative(iri: str) -> str:
    """Return an IRI as records name it: relative if it is of the space of rows."""
    if not iri.startswith(SPACE):
        return iri
    kind, _, identifier = iri.removeprefix(SPACE).partition(":")
    return f"{kind}/{identifier}"


def term(iri: str) -> str:
    """Return an IRI as a record writes it: with a prefix, or in angle brackets.

    >>> term("https://w3id.org/bicentennial/id/goal-x"), term("urn:x-bicentennial:party:P"), term("urn:a")
    ('bicd:goal-x', '<party/P>', '<urn:a>')
    """
    found = _SHORT.fullmatch(iri)
    return f"{_PREFIX[found[1]]}:{found[2]}" if found else f"<{relative(iri)}>"


def _canonical_number(text: str) -> str:
    """Return a number in canonical form, or the text itself where it is no finite number of reasonable length."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return text
    plain = f"{number:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "+0", "") else plain.lstrip("+")


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Names:
    """Names of subjects without identifiers: after the hash of what is said of them.

    In a line such a subject stands between two NUL characters until it is named.
    """

    def __init__(self, anonymous: Mapping[str, _Subject]) -> None:
        self._anonymous = anonymous
        self._known: dict[str, str] = {}
        self._open: set[str] = set()

    def name(self, subject: str) -> str:
        if subject in self._known:
            return self._known[subject]
        if subject in self._open or subject not in self._anonymous:
            return "~"  # a circle, or a thing that nothing is said of
        self._open.add(subject)
        body = "\n".join(sorted({self.resolve(line) for line in self._anonymous[subject].lines}))
        self._open.discard(subject)
        found = _ANONYMOUS.fullmatch(subject)
        self._known[subject] = f"{found[1] if found else ''}/~{sha256(body)[:16]}"
        return self._known[subject]

    def resolve(self, line: str) -> str:
        if "\0" not in line:
            return line
        before, subject, after = line.split("\0")
        return f"{before}{self.name(subject)}{after}"


def _subjects(dataset: Dataset) -> Iterator[_Subject]:
    rows = dataset.connection.execute("SELECT s, p, o, kind, dt, lang, sheet, row FROM statements ORDER BY s")
    for subject, group in groupby(_fetched(rows), key=itemgetter(0)):
        lines, classes, sheet, row = [], set(), None, None
        for _, p, o, kind, dt, lang, in_sheet, in_row in group:
            if p == RDF.type and kind == 0:
                classes.add(local_name(o))
                sheet, row = (in_sheet, in_row) if in_row is not None else (sheet, row)
            elif sheet is None and row is None:
                sheet, row = in_sheet, in_row
            lines.append(line_of(p, o, kind, dt, lang))
        yield _Subject(subject, lines, tuple(sorted(classes)), sheet, row)


def _fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_CHUNK):
        yield from rows


def line_of(p: str, o: str, kind: int, dt: str, lang: str) -> str:
    """Return a statement as a line of a record; `kind`, `dt` and `lang` are as datasets hold them."""
    if kind != 2:
        return f"{term(p)} <\0{o}\0>" if is_anonymous(o) else f"{term(p)} {term(o)}"
    if dt in _NUMERIC:
        o, dt = _canonical_number(o), XSD.decimal
    elif dt == XSD.boolean:
        o = _TRUE.get(o.strip(), o.strip())
    text = o.translate(_ESCAPES).replace("\0", "\\u0000")
    if lang:
        return f'{term(p)} "{text}"@{lang}'
    return f'{term(p)} "{text}"' if dt == XSD.string else f'{term(p)} "{text}"^^{term(dt)}'


def _issued(dataset: Dataset) -> str | None:
    found = dataset.connection.execute(
        "SELECT o FROM statements WHERE p = ? AND s IN (SELECT s FROM statements WHERE p = ? AND o = ?) ORDER BY o",
        [DCTERMS.issued, RDF.type, BIC.Submission],
    ).fetchone()
    return found[0] if found else None


def _places(submission: Submission) -> dict[str, Any]:
    origins = submission.origins
    if not isinstance(origins, TabularOrigins):
        return {"file": submission.file, "kind": "text", "sheets": {}}
    kind = "json" if isinstance(origins, JsonOrigins) else "table"
    sheets = {
        str(number): {"name": sheet.name, "columns": sheet.columns} | ({"alone": True} if sheet.is_alone else {})
        for number, sheet in origins.sheets.items()
    }
    return {"file": submission.file, "kind": kind, "sheets": sheets}


def _lines_of_text(submission: Submission, subjects: list[str]) -> dict[str, int | None]:
    origins = submission.origins
    if isinstance(origins, TabularOrigins):
        return {}
    origins.prefetch(subjects)
    return {subject: origins.locate(subject).line for subject in subjects}
