"""Random SPARQL constraints find what Oxigraph finds with the focus node in the place of `$this`.

Left out is where Oxigraph keeps no lexical forms (numbers are written canonically here), where it finds no path of
no length (every node of a path is in the data), and where it compares a date that was bound: with a literal of an
unknown datatype that is an error, and it sometimes says that they are unlike.
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pyoxigraph
import rdflib
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rdflib import SH, Literal, URIRef

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.sql.engine import run
from bicentennial.shacl_engine.sql.planner import compile_plan
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.layout import IRI, LITERAL
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from bicentennial.shacl_engine.results import Term

NODES = ["urn:a", "urn:b", "urn:c"]
PROPERTIES = ["<urn:p>", "<urn:q>", "<urn:r>"]
VARIABLES = ["?value", "?x", "?y"]
DATE = "<http://www.w3.org/2001/XMLSchema#date>"
LITERALS = [
    *("1", "2", "10", "-7", "0", "0.5", "2.5", "true", "false"),
    *('"meta"', '"Meta"', '""', '"10"', '"meta"@es', '"goal"@en', '"goal"@en-gb'),
    *(f'"2022-03-01"^^{DATE}', f'"2024-02-29"^^{DATE}', '"x"^^<urn:datatype>'),
]


BOUND_DATE = re.compile(r'BIND \("[^"]*"\^\^<[^>]*#date> AS (\?b\d+)\).*\1 !=')


class Query:
    """A random query; `depth` is how far groups and conditions may still nest."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._bound = 0

    def pick(self, options: list[str]) -> str:
        return self._random.choice(options)

    def node(self) -> str:
        return f"<{self.pick(NODES)}>"

    def path(self) -> str:
        p, q = self.pick(PROPERTIES), self.pick(PROPERTIES)
        return self.pick([p, p, p, f"^{p}", f"{p}/{q}", f"({p}|{q})", f"{p}+", f"{p}*", f"{p}?", f"{p}/^{q}"])

    def triple(self, subject: str = "") -> str:
        subject = subject or self.pick(["$this", "$this", *VARIABLES, self.node()])
        path = self.path()
        object_ = self.pick([*VARIABLES, "?value", "$this", self.node(), self.pick(LITERALS)])
        if path[-1] in "*?" and object_ in LITERALS:
            object_ = self.node()
        return f"{subject} {path} {object_} ."

    def term(self) -> str:
        return self.pick([*VARIABLES, *VARIABLES, "$this", self.pick(LITERALS), self.node()])

    def value(self, depth: int) -> str:
        term, other = self.term(), self.term()
        made = [
            *(f"strlen(str({term}))", f"str({term})", f"lang({term})", f"datatype({term})", f"lcase(str({term}))"),
            *(f'concat(str({term}), "x")', f"substr(str({term}), 2)", f"coalesce({term}, {other})"),
        ]
        if depth > 0:
            made.append(f"if({self.condition(depth - 1)}, {term}, {other})")
        return self.pick([term] * 8 + made)

    def condition(self, depth: int) -> str:
        a, b, term = self.value(depth), self.value(depth), self.term()
        ways = [
            *[f"{a} {sign} {b}" for sign in ("=", "!=", "<", "<=", ">", ">=")],
            *(f"{term} IN ({a}, {b})", f"{term} NOT IN ({a}, {b})", f"bound({self.pick(VARIABLES)})"),
            *(f"isIRI({term})", f"isLiteral({term})", f"isNumeric({term})", f"sameTerm({term}, {self.term()})"),
            *(
                f'langMatches(lang({term}), "en")',
                f'contains({a}, "e")',
                f'regex({a}, "^m|[0-9]", "i")',
                term,
                "true",
                "!true",
            ),
        ]
        if depth > 0:
            one, other = self.condition(depth - 1), self.condition(depth - 1)
            inner = self.group(depth - 1)
            ways += [f"({one} && {other})", f"({one} || {other})", f"!({one})"] * 2
            ways += [f"EXISTS {{ {inner} }}", f"NOT EXISTS {{ {inner} }}"]
        return self.pick(ways)

    def group(self, depth: int, subject: str = "") -> str:
        parts = [self.triple(subject), *(self.triple() for _ in range(self._random.randrange(3)))]
        for _ in range(self._random.randrange(3) if depth > 0 else 0):
            inner, other = self.group(depth - 1), self.group(depth - 1)
            self._bound += 1
            parts.append(
                self.pick(
                    [
                        *(f"OPTIONAL {{ {inner} }}", f"{{ {inner} }} UNION {{ {other} }}"),
                        *[f"FILTER ({self.condition(depth)})"] * 3,
                        *(f"FILTER EXISTS {{ {inner} }}", f"FILTER NOT EXISTS {{ {inner} }}"),
                        f"BIND ({self.value(1)} AS ?b{self._bound}) FILTER (?b{self._bound} != {self.term()})",
                    ]
                )
            )
        return " ".join(parts)


