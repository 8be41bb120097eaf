"""From the notes on a JSON-LD document to findings, each at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.problems import make_finding

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from bicentennial.core.findings import Finding
    from bicentennial.formats.jsonld.origins import JsonLdOrigins
    from bicentennial.formats.jsonld.statements import JsonLdDocument

__all__ = ["findings"]


def findings(document: JsonLdDocument, origins: JsonLdOrigins, known: Container[str]) -> Iterator[Finding]:
    """Yield what is to be said about a document.

    Args:
        document: the document, once it is read.
        origins: where its statements stand.
        known: properties whose values a shape looks at, so that it speaks of references that are none.
    """
    for note in document.notes:
        if note.code == "jsonld-reference" and note.more.get("property") in known:
            continue
        words = {"key" if note.code == "key-repeated" else "word": note.word}
        yield make_finding(
            note.code,
            origins.at(note.place, note.path, note.number),
            value=note.word,
            count=note.count,
            **words,
            **note.more,
        )
