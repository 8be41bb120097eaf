"""Which nodes are of which class, and which are focus nodes.

Two relations say so: `types(n, c, own)`, where `own` distinguishes a partner's statement from ours and superclasses are
included, and `targets(t, f)`, in which a target has each of its focus nodes once. What the rows of a large sheet are is
the same for all of them: both relations are then views, which spare a query the sheets that it does not ask about.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `layout.quoted`

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.core.namespaces import RDF, RDFS
from bicentennial.storage.layout import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.shacl_engine.sql.edges import Edges
    from bicentennial.storage.dataset import Dataset

__all__ = ["Nodes", "types_ahead"]


def types_ahead(class_iri: str) -> dict[str, str]:
    """Return queries for tables that `Nodes` makes, as they are where all that the partner says is one large sheet.

    Args:
        class_iri: what the rows are.
    """
    return {"ways": _ways("", [quoted(class_iri)], "background"), "few_types": _types("")}


def _ways(said: str, classes: Iterable[str], hierarchy: str) -> str:
    """Return a query for the superclasses of classes, each of which is one of its own.

    Args:
        said: a query for what the partner says of types, if anything.
        classes: further classes, as SQL.
        hierarchy: the relation that has the superclasses.
    """
    found = f"SELECT o AS c FROM background WHERE p = {quoted(RDF.type)}"
    if said:
        found += f" UNION SELECT o FROM ({said}) WHERE kind < 2"
    further = "".join(f" UNION SELECT {iri}, {iri}" for iri in classes)
    return f"""WITH RECURSIVE broader AS (SELECT DISTINCT s, o FROM {hierarchy} WHERE p = {quoted(RDFS.subClassOf)}),
        classes AS ({found}),
        found AS (SELECT * FROM (SELECT c AS lower, c FROM classes{further})
            UNION SELECT found.lower, broader.o FROM found JOIN broader ON broader.s = found.c)
        SELECT lower, c FROM found"""


def _types(said: str) -> str:
    """Return a query for the classes that things are of, given one for what the partner says of types, if anything."""
    typed = f"SELECT s AS n, o AS c, false AS own FROM background WHERE p = {quoted(RDF.type)}"
    if said:
        typed += f" UNION ALL SELECT s, o, true FROM ({said}) WHERE kind < 2"
    return f"WITH typed AS ({typed}) SELECT DISTINCT n, ways.c, own FROM typed JOIN ways ON ways.lower = typed.c"


class Nodes:
    """The relations `types` and `targets` of a dataset.

    Args:
        dataset: where to make them.
        edges: what the data says.
        targets: the targets of a plan, by number; see `Plan`.
        submission: see `engine.run`.
    """

    def __init__(
        self, dataset: Dataset, edges: Edges, targets: Sequence[Sequence[tuple[str, str]]], *, submission: bool
    ) -> None:
        self._dataset = dataset
        self._submission = submission
        self._layout = edges.layout
        # Nothing is said of rows but in their sheet, and each has a name of its own.
        alone = edges.large and self._layout.disjoint
        self._sheets = {each.table: each.o for each in self._layout.columns if each.p == RDF.type} if alone else {}
        self.rows: dict[int, list[str]] = {}
        """Targets whose focus nodes are the rows of sheets, and of which."""
        # Then nothing is a focus node but rows: no further thing of the partner's is said to be of a class.
        classes_alone = all(kind == "class" for target in targets for kind, _ in target)
        self._rows_alone = bool(self._sheets) and classes_alone and RDF.type not in self._layout.stored
        self._define_types()
        self._define_targets(targets)
        self.focused = set(self.rows) if self._rows_alone else self._found("SELECT DISTINCT t FROM targets")
        """The targets that have a focus node."""
        self.said = set(self._layout.properties)
        """The properties of focus nodes, and perhaps others."""
        if not self._rows_alone:
            ours = "known" if edges.large else "background"
            self.said |= self._found(f"SELECT DISTINCT p FROM {ours} WHERE s IN (SELECT f FROM targets)")

    def _found(self, query: str) -> set[Any]:
        return {value for (value,) in self._dataset.connection.execute(query).fetchall()}

    def _define_types(self) -> None:
        is_said = RDF.type in (self._layout.stored if self._sheets else self._layout.properties)
        said = self._layout.statements_of(RDF.type, columns=not self._sheets) if is_said else ""
        hierarchy = "background" if self._submission else "edges"
        self._dataset.define("ways", _ways(said, self._sheets.values(), hierarchy))
        self._classes = {
            table: sorted(self._found(f"SELECT c FROM ways WHERE lower = {c}")) for table, c in self._sheets.items()
        }
        rows = [
            f"SELECT s AS n, {quoted(c)} AS c, true AS own FROM {table}"
            for table, classes in self._classes.items()
            for c in classes
        ]
        self._define("types", _types(said), rows, indexed="c, n")

    def _define(self, name: str, query: str, of_rows: Sequence[str], *, indexed: str) -> None:
        """Make a relation of what a query finds and what is so of all rows of sheets."""
        if not self._sheets:
            self._dataset.define(name, query, indexed=(indexed,))
            return
        self._dataset.define(f"few_{name}", query)
        views = " UNION ALL ".join([f"SELECT * FROM few_{name}", *of_rows])
        self._dataset.define_view(name, views)

    def _define_targets(self, targets: Sequence[Sequence[tuple[str, str]]]) -> None:
        # What is in one class or is one node is found once, all else perhaps in several ways; the rows of sheets that
        # are in one of several classes are left to views.
        once: dict[str, list[str]] = {}
        several: dict[str, list[str]] = {}
        of_classes: dict[str, list[str]] = {}
        sheets: dict[int, list[str]] = {}
        by_class = {table: {("class", c) for c in classes} for table, classes in self._classes.items()}
        for number, target in enumerate(targets):
            are_classes = {kind for kind, _ in target} == {"class"}
            found = [table for table, classes in by_class.items() if are_classes and not classes.isdisjoint(target)]
            if found:
                sheets[number] = found
            for kind, value in target:
                is_one = len(target) == 1 and kind in ("class", "node")
                by_kind = once if is_one else of_classes if found else several
                by_kind.setdefault(kind, []).append(f"({number}, {quoted(value)})")
        few = "few_types" if self._sheets else "types"
        queries = [*self._queries(once, few), f"SELECT * FROM ({' UNION '.join(self._queries(several, 'types'))})"]
        if of_classes:
            queries.append(f"SELECT * FROM ({' UNION '.join(self._queries(of_classes, few))})")
        query = " UNION ALL ".join(self._queries({}, few) if self._rows_alone else queries)
        of_rows = [f"SELECT {t} AS t, s AS f FROM {table}" for t, tables in sheets.items() for table in tables]
        self._define("targets", query, of_rows, indexed="t, f")
        if sheets:
            others = set() if self._rows_alone else self._found("SELECT DISTINCT t FROM few_targets")
            self.rows = {t: tables for t, tables in sheets.items() if t not in others}

    def _queries(self, by_kind: dict[str, list[str]], types: str) -> list[str]:
        known = "WHERE f IN (SELECT s FROM statements)" if self._submission else ""
        ways = {
            "class": f"SELECT t, n AS f FROM wanted JOIN {types} ON {types}.c = v AND own",
            "node": f"SELECT t, v AS f FROM wanted {known}",
            "subjectsOf": "SELECT t, s AS f FROM wanted JOIN statements ON p = v",
            "objectsOf": "SELECT t, k AS f FROM wanted JOIN keyed ON p = v",
        }
        # The first query names the columns and finds nothing.
        return ["SELECT CAST(NULL AS INTEGER) AS t, CAST(NULL AS VARCHAR) AS f WHERE false"] + [
            f"SELECT * FROM (WITH wanted(t, v) AS (VALUES {', '.join(values)}) {ways[kind]})"
            for kind, values in by_kind.items()
        ]
