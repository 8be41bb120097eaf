"""What a registry gives away: to a SPARQL server, and as files that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.files.output import atomic_path
from bicentennial.monitoring.exports import graphs
from bicentennial.monitoring.exports.provenance import provenance
from bicentennial.monitoring.store import problems

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.store.database import Database

__all__ = ["WHAT", "export"]

WHAT: Final = ("trig", "nquads", "dcat", "iati", "stratml", "zip")
"""What may be exported."""


def export(database: Database, what: str, target: str | os.PathLike[str], *, lang: Language) -> list[str]:
    """Write what a registry holds into a file, and return what the format could not say; see `Registry.export`.

    Raises:
        UsageError: there is no such export.
        OutputError: the file cannot be written.
    """
    if what not in WHAT:
        raise problems.usage("export-what", what=what, known=", ".join(WHAT))
    with atomic_path(target) as path:
        return _write(database, what, path, lang)


def _write(database: Database, what: str, path: Path, lang: Language) -> list[str]:
    if what == "zip":
        from bicentennial.monitoring.exports import archive

        archive.write(database, path, lang)
        return []
    if what == "iati":
        from bicentennial.monitoring.exports import iati

        with database.snapshot():
            text, lost = iati.activities(database, lang)
        _lines(path, [text])
        return iati.labels(lost, lang)
    if what == "stratml":
        from bicentennial.monitoring.exports import stratml

        with database.snapshot():
            _lines(path, [stratml.report(database, lang)])
        return []
    with database.snapshot():
        if what == "trig":
            _lines(path, graphs.trig(database))
        elif what == "nquads":
            _lines(path, graphs.quads(database))
        else:
            _lines(path, provenance(database, graphs.base_of(database)))
    return []


def _lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(lines)
