"""Graphs made of records: the current state of each dataset, every submission, and where all of it comes from.

| graph | what it holds |
| --- | --- |
| `<base>/SUBMITTER/DATASET` | the current state |
| `<base>/SUBMITTER/DATASET/NUMBER` | one submission |
| `<base>/provenance` | who handed in what and when, and what it replaced: PROV-O and DCAT |

Names of the space of rows become names of the registry: `action/A-1` is `<base>/SUBMITTER/DATASET/action/A-1`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import BIC, DCAT, DCTERMS, PROV, RDF, SKOS, XSD
from bicentennial.monitoring.comparing import long
from bicentennial.monitoring.dates import FOREVER, moment
from bicentennial.monitoring.submissions import current, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.monitoring.database import Database
    from bicentennial.monitoring.submissions import Submission

__all__ = ["BASE", "base_of", "dataset_graph", "provenance", "quads", "triples"]

BASE: Final = "urn:x-bicentennial:registry"
"""The start of the names of a registry that has no address."""
SPDX: Final = "http://spdx.org/rdf/terms#"
_LITERAL: Final = re.compile(r'("(?:[^"\\]|\\.)*")(?:(@[A-Za-z0-9-]+)|\^\^(\S+))?', re.DOTALL)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def base_of(database: Database) -> str:
    """Return the start of the names of a registry: its address once it has one."""
    return str(database.value("SELECT value FROM meta WHERE key = 'base'") or BASE)


def dataset_graph(base: str, submission: Submission) -> str:
    """Return the name of the graph of the current state of a submission's dataset."""
    return f"{base}/{submission.submitter}/{submission.dataset}"


def triples(database: Database, submission: Submission, base: str) -> Iterator[str]:
    """Yield what a submission says as N-Triples, a statement a line."""
    space = dataset_graph(base, submission)
    rows = database.all(
        "SELECT u.name, r.body FROM member m JOIN subject u ON u.id = m.subject JOIN record r ON r.id = m.record"
        " WHERE m.submission = ? ORDER BY u.name",
        [submission.id],
    )
    for name, body in rows:
        subject = f"<{_absolute(name, space)}>"
        for line in body.split("\n"):
            if line:
                prop, _, value = line.partition(" ")
                yield f"{subject} <{long(prop)}> {_term(value, space)} .\n"


def _absolute(name: str, space: str) -> str:
    return name if _ABSOLUTE.match(name) else f"{space}/{name}"


def _term(text: str, space: str) -> str:
    if text.startswith("<"):
        return f"<{_absolute(text[1:-1], space)}>"
    found = _LITERAL.fullmatch(text)
    if found is None:
        return f"<{long(text)}>"
    return f"{found[1]}{found[2] or ''}" + (f"^^<{long(found[3])}>" if found[3] else "")


def quads(database: Database, *, versions: Iterable[Submission] | None = None) -> Iterator[str]:
    """Yield the whole registry as N-Quads: current states, submissions, provenance.

    Args:
        database: where.
        versions: whose own graphs are wanted besides the current states; all if None.
    """
    base = base_of(database)
    several = listed(database) if versions is None else list(versions)
    for submission in current(database, known=moment(FOREVER)):
        graph = dataset_graph(base, submission)
        yield from (f"{line[:-3]} <{graph}> .\n" for line in triples(database, submission, base))
    for submission in several:
        graph = f"{dataset_graph(base, submission)}/{submission.number}"
        yield from (f"{line[:-3]} <{graph}> .\n" for line in triples(database, submission, base))
    yield from (f"{line[:-3]} <{base}/provenance> .\n" for line in provenance(database))


def provenance(database: Database) -> Iterator[str]:
    """Yield where everything comes from as N-Triples: datasets, submissions, their order, senders and checks."""
    base = base_of(database)
    catalogue = f"<{base}>"
    yield from _typed(catalogue, DCAT.Catalog)
    for language, title in sentence("registry", "catalogue-title").items():
        yield _line(catalogue, DCTERMS.title, _text(title, language))
    before: dict[str, Submission] = {}
    for party, name, iri in database.all("SELECT id, name, iri FROM submitter ORDER BY id"):
        agent = f"<{base}/party/{party}>"
        yield from _typed(agent, PROV.Agent, BIC.Party)
        yield _line(agent, SKOS.prefLabel, _text(name))
        if iri:
            yield _line(agent, SKOS.exactMatch, f"<{iri}>")
    for each in listed(database):
        dataset = dataset_graph(base, each)
        this = f"<{dataset}/{each.number}>"
        if dataset not in before:
            yield _line(catalogue, DCAT.dataset, f"<{dataset}>")
            yield from _typed(f"<{dataset}>", DCAT.Dataset)
            yield _line(f"<{dataset}>", DCTERMS.publisher, f"<{base}/party/{each.submitter}>")
            yield _line(f"<{dataset}>", DCTERMS.title, _text(f"{each.submitter}: {each.dataset}"))
        yield from _typed(this, BIC.Submission, DCAT.Dataset, PROV.Entity)
        yield _line(this, DCTERMS.isVersionOf, f"<{dataset}>")
        yield _line(this, DCTERMS.identifier, _text(str(each.number)))
        yield _line(this, DCTERMS.issued, _date(each.issued))
        yield _line(this, PROV.generatedAtTime, f'"{each.received_at}"^^<{XSD.dateTime}>')
        yield _line(this, PROV.wasAttributedTo, f"<{base}/party/{each.submitter}>")
        yield _line(this, DCTERMS.title, _text(each.file))
        yield _line(this, f"{SPDX}checksumValue", _text(each.file_sha256))
        yield _line(this, "http://www.w3.org/ns/adms#status", _text(each.state))
        if each.root:
            yield _line(this, f"{base}#root", _text(each.root))
        if dataset in before:
            earlier = f"<{dataset}/{before[dataset].number}>"
            yield _line(this, PROV.wasRevisionOf, earlier)
            yield _line(this, DCAT.previousVersion, earlier)
        before[dataset] = each
    yield from _checks(database, base)


def _checks(database: Database, base: str) -> Iterator[str]:
    rows = database.all(
        'SELECT c.id, d.submitter, d.name, s.number, c.at, c.version, c.conforms FROM "check" c'
        " JOIN submission s ON s.id = c.submission JOIN dataset d ON d.id = s.dataset ORDER BY c.id"
    )
    shown = {each.name for each in listed(database)}
    for number, submitter, dataset, its, at, version, conforms in rows:
        if f"{submitter}/{dataset}/{its}" not in shown:
            continue
        this = f"<{base}/check/{number}>"
        yield from _typed(this, PROV.Activity)
        yield _line(this, PROV.used, f"<{base}/{submitter}/{dataset}/{its}>")
        yield _line(this, PROV.endedAtTime, f'"{at}"^^<{XSD.dateTime}>')
        yield _line(this, DCTERMS.description, _text(f"bicentennial {version}: {'conforms' if conforms else 'fails'}"))


def _typed(subject: str, *classes: str) -> Iterator[str]:
    for each in classes:
        yield _line(subject, RDF.type, f"<{each}>")


def _line(subject: str, prop: str, value: str) -> str:
    return f"{subject} <{prop}> {value} .\n"


def _text(text: str, language: str = "") -> str:
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{safe}"@{language}' if language else f'"{safe}"'


def _date(text: str) -> str:
    kind = {4: XSD.gYear, 7: XSD.gYearMonth}.get(len(text), XSD.date)
    return f'"{text}"^^<{kind}>'
