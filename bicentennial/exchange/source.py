"""What a file says, in its own order, ready to be written in another format.

Unlike a submission that is checked, an RDF file is taken as it is: nothing is held back, whatever it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from bicentennial.core.file_formats import Family, of_family
from bicentennial.core.files.content import content
from bicentennial.core.namespaces import RDF
from bicentennial.exchange.losses import Losses
from bicentennial.formats.registry import detect, text_of
from bicentennial.intake import read
from bicentennial.storage.choice import has_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bicentennial.core.limits import Limits
    from bicentennial.storage.dataset import Dataset

__all__ = ["Object", "Source", "described", "open_source", "ordered"]

_RDF_FORMATS: Final = of_family(Family.RDF)

Object = tuple[str, int, str, str]
"""The object of a statement: its text or IRI, its kind, its datatype, its language."""

# Things in the order of their rows, or of the document; their types first, then their properties in the order of the
# columns, or of the document; values in the order of the cell. Subjects stay together, as writers need them.
_ORDERED: Final = f"""
    SELECT s, p, o, kind, dt, lang FROM (
        SELECT *, rowid AS place, min(rowid) OVER (PARTITION BY p) AS first_use,
            min(coalesce(sheet, 0)) OVER about AS first_sheet,
            min(CASE WHEN sheet IS NULL THEN rowid ELSE row END) OVER about AS first_place,
            min(coalesce(col, 0)) OVER (PARTITION BY s, p) AS first_column
        FROM statements WINDOW about AS (PARTITION BY s)
    ) ORDER BY first_sheet, first_place, s, p <> '{RDF.type}', first_column, first_use, p, coalesce(col, 0),
        coalesce(item, 0), place
"""  # noqa: S608 - constants of ours


@dataclass(slots=True)
class Source:
    """The statements of a file, its format, and what of it could not be read."""

    dataset: Dataset
    format: str
    losses: Losses


def open_source(path: Path, *, mapping: str | None, limits: Limits) -> Source:
    """Read a file of any format that is read.

    Raises:
        InputError: it is not there, broken, too large, or holds nothing of ours.
        UsageError: the mapping file is wrong.
    """
    losses = Losses()
    data = content(path, limits)
    format_name = detect(path.name, data).name
    if format_name not in _RDF_FORMATS:
        submission = read(path, mapping=mapping, limits=limits, sqlite=has_sqlite())
        losses.add(submission.findings)
        submission.dataset.materialize()
        return Source(submission.dataset, submission.format, losses)
    from bicentennial.formats.rdf.reading import open_rdf

    text = text_of(data, format_name)
    dataset, known = open_rdf(text, format_name, limits, sqlite=has_sqlite())
    if known.graphs:
        losses.note("graphs")
    losses.add(known.findings(known.origins(path.name, text, dataset)))
    return Source(dataset, format_name, losses)


def ordered(dataset: Dataset) -> Iterator[tuple[str, str, Object]]:
    """Yield subject, property and object of each statement once, in an order for readers."""
    cursor = dataset.connection.execute(_ORDERED)
    last: dict[tuple[str, str, Object], None] = {}
    about = ""
    while rows := cursor.fetchmany(10_000):
        for s, p, *value in rows:
            if s != about:
                last.clear()
                about = s
            one: tuple[str, str, Object] = (s, p, (value[0], value[1], value[2], value[3]))
            if one not in last:
                last[one] = None
                yield one


def described(dataset: Dataset) -> Iterator[tuple[str, dict[str, list[Object]]]]:
    """Yield each thing with what is said of it, by property."""
    for s, rows in groupby(ordered(dataset), key=lambda row: row[0]):
        about: dict[str, list[Object]] = {}
        for _, p, value in rows:
            about.setdefault(p, []).append(value)
        yield s, about
