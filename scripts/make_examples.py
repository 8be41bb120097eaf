"""Make the example submissions in their further formats from those written by hand: CSV and Turtle.

The result is the same to the byte each time, so that it can be committed and checked: `--check` says which file
differs and ends with 1.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pyoxigraph as ox

from bicentennial.core.namespaces import PREFIXES, RDF, XSD, compact
from bicentennial.core.resources import directory

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[dict[str, Any]]
PARTIES: Rows = [
    {"id": "P-1", "name": "Fundación Ejemplo Ficticia", "acronym": "FEF", "kind": "civil society organization"},
    {"id": "P-2", "name": "Example Grantee (fictitious)", "parent": "Fundación Ejemplo Ficticia"},
]
INDICATORS: dict[str, Rows] = {
    "good": [
        {
            "id": "I-1",
            "name": "Containers inspected",
            "measures": "A-001",
            "unit": "containers",
            "baseline": 120,
            "baseline_date": "2023-01-01",
            "target": 200,
            "due_date": "2024-12-31",
            "source": "Port register (fictitious)",
        },
        {
            "id": "I-2",
            "name": "Readers enrolled",
            "measures": "O1.2",
            "unit": "readers",
            "baseline": 0,
            "baseline_date": "2023-04-01",
            "target": 120,
            "due_date": "2024-06-30",
            "source": "Enrolment list (fictitious)",
        },
    ],
    "faulty": [
        {
            "id": "I-1",
            "name": "Containers inspected",
            "measures": "A-999",
            "unit": "containers",
            "baseline": "many",
            "baseline_date": "2025-01-01",
            "target": 200,
            "due_date": "2024-12-31",
        },
    ],
}
MEASUREMENTS: dict[str, Rows] = {
    "good": [
        {"id": "M-1", "indicator": "I-1", "value": 150, "date": "2023-06-30", "source": "Port register (fictitious)"},
        {"id": "M-2", "indicator": "I-2", "value": 45, "date": "2023-12-31", "source": "Enrolment list (fictitious)"},
    ],
    "faulty": [
        {"id": "M-1", "indicator": "I-1", "value": 150, "date": "30.06.2023", "source": "Port register (fictitious)"},
        {"id": "M-1", "indicator": "I-7", "value": "", "date": "2023-12-31", "source": ""},
    ],
}
NUMBERS = {"budget", "baseline", "target", "value"}


def tables(name: str) -> dict[str, Rows]:
    """Return the sheets of an example: its actions from the CSV file, and what a CSV file has no room for."""
    text = (directory("submissions") / f"{name}.csv").read_text(encoding="utf-8")
    actions: Rows = [dict(row) for row in csv.DictReader(io.StringIO(text))]
    if name == "good":
        actions[1]["partner"] = "FEF"
    return {
        "actions": actions,
        "parties": PARTIES,
        "indicators": INDICATORS[name],
        "measurements": MEASUREMENTS[name],
    }


def workbook(name: str) -> bytes:
    """Return an example as a workbook with a cover, real dates and real numbers."""
    book = openpyxl.Workbook()
    cover = book.worksheets[0]
    cover.title = "About"
    cover["A1"] = "A fictitious submission, for trying the validator out"
    for title, rows in tables(name).items():
        sheet = book.create_sheet(title)
        headers = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(headers)
        for row in rows:
            sheet.append([_cell(header, row.get(header)) for header in headers])
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _cell(header: str, value: Any) -> Any:
    if value in ("", None):
        return None
    if header.endswith("date") or header == "date":
        try:
            return date.fromisoformat(value) if len(value) == len("2023-01-31") else value
        except ValueError:
            return value
    try:
        return float(value) if header in NUMBERS else value
    except ValueError:
        return value


def _timeless(content: bytes) -> bytes:
    """Return a workbook without the moment at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-01T00:00:00Z", part)
            fixed = zipfile.ZipInfo(entry.filename, (2024, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, part)
    return out.getvalue()


def document(name: str) -> bytes:
    """Return an example as JSON, without empty values."""
    plain = {
        title: [{key: _plain(key, value) for key, value in row.items() if value != ""} for row in rows]
        for title, rows in tables(name).items()
    }
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()


def _plain(key: str, value: Any) -> Any:
    if key in NUMBERS and isinstance(value, str):
        try:
            return float(value) if "." in value else int(value)
        except ValueError:
            return value
    return [part.strip() for part in value.split(";")] if isinstance(value, str) and "; " in value else value


def graphs(name: str) -> dict[str, bytes]:
    """Return the example in Turtle in the other syntaxes of RDF, by ending."""
    parsed = list(ox.parse(path=str(directory("submissions") / f"{name}.ttl"), format=ox.RdfFormat.TURTLE))
    triples = [quad.triple for quad in parsed]
    prefixes = {prefix: PREFIXES[prefix] for prefix in ("bic", "bicd", "dcterms", "skos")}
    return {
        "nt": _serialized(triples, ox.RdfFormat.N_TRIPLES, {}),
        "rdf": _serialized(triples, ox.RdfFormat.RDF_XML, prefixes) + b"\n",
        "jsonld": _linked(triples),
    }


def _serialized(triples: list[ox.Triple], syntax: ox.RdfFormat, prefixes: dict[str, str]) -> bytes:
    out = io.BytesIO()
    ox.serialize(triples, output=out, format=syntax, prefixes=prefixes)
    return out.getvalue()


def _linked(triples: list[ox.Triple]) -> bytes:
    """Return a graph as JSON-LD, with the address of our own context."""
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject: Any = triple.subject
        node = nodes.setdefault(subject.value, {"@id": subject.value})
        is_type = triple.predicate.value == RDF.type
        value: Any = (
            triple.object.value if is_type and isinstance(triple.object, ox.NamedNode) else _value(triple.object)
        )
        node.setdefault("@type" if is_type else compact(triple.predicate.value), []).append(value)
    plain = {"@context": "https://w3id.org/bicentennial/context.jsonld", "@graph": list(nodes.values())}
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()


def _value(value: Any) -> dict[str, str]:
    if not isinstance(value, ox.Literal):
        return {"@id": value.value}
    kind = {"@language": value.language} if value.language else {"@type": value.datatype.value}
    return {"@value": value.value} | (kind if kind != {"@type": XSD.string} else {})


def artefacts() -> dict[Path, bytes]:
    """Return every file that is made, and its content."""
    made: dict[Path, bytes] = {}
    for name in ("good", "faulty"):
        folder = directory("submissions")
        made[folder / f"{name}.xlsx"] = workbook(name)
        made[folder / f"{name}.json"] = document(name)
        made |= {folder / f"{name}.{ending}": content for ending, content in graphs(name).items()}
    return made


def main() -> int:
    """Write or check the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; name the files that differ")
    arguments = parser.parse_args()
    stale = [path for path, content in artefacts().items() if not path.is_file() or path.read_bytes() != content]
    for path in stale:
        if not arguments.check:
            path.write_bytes(artefacts()[path])
        print(f"{'differs' if arguments.check else 'written'}: {path}", file=sys.stderr)
    return 1 if stale and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
