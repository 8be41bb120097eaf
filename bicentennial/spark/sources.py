"""What lies at the paths: files of one kind, numbered, and each of their rows or lines with its number.

A file is identified by its number in the list of their names, which are sorted. Spark splits large files and reads the
pieces side by side; how many rows the pieces before one have is counted first, so that every row has its number in its
file.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from bicentennial.core.file_formats import FILE_FORMATS
from bicentennial.spark.session import frame, lists, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Files", "find", "numbered", "numbered_parquet"]

_KINDS: Final = {
    **{suffix: kind for kind in ("csv", "tsv", "ntriples") for suffix in FILE_FORMATS[kind].suffixes},
    ".ntriples": "ntriples",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_PACKED: Final = (".gz", ".bz2", ".snappy", ".zst")
# As many as a number of a sheet can count.
_MOST: Final = 32_000


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one kind: `paths` as Spark calls them, sorted, `names` as findings do, and their `size` in bytes."""

    kind: str
    paths: tuple[str, ...]
    names: tuple[str, ...]
    packed: bool = False
    size: int = 0


def find(session: SparkSession, paths: Sequence[str], kind: str | None = None) -> Files:
    """Return the files at some paths: files, folders or patterns, wherever Spark reads from.

    Args:
        session: the session.
        paths: the paths.
        kind: what the files are, whatever their names say: `parquet`, `csv`, `tsv` or `ntriples`.

    Raises:
        UnreadableInputError: there is none, they are of several kinds, or of one that is not read.
    """
    from pyspark.errors import AnalysisException

    try:
        listed = session.read.format("binaryFile").option("recursiveFileLookup", "true").load(list(paths))
        sizes = dict(lists(listed.select("path", "length")))
    except AnalysisException as error:
        raise refused("nothing-there", paths=", ".join(paths)) from error
    found = sorted(sizes)
    if not found:
        raise refused("nothing-there", paths=", ".join(paths))
    if len(found) > _MOST:
        raise refused("too-many-files", count=len(found), most=_MOST)
    suffixes = {_suffix(path) for path in found}
    kinds = {kind} if kind else {_KINDS.get(suffix) for suffix in suffixes}
    if None in kinds:
        raise refused("unknown-kind", formats=", ".join(sorted(each or "?" for each in suffixes)))
    if len(kinds) > 1:
        raise refused("several-kinds", formats=", ".join(sorted(suffixes)))
    packed = any(PurePosixPath(path).suffix in _PACKED for path in found)
    return Files(str(kinds.pop()), tuple(found), _names(found), packed, sum(sizes.values()))


def _suffix(path: str) -> str:
    name = PurePosixPath(path.lower())
    return PurePosixPath(name.stem).suffix if name.suffix in _PACKED else name.suffix


def _names(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the names of files, with as many of their folders as differ."""
    parts = [PurePosixPath(unquote(path)).parts for path in paths]
    shared = 0
    while all(len(each) > shared + 1 for each in parts) and len({each[shared] for each in parts}) == 1:
        shared += 1
    return tuple("/".join(each[shared:]) for each in parts)


def numbered(session: SparkSession, rows: DataFrame, files: Files, first: int) -> DataFrame:
    """Return rows that Spark's reader gives, with `sheet`, the number of their file, and `row`, that within it.

    Args:
        session: the session.
        rows: the rows, as they are read: nothing is left out yet.
        files: the files.
        first: the number of the first row.
    """
    from pyspark.sql import functions as f

    numbered_rows = rows.select(
        "*",
        f.col("_metadata.file_path").alias("file_"),
        f.col("_metadata.file_block_start").alias("start_"),
        f.monotonically_increasing_id().alias("id_"),
    )
    counted = lists(numbered_rows.groupBy("file_", "start_").agg(f.count("*"), f.min("id_")))
    sheets = {path: number for number, path in enumerate(files.paths)}
    pieces = []
    for path, group in groupby(sorted(counted), lambda each: each[0]):
        before = first
        for _, start, count, least in group:
            pieces.append((path, start, sheets[path], before - least))
            before += count
    places = frame(session, pieces, "file_ STRING, start_ BIGINT, sheet INT, shift_ BIGINT")
    joined = numbered_rows.join(f.broadcast(places), ["file_", "start_"])
    return joined.withColumn("row", f.col("id_") + f.col("shift_")).drop("file_", "start_", "id_", "shift_")


def numbered_parquet(session: SparkSession, rows: DataFrame, files: Files, first: int) -> DataFrame:
    """Return the same for the rows of Parquet files, which know their numbers."""
    from pyspark.sql import functions as f

    places = frame(session, [(path, n) for n, path in enumerate(files.paths)], "file_ STRING, sheet INT")
    known = rows.select(
        "*",
        f.col("_metadata.file_path").alias("file_"),
        (f.col("_metadata.row_index") + first).alias("row"),
    )
    return known.join(f.broadcast(places), "file_").drop("file_")
