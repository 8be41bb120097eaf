"""A file read: its statements, where they stand, and what reading it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.records import field, record

if TYPE_CHECKING:
    from bicentennial.core.findings import Finding
    from bicentennial.formats.csv.places import RowLines
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.origins import Origins

__all__ = ["Sheet", "Submission"]


class Sheet(NamedTuple):
    """A sheet or JSON list that was read: its name, the class of its rows, how many there are."""

    name: str | None
    class_iri: str
    rows: int
    header_row: int | None


@record
class Submission:
    """What a file turned out to hold.

    `suppressed` holds pairs of class and property whose column is missing or misspelt: that is one finding
    already, so that it is not repeated for every row; `lost` holds pairs of subject and property whose value could not
    be read, which is one, too. `row_lines` is there if rows of a delimited text are not lines. `version` is that of the
    ontology which the file was made for, `version_source` where it says so; see `semantics.versions`.
    """

    file: str
    format: str
    dataset: Dataset
    findings: list[Finding]
    origins: Origins
    sheets: list[Sheet] = field(default_factory=list)
    suppressed: set[tuple[str, str]] = field(default_factory=set)
    lost: set[tuple[str, str]] = field(default_factory=set)
    row_lines: RowLines | None = None
    version: str = ""
    version_source: str = "assumed"
