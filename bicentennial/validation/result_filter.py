"""Which results are worth a finding: those that only repeat another one are left out, and the rest is counted.

All of it is done where the results are, in the database; only those that are to be listed are fetched.
"""

# ruff: noqa: S608 -- what goes into the SQL is numbers, and what `literals.quoted` quotes

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF, local_name
from bicentennial.storage.layout import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bicentennial.shacl_engine.result_table import ResultTable
    from bicentennial.shacl_engine.results import Result
    from bicentennial.validation.finding_messages import FindingMessages

__all__ = ["ResultFilter"]

_TYPED: Final = frozenset(("Datatype", "Or"))
# The row of a subject is that of its class; what has none comes last.
_PLACED: Final = (
    "placed AS (SELECT s, min(coalesce(sheet, 0)) AS sheet, min(row) AS row FROM {}"
    " WHERE row IS NOT NULL AND s IN (SELECT f FROM kept) GROUP BY s), listed AS MATERIALIZED"
    " (SELECT source, f, k, path, bindings, sheet, row FROM kept LEFT JOIN placed ON s = f)"
)
_LAST: Final = 1 << 31
_VALUE: Final = ("f", "path", "k")
_JOINT: Final = " "  # stands in no IRI
_ORDER: Final = "ORDER BY sheet NULLS LAST, row NULLS LAST, f, path, source, k NULLS LAST"


