"""From the files of a register to its statements in Spark, with what reading them has to say."""

# ruff: noqa: S608, E501 -- what goes into the SQL is ours, and a clause of SQL stays on its line

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import XSD
from bicentennial.intake.submission import Submission
from bicentennial.intake.untrusted import sanitize
from bicentennial.semantics.submission_date import SubmissionDate
from bicentennial.semantics.versions import Versions
from bicentennial.spark.dataset import SparkDataset
from bicentennial.spark.ntriples import of_lines
from bicentennial.spark.places import Places
from bicentennial.spark.session import lists, literal, refused
from bicentennial.spark.sources import numbered, numbered_parquet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from bicentennial.core.limits import Limits
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.spark.sources import Files
    from bicentennial.vocabulary.index import Index

__all__ = ["read"]

_STATED: Final = ("s", "p", "o", "kind", "dt", "lang")
_NUMBERS: Final = (
    *("decimal", "integer", "double", "float", "long", "int", "short", "byte"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
)


def read(
    session: SparkSession, files: Files, name: str, index: Index, mapping: MappingFile, limits: Limits
) -> Submission:
    """Return what the files of a register hold, its statements kept in Spark.

    Args:
        session: a session of its own.
        files: the files.
        name: what the register is called.
        index: the compiled index.
        mapping: what a mapping file says; it is for tables.
        limits: see `Limits`; those of sizes that memory sets on one machine do not apply.

    Raises:
        InputError: something cannot be read.
    """
    if files.kind == "parquet":
        rows = session.read.parquet(*files.paths)
        if set(_STATED) <= set(rows.columns):
            statements = _of_parquet(session, numbered_parquet(session, rows, files, 1))
            return _graph(session, files, name, index, mapping, limits, statements, by_line=False)
    if files.kind == "ntriples":
        text = session.read.option("lineSep", "\n").text(list(files.paths)).withColumnRenamed("value", "line")
        lines = numbered(session, text, files, 1)
        lines.createOrReplaceTempView("raw")
        ended = session.sql(r"SELECT regexp_replace(line, '\\r$', '') AS line, sheet, row FROM raw")
        statements = of_lines(session, ended, files.names)
        return _graph(session, files, name, index, mapping, limits, statements, by_line=True)
    from bicentennial.spark.tables import read_table

    return read_table(session, files, name, index, mapping, limits)


def _of_parquet(session: SparkSession, rows: DataFrame) -> DataFrame:
    rows.createOrReplaceTempView("raw")
    session.sql(
        "SELECT CAST(s AS STRING) AS s, CAST(p AS STRING) AS p, CAST(o AS STRING) AS o, CAST(kind AS INT) AS kind,"
        " coalesce(CAST(dt AS STRING), '') AS dt, lower(coalesce(CAST(lang AS STRING), '')) AS lang, sheet, row FROM raw"
    ).createOrReplaceTempView("given")
    ((count,),) = lists(
        session.sql(
            "SELECT count(*) FROM given WHERE s IS NULL OR p IS NULL OR o IS NULL OR kind IS NULL"
            " OR kind NOT IN (0, 1, 2) OR (kind = 2) <> (dt <> '') OR s = '' OR p = '' OR (kind < 2 AND o = '')"
            " OR (kind = 1) <> (kind <> 2 AND startswith(o, '_:'))"
        )
    )
    if count:
        raise refused("bad-statements", count=count)
    return session.sql("SELECT * FROM given")


def _graph(
    session: SparkSession,
    files: Files,
    name: str,
    index: Index,
    mapping: MappingFile,
    limits: Limits,
    statements: DataFrame,
    *,
    by_line: bool,
) -> Submission:
    """Return what a graph says once it has been cleaned as any partner's is."""
    statements.createOrReplaceTempView("read_")
    ordered = session.sql(
        "SELECT s, p, o, kind, dt, lang, sheet, CAST(row AS BIGINT) AS row, CAST(NULL AS INT) AS col,"
        " CAST(NULL AS INT) AS item FROM read_"
    )
    dataset = SparkDataset(session, ordered)
    try:
        dataset.keep()
        _measure(dataset, limits)
        return _cleaned(dataset, files, name, index, mapping, by_line=by_line)
    except BaseException:
        dataset.close()
        raise


def _cleaned(
    dataset: SparkDataset, files: Files, name: str, index: Index, mapping: MappingFile, *, by_line: bool
) -> Submission:
    origins = Places(name, files.names, dataset, by_line=by_line)
    versions, date = Versions(index), SubmissionDate(index, mapping)
    versions.of_dataset(dataset, origins)  # type: ignore[arg-type]
    findings = sanitize(dataset, index, origins)  # type: ignore[arg-type]
    date.finish(dataset, origins, versions.headers)  # type: ignore[arg-type]
    findings += versions.findings()
    # Statements in Parquet are a graph as well, and findings speak of them as of one.
    made = Submission(name, "ntriples", dataset, findings, origins)  # type: ignore[arg-type]
    made.version, made.version_source = versions.chosen, versions.source
    return made


def _measure(dataset: SparkDataset, limits: Limits) -> None:
    numbers = ", ".join(literal(str(XSD[each])) for each in _NUMBERS)
    ((s, p, o, text, digits),) = lists(
        dataset.session.sql(
            "SELECT max(length(s)), max(length(p)), max(CASE WHEN kind = 0 THEN length(o) ELSE length(dt) END),"
            " max(length(o)) FILTER (WHERE kind = 2), max(CASE WHEN kind = 2 AND length(o) >"
            f" {limits.digits} AND dt IN ({numbers}) THEN length(regexp_replace(o, '[^0-9]', '')) END) FROM statements"
        )
    )
    limits.check("iri_characters", max(s or 0, p or 0, o or 0))
    limits.check("literal_characters", text or 0)
    limits.check("digits", digits or 0)
