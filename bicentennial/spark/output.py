"""All results of a check as Parquet: what the report lists a part of, for those who go on in the lakehouse."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import sentence
from bicentennial.validation.entity_lookup import EntityLookup
from bicentennial.validation.finding_messages import FindingMessages, severity
from bicentennial.validation.own_shapes import rule_texts
from bicentennial.validation.submission import structural_shapes
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import SparkSession

    from bicentennial.intake.submission import Submission
    from bicentennial.shacl_engine.result_table import ResultTable

__all__ = ["refuse_existing", "write_results"]

_ROWS: Final = 100_000
_TEXT: Final = """CASE WHEN starts_with(k, '"') THEN regexp_replace(k, '^"[^"]*"[^"]*"', '') ELSE k END"""


def refuse_existing(results: str | os.PathLike[str]) -> None:
    """Refuse to write over what is there.

    Raises:
        UsageError: there is something.
    """
    if os.path.lexists(results):
        raise UsageError(sentence("spark", "results-there", path=os.fspath(results)))


def write_results(
    session: SparkSession,
    submission: Submission,
    files: Sequence[str],
    found: ResultTable,
    results: str | os.PathLike[str],
) -> None:
    """Write each result that is worth a finding: its code, what it is about, and the file and row that describe that.

    A path that ends with `.parquet` is a file of this machine; any other is a folder, wherever Spark writes to.

    Args:
        session: the session.
        submission: the register.
        files: the names of its files, by their number.
        found: the results, among which those that only repeat others have been told apart.
        results: where to write them.
    """
    wording = FindingMessages(
        EntityLookup(submission.dataset, default_index()), structural_shapes(), rule_texts(), submission.format
    )
    local: Any = found.dataset
    tables = {name for (name,) in local.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    kept = "kept" if "kept" in tables else "found"
    numbers = [n for (n,) in local.connection.execute(f"SELECT DISTINCT source FROM {kept}").fetchall()]  # noqa: S608 - a name of ours
    named: list[list[tuple[Any, ...]]] = [
        [(n, wording.code(found.sources[n]), severity(found.sources[n].severity)) for n in numbers],
        [(n, name) for n, name in enumerate(files)],
    ]
    local.connection.execute("CREATE TABLE result_codes(source INTEGER, code VARCHAR, severity VARCHAR)")
    local.connection.execute("CREATE TABLE result_files(sheet INTEGER, file VARCHAR)")
    for table, rows in zip(("result_codes", "result_files"), named, strict=True):
        for row in rows:
            marks = ", ".join("?" for _ in row)
            local.connection.execute(f"INSERT INTO {table} VALUES ({marks})", list(row))  # noqa: S608 - a name of ours
    _place(local, submission.dataset, kept)
    path = local.spool / "results.parquet"
    local.connection.execute(
        f"COPY (SELECT code, severity, f AS focus, path, nullif({_TEXT}, f) AS value, file, row FROM {kept}"  # noqa: S608 - names of ours
        " JOIN result_codes USING (source) LEFT JOIN placed USING (f) LEFT JOIN result_files USING (sheet)"
        f" ORDER BY sheet, row, f, code) TO '{path}' (FORMAT parquet)"
    )
    target = os.fspath(results)
    if target.endswith(".parquet"):
        shutil.move(path, target)
        return
    import pyarrow.parquet

    session.createDataFrame(pyarrow.parquet.read_table(path)).write.parquet(target)


def _place(local: Any, dataset: Any, kept: str) -> None:
    """Make the table `placed`: the file and row that describe each focus node first."""
    local.connection.execute("CREATE TABLE placed(f VARCHAR, sheet INTEGER, row BIGINT)")
    focused = [f for (f,) in local.connection.execute(f"SELECT DISTINCT f FROM {kept}").fetchall()]  # noqa: S608 - a name of ours
    rows = dataset.firsts(focused)
    for start in range(0, len(rows), _ROWS):
        local.connection.execute(
            "INSERT INTO placed SELECT unnest(?::VARCHAR[]), unnest(?::INTEGER[]), unnest(?::BIGINT[])",
            [list(column) for column in zip(*rows[start : start + _ROWS], strict=True)],
        )
