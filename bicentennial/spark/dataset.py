"""The statements of a register in Spark: they answer what a `storage.dataset.Dataset` is asked outside of checks.

The relations are views of the session: `statements`, `background` and `edges`, with the columns of a `Dataset`.
Cleaning and looking up is then the same code for both.
"""

# ruff: noqa: S608 -- what goes into the SQL is written by `session.literal`

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF
from bicentennial.spark.session import frame, lists, literal, rewritten, split
from bicentennial.storage.layout import LITERAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from bicentennial.storage.statement import Statement

__all__ = ["COLUMNS", "KEY", "SparkDataset", "checkpointed"]

COLUMNS: Final = (
    "s STRING, p STRING, o STRING, kind INT, dt STRING, lang STRING, sheet INT, row BIGINT, col INT, item INT"
)
"""The columns of `statements`; `sheet` is the number of the file."""
_TERMS: Final = "s STRING, p STRING, o STRING, kind INT, dt STRING, lang STRING"

KEY: Final = f"""CASE WHEN kind = {LITERAL} THEN concat('"', dt, '"', lang, '"', o) ELSE o END"""
"""The key of an object; see `storage.layout.keyed`."""
_TYPE: Final = literal(str(RDF.type))
_PLAIN: Final = "s, p, o, kind, dt, lang"
_PLACED: Final = f"{_PLAIN}, sheet, row, col, item"
# So many statements to a partition take some tens of megabytes.
_PART: Final = 250_000
_FIRST_TAG: Final = ("regexp_extract(lang, '^[^-]*')", "regexp_extract(lang, '^[^-]*', 0)")


def checkpointed(rows: DataFrame, *, on_disk: bool = False) -> DataFrame:
    """Return rows that are worked out now and remember nothing of how, so that plans which read them stay small."""
    from pyspark import StorageLevel

    level = StorageLevel.DISK_ONLY if on_disk else StorageLevel.MEMORY_AND_DISK
    return rows.localCheckpoint(eager=True, storageLevel=level)


class _Answer:
    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows[0] if self._rows else None