class ResultFilter:
    """Keeps the results that are worth a finding, in the temporary table `kept`.

    A value of the wrong datatype is reported once, and rules that rest on it are silent, as is a rule about a value
    that a structural shape has something to say about; so is what reading has said already.

    Args:
        found: the results.
        wording: knows which shapes are rules, and what a rule rests on.
        suppressed: pairs of a class and a property that are not reported as missing.
        doubtful: pairs of a subject and a property whose value reading has found to be lost or wrong: that it is
            missing is no news, and rules that rest on it are silent.
        explained: subject, property and key of values of which reading has said why they are none, such as names of
            several things: that they are not known is no news.
    """

    def __init__(
        self,
        found: ResultTable,
        wording: FindingMessages,
        suppressed: Collection[tuple[str, str]],
        doubtful: Collection[tuple[str, str]] = (),
        explained: Collection[tuple[str, str, str]] = (),
    ) -> None:
        self._found = found
        self._connection = found.dataset.connection
        self._doubtful = {path for _, path in doubtful}
        if doubtful:
            self._keep(doubtful)
        self._has_explained = bool(explained)
        if explained:
            found.dataset.define("explained", "SELECT s AS said FROM background WHERE false")
            given = [_JOINT.join(each) for each in sorted(explained)]
            self._connection.execute(f"INSERT INTO explained SELECT * FROM ({found.dataset.texts('?1')})", [given])
        present = self._counted("found")
        sources = found.sources
        self._rules = {number for number in present if wording.is_rule(sources[number])}
        self._typed = {number for number in present if sources[number].kind in _TYPED} - self._rules
        self._structural = present.keys() - self._rules
        self.counts: dict[int, int] = {}
        """How many results each source has, by its number."""
        if present:
            sifted = self._sifted(present, wording, suppressed)
            found.dataset.define("kept", sifted)
            self.counts = self._counted("kept")

    def _keep(self, doubtful: Collection[tuple[str, str]]) -> None:
        """Put the values that reading has found to be doubtful into the table `doubtful`."""
        dataset = self._found.dataset
        dataset.define("doubtful", "SELECT s AS f, p AS path FROM background WHERE false")
        for path in sorted(self._doubtful):
            subjects = [subject for subject, of in doubtful if of == path]
            self._connection.execute(
                f"INSERT INTO doubtful SELECT *, ?2 FROM ({dataset.texts('?1')})", [subjects, path]
            )

    def _counted(self, table: str) -> dict[int, int]:
        rows = self._connection.execute(f"SELECT source, count(*) FROM {table} GROUP BY source ORDER BY source")
        return dict(rows.fetchall())

    def _sifted(
        self, present: Collection[int], wording: FindingMessages, suppressed: Collection[tuple[str, str]]
    ) -> str:
        paths = {number: self._found.sources[number].path or "" for number in present}
        cases = " ".join(f"WHEN {number} THEN {quoted(path)}" for number, path in paths.items())
        path = f"coalesce(path, CASE source {cases} ELSE '' END) AS path"
        relations = {"r": f"SELECT source, f, k, {path}, bindings FROM found"}
        repeats: dict[str, tuple[str, ...]] = {}
        of_rules: dict[str, tuple[str, ...]] = {}
        if self._typed:
            relations["mistyped"] = f"SELECT f, path, k FROM r WHERE {_in_list(self._typed)}"
            repeats["mistyped"] = _VALUE
        tables = [*(["mistyped"] if self._typed else []), *(["doubtful"] if self._doubtful else [])]
        if tables and (rests := self._rests(wording)):
            values = " UNION ALL ".join(f"SELECT f, path FROM {table}" for table in tables)
            relations["rests(source, path)"] = f"VALUES {', '.join(rests)}"
            relations["resting"] = f"SELECT DISTINCT source, f FROM ({values}) x JOIN rests USING (path)"
            of_rules["resting"] = ("source", "f")
        if self._structural and self._rules:
            relations["wrong"] = f"SELECT f, path, k FROM r WHERE k IS NOT NULL AND {_in_list(self._structural)}"
            of_rules["wrong"] = _VALUE
        parts = [
            f"SELECT * FROM r WHERE {_in_list(self._typed)}",
            _anti_joined(repeats, self._structural - self._typed),
            _anti_joined(of_rules, self._rules),
        ]
        whole = " UNION ALL ".join(parts)
        if self._doubtful:
            whole = f"SELECT * FROM ({whole}) x WHERE k IS NOT NULL OR (f, path) NOT IN (SELECT f, path FROM doubtful)"
        if self._has_explained:
            said = f" || {quoted(_JOINT)} || ".join(_VALUE)
            whole = f"SELECT * FROM ({whole}) x WHERE k IS NULL OR {said} NOT IN (SELECT said FROM explained)"
        if suppressed:
            pairs = ", ".join(f"({quoted(name)}, {quoted(path)})" for name, path in sorted(suppressed))
            relations["said(c, path)"] = f"VALUES {pairs}"
            whole = (
                f"SELECT * FROM ({whole}) x WHERE k IS NOT NULL OR path NOT IN (SELECT path FROM said) OR (f, path)"
                f" NOT IN (SELECT s, path FROM statements JOIN said ON o = c WHERE p = {quoted(RDF.type)})"
            )
        same = self._same(present)
        if several := same.keys() - _alone(same):
            # Checks of one shape whose findings are the same: one of their results on a value is enough.
            groups = " ".join(f"WHEN {number} THEN {same[number]}" for number in sorted(several))
            first = f"row_number() OVER (PARTITION BY CASE source {groups} END, f, path, k ORDER BY source)"
            relations["whole"] = whole
            grouped = _in_list(several)
            whole = (
                f"SELECT source, f, k, path, bindings FROM whole WHERE NOT {grouped} UNION ALL"
                f" SELECT source, f, k, path, bindings FROM (SELECT *, {first} AS n FROM whole WHERE {grouped})"
                " WHERE n = 1"
            )
        return f"WITH {', '.join(f'{name} AS ({sql})' for name, sql in relations.items())} {whole}"

    def _rests(self, wording: FindingMessages) -> list[str]:
        """Return for each rule the doubtful properties that it rests on."""
        sources = self._found.sources
        paths = {sources[number].path or "" for number in self._typed} | self._doubtful
        return [
            f"({number}, {quoted(path)})"
            for number in sorted(self._rules)
            for path in sorted(paths)
            if local_name(path) in wording.read(sources[number])
        ]

    def _same(self, present: Iterable[int]) -> dict[int, int]:
        """Return which source stands for those of its shape, path and component."""
        first: dict[tuple[str, ...], int] = {}
        sources = self._found.sources
        names = {n: (sources[n].shape, sources[n].component, sources[n].path or "") for n in present}
        return {number: first.setdefault(name, number) for number, name in names.items()}

    def first(self, codes: Mapping[int, str], most: int) -> list[Result]:
        """Return at most so many results of each code, in the order of the file.

        Args:
            codes: the code of each source.
            most: how many.
        """
        numbers: dict[str, list[int]] = {}
        for number in self.counts:
            numbers.setdefault(codes[number], []).append(number)
        totals = {code: sum(self.counts[number] for number in members) for code, members in numbers.items()}
        few = [number for code, members in numbers.items() if totals[code] <= most for number in members]
        queries = [f"SELECT * FROM listed WHERE {_in_list(few)}"] if few else []
        queries += [
            f"SELECT * FROM (SELECT * FROM listed WHERE {_in_list(members)} {_ORDER} LIMIT {most})"
            for code, members in numbers.items()
            if totals[code] > most
        ]
        if not queries:
            return []
        placed = _PLACED.format(self._found.dataset.statements_of(RDF.type))
        rows = self._connection.execute(f"WITH {placed} {' UNION ALL '.join(queries)}").fetchall()
        return [self._found.result(*parts) for *parts, _, _ in sorted(rows, key=self._order)]

    def _order(self, row: tuple[Any, ...]) -> tuple[object, ...]:
        """Return what results are listed by: their place, then what `sort_key` says of them."""
        source, focus, value, path, _, sheet, number = row
        shared = self._found.sources[source]
        return (
            _LAST if sheet is None else sheet,
            _LAST if number is None else number,
            focus,
            path or shared.path or "",
            shared.component,
            value or "",
            shared.shape,
            shared.severity,
        )


def _alone(same: Mapping[int, int]) -> set[int]:
    """Return the sources that no other one stands beside."""
    sizes = Counter(same.values())
    return {number for number, first in same.items() if sizes[first] == 1}


def _anti_joined(relations: Mapping[str, tuple[str, ...]], numbers: Iterable[int]) -> str:
    """Return a query for the results of some sources that agree with no row of certain relations in certain columns."""
    joins = "".join(
        f" LEFT JOIN {name} ON {' AND '.join(f'{name}.{column} = r.{column}' for column in columns)}"
        for name, columns in relations.items()
    )
    alone = "".join(f" AND {name}.f IS NULL" for name in relations)
    return f"SELECT r.* FROM (SELECT * FROM r WHERE {_in_list(numbers)}) r{joins} WHERE true{alone}"


def _in_list(numbers: Iterable[int]) -> str:
    return f"source IN ({', '.join(map(str, sorted(numbers)))})" if numbers else "false"
