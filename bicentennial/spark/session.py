"""The session of Spark that the work is done in, and the texts of SQL that it reads."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UnreadableInputError, UsageError
from bicentennial.core.messages import sentence
from bicentennial.storage.layout import ALL_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame, SparkSession

__all__ = ["frame", "lists", "literal", "open_session", "refused", "rewritten", "split"]

# What the statements rest on, whatever the cluster's own settings are.
_SETTINGS: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # What is kept stays split as it was, see `SparkDataset.materialize`.
    "spark.sql.optimizer.canChangeCachedPlanOutputPartitioning": "false",
    "spark.sql.join.preferSortMergeJoin": "false",
}
# Where no Spark runs yet, it is this machine's.
_STARTED: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # A report is read beside it, and each pattern of names would be told of as a file that is not there.
    "spark.log.level": "ERROR",
    # Each aggregate of a check takes a page at once, be it for one row.
    "spark.buffer.pageSize": "2m",
}
# Names of functions in the SQL of the submission stack that differ in Spark.
_NAMES: Final = {
    "starts_with": "startswith",
    "ends_with": "endswith",
    "regexp_matches": "regexp_like",
    ALL_ROWS: "",  # for Spark it would be one part with all rows
}
_WHOLE: Final = (
    "regexp_full_match(a STRING, b STRING) RETURNS BOOLEAN RETURN regexp_like(a, concat('\\\\A(?:', b, ')\\\\z'))"
)
_PART: Final = re.compile(r"'(?:[^']|'')*'|\?\d*|\b(?:starts_with|ends_with|regexp_matches)\b" + f"|{ALL_ROWS}")


def open_session() -> SparkSession:
    """Return a session of its own: of the Spark that runs already, or of one that is started here.

    Started here, it is what `spark-submit` or `PYSPARK_SUBMIT_ARGS` say, and all processors of this machine otherwise.

    Raises:
        UsageError: PySpark or Java is not installed, or Spark does not start.
    """
    try:
        import pyarrow as pa  # noqa: F401 - results come through it
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(sentence("spark", "no-pyspark")) from error
    running = SparkSession.getActiveSession()
    if running is None:
        if not _java():
            raise UsageError(sentence("spark", "no-java"))
        builder = SparkSession.builder.appName("bicentennial")
        for name, value in _STARTED.items():
            builder = builder.config(name, value)
        try:
            running = builder.getOrCreate()
        except (PySparkException, RuntimeError, OSError) as error:
            reason = " ".join(str(error).split())[:200]
            raise UsageError(sentence("spark", "not-started", reason=reason)) from error
    session = running.newSession()
    for name, value in _SETTINGS.items():
        session.conf.set(name, value)
    session.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {_WHOLE}")
    return session


def split(session: SparkSession, parts: float) -> int:
    """Let what is exchanged be split into so many parts from now on, and return how many that are.

    In one part, all joins are done where the rows are: Spark then neither exchanges nor broadcasts anything, and needs
    no filter that spares what a join would exchange.
    """
    number = max(1, round(parts))
    session.conf.set("spark.sql.shuffle.partitions", str(number))
    session.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1" if number == 1 else str(32 << 20))
    session.conf.set("spark.sql.adaptive.enabled", str(number > 1).lower())
    session.conf.set("spark.sql.optimizer.runtime.bloomFilter.enabled", str(number > 1).lower())
    return number


def frame(session: SparkSession, rows: Sequence[Sequence[object]], schema: str) -> DataFrame:
    """Return rows of the driver as a data frame that Spark knows the size of, so that it is joined by broadcast.

    Args:
        session: the session.
        rows: the rows.
        schema: names and types of the columns, as SQL writes them.
    """
    import pyarrow as pa

    kinds = {"STRING": pa.string(), "INT": pa.int32(), "BIGINT": pa.int64()}
    named = [column.split() for column in schema.split(", ")]
    columns = zip(*rows, strict=True) if rows else [()] * len(named)
    arrays = [pa.array(list(column), kinds[kind]) for column, (_, kind) in zip(columns, named, strict=True)]
    return session.createDataFrame(pa.table(arrays, names=[name for name, _ in named]))


def refused(key: str, **words: object) -> UnreadableInputError:
    """Return the error that says why Spark does not read something; `key` is one of the section `spark`."""
    return UnreadableInputError(sentence("spark", key, **words))


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java") or (home and (Path(home) / "bin" / "java").exists()))


def literal(value: object) -> str:
    r"""Return a value as Spark's SQL writes it.

    >>> literal("l'été\\"), literal(None), literal(["a"])
    ("'l\\'été\\\\'", 'NULL', "array('a')")
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"array({', '.join(map(literal, value))})" if value else "CAST(array() AS ARRAY<STRING>)"
    text = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"


def rewritten(sql: str, parameters: Sequence[object] = ()) -> str:
    r"""Return a query of the submission stack with its strings as Spark writes them, and its parameters filled in.

    >>> rewritten("SELECT 'it''s' WHERE a = ?2 AND b = ?1", [1, "x"])
    "SELECT 'it\\'s' WHERE a = 'x' AND b = 1"
    >>> from bicentennial.storage.layout import materialized
    >>> rewritten(materialized("SELECT s FROM statements"))
    'SELECT * FROM (SELECT s FROM statements)'
    """
    count = 0

    def part(match: re.Match[str]) -> str:
        nonlocal count
        text = match[0]
        if text.startswith("'"):
            return literal(text[1:-1].replace("''", "'"))
        if text in _NAMES:
            return _NAMES[text]
        count += 1
        return literal(parameters[int(text[1:] or count) - 1])

    return _PART.sub(part, sql)


def lists(rows: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a data frame that come to the driver, by way of Arrow."""
    table = rows.toArrow()
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True)) if table.num_rows else []
