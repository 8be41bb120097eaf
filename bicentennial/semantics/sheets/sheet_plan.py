"""What a sheet is read as, found out once: its table, its header, and what each of its columns is.

Whatever reads the rows below (the date and the version of the submission, things that a mapping file declares, records
in Python or cells in the database) follows the same plan, so that none of it can depend on how the rows are kept.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bicentennial.core.namespaces import DCTERMS
from bicentennial.core.startup.records import record
from bicentennial.vocabulary.index import NAMED_BY_IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.findings import Location
    from bicentennial.semantics.sheets.headers import Header, Heading
    from bicentennial.vocabulary.index import Table

__all__ = ["SheetPlan"]


@record(frozen=True, slots=False)
class SheetPlan:
    """What a sheet is read as. Columns are numbered from 1.

    Args:
        table: the table.
        at: file, sheet and row of the header.
        above: how many rows of the grid stand above the header.
        below: the position in the grid of the first row below the header and what belongs to it.
        texts: the header of each column, of two rows put together; empty where there is none.
        rows: the rows that the header takes, as they are.
        header: which columns were recognised, and what is to be said about the others.
        version: the columns whose header is that of the version of the ontology.
        declares: whether a mapping file declares columns to name things of the partner's own.
        beside: how many columns the table has, before another one that stands beside it.
    """

    table: Table
    at: Location
    above: int
    below: int
    texts: Sequence[str]
    rows: Sequence[Sequence[str]]
    header: Header
    version: Sequence[int] = ()
    declares: bool = False
    beside: int = 0

    @cached_property
    def headings(self) -> list[Heading]:
        """The columns that say something of the thing of the row."""
        return [heading for heading in self.header.headings if not heading.column.about]

    @cached_property
    def about(self) -> list[Heading]:
        """The columns that say something of the submission, in whichever row."""
        return [heading for heading in self.header.headings if heading.column.about]

    @cached_property
    def identifier(self) -> int | None:
        """The column that identifies the rows."""
        return next((each.number for each in self.headings if each.column.iri == DCTERMS.identifier), None)

    @property
    def is_columnar(self) -> bool:
        """Whether the rows can be understood column by column.

        Parties and places are known by their names too, and what a mapping file declares is found row by row.
        """
        return self.table.iri in NAMED_BY_IDENTIFIER and not self.declares
