"""Basic graph patterns of SPARQL as SQL: triples and paths as joins.

DuckDB knows too little of the data to choose an order of joins, and a wrong one multiplies all actions with each
other. The order is therefore written down: triples of one subject are joined on it first (a *star*), and stars with
each other on all variables that they share at once.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rdflib import paths as rdflib_paths
from rdflib.term import BNode, Literal, URIRef, Variable

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.core.namespaces import RDF, RDFS
from bicentennial.shacl_engine.shapes.paths import Alternative, Inverse, Path, Predicate, Repeat, Sequence, inverted
from bicentennial.shacl_engine.sql.literals import quoted
from bicentennial.shacl_engine.terms import term
from bicentennial.storage.layout import TERM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Sequence_

    from bicentennial.shacl_engine.sql.script import Script

__all__ = ["BasicPatterns", "Relation", "path_of"]

_TYPE: Final = Sequence((Predicate(RDF.type), Repeat(Predicate(RDFS.subClassOf), "*")))
_ALL_NODES: Final = "SELECT DISTINCT s AS f FROM edges UNION SELECT k FROM edges"
_Triple = tuple[Any, "Path | Variable", Any]


@dataclass(slots=True)
class Relation:
    """A relation of solutions: the term of variable `x` is in the column `"?x"`, as its key.

    Of the variables in `optional` some rows may have no value; those in `resources` are never literals, and those in
    `values` are objects of statements. `parts` are the columns that hold parts of terms: of `?x`, `"?x o"`, `"?x kind"`
    and so on.
    """

    name: str
    variables: frozenset[str]
    optional: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()

    @property
    def columns(self) -> str:
        """The select list of the variables."""
        return listed(self.variables)


def listed(variables: frozenset[str]) -> str:
    """Return the select list of variables; that of none holds a number, since SQL wants a column."""
    return ", ".join(f'"?{name}"' for name in sorted(variables)) or "1 AS one"


def path_of(path: Any) -> Path:
    """Return a path of rdflib's as ours."""
    match path:
        case URIRef():
            return Predicate(str(path))
        case rdflib_paths.InvPath():
            return inverted(Inverse(path_of(path.arg)))
        case rdflib_paths.SequencePath():
            return Sequence(tuple(map(path_of, path.args)))
        case rdflib_paths.AlternativePath():
            return Alternative(tuple(map(path_of, path.args)))
        case rdflib_paths.MulPath():
            return Repeat(path_of(path.path), path.mod)
    raise UnsupportedShapeError("path-in-sparql", path=path)


