"""A partner's graph is data and nothing more.

What it says about our terms and individuals, what it says in the vocabularies of schemas, and the things that it
makes up in classes where only ours count are taken out and reported: none of that ever changes a verdict.
"""

# ruff: noqa: S608 - nothing that a partner wrote is ever part of the text of a query

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.namespaces import BIC, BICD, BICSH, OWL, RDF, RDFS, SH, XSD, compact, local_name
from bicentennial.core.problems import excerpts, make_finding
from bicentennial.core.similar import similar
from bicentennial.formats.rdf.iris import BASE
from bicentennial.semantics.sheets.headers import Recogniser
from bicentennial.storage.layout import IRI, begins, materialized

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator

    from bicentennial.core.findings import Finding
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.origins import Origins
    from bicentennial.vocabulary.index import Index

__all__ = ["hides_nothing", "sanitize"]

_OURS: Final = (str(BIC), str(BICD), str(BICSH))
_SCHEMA_PROPERTIES: Final = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
_SCHEMA_CLASSES: Final = (RDFS.Class, RDFS.Datatype, RDF.Property)
# So many things are named one by one; beyond that a file is plainly not a submission, and their number is given.
_EACH: Final = 5
# Of invisible characters, so many cases are listed.
_CASES: Final = 100
# Invisible characters, or those that turn the direction of writing.
_HIDDEN: Final = (
    r"[\x00-\x20\x7f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
# What a text of triples holds where an IRI has one of these; no parser takes others of ASCII for a part of an IRI.
_ESCAPED: Final = ("\\", "\x7f")
_NEAR: Final = 88.0


def sanitize(dataset: Dataset, index: Index, origins: Origins, *, is_plain: bool = False) -> list[Finding]:
    """Take out of a dataset what a partner has no say in, and return the findings that say so.

    Args:
        dataset: the statements.
        index: what we know of our ontology.
        origins: where the statements stand.
        is_plain: whether it is known that no IRI holds an invisible character; see `hides_nothing`.
    """
    found = [] if is_plain else [*_hidden(dataset, origins)]
    found += _reserved(dataset, origins)
    terms = _terms(dataset)
    properties, classes = ({term.iri for term in terms if term.is_class == of_class} for of_class in (False, True))
    if _is_schema(properties, _SCHEMA_PROPERTIES) or _is_schema(classes, _SCHEMA_CLASSES):
        found += _schema(dataset, origins)
        terms = _terms(dataset)
    closed = [iri for iri, described in index.classes.items() if iri.startswith(str(BIC)) and not described.get("open")]
    if not classes.isdisjoint(closed):
        found += _closed(dataset, index, origins, closed)
        terms = _terms(dataset)
    found += _unknown(terms, index, origins)
    found += _others(terms, dataset, index, origins)
    return found


def hides_nothing(text: str) -> bool:
    r"""Return whether it shows at a glance that no IRI in a text of triples holds an invisible character.

    >>> hides_nothing("<urn:a> a <urn:b> ."), hides_nothing(r"<urn:a\u200b> a <urn:b> ."), hides_nothing("")
    (True, False, False)
    """
    return text != "" and text.isascii() and not any(each in text for each in _ESCAPED)


class _Term(NamedTuple):
    """A property, or an object of `rdf:type`: one of its subjects, how many have it, and of which kind it is."""

    iri: str
    s: str
    number: int
    is_class: bool
    kind: int


def _terms(dataset: Dataset) -> list[_Term]:
    rows = dataset.connection.execute(
        "SELECT p AS term, min(s), count(*), false AS is_class, 0 AS kind FROM statements GROUP BY p"
        f" UNION ALL SELECT o, min(s), count(*), true, kind FROM statements WHERE p = '{RDF.type}' GROUP BY o, kind"
        " ORDER BY term, is_class, kind"
    )
    return [_Term(*row) for row in rows.fetchall()]


def _is_schema(iris: set[str], known: Collection[str]) -> bool:
    return not iris.isdisjoint(known) or any(iri.startswith((str(OWL), str(SH))) for iri in iris)


def _hidden(dataset: Dataset, origins: Origins) -> Iterator[Finding]:
    # Each IRI is looked at once, and only the subjects of those that have such a character are looked for.
    iris = (
        "SELECT s AS iri FROM statements UNION SELECT p FROM statements"
        " UNION SELECT o FROM statements WHERE kind = 0 UNION SELECT dt FROM statements WHERE kind = 2"
    )
    query = f"SELECT iri FROM ({materialized(iris)}) WHERE regexp_matches(iri, ?1)"
    found = dataset.connection.execute(query, [_HIDDEN]).fetchall()
    if not found:
        return
    rows = dataset.connection.execute(
        f"WITH odd AS ({dataset.texts('?1')}), used AS ("
        " SELECT s, s AS iri FROM statements UNION ALL SELECT s, p FROM statements"
        " UNION ALL SELECT s, o FROM statements WHERE kind = 0 UNION ALL SELECT s, dt FROM statements WHERE kind = 2)"
        " SELECT DISTINCT s, iri FROM used WHERE iri IN (SELECT * FROM odd) ORDER BY s, iri LIMIT ?2",
        [[iri for (iri,) in found], _CASES],
    ).fetchall()
    origins.prefetch(s for s, _ in rows)
    for s, iri in rows:
        yield make_finding("iri-hidden-character", origins.locate(s), focus=s, value=iri, iri=iri)


def _reserved(dataset: Dataset, origins: Origins) -> Iterator[Finding]:
    ours = " OR ".join(begins("s", namespace) for namespace in _OURS)
    yield from _taken(dataset, origins, ours, "reserved-subject")


def _schema(dataset: Dataset, origins: Origins) -> Iterator[Finding]:
    connection = dataset.connection
    headers = f"s IN (SELECT s FROM statements WHERE p = '{RDF.type}' AND o = '{OWL.Ontology}')"
    about = f"({begins('p', str(OWL))} OR (p = '{RDF.type}' AND o = '{OWL.Ontology}'))"
    for (s,) in connection.execute(
        f"SELECT DISTINCT s FROM statements WHERE {headers} AND {about} ORDER BY s LIMIT {_EACH}"
    ).fetchall():
        yield make_finding("ontology-header", origins.locate(s), focus=s, subject=compact(s))
    dataset.delete(f"{headers} AND {about}")
    # That something is an individual says nothing; editors write it of everything.
    dataset.delete(f"p = '{RDF.type}' AND o = '{OWL.NamedIndividual}'")
    properties = ", ".join(f"'{iri}'" for iri in _SCHEMA_PROPERTIES)
    classes = ", ".join(f"'{iri}'" for iri in _SCHEMA_CLASSES)
    condition = (
        f"p IN ({properties}) OR {begins('p', str(OWL))} OR {begins('p', str(SH))}"
        f" OR (p = '{RDF.type}' AND (o IN ({classes}) OR {begins('o', str(OWL))} OR {begins('o', str(SH))}))"
    )
    yield from _taken(dataset, origins, condition, "schema-statement")


def _taken(dataset: Dataset, origins: Origins, condition: str, code: str) -> Iterator[Finding]:
    rows = dataset.connection.execute(
        f"SELECT s, count(*) FROM statements WHERE {condition} GROUP BY s ORDER BY starts_with(s, '_:'), s"
    ).fetchall()
    for s, count in rows[:_EACH]:
        said = dataset.connection.execute(
            f"SELECT DISTINCT p FROM statements WHERE s = ? AND ({condition}) ORDER BY p", [s]
        ).fetchall()
        properties = [p for (p,) in said]
        yield make_finding(
            code,
            origins.locate(s, properties[0]),
            focus=s,
            path=properties[0],
            subject=compact(s),
            count=count,
            properties=[compact(each) for each in properties],
        )
    if len(rows) > _EACH:
        yield make_finding(f"{code}s-more", origins.locate(rows[_EACH][0]), count=len(rows) - _EACH)
    if rows:
        dataset.delete(condition)


def _closed(dataset: Dataset, index: Index, origins: Origins, closed: list[str]) -> Iterator[Finding]:
    condition = f"p = '{RDF.type}' AND o IN ({dataset.texts('?1')})"
    rows = dataset.connection.execute(
        f"SELECT DISTINCT s, o FROM statements WHERE {condition} ORDER BY s, o", [closed]
    ).fetchall()
    origins.prefetch(s for s, _ in rows)
    for s, group in groupby(rows, itemgetter(0)):
        classes = [o for _, o in group]
        label = {language: excerpts(index.label(iri, language) for iri in classes) for language in LANGUAGES}
        yield make_finding(
            "closed-class",
            origins.locate(s, RDF.type),
            focus=s,
            path=RDF.type,
            value=classes[0],
            subject=compact(s),
            label=label,
        )
    if rows:
        dataset.delete(condition, [closed])


def _unknown(terms: list[_Term], index: Index, origins: Origins) -> Iterator[Finding]:
    misspelt = [
        each
        for each in terms
        if each.kind == IRI and _is_misspelt(each.iri, index.classes if each.is_class else index.properties)
    ]
    origins.prefetch(each.s for each in misspelt)
    elsewhere: dict[str, list[_Term]] = {}
    for each in misspelt:
        known = index.classes if each.is_class else index.properties
        name = local_name(each.iri)
        if not each.iri.startswith((str(BIC), BASE)) and f"{BIC}{name}" in known:
            elsewhere.setdefault(each.iri.removesuffix(name), []).append(each)
    for namespace, terms in elsewhere.items():
        first = terms[0]
        path = RDF.type if first.is_class else first.iri
        yield make_finding(
            "namespace-differs",
            origins.locate(first.s, path, first.iri if first.is_class else None),
            focus=first.s,
            path=path,
            value=namespace,
            namespace=namespace.encode("ascii", "backslashreplace").decode(),  # letters may look alike
            ours=str(BIC),
            names=[local_name(each.iri) for each in terms],
            suggestions=[str(BIC)],
        )
    headers = [Recogniser(index, table) for table in index.tables] if misspelt else []
    for term, s, count, is_class, _ in misspelt:
        known = index.classes if is_class else index.properties
        name = local_name(term)
        if term.removesuffix(name) in elsewhere and f"{BIC}{name}" in known:
            continue
        # What a column is called by, such as `bic:title`, is known for sure.
        meant = () if is_class else (each.match(name) for each in headers)
        found = next((match[0].iri for match in meant if match and not match[0].about), None)
        near = [found] if found else _nearest(name, [iri for iri in known if iri.startswith(str(BIC))])
        path = RDF.type if is_class else term
        texts = entry("intake", "unknown-term")["nearest" if near else "all"]
        yield make_finding(
            "unknown-term",
            origins.locate(s, path, term if is_class else None),
            focus=s,
            path=path,
            value=term,
            term=compact(term.removeprefix(BASE)),
            count=count,
            suggestions=[compact(iri) for iri in near],
            terms=render(texts, near=excerpts(map(compact, near))),
        )


def _others(terms: list[_Term], dataset: Dataset, index: Index, origins: Origins) -> Iterator[Finding]:
    """Yield the properties of other vocabularies that things have in place of one of ours, such as `rdfs:label`."""
    foreign = [each.iri for each in terms if not each.is_class and _is_foreign(each.iri, index)]
    for table in index.tables if foreign else ():
        recogniser = Recogniser(index, table)
        matches = [(term, recogniser.match(local_name(term))) for term in foreign]
        meant = {term: match[0].iri for term, match in matches if match and not match[0].about}
        used: dict[str, tuple[str, int]] = {}
        for ours in dict.fromkeys(meant.values()):
            # All that mean the same at once: a file may have thousands of them.
            rows = dataset.connection.execute(
                f"SELECT p, min(s), count(DISTINCT s) FROM statements WHERE p IN ({dataset.texts('?1')})"
                f" AND s IN (SELECT s FROM statements WHERE p = '{RDF.type}' AND o = ?2)"
                " AND s NOT IN (SELECT s FROM statements WHERE p = ?3) GROUP BY p",
                [[term for term, of in meant.items() if of == ours], table.iri, ours],
            )
            used |= {term: (s, count) for term, s, count in rows.fetchall()}
        origins.prefetch(s for s, _ in used.values())
        for term, ours in meant.items():
            if term in used:
                s, count = used[term]
                yield make_finding(
                    "property-other",
                    origins.locate(s, term),
                    focus=s,
                    path=term,
                    value=term,
                    term=compact(term),
                    near=compact(ours),
                    count=count,
                    suggestions=[compact(ours)],
                )


def _is_foreign(term: str, index: Index) -> bool:
    return term not in index.properties and not term.startswith((*_OURS, str(RDF), str(OWL), str(SH)))


def _is_misspelt(term: str, terms: Container[str]) -> bool:
    if term in terms or term.startswith((str(RDF), str(XSD))):
        return False
    name = local_name(term)
    namespace = term[: len(term) - len(name)]
    if namespace == BASE:  # relative, as where a prefix or the vocabulary of a context is missing
        return f"{BIC}{name}" in terms
    return namespace == str(BIC) or _look_alike(namespace)


def _look_alike(namespace: str) -> bool:
    # Look-alike letters, another scheme, a forgotten hash, another name behind ours: near our namespace, yet not in it.
    from rapidfuzz import fuzz

    plain = re.sub(r"[^\x00-\x7f]", "", unicodedata.normalize("NFKD", namespace)).lower().removeprefix("http")
    ours = str(BIC).removeprefix("https")
    project = ours.rpartition("/")[0]
    return fuzz.ratio(plain.lstrip("s"), ours) >= _NEAR or plain.lstrip("s").startswith((f"{project}/", f"{project}#"))


def _nearest(name: str, iris: list[str]) -> list[str]:
    names = {local_name(iri).lower(): iri for iri in iris}
    return [names[found] for found in similar(name.lower(), names, cutoff=70)]
