"""The documents that the project publishes as a whole: ontology, shapes, data; and the files that go with them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from bicentennial.core.files.workspace import Workspace
from bicentennial.core.resources import COMPILED
from bicentennial.exchange.publications.publication import export
from bicentennial.service.http.rdf_syntaxes import written

__all__ = ["DOCUMENTS", "FILES", "document", "file"]

DOCUMENTS: Final = {"ontology": "ontology", "shapes": "shapes", "dataset": "framework"}
"""The documents by the last part of their IRIs, and how `export` calls them."""
FILES: Final = {"context.jsonld": "application/ld+json", "schema.json": "application/schema+json"}
"""The files that other programs look up by their address, and their media types."""


@cache
def document(name: str, ending: str) -> bytes:
    """Return a document of `DOCUMENTS` in the syntax of an ending."""
    with Workspace() as folder:
        path = Path(folder.path) / f"{name}.ttl"
        export(DOCUMENTS[name], path)
        content = path.read_bytes()
    if ending == ".ttl":
        return content
    # Turtle is written in one way, with names for nodes that have none; what is made of it is the same each time, too.
    return written((quad.triple for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)), ending)


@cache
def file(name: str) -> bytes:
    """Return a file of `FILES`."""
    return (COMPILED / name).read_bytes()
