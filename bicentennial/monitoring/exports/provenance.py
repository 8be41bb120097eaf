"""Where what a registry holds comes from: PROV-O for the order of events, DCAT 3 as DCAT-AP wants it for catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import entry, render, sentence
from bicentennial.core.namespaces import BIC, DCAT, DCTERMS, PROV, RDF, SKOS, XSD, Namespace
from bicentennial.monitoring.store import chain
from bicentennial.monitoring.store.submissions import emptied, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bicentennial.monitoring.store.chain import Event
    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["CHECKSUM", "SETTINGS", "STATUS", "Terms", "provenance"]

STATUS: Final = "http://www.w3.org/ns/adms#status"
"""The property that says in which state a submission is."""
_SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
CHECKSUM: Final = str(_SPDX.checksumValue)
"""The property of a hash."""
SETTINGS: Final = ("approval", "partial", "cadence", "embargo", "title")
"""How a dataset is kept: its columns in the registry, and the names of the properties that say them."""
_FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
_FREQUENCY: Final = "http://publications.europa.eu/resource/authority/frequency/"
_FREQUENCIES: Final = {"month": "MONTHLY", "quarter": "QUARTERLY", "year": "ANNUAL"}


class Terms(Namespace):
    """The properties of a registry itself: `root`, `redacted` (why), `emptied`, `kind`, and a dataset's `SETTINGS`.

    >>> Terms("urn:x-bicentennial:registry").root
    'urn:x-bicentennial:registry#root'
    """

    __slots__ = ()

    def __init__(self, base: str) -> None:
        super().__init__(f"{base}#")


def provenance(database: Database, base: str) -> Iterator[str]:
    """Yield where everything comes from as N-Triples: datasets, submissions, their order, senders and checks.

    Whatever the audience of the database may not see is not spoken of.
    """
    several = listed(database)
    yield from _catalogue(base)
    yield from _parties(database, base, None if database.audience.everything else {each.submitter for each in several})
    before: dict[tuple[str, str], Submission] = {}
    kept = _settings(database)
    redactions = {event.submission: event for event in chain.events(database, "WHERE what = 'redacted'")}
    shown = kept if database.audience.everything else {(each.submitter, each.dataset) for each in several}
    for key in sorted(shown):
        yield from _dataset(base, *key, kept[key])
    states = set()
    for each in several:
        key = each.submitter, each.dataset
        yield from _submission(base, each, before.get(key))
        if each.id in redactions:
            yield from _redaction(base, each, redactions[each.id], emptied(database, each))
        before[key] = each
        states.add(each.state)
    if several:
        yield from _typed(f"<{_SPDX.checksumAlgorithm_sha256}>", _SPDX.ChecksumAlgorithm)
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
    for party, name, kind, iri in database.all("SELECT id, name, kind, iri FROM submitter ORDER BY id"):
        if only is not None and party not in only:
            continue
        agent = f"<{base}/party/{party}>"
        yield from _typed(agent, PROV.Agent, _FOAF.Agent, BIC.Party)
        yield _line(agent, _FOAF.name, _text(name))
        yield _line(agent, SKOS.prefLabel, _text(name))
        if kind:
            yield _line(agent, Terms(base).kind, _text(kind))
        if iri:
            yield _line(agent, SKOS.exactMatch, f"<{iri}>")


def _settings(database: Database) -> dict[tuple[str, str], dict[str, Any]]:
    rows = database.all(f"SELECT submitter, name, {', '.join(SETTINGS)} FROM dataset")  # noqa: S608 - constants
    return {(row[0], row[1]): dict(zip(SETTINGS, row[2:], strict=True)) for row in rows}


def _dataset(base: str, submitter: str, dataset: str, kept: Mapping[str, Any]) -> Iterator[str]:
    this, terms = f"<{base}/{submitter}/{dataset}>", Terms(base)
    yield _line(f"<{base}>", DCAT.dataset, this)
    yield from _typed(this, DCAT.Dataset)
    yield _line(this, DCTERMS.publisher, f"<{base}/party/{submitter}>")
    yield _line(this, DCTERMS.title, _text(kept["title"] or f"{submitter}: {dataset}"))
    words = render(entry("registry", "dataset-description"), submitter=submitter, dataset=dataset)
    yield from _texts(this, DCTERMS.description, words)
    if kept["cadence"]:
        frequency = f"<{_FREQUENCY}{_FREQUENCIES[kept['cadence']]}>"
        yield _line(this, DCTERMS.accrualPeriodicity, frequency)
        yield from _typed(frequency, DCTERMS.Frequency)
    for name, value in kept.items():
        if value:
            yield _line(this, terms[name], _text(str(value)))


def _redaction(base: str, each: Submission, event: Event, silent: Collection[str]) -> Iterator[str]:
    this = f"<{base}/{each.name}>"
    yield _line(this, PROV.invalidatedAtTime, f'"{event.at}"^^<{XSD.dateTime}>')
    yield _line(this, Terms(base).redacted, _text(event.reason))
    for name in sorted(silent):
        yield _line(this, Terms(base).emptied, _text(name))


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
        yield _line(this, Terms(base).root, _text(each.root))
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
