"""A file of an earlier version of the ontology, said in the terms of another.

Identifiers never change their meaning. What was replaced stays declared in `ontology/versions.ttl`, with what takes its
place: a migration puts that there, and says for which version the file is made now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import entry, render
from bicentennial.core.namespaces import BIC, DCTERMS, RDF
from bicentennial.storage.layout import IRI
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from bicentennial.storage.dataset import Dataset

__all__ = ["known_version", "migrate"]

_PLACES: Final = ("s", "p", "o")


def known_version(version: str) -> str:
    """Return the IRI of a version of the ontology.

    Raises:
        UsageError: there is none of that number; it names those that there are.

    >>> known_version("0.1.0")
    'https://w3id.org/bicentennial/ontology/0.1.0'
    """
    known = {each["version"]: each["iri"] for each in default_index().versions}
    if version not in known:
        raise UsageError(render(entry("exchange", "no-version"), version=version, known=", ".join(known)))
    return known[version]


def migrate(dataset: Dataset, version: str, *, states: bool) -> None:
    """Put what takes its place for each term that was replaced, and state the version.

    Args:
        dataset: the statements, which are changed.
        version: the version that they are for from now on.
        states: whether the format that is written has a place to say so.
    """
    iri = known_version(version)
    for old, new in default_index().replaced.items():
        for place in _PLACES:
            kind = f" AND kind = {IRI}" if place == "o" else ""
            dataset.connection.execute(
                f"UPDATE statements SET {place} = ?2 WHERE {place} = ?1{kind}",  # noqa: S608 - names of ours
                [old, new],
            )
    if not states:
        return
    said = dataset.connection.execute(
        "SELECT s FROM statements WHERE p = ?1 AND o = ?2", [str(RDF.type), str(BIC.Submission)]
    ).fetchone()
    subject = said[0] if said else next(iter(default_index().itself))
    dataset.connection.execute("DELETE FROM statements WHERE s = ?1 AND p = ?2", [subject, str(DCTERMS.conformsTo)])
    stated = [(subject, str(DCTERMS.conformsTo), iri)]
    if not said:
        stated.insert(0, (subject, str(RDF.type), str(BIC.Submission)))
    for s, p, o in stated:
        dataset.connection.execute(
            "INSERT INTO statements (s, p, o, kind, dt, lang) VALUES (?1, ?2, ?3, ?4, '', '')", [s, p, o, IRI]
        )
