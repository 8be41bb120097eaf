"""Runs a plan over a dataset: few statements of SQL, each of which does all checks of one kind.

What a plan can find nothing for, because the data holds neither the target nor the property, is left out.

>>> import rdflib
>>> from bicentennial.intake.dataset import Dataset
>>> from bicentennial.validation.plan import compile_plan
>>> shapes = '''@prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:S> sh:targetClass <urn:C> ; sh:property <urn:P> . <urn:P> sh:path <urn:p> ; sh:minCount 1 .'''
>>> plan = compile_plan(rdflib.Graph().parse(data=shapes))
>>> with Dataset.from_graph(rdflib.Graph().parse(data="<urn:a> a <urn:C> .")) as dataset:
...     [(str(result.focus), result.shape, result.constraint) for result in run(plan, dataset)]
[('<urn:a>', 'urn:P', 'MinCountConstraintComponent')]
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Final

from bicentennial.errors import LimitReachedError
from bicentennial.intake.database import duckdb
from bicentennial.namespaces import RDF, RDFS, SH
from bicentennial.validation.compiled.literals import quoted
from bicentennial.validation.found import Found, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.intake.dataset import Dataset
    from bicentennial.validation.plan import Check, Plan
    from bicentennial.validation.results import Result

__all__ = ["find", "run"]

_TERMS: Final = "s, p, o, kind, dt, lang"
_Numbered = list[tuple[int, "Check"]]
_LARGE: Final = 100_000


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
    found = Found(dataset.connection)
    find(plan, found, submission=submission)
    return found.results()


def find(plan: Plan, found: Found, *, submission: bool = False) -> None:
    """Add the results of a plan's checks, as `run` says, to those of a dataset."""
    first = len(found.sources)
    found.sources += _sources(plan)
    try:
        ours = _Run(plan, found.connection, submission=submission)
        # Each is planned by one processor, and much of it runs on one.
        found.insert(ours.statements(), first, at_once=os.cpu_count() or 1)
    except duckdb.OutOfMemoryException as error:
        raise LimitReachedError(
            "checking the data takes more memory and disk than is allowed",
            "revisar los datos requiere más memoria y disco de lo permitido",
            setting="memory",
        ) from error


def _sources(plan: Plan) -> Iterator[Source]:
    for check in plan.checks:
        shape = plan.shapes[check.shape]
        component = SH[f"{check.component}ConstraintComponent"]
        messages = check.messages or shape.messages
        yield Source(shape.node, component, shape.severity, shape.path, messages, check.variables)


