"""Runs a plan over a dataset: few statements of SQL, each of which does all checks of one kind.

What a plan can find nothing for, because the data holds neither the target nor the property, is left out.

>>> import rdflib
>>> from bicentennial.storage.duckdb.dataset import DuckDBDataset
>>> from bicentennial.shacl_engine.sql.planner import compile_plan
>>> shapes = '''@prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:S> sh:targetClass <urn:C> ; sh:property <urn:P> . <urn:P> sh:path <urn:p> ; sh:minCount 1 .'''
>>> plan = compile_plan(rdflib.Graph().parse(data=shapes))
>>> with DuckDBDataset.from_graph(rdflib.Graph().parse(data="<urn:a> a <urn:C> .")) as dataset:
...     [(str(result.focus), result.shape, result.constraint) for result in run(plan, dataset)]
[('<urn:a>', 'urn:P', 'MinCountConstraintComponent')]
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import LimitReachedError
from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import SH
from bicentennial.shacl_engine.plan import class_of
from bicentennial.shacl_engine.result_table import CheckInfo, ResultTable
from bicentennial.shacl_engine.sql.edges import OURS, Edges
from bicentennial.shacl_engine.sql.facts import Facts
from bicentennial.shacl_engine.sql.nodes import Nodes, types_ahead
from bicentennial.storage.layout import ONCE, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bicentennial.shacl_engine.plan import Check, Plan, Star
    from bicentennial.shacl_engine.results import Result
    from bicentennial.storage.dataset import Dataset

__all__ = ["ahead", "find", "run", "source_of"]

_Numbered = list[tuple[int, "Check"]]


def run(plan: Plan, dataset: Dataset, *, submission: bool = False) -> list[Result]:
    """Return the results of a plan's checks, sorted and each once.

    Args:
        plan: what to check.
        dataset: what to check it on.
        submission: let the classes' hierarchy come from the background alone, and check the partner's nodes alone;
            otherwise all is one graph.

    Raises:
        LimitReachedError: that takes more memory, and then disk, than is allowed.
    """
    found = ResultTable(dataset)
    find(plan, dataset, found, submission=submission)
    return found.results()


def find(
    plan: Plan,
    dataset: Dataset,
    found: ResultTable,
    *,
    submission: bool = False,
    paths: Mapping[str, str] | None = None,
) -> None:
    """Add the results of a plan's checks, as `run` says, to those of a dataset.

    Args:
        plan: what to check.
        dataset: what to check it on.
        found: where to add the results.
        submission: see `run`.
        paths: by the name of a shape, the property that is reported in the place of its path.
    """
    first = found.sources.add(plan.checks, partial(source_of, plan, paths=paths or {}))
    try:
        ours = _Run(plan, dataset, submission=submission)
        found.insert(ours.statements(), first)
    except Exception as error:
        if type(error).__name__ != "OutOfMemoryException":  # DuckDB's
            raise
        raise LimitReachedError(sentence("error", "memory-and-disk"), setting="memory") from error


def ahead(class_iri: str) -> dict[str, str]:
    """Return queries for tables that a run makes over a submission, if that is one large sheet.

    They say nothing of its rows, so they can be made while it is read: see `DuckDBDataset.begin`.

    Args:
        class_iri: what the rows are.
    """
    return {"known": OURS, **types_ahead(class_iri)}


def source_of(plan: Plan, check: Check, *, paths: Mapping[str, str]) -> CheckInfo:
    """Return what the results of a check of a plan share; see `find` for `paths`."""
    shape = plan.shapes[check.shape]
    declared = ":" in check.component
    component = check.component if declared else SH[f"{check.component}ConstraintComponent"]
    messages = check.messages or shape.messages
    path = paths.get(shape.node, shape.path)
    of = class_of(plan.targets[check.target])
    shared = (shape.node, component, shape.severity, path, messages, check.variables)
    return CheckInfo(*shared, node=check.node or None, of=of)


class _Run:
    """One run of a plan."""

    def __init__(self, plan: Plan, dataset: Dataset, *, submission: bool) -> None:
        self._plan = plan
        self._dataset = dataset
        self._connection = dataset.connection
        self._submission = submission
        asked = [*(each.sql for each in plan.scripts), *(each.sql for each in plan.tables)]
        self._edges = Edges(dataset, whole=not submission or any("edges" in sql for sql in asked))
        if dataset.is_sqlite:
            from bicentennial.shacl_engine.sql.numbers import compare
            from bicentennial.storage.sqlite_dataset import SqliteDataset

            assert isinstance(dataset, SqliteDataset)
            dataset.create_function("compared", 5, compare)
        self._nodes = Nodes(dataset, self._edges, plan.targets, submission=submission)
        said, focused = self._nodes.said, self._nodes.focused
        self._scripts = [
            script
            for script in plan.scripts
            if script.target in focused and not any(said.isdisjoint(each.split()) for each in script.says)
        ]
        """The scripts whose focus nodes are there, and have the properties that they are about."""

    def statements(self) -> Iterator[str]:
        """Yield the statements that find the results, in rows as `ResultTable` has them."""
        ways: dict[str, Callable[[_Numbered], str]] = {
            "missing": self._missing,
            "repeated": self._repeated,
            "language": self._language,
            "class": self._class,
            "value": self._value,
        }
        for way, checks in self._plan.checks_by_way(self._nodes.focused, self._edges.present).items():
            if some := [
                (n, c) for n, c in checks if not (_is_of_several(c) and self._is_single(c.target, c.predicate))
            ]:
                yield ways[way](some)
        shared = {
            each.name: f"WITH RECURSIVE {self._stars(each.reads)}{self._suited(each.sql)}" for each in self._plan.tables
        }
        self._dataset.define_each(shared, indexed=("f",))
        facts = Facts(self._dataset, self._edges, [need for script in self._scripts for need in script.needs])
        # Those that take longest go first, so that none is left that runs alone.
        for script in sorted(self._scripts, key=lambda each: -len(each.sql)):
            if all(map(facts.meet, script.needs)):
                focus = f"focus AS NOT MATERIALIZED ({_focus(script.target)}), "
                relations = f"{focus}{self._stars(script.reads, script.target)}"
                sql = self._suited((self._dataset.is_sqlite and script.sqlite) or script.sql)
                for each in script.in_row:
                    if all(self._is_single(script.target, p) for p in each.properties):
                        sql = sql.replace(each.sql, each.instead)
                yield (
                    f"SELECT source + {script.checks[0]} AS source, f, k, path, bindings"
                    f" FROM (WITH RECURSIVE {relations}{sql})"
                )

    def _suited(self, sql: str) -> str:
        """Return the SQL of a script as the database is to plan it."""
        return sql.replace(ONCE, "MATERIALIZED") if self._dataset.is_sqlite else sql

    def _is_single(self, target: int, p: str) -> bool:
        """Return whether it is known that no focus node of a target has two values of a property."""
        return self._edges.layout.single(p) if target in self._nodes.rows else self._edges.single(p)

    def _stars(self, reads: Sequence[Star], target: int | None = None) -> str:
        stars = (
            f"s{number} AS NOT MATERIALIZED ({self._star(star, target)}), " for number, star in enumerate(reads, 1)
        )
        return "".join(stars)

    def _star(self, star: Star, target: int | None) -> str:
        if not star.of_focus or target is None:
            return self._edges.star(star.properties, star.lacks, of_values=star.of_values)
        tables = self._nodes.rows.get(target)
        if tables and (of_rows := self._edges.star_of_rows(star.properties, tables, star.lacks)):
            return of_rows
        return f"SELECT * FROM ({self._edges.star(star.properties, star.lacks)}) WHERE s IN ({_focus(target)})"

    def _missing(self, checks: _Numbered) -> str:
        queries = []
        left: _Numbered = []
        for number, check in checks:
            lacking = self._edges.lacking(self._nodes.rows.get(check.target, ()), check.predicate)
            others = [name for name in check.argument.split() if name in self._edges.present]
            if others:
                said = f"SELECT s FROM {self._edges.among({check.predicate, *others})} e"
                focus = f"SELECT s AS f FROM ({lacking})" if lacking else _focus(check.target)
                queries.append(f"SELECT {number} AS source, {_FOUND} FROM ({focus}) lacking WHERE f NOT IN ({said})")
            elif lacking:
                queries.append(f"SELECT {number} AS source, {_FOUND} FROM ({lacking}) lacking(f)")
            else:
                left.append((number, check))
        return " UNION ALL ".join([*queries, *([f"SELECT * FROM ({self._absent(left)})"] if left else [])])

    def _absent(self, checks: _Numbered) -> str:
        return (
            f"WITH {_wanted(checks)} SELECT source, {_FOUND} FROM targets JOIN wanted ON wanted.t = targets.t"
            f" LEFT JOIN {self._edges.among(_predicates(checks))} e ON e.s = f AND e.p = wanted.p WHERE e.s IS NULL"
        )

    def _repeated(self, checks: _Numbered) -> str:
        # Few subjects say a property twice: those that do are sought by hash, and only those are counted.
        least = min(int(check.argument) for _, check in checks)
        crowded, condition = self._crowded("s, p", self._edges.among(_predicates(checks)), least)
        return (
            f"WITH {_wanted(checks)}, {crowded}"
            f" counted AS (SELECT s, p, count(DISTINCT k) AS number FROM said {condition} GROUP BY s, p)"
            f" SELECT source, {_FOUND} FROM counted"
            f" JOIN wanted ON wanted.p = counted.p AND number > CAST(argument AS INTEGER)"
            f" JOIN targets ON targets.t = wanted.t AND f = s"
        )

    def _language(self, checks: _Numbered) -> str:
        said = f"{self._edges.among(_predicates(checks))} WHERE lang <> ''"
        crowded, condition = self._crowded("s, p, lang", said, 1)
        return (
            f"WITH {_wanted(checks)}, {crowded}"
            f" counted AS (SELECT DISTINCT s, p FROM (SELECT s, p FROM said {condition}"
            f" GROUP BY s, p, lang HAVING count(DISTINCT k) > 1) twice)"
            f" SELECT source, {_FOUND} FROM counted JOIN wanted ON wanted.p = counted.p"
            f" JOIN targets ON targets.t = wanted.t AND f = s"
        )

    def _crowded(self, columns: str, said: str, least: int) -> tuple[str, str]:
        """Return relations of a statement, `said` among them, and which of what is said is worth counting."""
        if self._dataset.is_sqlite:
            # The index by property and subject counts them without a look at what is said.
            several = f"SELECT p, s FROM {said} GROUP BY p, s HAVING count(*) > {least}"
            whole = f"SELECT e.* FROM several JOIN (SELECT * FROM {said}) e ON e.p = several.p AND e.s = several.s"
            return f"several AS ({several}), said AS ({whole}),", ""
        crowded = f"SELECT hash({columns}) AS h FROM said GROUP BY h HAVING count(*) > {least}"
        return (
            f"said AS NOT MATERIALIZED (SELECT * FROM {said}), crowded AS ({crowded}),",
            f"WHERE hash({columns}) IN (SELECT h FROM crowded)",
        )

    def _class(self, checks: _Numbered) -> str:
        if self._edges.large:
            return self._each(checks, lambda c, _: f"k NOT IN (SELECT n FROM types WHERE c = {quoted(c.argument)})")
        asked, classes = _asked(checks)
        rows = ", ".join(f"({number}, {quoted(argument)})" for argument, number in classes.items())
        bad = (
            "SELECT s, e.p, k, asked.x FROM known e JOIN asked ON asked.p = e.p JOIN named ON named.x = asked.x"
            " LEFT JOIN types ON n = k AND c = class WHERE n IS NULL"
        )
        return f"{asked}, named(x, class) AS (VALUES {rows}), bad AS MATERIALIZED ({bad}){_BELOW}"

    def _value(self, checks: _Numbered) -> str:
        if self._edges.large:
            return self._each(checks, lambda c, decimals: f"NOT ({(decimals and c.decimal) or c.argument})")
        if self._dataset.is_sqlite:
            checks = [(number, check._replace(argument=check.sqlite or check.argument)) for number, check in checks]
        asked, conditions = _asked(checks)
        cases = " ".join(f"WHEN {number} THEN {argument}" for argument, number in conditions.items())
        bad = f"SELECT s, e.p, k, x FROM known e JOIN asked ON asked.p = e.p WHERE NOT CASE x {cases} END"
        return f"{asked}, bad AS MATERIALIZED ({bad}){_BELOW}"

    def _each(self, checks: _Numbered, fails: Callable[[Check, bool], str]) -> str:
        """Return a query of its own for each property: longer to plan, but DuckDB then knows what its values are.

        What stands in the rows of sheets that are the focus nodes is found at once.
        """
        queries = [
            f"SELECT {number} AS source, s AS f, k FROM ({column.subjects(fails(check, column.is_decimal))})"
            for number, check in checks
            for column in self._edges.layout.columns
            if column.p == check.predicate and column.table in self._nodes.rows.get(check.target, ())
        ]
        if others := [(number, check) for number, check in checks if check.target not in self._nodes.rows]:
            asked, numbers = _asked(others)
            bad = " UNION ALL ".join(
                f"SELECT s, p, k, {number} AS x FROM ({self._edges.statements_of(p, fails(check, False))})"
                for (p, number), check in sorted({(c.predicate, numbers[c.argument]): c for _, c in others}.items())
            )
            queries.append(f"SELECT source, f, k FROM ({asked}, bad AS MATERIALIZED ({bad}){_BELOW}) below")
        nothing = "SELECT 0 AS source, '' AS f, '' AS k WHERE false"
        found = " UNION ALL ".join(queries) or nothing
        return f"SELECT DISTINCT source, {_FOUND_VALUE} FROM ({found}) bad"


_FOUND: Final = "f, CAST(NULL AS VARCHAR) AS k, CAST(NULL AS VARCHAR) AS path, NULL AS bindings"
_FOUND_VALUE: Final = "f, bad.k, CAST(NULL AS VARCHAR) AS path, NULL AS bindings"
_BELOW: Final = (
    f" SELECT DISTINCT source, {_FOUND_VALUE} FROM bad JOIN wanted ON wanted.p = bad.p AND wanted.x = bad.x"
    " JOIN targets ON targets.t = wanted.t AND f = s"
)


def _focus(target: int) -> str:
    return f"SELECT f FROM targets WHERE t = {target}"


def _is_of_several(check: Check) -> bool:
    """Return whether a check can find nothing where nothing has two values."""
    return check.way == "language" or (check.way == "repeated" and int(check.argument) > 0)


def _predicates(checks: _Numbered) -> set[str]:
    return {check.predicate for _, check in checks}


def _wanted(checks: _Numbered) -> str:
    rows = ", ".join(f"({n}, {c.target}, {quoted(c.predicate)}, {quoted(c.argument)})" for n, c in checks)
    return f"wanted(source, t, p, argument) AS MATERIALIZED (VALUES {rows})"


def _asked(checks: _Numbered) -> tuple[str, dict[str, int]]:
    """Return the beginning of a statement that asks for values, and numbers for the arguments of the checks."""
    numbers = {argument: number for number, argument in enumerate(sorted({c.argument for _, c in checks}))}
    rows = ", ".join(f"({n}, {c.target}, {quoted(c.predicate)}, {numbers[c.argument]})" for n, c in checks)
    wanted = f"wanted(source, t, p, x) AS MATERIALIZED (VALUES {rows})"
    return f"WITH {wanted}, asked AS (SELECT DISTINCT p, x FROM wanted)", numbers
