"""Questions in SPARQL, of the Framework and of what was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.core.files.workspace import Workspace
from bicentennial.knowledge.sparql.results import QueryResult
from bicentennial.monitoring.exports import graphs
from bicentennial.monitoring.store.submissions import Submission, find
from bicentennial.querying import query as ask_worker

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from bicentennial.monitoring.store.database import Database

__all__ = ["ask"]


def ask(
    database: Database,
    query: str | os.PathLike[str],
    *,
    versions: str | Iterable[str | int],
    params: Mapping[str, Any] | None,
    lang: str,
    limits: Mapping[str, float] | None,
) -> QueryResult:
    """Answer a query; see `Registry.query`."""
    several: list[Submission] | None = []
    if versions == "all":
        several = None
    elif versions != "current":
        several = [find(database, each) for each in ([versions] if isinstance(versions, str) else versions)]
    with Workspace() as folder:
        path = folder.path / "registry.nq"
        with path.open("w", encoding="utf-8", newline="\n") as stream, database.snapshot():
            stream.writelines(graphs.quads(database, versions=several))
        found = ask_worker(query, params=params, data=[path], lang=lang, limits=limits)
    # Notes about the file are left out: its graphs are named by the registry, and its name is internal.
    notes = [note for note in found.notes if path.name not in note["en"]]
    return QueryResult(found.kind, found.payload, found.heads, notes)
