"""Runs a plan on Spark: the same checks as `shacl_engine.sql.engine`, in Spark's SQL.

What the shapes compile to is transpiled beforehand. The checks that are kept as parameters are few statements, written
here for Spark, which joins by hash and says `ANTI JOIN` for what DuckDB is asked as `NOT IN`.
"""

# ruff: noqa: S608, E501 -- what goes into the SQL is ours, and a clause of SQL stays on its line

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF, RDFS
from bicentennial.spark.dataset import KEY, checkpointed
from bicentennial.spark.session import frame, lists, literal
from bicentennial.spark.transpiled import key_of
from bicentennial.storage.layout import TERM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyspark.sql import DataFrame

    from bicentennial.shacl_engine.plan import Check, Plan, Star
    from bicentennial.spark.dataset import SparkDataset
    from bicentennial.spark.transpiled import Transpiled

__all__ = ["Checks"]

_Numbered = list[tuple[int, "Check"]]
_NOTHING: Final = "CAST(NULL AS STRING) AS k, CAST(NULL AS STRING) AS path, CAST(NULL AS ARRAY<STRING>) AS bindings"
# Each statement is planned by one thread of the driver, and many find nothing.
_AT_A_TIME: Final = 4
_BELOW: Final = (
    " SELECT DISTINCT w.source, t.f, bad.k, CAST(NULL AS STRING) AS path, CAST(NULL AS ARRAY<STRING>) AS bindings"
    " FROM bad JOIN wanted w ON w.p = bad.p AND w.x = bad.x JOIN targets t ON t.t = w.t AND t.f = bad.s"
)


