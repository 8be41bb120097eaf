"""However many findings there are, their places, names and words are looked up for all of them at once."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from bicentennial.core.namespaces import BIC, DCTERMS, RDF
from bicentennial.storage.sqlite_dataset import SqliteDataset
from bicentennial.validation.submission import check
from tests.books import xlsx

if TYPE_CHECKING:
    from pathlib import Path

_SYNTAXES = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_COLUMNS = ("id", "title", "status", "start_date", "budget", "responsible_party")


def _rows(count: int) -> list[tuple[str, ...]]:
    return [(f"A-{n}", f"Action {n}", f"status {n}", f"soon {n}", f"{n} coins", f"Nobody {n}") for n in range(count)]


def _triples(count: int) -> list[ox.Triple]:
    return [
        ox.Triple(node, ox.NamedNode(predicate), value)
        for n in range(count)
        for node in [ox.BlankNode(f"n{n}") if n % 2 else ox.NamedNode(f"urn:x:{n}")]
        for predicate, value in (
            (RDF.type, ox.NamedNode(BIC.Action)),
            (DCTERMS.title, ox.Literal(f"Action {n}", language="en")),
            (BIC.startDate, ox.Literal(f"soon {n}")),
            (BIC.hasStatus, ox.NamedNode(f"urn:x:status:{n}")),
            (BIC.hasResponsibleParty, ox.BlankNode(f"p{n}")),
        )
    ]


def _content(name: str, count: int) -> bytes:
    if name in _SYNTAXES:
        return ox.serialize(_triples(count), format=_SYNTAXES[name]) or b""
    if name == "xlsx":
        return xlsx(_COLUMNS, *_rows(count))
    if name == "json":
        return json.dumps([dict(zip(_COLUMNS, row, strict=True)) for row in _rows(count)]).encode()
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([_COLUMNS, *_rows(count)])
    return stream.getvalue().encode()


@pytest.mark.parametrize("name", ["csv", "json", "xlsx", *_SYNTAXES])
def test_there_are_no_more_queries_for_more_findings(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with SqliteDataset() as dataset:
        connection: Any = type(dataset.connection)
    execute = connection.execute

    def counted(self: Any, sql: str, *values: Any) -> Any:
        if sql.startswith("SELECT"):
            asked.append(sql)
        return execute(self, sql, *values)

    monkeypatch.setattr(connection, "execute", counted)
    queries, findings = [], []
    for count in (4, 40):
        asked.clear()
        file = tmp_path / f"of-{count}.{name}"
        file.write_bytes(_content(name, count))
        findings.append(len(check(file, coverage=True).findings))
        queries.append([*asked])
    assert findings[1] > 8 * findings[0] > 100
    assert queries[0] == queries[1]
