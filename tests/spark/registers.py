"""Registers to check: every example of a fault, and random ones, each with things of its own."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.validation.own_shapes import load
from bicentennial.vocabulary.index import default_index

_EXAMPLES = Path(__file__).parent.parent / "shapes"
_OURS = "https://w3id.org/bicentennial/"
_TEXTS = (
    "",
    "A-1",
    "2024-02-30",
    "2024-03-31",
    "2024",
    "-5",
    "1e3",
    "12.50",
    "abc",
    'ñ\n"x"\\',
    "https://example.org/a",
)
_TYPES = (
    XSD.string,
    XSD.date,
    XSD.gYear,
    XSD.gYearMonth,
    XSD.decimal,
    XSD.integer,
    XSD.double,
    XSD.anyURI,
    XSD.boolean,
)


def _named(term: Any, of: str) -> Any:
    """Return a term as one of this example alone, unless it is one that all share."""
    if isinstance(term, ox.BlankNode):
        return ox.NamedNode(f"urn:x-example:{of}:{term.value}")
    if isinstance(term, ox.NamedNode) and term.value.startswith(("urn:x-example:", "urn:x-bicentennial:")):
        return ox.NamedNode(f"{term.value}:{of}")
    return term


def examples() -> list[list[ox.Triple]]:
    """Return what each example of the shapes says, wrong ones and right ones."""
    found = []
    for path in sorted(_EXAMPLES.glob("*valid/*.ttl")):
        of = f"{path.parent.name}-{path.stem}".replace(".", "-")
        quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        found.append([ox.Triple(_named(q.subject, of), q.predicate, _named(q.object, of)) for q in quads])
    return found


def invented(seed: int) -> list[ox.Triple]:
    """Return what a random submission says: two things of random classes, with random values of random properties."""
    chance = random.Random(seed)
    index = default_index()
    plan = load()
    classes = sorted({value for target in plan.targets for _, value in target if value.startswith(_OURS)})
    properties = sorted({check.predicate for check in plan.checks if check.predicate})
    individuals = sorted(index.individuals)
    things = [ox.NamedNode(f"urn:x-random:{seed}:{number}") for number in range(2)]
    said = [ox.Triple(s, ox.NamedNode(RDF.type), ox.NamedNode(chance.choice(classes))) for s in things]
    for s in things:
        for p in chance.sample(properties, 6):
            count = chance.choice((1, 1, 2))
            said += [ox.Triple(s, ox.NamedNode(p), _value(chance, things, individuals)) for _ in range(count)]
    return said


def _value(chance: random.Random, things: list[ox.NamedNode], individuals: list[str]) -> ox.NamedNode | ox.Literal:
    match chance.randrange(5):
        case 0:
            return chance.choice(things)
        case 1:
            return ox.NamedNode(chance.choice(individuals))
        case 2:
            return ox.Literal(chance.choice(_TEXTS), language=chance.choice(("en", "es", "es-MX")))
    return ox.Literal(chance.choice(_TEXTS), datatype=ox.NamedNode(chance.choice(_TYPES)))


def written(triples: list[ox.Triple]) -> str:
    """Return triples as N-Triples."""
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
