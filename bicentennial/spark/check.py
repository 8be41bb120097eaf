"""The check of a register by Spark, from its paths to findings.

    files ──Spark──▶ statements ──plan in Spark's SQL──▶ results ──driver──▶ Outcome

What reading, cleaning and wording do is what they do for a file of one machine; the statements stay in Spark, and only
the results come to the driver, into a database of its own where those that repeat others are left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import InputError, UsageError
from bicentennial.core.limits import Limits
from bicentennial.core.messages import sentence
from bicentennial.semantics.mapping import MappingFile
from bicentennial.shacl_engine.result_table import ResultTable
from bicentennial.shacl_engine.sql.engine import source_of
from bicentennial.shacl_engine.sql.planner import compile_plan
from bicentennial.spark.engine import Checks
from bicentennial.spark.output import refuse_existing, write_results
from bicentennial.spark.reading import read
from bicentennial.spark.session import open_session, refused, split
from bicentennial.spark.sources import find
from bicentennial.spark.transpiled import load
from bicentennial.spark.transpiling import transpiled
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.statement import Statement
from bicentennial.validation.outcome import unreadable
from bicentennial.validation.own_shapes import load as own_plan
from bicentennial.validation.own_shapes import rule_texts
from bicentennial.validation.run import background, read_shapes, reported
from bicentennial.validation.submission import outcome_of
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyspark.sql import SparkSession

    from bicentennial.intake.submission import Submission
    from bicentennial.shacl_engine.plan import Plan
    from bicentennial.spark.dataset import SparkDataset
    from bicentennial.spark.sources import Files
    from bicentennial.spark.transpiled import Transpiled
    from bicentennial.validation.outcome import Outcome

__all__ = ["check", "check_paths"]

ENGINE: Final = "spark"
_ROWS: Final = 100_000
# So many bytes of files to a part of what Spark exchanges.
_PLAIN: Final = 32 << 20
_PACKED: Final = 4 << 20


def check_paths(source: object, *, name: str | None, **options: Any) -> Outcome:
    """Return what `check` does for whatever `validate` was given.

    Raises:
        UsageError: that is no path, or as `check` says.
    """
    given = [source] if isinstance(source, (str, os.PathLike)) else source
    paths = list(given) if isinstance(given, Iterable) and not isinstance(given, (bytes, bytearray)) else []
    if not paths or not all(isinstance(each, (str, os.PathLike)) for each in paths):
        raise UsageError(sentence("spark", "no-paths"))
    texts = [os.fspath(each) for each in paths]
    return check(texts, name=name or ", ".join(texts), **options)


def check(
    paths: Sequence[str],
    *,
    name: str,
    shapes: Sequence[str | os.PathLike[str]] = (),
    mapping: str | os.PathLike[str] | None = None,
    limits: Mapping[str, int] | None = None,
    coverage: bool = False,
    input_format: str | None = None,
    results: str | os.PathLike[str] | None = None,
) -> Outcome:
    """Read the files of a register and validate them as one submission.

    Args:
        paths: files, folders or patterns, wherever Spark reads from.
        name: what the report calls the register.
        shapes: files of further shapes.
        mapping: a file that says which columns and values mean what.
        limits: settings of `Limits` by name.
        coverage: whether to count what the register covers as well.
        input_format: what the files are, where their names do not say it.
        results: a file or folder to write all results to, as Parquet; see `output`.

    Raises:
        UsageError: Spark is not there, or an argument makes no sense.
    """
    if results is not None:
        refuse_existing(results)
    allowed = Limits.of(limits or {})
    index = default_index()
    plans: list[tuple[Plan, Transpiled]] = [(own_plan(), load())]
    for each in shapes:
        plan = compile_plan(read_shapes(each))
        plans.append((plan, transpiled(plan)))
    session = open_session()
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        rules = MappingFile.read(Path(mapping)) if mapping is not None else MappingFile()
    except InputError as error:
        raise UsageError(error.text) from error
    try:
        files = find(session, paths, input_format)
        split(session, files.size / (_PACKED if files.packed or files.kind == "parquet" else _PLAIN))
        submission = read(session, files, name, index, rules, allowed)
        try:
            return _outcome(session, submission, files, plans, allowed, coverage=coverage, results=results)
        finally:
            submission.dataset.close()
    except InputError as error:
        return unreadable(name, error)
    except (PySparkException, Py4JError) as error:
        reason = " ".join(str(error).split())[:300]
        return unreadable(name, refused("failed", reason=reason))


def _outcome(
    session: SparkSession,
    submission: Submission,
    files: Files,
    plans: Sequence[tuple[Plan, Transpiled]],
    limits: Limits,
    *,
    coverage: bool,
    results: str | os.PathLike[str] | None,
) -> Outcome:
    dataset: Any = submission.dataset
    known = list(background())
    dataset.materialize(known)
    with DuckDBDataset() as local:
        found = ResultTable(local)
        for number, (plan, written) in enumerate(plans):
            _bring(Checks(plan, written, dataset, known), dataset, plan, found, ours=number == 0)
        outcome = outcome_of(
            submission,
            found,
            rule_texts(),
            limits.findings,
            name=submission.file,
            engine=ENGINE,
            coverage=coverage,
            input_format=files.kind,
        )
        if results is not None:
            write_results(session, submission, files.names, found, results)
        return outcome


def _bring(checks: Checks, dataset: SparkDataset, plan: Plan, found: ResultTable, *, ours: bool) -> None:
    """Bring the results of a plan to the driver, and what their focus nodes are."""
    first = found.sources.add(plan.checks, partial(source_of, plan, paths=reported(plan) if ours else {}))
    local = found.dataset
    focused: set[str] = set()
    for given in checks.found():
        for start in range(0, len(given), _ROWS):
            columns = [list(column) for column in zip(*given[start : start + _ROWS], strict=True)]
            local.connection.execute(
                "INSERT INTO found SELECT source + ?, f, k, path, bindings FROM (SELECT unnest(?::INTEGER[]) AS source,"
                " unnest(?::VARCHAR[]) AS f, unnest(?::VARCHAR[]) AS k, unnest(?::VARCHAR[]) AS path,"
                " unnest(?::VARCHAR[][]) AS bindings)",
                [first, *columns],
            )
            focused.update(columns[1])
    placed = {s for (s,) in local.connection.execute("SELECT DISTINCT s FROM statements").fetchall()}
    if missing := sorted(focused - placed):
        local.load(Statement(*each) for each in dataset.types(missing))
