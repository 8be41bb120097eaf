"""What the project publishes, each as one file.

>>> sorted(WHAT)
['context', 'diagram', 'framework', 'index', 'ontology', 'owl', 'schema', 'shapes', 'stratml']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from bicentennial.core.errors import UsageError
from bicentennial.core.files.output import atomic_path, check_language, suffix_of
from bicentennial.core.messages import entry, render
from bicentennial.core.namespaces import BIC, DCTERMS, RDF
from bicentennial.core.resources import COMPILED, files, version
from bicentennial.exchange.conversion import ENDINGS, write_dataset
from bicentennial.exchange.losses import Loss, Losses
from bicentennial.exchange.names import counted
from bicentennial.exchange.publications.owl import dl, labelled, measured

if TYPE_CHECKING:
    import os
    from pathlib import Path

__all__ = ["FOLDERS", "WHAT", "export"]

_PARTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "ontology": (
        ("ontology", "terms/*.ttl"),
        ("ontology", "vocabularies/*.ttl"),
        ("ontology", "tables.ttl"),
        ("ontology", "alignments/*.ttl"),
    ),
    "shapes": (("shapes", "structural/*.ttl"), ("shapes", "rules/*.ttl")),
    "framework": (("ontology", "framework/*.ttl"), ("ontology", "dataset.ttl")),
    "owl": (
        ("ontology", "terms/*.ttl"),
        ("ontology", "vocabularies/*.ttl"),
        ("ontology", "alignments/*.ttl"),
        ("ontology", "framework/*.ttl"),
    ),
}
_COMPILED: Final = {"context": "context.jsonld", "schema": "schema.json", "index": "index.json"}
_FINISH: Final = {"ontology": labelled, "framework": measured, "owl": dl}
_RDF: Final = (".ttl", ".jsonld", ".nt", ".rdf")

_ACTION: Final = ox.NamedNode(BIC.Action)

WHAT: Final[dict[str, tuple[str, ...]]] = {
    "ontology": _RDF,
    "shapes": _RDF,
    "owl": _RDF,
    "framework": (*_RDF, ".csv", ".tsv", ".xlsx", ".json"),
    "context": (".jsonld", ".json"),
    "schema": (".json",),
    "index": (".json",),
    "stratml": (".xml",),
    "diagram": (".svg",),
}
"""What there is, and how each may be written, by the ending of the file's name."""
FOLDERS: Final = ("site",)
"""What is published as a folder of files, which the layers above write."""


def export(artifact: str, output: str | os.PathLike[str], *, lang: str = "en") -> tuple[Loss, ...]:
    """Write one of the things that the project publishes as one file.

    Args:
        artifact: `ontology`, `shapes`, `owl` (ontology and data in OWL 2 DL, for reasoners), each as `.ttl`, `.jsonld`,
            `.nt` or `.rdf`; `framework` (those, and its actions as a
            table: `.csv`, `.tsv`, `.xlsx`, `.json`), `context`, `schema`, `index`, `stratml` (the Framework as a
            strategic plan by ISO 17469-1, `.xml`) or `diagram` (`.svg`).
        output: where; the ending says how.
        lang: the language of texts, where the format holds one.

    Returns:
        What the format cannot express, as for `convert`.

    Raises:
        UsageError: there is no such thing, or the ending does not fit it.
        OutputError: it cannot be written.
    """
    if artifact not in WHAT:
        text = render(entry("exchange", "no-such-export"), what=artifact, known=", ".join((*WHAT, *FOLDERS)))
        raise UsageError(text)
    kind = suffix_of(output, WHAT[artifact])
    check_language(lang)
    losses = Losses()
    with atomic_path(output) as path:
        if artifact in _PARTS:
            _write_parts(path, artifact, kind, lang, losses)
        elif artifact in _COMPILED:
            path.write_bytes((COMPILED / _COMPILED[artifact]).read_bytes())
        else:
            path.write_text(_drawn(artifact, lang), encoding="utf-8", newline="\n")
    return tuple(losses)


def _drawn(what: str, lang: str) -> str:
    if what == "stratml":
        from bicentennial.exchange.publications.stratml import plan

        return plan(lang)
    from bicentennial.exchange.publications.diagram import diagram

    return diagram(lang)


def _actions(quads: list[ox.Quad]) -> list[ox.Quad]:
    # All that actions name is known wherever a table is read, so they are all that a table needs. They stand in the
    # order in which people count them, A2 before A10.
    actions = {quad.subject for quad in quads if (quad.predicate.value, quad.object) == (RDF.type, _ACTION)}
    codes = {
        quad.subject: quad.object.value
        for quad in quads
        if quad.predicate.value == DCTERMS.identifier and isinstance(quad.object, ox.Literal)
    }
    kept = [quad for quad in quads if quad.subject in actions]
    return sorted(kept, key=lambda quad: counted(codes[quad.subject]))


def _write_parts(path: Path, what: str, kind: str, lang: str, losses: Losses) -> None:
    # Nodes without a name are renamed, for two files may use the same label for different ones.
    quads = [
        quad
        for area, pattern in _PARTS[what]
        for part in files(area, pattern)  # type: ignore[arg-type]  # the areas above are those that there are
        for quad in ox.parse(path=str(part), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    if what in _FINISH and kind in _RDF:
        quads = _FINISH[what](quads)
    if kind == ".ttl":
        from bicentennial.rdf import write_turtle

        text = write_turtle((quad.triple for quad in quads), comment=f"# bicentennial {version()}: {what}")
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    from bicentennial.storage.duckdb.dataset import DuckDBDataset

    if kind not in _RDF:
        quads = _actions(quads)
    with DuckDBDataset.from_quads(quads) as dataset:
        write_dataset(path, dataset, ENDINGS[kind], lang, losses)
