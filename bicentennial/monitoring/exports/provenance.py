"""Where what a registry holds comes from: PROV-O for the order of events, DCAT 3 as DCAT-AP wants it for catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import entry, render, sentence
from bicentennial.core.namespaces import BIC, DCAT, DCTERMS, PROV, RDF, SKOS, XSD, Namespace
from bicentennial.monitoring.store.submissions import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["CHECKSUM", "STATUS", "provenance"]

STATUS: Final = "http://www.w3.org/ns/adms#status"
"""The property that says in which state a submission is."""
_SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
CHECKSUM: Final = str(_SPDX.checksumValue)
"""The property of a hash."""
_FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
_FREQUENCY: Final = "http://publications.europa.eu/resource/authority/frequency/"
_FREQUENCIES: Final = {"month": "MONTHLY", "quarter": "QUARTERLY", "year": "ANNUAL"}


def provenance(database: Database, base: str) -> Iterator[str]:
    """Yield where everything comes from as N-Triples: datasets, submissions, their order, senders and checks.

    Whatever the audience of the database may not see is not spoken of.
    """
    several = listed(database)
    yield from _catalogue(base)
    yield from _parties(database, base, None if database.audience.everything else {each.submitter for each in several})
    before: dict[tuple[str, str], Submission] = {}
    cadences = {(its, name): (title, cadence) for its, name, title, cadence in database.all(
        "SELECT submitter, name, title, cadence FROM dataset")}  # fmt: skip
    states = set()
    for each in several:
        key = each.submitter, each.dataset
        if key not in before:
            yield from _dataset(base, each, *cadences[key])
        yield from _submission(base, each, before.get(key))
        before[key] = each
        states.add(each.state)
    for state in sorted(states):
        this = f"<{base}/state/{state}>"
        yield from _typed(this, SKOS.Concept)
        yield from _texts(this, SKOS.prefLabel, entry("registry", "states")[state])
    yield from _checks(database, base, {each.id for each in several})


def _catalogue(base: str) -> Iterator[str]:
    this, office = f"<{base}>", f"<{base}/office>"
    yield from _typed(this, DCAT.Catalog)
    yield from _texts(this, DCTERMS.title, sentence("registry", "catalogue-title"))
    yield from _texts(this, DCTERMS.description, sentence("registry", "catalogue-description"))
    yield _line(this, DCTERMS.publisher, office)
    yield from _typed(office, _FOAF.Agent)
    yield from _texts(office, _FOAF.name, sentence("registry", "catalogue-office"))


def _parties(database: Database, base: str, only: Collection[str] | None) -> Iterator[str]:
    for party, name, iri in database.all("SELECT id, name, iri FROM submitter ORDER BY id"):
        if only is not None and party not in only:
            continue
        agent = f"<{base}/party/{party}>"
        yield from _typed(agent, PROV.Agent, _FOAF.Agent, BIC.Party)
        yield _line(agent, _FOAF.name, _text(name))
        yield _line(agent, SKOS.prefLabel, _text(name))
        if iri:
            yield _line(agent, SKOS.exactMatch, f"<{iri}>")


def _dataset(base: str, first: Submission, title: str, cadence: str | None) -> Iterator[str]:
    this = f"<{base}/{first.submitter}/{first.dataset}>"
    yield _line(f"<{base}>", DCAT.dataset, this)
    yield from _typed(this, DCAT.Dataset)
    yield _line(this, DCTERMS.publisher, f"<{base}/party/{first.submitter}>")
    yield _line(this, DCTERMS.title, _text(title or f"{first.submitter}: {first.dataset}"))
    words = render(entry("registry", "dataset-description"), submitter=first.submitter, dataset=first.dataset)
    yield from _texts(this, DCTERMS.description, words)
    if cadence:
        frequency = f"<{_FREQUENCY}{_FREQUENCIES[cadence]}>"
        yield _line(this, DCTERMS.accrualPeriodicity, frequency)
        yield from _typed(frequency, DCTERMS.Frequency)


def _submission(base: str, each: Submission, earlier: Submission | None) -> Iterator[str]:
    dataset = f"{base}/{each.submitter}/{each.dataset}"
    this = f"<{dataset}/{each.number}>"
    yield from _typed(this, BIC.Submission, DCAT.Dataset, PROV.Entity)
    yield _line(f"<{dataset}>", DCAT.hasVersion, this)
    yield _line(this, DCTERMS.isVersionOf, f"<{dataset}>")
    yield _line(this, DCTERMS.identifier, _text(str(each.number)))
    yield _line(this, DCAT.version, _text(str(each.number)))
    yield _line(this, DCTERMS.issued, _date(each.issued))
    yield _line(this, PROV.generatedAtTime, f'"{each.received_at}"^^<{XSD.dateTime}>')
    yield _line(this, PROV.wasAttributedTo, f"<{base}/party/{each.submitter}>")
    yield _line(this, DCTERMS.publisher, f"<{base}/party/{each.submitter}>")
    yield _line(this, DCTERMS.title, _text(each.file))
    words = render(entry("registry", "submission-description"), name=each.name, issued=each.issued)
    yield from _texts(this, DCTERMS.description, words)
    yield _line(this, STATUS, f"<{base}/state/{each.state}>")
    if each.root:
        yield _line(this, f"{base}#root", _text(each.root))
    if earlier is not None:
        yield _line(this, PROV.wasRevisionOf, f"<{dataset}/{earlier.number}>")
        yield _line(this, DCAT.previousVersion, f"<{dataset}/{earlier.number}>")
    file, checksum = f"<{dataset}/{each.number}/file>", f"<{dataset}/{each.number}/file#sha256>"
    yield _line(this, DCAT.distribution, file)
    yield from _typed(file, DCAT.Distribution)
    yield _line(file, DCAT.accessURL, file)
    yield _line(file, DCTERMS.title, _text(each.file))
    yield _line(file, _SPDX.checksum, checksum)
    yield from _typed(checksum, _SPDX.Checksum)
    yield _line(checksum, _SPDX.algorithm, f"<{_SPDX.checksumAlgorithm_sha256}>")
    yield _line(checksum, CHECKSUM, f'"{each.file_sha256}"^^<{XSD.hexBinary}>')


def _checks(database: Database, base: str, shown: Collection[int]) -> Iterator[str]:
    rows = database.all(
        'SELECT c.id, s.id, d.submitter, d.name, s.number, c.at, c.version, c.conforms FROM "check" c'
        " JOIN submission s ON s.id = c.submission JOIN dataset d ON d.id = s.dataset ORDER BY c.id"
    )
    for number, submission, submitter, dataset, its, at, version, conforms in rows:
        if submission not in shown:
            continue
        this = f"<{base}/check/{number}>"
        yield from _typed(this, PROV.Activity)
        yield _line(this, PROV.used, f"<{base}/{submitter}/{dataset}/{its}>")
        yield _line(this, PROV.endedAtTime, f'"{at}"^^<{XSD.dateTime}>')
        yield _line(this, DCTERMS.description, _text(f"bicentennial {version}: {'conforms' if conforms else 'fails'}"))


def _typed(subject: str, *classes: str) -> Iterator[str]:
    for each in classes:
        yield _line(subject, RDF.type, f"<{each}>")


def _texts(subject: str, prop: str, texts: Mapping[str, str]) -> Iterator[str]:
    for language, text in texts.items():
        yield _line(subject, prop, _text(text, language))


def _line(subject: str, prop: str, value: str) -> str:
    return f"{subject} <{prop}> {value} .\n"


def _text(text: str, language: str = "") -> str:
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{safe}"@{language}' if language else f'"{safe}"'


def _date(text: str) -> str:
    kind = {4: XSD.gYear, 7: XSD.gYearMonth}.get(len(text), XSD.date)
    return f'"{text}"^^<{kind}>'