class _Run:
    """One run of a plan."""

    def __init__(self, plan: Plan, connection: duckdb.DuckDBPyConnection, *, submission: bool) -> None:
        self._plan = plan
        self._connection = connection
        self._submission = submission
        beyond = connection.execute(f"SELECT 1 FROM statements LIMIT 1 OFFSET {_LARGE}").fetchall()
        self.large = bool(beyond)
        self._prepare()

    def _prepare(self) -> None:
        """Make the relations that all statements share: `edges`, `types` and `targets`."""
        hierarchy = "background" if self._submission else "edges"
        self._connection.execute(f"""
            {self._edges()}
            CREATE OR REPLACE TABLE types AS
                WITH RECURSIVE broader AS (SELECT DISTINCT s, o FROM {hierarchy} WHERE p = {quoted(RDFS.subClassOf)}),
                typed AS (SELECT s AS n, o AS c, true AS own FROM statements WHERE p = {quoted(RDF.type)} AND kind < 2
                    UNION SELECT s, o, false FROM background WHERE p = {quoted(RDF.type)}),
                ways AS (SELECT DISTINCT c AS lower, c AS c FROM typed
                    UNION SELECT ways.lower, broader.o FROM ways JOIN broader ON broader.s = ways.c)
                SELECT DISTINCT n, ways.c, own FROM typed JOIN ways ON ways.lower = typed.c;
            CREATE OR REPLACE TABLE targets AS {self._targets()};
        """)
        self._present = {name for (name,) in self._connection.execute("SELECT DISTINCT p FROM edges").fetchall()}
        self._focused = {number for (number,) in self._connection.execute("SELECT DISTINCT t FROM targets").fetchall()}

    def _edges(self) -> str:
        """The data and what we know; a table is planned faster, which a small file spends most time on."""
        query = f"SELECT {_TERMS}, k FROM keyed UNION ALL SELECT {_TERMS}, o AS k FROM background"
        if self.large:
            return f"CREATE OR REPLACE VIEW edges AS {query};"
        return f"CREATE OR REPLACE TABLE few AS {query}; CREATE OR REPLACE VIEW edges AS FROM few;"

    def _targets(self) -> str:
        by_kind: dict[str, list[str]] = {}
        for number, target in enumerate(self._plan.targets):
            for kind, value in target:
                by_kind.setdefault(kind, []).append(f"({number}, {quoted(value)})")
        known = "WHERE f IN (SELECT s FROM statements)" if self._submission else ""
        ways = {
            "class": "SELECT t, n AS f FROM wanted JOIN types ON types.c = v AND own",
            "node": f"SELECT t, v AS f FROM wanted {known}",
            "subjectsOf": "SELECT t, s AS f FROM wanted JOIN statements ON p = v",
            "objectsOf": "SELECT t, k AS f FROM wanted JOIN keyed ON p = v",
        }
        queries = [
            f"SELECT * FROM (WITH wanted(t, v) AS (VALUES {', '.join(values)}) {ways[kind]})"
            for kind, values in by_kind.items()
        ]
        # The first query names the columns and finds nothing.
        return " UNION ".join(["SELECT NULL::INTEGER AS t, NULL::VARCHAR AS f WHERE false", *queries])

    def statements(self) -> Iterator[str]:
        """Yield the statements that find the results: each row holds the number of a check, and what `Found` holds."""
        by_way: dict[str, _Numbered] = {}
        for number, check in enumerate(self._plan.checks):
            absent = check.predicate not in self._present and check.way != "missing"
            if check.way != "script" and check.target in self._focused and not absent:
                by_way.setdefault(check.way, []).append((number, check))
        ways: dict[str, Callable[[_Numbered], str]] = {
            "missing": _missing,
            "repeated": _repeated,
            "language": _language,
            "class": partial(_class, large=self.large),
            "value": partial(_value, large=self.large),
        }
        for way, checks in by_way.items():
            yield ways[way](checks)
        for script in self._plan.scripts:
            if script.target in self._focused and self._present.issuperset(script.needs):
                yield script.sql


def _wanted(checks: _Numbered) -> str:
    rows = ", ".join(f"({n}, {c.target}, {quoted(c.predicate)}, {quoted(c.argument)})" for n, c in checks)
    return f"wanted(source, t, p, argument) AS MATERIALIZED (VALUES {rows})"


def _predicates(checks: _Numbered) -> str:
    return ", ".join(quoted(name) for name in sorted({check.predicate for _, check in checks}))


_FOUND: Final = "f, NULL::VARCHAR AS k, NULL::VARCHAR AS path, NULL::VARCHAR[] AS bindings"


def _missing(checks: _Numbered) -> str:
    return (
        f"WITH {_wanted(checks)} SELECT source, {_FOUND} FROM targets JOIN wanted USING (t)"
        f" ANTI JOIN (SELECT s, p FROM edges WHERE p IN ({_predicates(checks)})) e ON e.s = f AND e.p = wanted.p"
    )