class _Connection:
    """Runs on Spark the SQL that is written for DuckDB, as far as the submission stack has any outside of checks."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> _Answer:
        return _Answer(lists(self._session.sql(rewritten(sql.replace(*_FIRST_TAG), parameters))))


class SparkDataset:
    """The statements of a register as views of a session.

    Args:
        session: a session of its own.
        statements: the statements, with the columns `COLUMNS`.
    """

    is_sqlite = False
    is_tabular = False

    def __init__(self, session: SparkSession, statements: DataFrame) -> None:
        self.session = session
        self._kept: list[DataFrame] = []
        self.connection: Any = _Connection(session)
        self._length: int | None = None
        self._properties: frozenset[str] | None = None
        self._statements = self._view(statements)

    def _view(self, statements: DataFrame) -> DataFrame:
        statements.createOrReplaceTempView("statements")
        self._length = self._properties = None
        return statements

    def __len__(self) -> int:
        self._count()
        assert self._length is not None
        return self._length

    def properties(self) -> frozenset[str]:
        """Return the properties that the statements have."""
        self._count()
        assert self._properties is not None
        return self._properties

    def _count(self) -> None:
        if self._length is None:
            rows = lists(self.session.sql("SELECT p, count(*) FROM statements GROUP BY p"))
            self._length = sum(count for _, count in rows)
            self._properties = frozenset(p for p, _ in rows)

    def count_of(self, class_iri: str) -> int:
        """Return how many things are said to be of a class."""
        typed = f"SELECT count(DISTINCT s) FROM statements WHERE p = {_TYPE} AND kind = 0 AND o = {literal(class_iri)}"
        ((count,),) = lists(self.session.sql(typed))
        return int(count)

    def texts(self, parameter: str) -> str:
        """Return a query, to go into brackets, for the texts of a list that is given as a parameter."""
        return f"SELECT explode({parameter})"

    def statements_of(self, *properties: str) -> str:
        """Return the relation of the statements about some properties, to stand after `FROM`."""
        named = ", ".join("'" + each.replace("'", "''") + "'" for each in properties)
        return f"(SELECT * FROM statements WHERE p IN ({named}))"

    def delete(self, condition: str, parameters: Sequence[object] = ()) -> None:
        """Take statements out that meet a condition."""
        kept = f"SELECT * FROM statements WHERE NOT coalesce(({rewritten(condition, parameters)}), false)"
        self._statements = self._view(self.session.sql(kept))

    def load(self, rows: Iterable[Statement]) -> None:
        """Add a few statements."""
        given = [tuple(row) for row in rows]
        if given:
            self._statements = self._view(
                self._statements.unionByName(frame(self.session, given, COLUMNS), allowMissingColumns=True)
            )

    def keep(self) -> None:
        """Work the statements out once, as they now are."""
        self._statements = self._view(self._kept_alone(self._statements))

    def materialize(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Let `background` and `edges` be, once nothing is added or taken out any more.

        All are kept as one relation, split by subject and ordered by property: what most checks join lies together, and
        the pages of other properties are skipped.

        Args:
            rows: what we know ourselves; see `Dataset.load_background`.
        """
        known = [(*row[:3], LITERAL if row[3:] else 0, row[3] if row[3:] else "", "") for row in rows]
        frame(self.session, known, _TERMS).createOrReplaceTempView("known")
        parts = split(self.session, len(self) / _PART)
        places = "CAST(NULL AS INT) AS sheet, CAST(NULL AS BIGINT) AS row, CAST(NULL AS INT) AS col"
        whole = self.session.sql(
            "SELECT s, p, o, kind, dt, lang, sheet, row, col, item, true AS stated FROM statements"
            f" UNION ALL SELECT s, p, o, kind, dt, lang, {places}, CAST(NULL AS INT) AS item, false FROM known"
        )
        whole = whole.repartition(parts, "s") if parts > 1 else whole.coalesce(1)
        self._kept_alone(checkpointed(whole.sortWithinPartitions("p"), on_disk=True)).createOrReplaceTempView("whole")
        self._statements = self._view(self.session.sql(f"SELECT {_PLACED} FROM whole WHERE stated"))
        self.session.sql(f"SELECT {_PLAIN} FROM whole WHERE NOT stated").createOrReplaceTempView("background")
        self.session.sql(f"SELECT {_PLAIN}, {KEY} AS k FROM whole").createOrReplaceTempView("edges")

    def _kept_alone(self, rows: DataFrame) -> DataFrame:
        """Return a data frame that is worked out once, and let go of what it was made of."""
        before, self._kept = self._kept, []
        rows = self.kept(rows)
        rows.count()
        for each in before:
            each.unpersist()
        return rows

    def kept(self, rows: DataFrame) -> DataFrame:
        """Return a data frame that is worked out once, when it is first read, in memory or on disk."""
        from pyspark import StorageLevel

        rows = rows.persist(StorageLevel.MEMORY_AND_DISK)
        self._kept.append(rows)
        return rows

    def close(self) -> None:
        """Let go of what is kept."""
        for rows in self._kept:
            rows.unpersist()
        self._kept.clear()

    def firsts(self, subjects: Sequence[str]) -> list[tuple[str, int, int]]:
        """Return some subjects, however many, each with the file and row of the first statement about it."""
        self._want(subjects)
        return lists(
            self.session.sql(
                "SELECT s, at.sheet, at.row FROM (SELECT s, min(struct(sheet, row)) AS at FROM statements"
                " LEFT SEMI JOIN wanted_ ON s = f WHERE row IS NOT NULL GROUP BY s)"
            )
        )

    def _want(self, subjects: Sequence[str]) -> None:
        frame(self.session, [(each,) for each in subjects], "f STRING").createOrReplaceTempView("wanted_")

    def types(self, subjects: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the statements about the classes of some subjects, however many."""
        self._want(subjects)
        return lists(
            self.session.sql(f"SELECT statements.* FROM statements LEFT SEMI JOIN wanted_ ON s = f WHERE p = {_TYPE}")
        )

    def create_function(self, name: str, arguments: int, function: Callable[..., Any]) -> None:
        """Refuse to let SQL call a function of Python's, which no statement for Spark needs."""
        raise NotImplementedError(name)