def _hierarchy(background: Iterable[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return each class with itself and each of its superclasses.

    >>> _hierarchy([("urn:a", RDFS.subClassOf, "urn:b"), ("urn:b", RDFS.subClassOf, "urn:c")])[:3]
    [('urn:a', 'urn:a'), ('urn:a', 'urn:b'), ('urn:a', 'urn:c')]
    """
    above: dict[str, set[str]] = {}
    for s, p, o, *_ in background:
        if p == RDFS.subClassOf:
            above.setdefault(s, set()).add(o)
    pairs = []
    for each in above:
        reached, waiting = {each}, [each]
        while waiting:
            new = above.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        pairs += [(each, superclass) for superclass in reached]
    return sorted(pairs)


class Checks:
    """The checks of a plan on a register.

    Args:
        plan: what to check.
        transpiled: its statements in Spark's SQL.
        dataset: what to check it on, materialized.
        background: what we know ourselves, which has the hierarchy of classes.
    """

    def __init__(
        self, plan: Plan, transpiled: Transpiled, dataset: SparkDataset, background: Sequence[tuple[str, ...]]
    ) -> None:
        self._plan = plan
        self._transpiled = transpiled
        self._dataset = dataset
        self._session = dataset.session
        self._present = dataset.properties() | {row[1] for row in background}
        self._closures: dict[str, str] = {}
        self._stated = 0
        self._define_types(background)
        self._define_targets()

    def _define(self, name: str, query: str) -> DataFrame:
        rows = checkpointed(self._session.sql(query))
        rows.createOrReplaceTempView(name)
        return rows

    def _define_types(self, background: Sequence[tuple[str, ...]]) -> None:
        ways = frame(self._session, _hierarchy(background), "lower STRING, c STRING")
        ways.createOrReplaceTempView("ways")
        type_ = literal(str(RDF.type))
        self._define(
            "types",
            f"WITH typed AS (SELECT * FROM (SELECT s AS n, o AS c, true AS own FROM statements WHERE p = {type_} AND kind < 2"
            f" UNION ALL SELECT s, o, false FROM background WHERE p = {type_}) DISTRIBUTE BY n)"
            " SELECT DISTINCT n, coalesce(ways.c, typed.c) AS c, own FROM typed LEFT JOIN ways ON lower = typed.c",
        )

    def _define_targets(self) -> None:
        by_kind: dict[str, list[str]] = {}
        for number, target in enumerate(self._plan.targets):
            for kind, value in target:
                by_kind.setdefault(kind, []).append(f"({number}, {literal(value)})")
        ways = {
            "class": "SELECT t, n AS f FROM {wanted} JOIN types ON types.c = v AND own",
            "node": "SELECT t, v AS f FROM {wanted} LEFT SEMI JOIN statements ON s = v",
            "subjectsOf": "SELECT t, s AS f FROM {wanted} JOIN statements ON p = v",
            "objectsOf": f"SELECT t, {KEY} AS f FROM {{wanted}} JOIN statements ON p = v",
        }
        queries = [
            ways[kind].format(wanted=f"(SELECT * FROM VALUES {', '.join(values)} AS w(t, v))")
            for kind, values in by_kind.items()
        ]
        self._define(
            "targets", f"SELECT DISTINCT t, f FROM (SELECT * FROM ({' UNION ALL '.join(queries)}) DISTRIBUTE BY f)"
        )
        self._focused = {t for (t,) in lists(self._session.sql("SELECT DISTINCT t FROM targets"))}

    def queries(self) -> Iterator[str]:
        """Yield the statements that find the results, in rows as `ResultTable` has them."""
        ways: dict[str, Callable[[_Numbered], str]] = {
            "missing": self._missing,
            "repeated": self._repeated,
            "language": self._language,
            "class": self._class,
            "value": self._value,
        }
        for way, checks in self._plan.checks_by_way(self._focused, self._present).items():
            yield ways[way](checks)
        for table in self._plan.tables:
            self._define(table.name, f"WITH {self._relations(table.sql, table.reads, None)}")
        for script in self._plan.scripts:
            if script.target in self._focused and all(each.may_be_met(self._present) for each in script.needs):
                relations = self._relations(script.sql, script.reads, script.target)
                yield (
                    f"SELECT CAST(source + {script.checks[0]} AS INT) AS source, f, k, path,"
                    f" CAST(bindings AS ARRAY<STRING>) AS bindings FROM (WITH {relations})"
                )

    def _relations(self, sql: str, reads: Sequence[Star], target: int | None) -> str:
        """Return a statement, to go after `WITH`; what it reads more than once is worked out first."""
        written = self._transpiled.statement(sql)
        given = [f"focus AS (SELECT f FROM targets WHERE t = {target})"] if target is not None else []
        for number, star in enumerate(reads, start=1):
            query = self._star(star)
            if star.of_focus and target is not None:
                query = f"SELECT * FROM ({query}) WHERE s IN (SELECT f FROM targets WHERE t = {target})"
            given.append(f"s{number} AS ({query})")
            if number in written.closures:
                given.append(f"c{number} AS (SELECT s, k1 FROM {self._closure(query)})")
        # Scripts that differ but in what they read share their SQL, and must not share what is worked out for it.
        self._stated += 1
        shared, own = f"kept_{key_of(sql)}_", f"kept{self._stated}_"
        for name, step in written.steps:
            self._define(name.replace(shared, own), f"WITH {', '.join([*given, step.replace(shared, own)])}")
        return ", ".join([*given, written.sql.replace(shared, own)])

    def _star(self, star: Star) -> str:
        properties = star.properties
        numbers = range(1, len(properties) + 1)
        terms = [f"e{number}.{part} AS {part}{number}" for number in numbers for part in TERM]
        sources = [
            f"(SELECT * FROM edges WHERE p = {literal(p)}) e{n}" for n, p in zip(numbers, properties, strict=True)
        ]
        joins = " ".join(f"JOIN {source} ON e{n}.s = e1.s" for n, source in zip(numbers[1:], sources[1:], strict=True))
        others = f"(SELECT s FROM edges WHERE p IN ({', '.join(map(literal, star.lacks))})) other"
        without = f" LEFT ANTI JOIN {others} ON other.s = e1.s" if star.lacks else ""
        return f"SELECT e1.s, {', '.join(terms)} FROM {sources[0]} {joins}{without}"

    def _closure(self, star: str) -> str:
        """Return the relation of what is reached by one or more steps of a star, each pair once.

        The steps that are known are doubled until none is new, so that a long chain takes few rounds.
        """
        if star not in self._closures:
            name = f"closure{len(self._closures) + 1}"
            rows = self._define(name, f"SELECT DISTINCT s, k1 FROM ({star})")
            count = -1
            while count != (longer := rows.count()):
                count = longer
                further = f"SELECT a.s, b.k1 FROM {name} a JOIN {name} b ON a.k1 = b.s"
                rows = self._define(name, f"SELECT s, k1 FROM {name} UNION {further}")
            self._closures[star] = name
        return self._closures[star]

    def _missing(self, checks: _Numbered) -> str:
        asked = ", ".join(f"({number}, {check.target})" for number, check in checks)
        named = ", ".join(
            f"({number}, {literal(p)})" for number, check in checks for p in (check.predicate, *check.argument.split())
        )
        return (
            f"WITH asked AS (SELECT * FROM VALUES {asked} AS v(source, t)),"
            f" ways AS (SELECT * FROM VALUES {named} AS v(source, p)),"
            " said AS (SELECT ways.source, e.s FROM edges e JOIN ways ON ways.p = e.p)"
            f" SELECT asked.source, t.f, {_NOTHING} FROM targets t JOIN asked ON asked.t = t.t"
            " LEFT ANTI JOIN said ON said.s = t.f AND said.source = asked.source"
        )

    def _repeated(self, checks: _Numbered) -> str:
        counted = f"SELECT s, p, count(DISTINCT k) AS number FROM {_among(checks)} GROUP BY s, p"
        return (
            f"WITH {_wanted(checks)}, counted AS ({counted}) SELECT w.source, t.f, {_NOTHING} FROM counted c"
            " JOIN wanted w ON w.p = c.p AND c.number > CAST(w.x AS INT) JOIN targets t ON t.t = w.t AND t.f = c.s"
        )

    def _language(self, checks: _Numbered) -> str:
        twice = (
            f"SELECT DISTINCT s, p FROM (SELECT s, p FROM {_among(checks)} WHERE lang <> ''"
            " GROUP BY s, p, lang HAVING count(DISTINCT k) > 1)"
        )
        return (
            f"WITH {_wanted(checks)}, counted AS ({twice}) SELECT w.source, t.f, {_NOTHING} FROM counted c"
            " JOIN wanted w ON w.p = c.p JOIN targets t ON t.t = w.t AND t.f = c.s"
        )

    def _class(self, checks: _Numbered) -> str:
        bad = (
            "SELECT e.s, e.p, e.k, asked.x FROM edges e JOIN asked ON asked.p = e.p"
            " LEFT ANTI JOIN types ON types.n = e.k AND types.c = asked.x"
        )
        return f"WITH {_wanted(checks)}, asked AS (SELECT DISTINCT p, x FROM wanted), bad AS ({bad}){_BELOW}"

    def _value(self, checks: _Numbered) -> str:
        properties: dict[str, set[str]] = {}
        for _, check in checks:
            properties.setdefault(check.argument, set()).add(check.predicate)
        numbers = {argument: str(number) for number, argument in enumerate(properties)}
        bad = " UNION ALL ".join(
            f"SELECT s, p, k, '{numbers[argument]}' AS x FROM edges"
            f" WHERE p IN ({', '.join(map(literal, sorted(names)))}) AND NOT ({self._transpiled.condition(argument)})"
            for argument, names in properties.items()
        )
        numbered = [(number, check._replace(argument=numbers[check.argument])) for number, check in checks]
        return f"WITH {_wanted(numbered)}, bad AS ({bad}){_BELOW}"

    def found(self) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the results of each statement, which come to the driver; several are worked out at a time."""
        from concurrent.futures import ThreadPoolExecutor

        queries = list(self.queries())
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            yield from pool.map(self._results, queries)

    def _results(self, query: str) -> list[tuple[Any, ...]]:
        return lists(self._session.sql(query))


def _among(checks: _Numbered) -> str:
    names = sorted({check.predicate for _, check in checks})
    return f"(SELECT * FROM edges WHERE p IN ({', '.join(map(literal, names))}))"


def _wanted(checks: _Numbered) -> str:
    rows = ", ".join(f"({n}, {c.target}, {literal(c.predicate)}, {literal(c.argument)})" for n, c in checks)
    return f"wanted AS (SELECT * FROM VALUES {rows} AS v(source, t, p, x))"