def _repeated(checks: _Numbered) -> str:
    # Few subjects say a property twice: those that do are sought by hash, and only those are counted.
    least = min(int(check.argument) for _, check in checks)
    return (
        f"WITH {_wanted(checks)}, crowded AS (SELECT hash(s, p) AS h FROM edges WHERE p IN ({_predicates(checks)})"
        f" GROUP BY h HAVING count(*) > {least}),"
        f" counted AS (SELECT s, p, count(DISTINCT k) AS number FROM edges"
        f" WHERE p IN ({_predicates(checks)}) AND hash(s, p) IN (SELECT h FROM crowded) GROUP BY s, p)"
        f" SELECT source, {_FOUND} FROM counted JOIN wanted ON wanted.p = counted.p AND number > argument::INTEGER"
        f" JOIN targets ON targets.t = wanted.t AND f = s"
    )


def _language(checks: _Numbered) -> str:
    said = f"edges WHERE lang <> '' AND p IN ({_predicates(checks)})"
    return (
        f"WITH {_wanted(checks)}, crowded AS (SELECT hash(s, p, lang) AS h FROM {said} GROUP BY h HAVING count(*) > 1),"
        f" counted AS (SELECT DISTINCT s, p FROM (SELECT s, p FROM {said}"
        f" AND hash(s, p, lang) IN (SELECT h FROM crowded) GROUP BY s, p, lang HAVING count(DISTINCT k) > 1))"
        f" SELECT source, {_FOUND} FROM counted JOIN wanted ON wanted.p = counted.p"
        f" JOIN targets ON targets.t = wanted.t AND f = s"
    )


_FOUND_VALUE: Final = "f, bad.k, NULL::VARCHAR AS path, NULL::VARCHAR[] AS bindings"
_BELOW: Final = (
    f" SELECT DISTINCT source, {_FOUND_VALUE} FROM bad JOIN wanted ON wanted.p = bad.p AND wanted.x = bad.x"
    " JOIN targets ON targets.t = wanted.t AND f = s"
)


def _class(checks: _Numbered, *, large: bool) -> str:
    classes = {argument: number for number, argument in enumerate(sorted({c.argument for _, c in checks}))}
    if large:
        bad = _each(checks, lambda c: f"k NOT IN (SELECT n FROM types WHERE c = {quoted(c)})", classes)
    else:
        rows = ", ".join(f"({number}, {quoted(argument)})" for argument, number in classes.items())
        bad = (
            f"SELECT s, e.p, k, asked.x FROM edges e JOIN asked ON asked.p = e.p JOIN (VALUES {rows}) named(x, class)"
            " ON named.x = asked.x ANTI JOIN types ON n = k AND c = class"
        )
    return f"{_asked(checks, classes)}, bad AS MATERIALIZED ({bad}){_BELOW}"


def _value(checks: _Numbered, *, large: bool) -> str:
    conditions = {argument: number for number, argument in enumerate(sorted({c.argument for _, c in checks}))}
    if large:
        bad = _each(checks, lambda condition: f"NOT ({condition})", conditions)
    else:
        cases = " ".join(f"WHEN {number} THEN {argument}" for argument, number in conditions.items())
        bad = f"SELECT s, e.p, k, x FROM edges e JOIN asked ON asked.p = e.p WHERE NOT CASE x {cases} END"
    return f"{_asked(checks, conditions)}, bad AS MATERIALIZED ({bad}){_BELOW}"


def _asked(checks: _Numbered, numbers: dict[str, int]) -> str:
    rows = ", ".join(f"({n}, {c.target}, {quoted(c.predicate)}, {numbers[c.argument]})" for n, c in checks)
    return f"WITH wanted(source, t, p, x) AS MATERIALIZED (VALUES {rows}), asked AS (SELECT DISTINCT p, x FROM wanted)"


def _each(checks: _Numbered, fails: Callable[[str], str], numbers: dict[str, int]) -> str:
    """Return a query of its own for each property: longer to plan, but DuckDB then knows what its values are."""
    pairs = sorted({(c.predicate, c.argument) for _, c in checks})
    return " UNION ALL ".join(
        f"SELECT s, p, k, {numbers[argument]} AS x FROM edges WHERE p = {quoted(name)} AND {fails(argument)}"
        for name, argument in pairs
    )