class BasicPatterns:
    """Compiles basic graph patterns into one script."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._blank: dict[BNode, str] = {}

    def _name(self, node: Variable | BNode) -> str:
        """Return the name of a variable; blank nodes are numbered, so that the same query gives the same SQL."""
        return str(node) if isinstance(node, Variable) else self._blank.setdefault(node, f"_{len(self._blank) + 1}")

    def compiled(
        self,
        triples: list[Any],
        seed: Relation,
        witnesses: Mapping[str, str] | None = None,
        needed: frozenset[str] = frozenset(),
        lacks: Sequence_[str] = (),
    ) -> Relation:
        """Return the solutions of a pattern that agree with a seed, which is joined first.

        Of each variable in `witnesses` nothing matters but whether it can be something else than another variable,
        the one that it is given with: two of its values, the least and the greatest, tell that as well as all. `needed`
        are then the variables that matter besides. `$this`, of which the pattern says a property, `lacks` others.
        """
        if seed.optional:
            raise UnsupportedShapeError("unbound-in-pattern")
        plain: list[_Triple] = []
        walks: list[tuple[Any, Path, Any]] = []
        for s, p, o in sorted(triples, key=lambda triple: ["" if isinstance(t, BNode) else str(t) for t in triple]):
            if isinstance(p, Variable):
                plain.append((s, p, o))
            else:
                _expanded(s, path_of(p), o, plain, walks)
        stars: dict[Any, list[_Triple]] = {}
        for s, p, o in plain:
            turned = (o, p.path, s) if isinstance(p, Inverse) else (s, p, o)
            stars.setdefault(turned[0], []).append(turned)
        said = defaultdict(set, {subject: {(p, o) for _, p, o in star} for subject, star in stars.items()})
        relation = seed
        while stars:
            subject = min(stars, key=lambda each: self._distance(each, stars[each], relation))
            star = stars.pop(subject)
            without = tuple(lacks) if subject == Variable("this") else ()
            if self._distance(subject, star, relation)[0] == 0:
                relation = self._star(star, relation, without)
            else:
                alone = self._star(star, None, without)
                if isinstance(subject, Variable) and witnesses and str(subject) in witnesses and not walks:
                    later = {node for rest in stars.values() for triple in rest for node in triple}
                    bound_later = {self._name(node) for node in later if isinstance(node, Variable | BNode)}
                    keys = (alone.variables & (relation.variables | bound_later | needed)) - {str(subject)}
                    same = said[Variable(witnesses[str(subject)])] >= {(p, o) for _, p, o in star}
                    are_known = all(str(o) in keys for _, _, o in star if isinstance(o, Variable | BNode))
                    alone = self._witnessed(alone, str(subject), keys, among=same and are_known)
                relation = self.joined(relation, alone)
        for s, path, o in walks:
            relation = self._walked(s, path, o, relation)
        return relation

    def alone(self, pattern: Any, bound: frozenset[str]) -> Relation | None:
        """Return the solutions of a pattern whatever is bound, if it says but what properties a bound variable has.

        That is less work than to look for those of the bound ones only.
        """
        triples = pattern.triples if pattern.name == "BGP" else []
        subject = triples[0][0] if triples else None
        if not isinstance(subject, Variable) or str(subject) not in bound:
            return None
        if not all(s == subject and isinstance(p, URIRef) and o != s for s, p, o in triples):
            return None
        return self._star([(s, Predicate(str(p)), o) for s, p, o in triples], None)

    def _distance(self, subject: Any, star: list[_Triple], relation: Relation) -> tuple[int, int, str]:
        """Return how far a star is from what is bound: first if its subject is, then by how many of its objects are."""
        bound = sum(self._bound(o, relation) for _, _, o in star)
        return (0 if self._bound(subject, relation) else 1, -bound, "" if isinstance(subject, BNode) else str(subject))

    def _star(self, triples: list[_Triple], start: Relation | None, lacks: tuple[str, ...] = ()) -> Relation:
        """Join triples of one subject, which lacks some properties, with each other and a relation that binds it."""
        read = [p.iri for _, p, _ in triples if isinstance(p, Predicate)]
        # What the focus nodes themselves say need not be joined with them.
        of_focus = bool(read and start and start.name == self._script.seed and triples[0][0] == Variable("this"))
        columns = {name: f'a."?{name}"' for name in start.variables} if start and not of_focus else {}
        resources = set(start.resources) if start else set()
        sources, conditions = [f"{start.name} a"] if start and not of_focus else [], []
        values = set(start.values) if start else set()
        if read:
            # What only values of something else say may be left out where nothing else is a value.
            of_values = bool(columns) and isinstance(triples[0][0], Variable) and self._name(triples[0][0]) in values
            star = self._script.star(*read, of_focus=of_focus, of_values=of_values, lacks=lacks)
            sources.append(f"{star} e")
        position = 0
        parts = {part: f"a.{part}" for part in start.parts} if columns and start else {}
        for number, (s, p, o) in enumerate(triples, 1):
            if isinstance(p, Predicate):
                position += 1
                places = [(s, "e.s"), (o, f"e.k{position}")]
                values |= {self._name(o)} if isinstance(o, Variable | BNode) else set()
                if isinstance(o, Variable | BNode) and self._name(o) not in columns and o != s:
                    parts |= {f'"?{self._name(o)} {part}"': f"e.{part}{position}" for part in TERM[1:]}
            elif p == _TYPE:
                sources.append(f"types e{number}")
                places = [(s, f"e{number}.n"), (o, f"e{number}.c")]
            else:
                sources.append(f"edges e{number}")
                places = [(s, f"e{number}.s"), (p, f"e{number}.p"), (o, f"e{number}.k")]
            if isinstance(s, Variable | BNode):
                resources.add(self._name(s))
            for node, column in places:
                if isinstance(node, Variable | BNode):
                    known = columns.setdefault(self._name(node), column)
                    if known != column:
                        conditions.append(f"{known} = {column}")
                else:
                    conditions.append(f"{column} = {quoted(term(node).key)}")
        spare = [(name, f"{column} AS {name}") for name, column in sorted(parts.items())]
        selected = [said for _, said in spare]
        selected += [f'{column} AS "?{name}"' for name, column in sorted(columns.items())] or ["1 AS one"]
        sql = f"SELECT {', '.join(selected)} FROM {', '.join(sources)} WHERE {' AND '.join(conditions) or 'true'}"
        name = self._script.relation(sql, joined=True, spare=spare)
        return Relation(
            name, frozenset(columns), resources=frozenset(resources), parts=frozenset(parts), values=frozenset(values)
        )

    def _witnessed(self, relation: Relation, subject: str, keys: frozenset[str], *, among: bool) -> Relation:
        """Return, for each combination of some variables, the least and the greatest subject.

        Where what they are to be unlike is known to be `among` them, one alone is that, and left out.
        """
        grouped = f"GROUP BY {listed(keys)}" if keys else ""
        lead = f"{listed(keys)}, " if keys else ""
        source = relation.name
        if keys and among and not self._script.sqlite:
            # Most combinations have one subject: those that may have more are sought by hash, which needs little.
            combined = f"hash({listed(keys)})"
            several = f"SELECT {combined} AS h FROM {source} GROUP BY h HAVING count(*) > 1"
            source = f"{source} WHERE {combined} IN (SELECT h FROM ({several}) several)"
        sql = (
            f'SELECT {lead}CASE last WHEN 0 THEN least ELSE greatest END AS "?{subject}" FROM (SELECT {lead}'
            f'min("?{subject}") AS least, max("?{subject}") AS greatest FROM {source} {grouped}),'
            f" (SELECT 0 AS last UNION ALL SELECT 1) WHERE {'' if among else 'last = 0 OR '}least <> greatest"
        )
        name = self._script.relation(sql, joined=True)
        kept = keys | {subject}
        return Relation(name, kept, frozenset(), relation.resources & kept, values=relation.values & kept)

    def _walked(self, s: Any, path: Path, o: Any, relation: Relation) -> Relation:
        """Join a path with repetition: it is walked from whichever end is bound, else from every node."""
        if self._bound(o, relation) and not self._bound(s, relation):
            s, path, o = o, inverted(Inverse(path)), s
        if isinstance(s, URIRef | Literal):
            start = f"SELECT {quoted(term(s).key)} AS f"
        elif self._bound(s, relation):
            start = f'SELECT DISTINCT "?{self._name(s)}" AS f FROM {relation.name}'
        else:
            start = _ALL_NODES
        script = self._script
        pairs = script.walked(path, script.started(script.relation(start)))
        columns, conditions = [], []
        for node, column in ((s, "f"), (o, "k")):
            if isinstance(node, URIRef | Literal):
                conditions.append(f"{column} = {quoted(term(node).key)}")
            else:
                columns.append((self._name(node), column))
        if len(columns) == 2 and columns[0][0] == columns[1][0]:
            conditions.append("f = k")
            columns.pop()
        selected = ", ".join(f'{column} AS "?{name}"' for name, column in columns) or "1 AS one"
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        walked = Relation(
            script.relation(f"SELECT DISTINCT {selected} FROM {pairs}{where}"), frozenset(name for name, _ in columns)
        )
        return self.joined(relation, walked)

    def _bound(self, node: Any, relation: Relation) -> bool:
        return isinstance(node, URIRef | Literal) or self._name(node) in relation.variables

    def joined(self, a: Relation, b: Relation) -> Relation:
        """Return the natural join of two relations."""
        condition, selected = agreement(a, b)
        sql = f"SELECT {selected} FROM {a.name} a JOIN {b.name} b ON {condition}"
        shared = a.variables & b.variables
        optional = (a.optional - b.variables) | (b.optional - a.variables) | (shared & a.optional & b.optional)
        name = self._script.relation(sql, joined=True)
        values = a.values | b.values
        return Relation(name, a.variables | b.variables, optional, a.resources | b.resources, values=values)


def agreement(a: Relation, b: Relation) -> tuple[str, str]:
    """Return the condition under which rows `a` and `b` agree, and the select list of both."""
    conditions = []
    for name in sorted(a.variables & b.variables):
        one, other = f'a."?{name}"', f'b."?{name}"'
        ways = [f"{one} = {other}"]
        ways += [f"{one} IS NULL"] if name in a.optional else []
        ways += [f"{other} IS NULL"] if name in b.optional else []
        conditions.append(f"({' OR '.join(ways)})" if len(ways) > 1 else ways[0])
    selected = ", ".join(f'{_merged(name, a, b)} AS "?{name}"' for name in sorted(a.variables | b.variables))
    return " AND ".join(conditions) or "true", selected or "1 AS one"


def _merged(name: str, a: Relation, b: Relation) -> str:
    if name in a.variables and name in b.variables and name in a.optional:
        return f'coalesce(a."?{name}", b."?{name}")'
    return f'a."?{name}"' if name in a.variables else f'b."?{name}"'


def _expanded(s: Any, path: Path, o: Any, plain: list[Any], walks: list[Any]) -> None:
    """Sort a triple with a path into triples with properties and paths that have to be walked."""
    match path:
        case Predicate():
            plain.append((s, path, o))
        case Inverse(path=Predicate()):
            plain.append((s, path, o))
        case Sequence():
            steps = list(path.paths)
            while steps:
                # Types and their superclasses are known already.
                typed = tuple(steps[:2]) == _TYPE.paths
                step: Path = _TYPE if typed else steps[0]
                steps = steps[2 if typed else 1 :]
                end = BNode() if steps else o
                if typed:
                    plain.append((s, step, end))
                else:
                    _expanded(s, step, end, plain, walks)
                s = end
        case _:
            walks.append((s, path, o))
