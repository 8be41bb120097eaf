"""From any file that a partner has to statements whose every origin is known.

    file ──decoding, formats, limits──▶ tables · JSON · RDF ──▶ Submission(dataset, origins, findings)

`read` raises only where nothing at all can be read; whatever else there is to say is a finding.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.intake.reader import FileReader
from bicentennial.intake.submission import Sheet, Submission
from bicentennial.semantics.mapping import MappingFile
from bicentennial.vocabulary.index import Index, default_index

if TYPE_CHECKING:
    import os

    from bicentennial.intake.bulk import Begin

__all__ = ["Limits", "Sheet", "Submission", "read"]


def read(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    limits: Limits = DEFAULT,
    index: Index | None = None,
    sqlite: bool = False,
    begin: Begin | None = None,
) -> Submission:
    """Read a partner's file; it is never changed, and a path is a path, never an address.

    Args:
        path: the file, of any format that the project reads.
        name: what findings call it; its own name if None.
        mapping: a TOML file that says what the file's headers and values mean; see `semantics.mapping`.
        limits: how large a file may be, and what else reading it may take.
        index: the compiled index of the ontology, the package's own if None.
        sqlite: whether a small submission may be kept in SQLite; see `storage.choice`.
        begin: called with the dataset of a large sheet and what its rows are, before they are read.

    Raises:
        InputNotFoundError: there is no such file.
        UnreadableInputError: it is broken, or of no format that is read, or holds no table of ours.
        LimitReachedError: it is larger than the limits allow; the error names the setting.
        UsageError: the mapping file is wrong.
    """
    rules = MappingFile.read(Path(mapping), index or default_index()) if mapping is not None else MappingFile()
    reader = FileReader(Path(path), index or default_index(), rules, limits, sqlite=sqlite, name=name, begin=begin)
    return reader.read_file()
