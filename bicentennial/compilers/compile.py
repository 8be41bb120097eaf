"""All that is compiled from ontology and models, as the texts of the files that hold it.

>>> from bicentennial.core.resources import COMPILED
>>> sorted(path.name for path in artefacts() if path.parent == COMPILED)
['context.jsonld', 'index.json', 'schema.json']
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bicentennial.compilers.index import index
from bicentennial.compilers.schema import schema
from bicentennial.compilers.shacl import shape_files
from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.resources import COMPILED, GENERATED, directory, files
from bicentennial.rdf.context import context
from bicentennial.rdf.turtle import format_turtle

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["artefacts", "formatted"]


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def artefacts() -> dict[Path, str]:
    """Return the compiled files of this layer: shapes, context, JSON Schema, index."""
    structural = directory("shapes") / "structural"
    comment = {"$comment": GENERATED}  # none in the context, where it would be a term
    return {structural / f"{name}.ttl": text for name, text in shape_files().items()} | {
        COMPILED / "context.jsonld": _json(context()),
        COMPILED / "index.json": _json(comment | index()),
        COMPILED / "schema.json": _json(comment | schema()),
    }


def formatted() -> dict[Path, str]:
    """Return the hand-written Turtle of ontology and shapes, formatted.

    Raises:
        UnreadableInputError: a file is no Turtle; the message names it.
    """
    paths = [
        *files("ontology", "**/*.ttl"),
        *files("shapes", "rules/*.ttl"),
        *directory("shapes").glob("hygiene/*.ttl"),
    ]
    return {path: _format(path) for path in sorted(paths)}


def _format(path: Path) -> str:
    try:
        return format_turtle(path.read_text(encoding="utf-8"))
    except UnreadableInputError as error:
        text = {language: f"{path}: {said}" for language, said in error.text.items()}
        raise UnreadableInputError(text, line=error.line) from error