def drawn_data(random: Random) -> str:
    """Return N-Triples in which every node has a class and some have values."""
    query = Query(random)
    lines = [f"<{node}> <urn:type> <urn:C> ." for node in NODES]
    for _ in range(random.randrange(3, 14)):
        value = query.pick([query.node(), *[query.pick(LITERALS)] * 2])
        lines.append(f"{query.node()} {query.pick(PROPERTIES)} {value} .")
    return "\n".join(lines)


def statements(data: str) -> list[Statement]:
    return [
        Statement.iri(quad.subject.value, quad.predicate.value, quad.object.value)
        if isinstance(quad.object, pyoxigraph.NamedNode)
        else Statement(
            quad.subject.value,
            quad.predicate.value,
            quad.object.value,
            LITERAL,
            quad.object.datatype.value,
            quad.object.language or "",
        )
        for quad in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TURTLE)
    ]


def by_oxigraph(data: str, where: str) -> set[tuple[str, str]]:
    store = pyoxigraph.Store()
    store.load(data, format=pyoxigraph.RdfFormat.TURTLE)
    found = set()
    for node in NODES:
        solutions = store.query(f"SELECT ?value WHERE {{ {where.replace('$this', f'<{node}>')} }}")
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        for solution in solutions:
            value = solution["value"]
            found.add((node, f"<{node}>" if value is None else str(value)))
    return found


def written(term: Term) -> str:
    if term.kind != LITERAL:
        assert term.kind == IRI
        return f"<{term.lexical}>"
    datatype = pyoxigraph.NamedNode(term.datatype)
    return str(
        pyoxigraph.Literal(term.lexical, language=term.language)
        if term.language
        else pyoxigraph.Literal(term.lexical, datatype=datatype)
    )


def shapes_of(queries: list[str]) -> rdflib.Graph:
    shapes = rdflib.Graph()
    for number, where in enumerate(queries):
        shape, constraint = URIRef(f"urn:S{number}"), URIRef(f"urn:constraint{number}")
        shapes += [(shape, SH.targetNode, URIRef(node)) for node in NODES]
        shapes.add((shape, SH.sparql, constraint))
        shapes.add((constraint, SH.select, Literal(f"SELECT $this ?value WHERE {{ {where} }}")))
    return shapes


def is_compiled(where: str) -> bool:
    try:
        compile_plan(shapes_of([where]))
    except UnsupportedShapeError:
        return False
    return True


@settings(max_examples=40)
@given(st.integers(0))
def test_random_constraints_find_what_oxigraph_finds(seed: int) -> None:
    random = Random(seed)
    data = drawn_data(random)
    queries = [where for where in (Query(random).group(2, "$this") for _ in range(4)) if is_compiled(where)]
    queries = [where for where in queries if not BOUND_DATE.search(where)]
    assume(queries)
    with DuckDBDataset() as dataset:
        dataset.load(statements(data))
        results = run(compile_plan(shapes_of(queries)), dataset)
    for number, where in enumerate(queries):
        found = {
            (result.focus.lexical, written(result.value))
            for result in results
            if result.shape == f"urn:S{number}" and result.value
        }
        assert found == by_oxigraph(data, where), where
