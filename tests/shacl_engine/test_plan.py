"""The compiled plan of our own shapes: fresh, the same each time, and enough to run without rdflib."""

from __future__ import annotations

import subprocess
import sys

import pytest
import rdflib
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import RDF as RDF_TERMS
from rdflib.namespace import SH

from bicentennial.core.namespaces import BIC, BICD, BICSH, DCTERMS, RDF, SKOS, XSD
from bicentennial.shacl_engine.plan import Plan
from bicentennial.shacl_engine.pyshacl import adapted, run_adapted
from bicentennial.shacl_engine.pyshacl import run as run_reference
from bicentennial.shacl_engine.sql.engine import run
from bicentennial.shacl_engine.sql.planner import compile_plan
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.sqlite_dataset import SqliteDataset
from bicentennial.storage.statement import Statement
from bicentennial.validation.own_shapes import artefacts, load, shapes_graph
from bicentennial.validation.run import background


def test_the_committed_plan_is_a_fresh_one() -> None:
    for path, text in artefacts().items():
        assert path.read_text(encoding="utf-8") == text, "run `make compile`"


def test_a_plan_survives_its_file() -> None:
    assert Plan.from_json(load().to_json()) == load()


@pytest.mark.parametrize("kind", [DuckDBDataset, SqliteDataset])
def test_regular_expressions_are_written_for_the_store_that_reads_them(
    kind: type[DuckDBDataset | SqliteDataset],
) -> None:
    patterns = (r"^\\\\p{Lu}-\\\\d$", ""), ("^a.b$", "is"), ("^b$", "im"), ("a$", "")
    shapes = " ".join(
        f"""<urn:{number}> <{SH.targetSubjectsOf}> <urn:p> ; <{SH.sparql}> [ <{SH.select}>
  "SELECT $this ?value WHERE {{ $this <urn:p> ?value . FILTER REGEX(STR(?value), '{pattern}', '{flags}') }}" ] ."""
        for number, (pattern, flags) in enumerate(patterns)
    )
    plan = compile_plan(rdflib.Graph().parse(data=shapes))
    with kind() as dataset:
        dataset.load(Statement.literal("urn:a", "urn:p", o) for o in ("Á-1", "A-1\n", "A\nb", "x\nB", "a", "b\na"))
        found = {(each.shape[-1], each.value.lexical) for each in run(plan, dataset) if each.value}
    assert found == {
        ("0", "Á-1"), ("1", "A\nb"), ("2", "A\nb"), ("2", "x\nB"), ("2", "b\na"), ("3", "a"), ("3", "b\na"),
    }  # fmt: skip


def test_every_shape_of_ours_is_in_the_plan() -> None:
    graph = shapes_graph()
    named = {str(shape) for shape in graph.subjects(RDF_TERMS.type, SH.PropertyShape)}
    assert named <= {shape.node for shape in load().shapes}


def test_the_plan_runs_without_rdflib() -> None:
    code = """
import sys
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.statement import Statement
from bicentennial.shacl_engine.sql.engine import run
from bicentennial.validation.own_shapes import load
with DuckDBDataset() as dataset:
    dataset.load([Statement.iri("urn:a", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
                                "https://w3id.org/bicentennial/ontology#Action")])
    assert run(load(), dataset, submission=True)
loaded = {"rdflib", "pyshacl", "pyoxigraph", "pydantic", "numpy", "pandas"} & set(sys.modules)
assert not loaded, loaded
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


ENDS = [
    ("2022-05-01", XSD.date),
    ("2022-04-30", XSD.date),
    ("2022", XSD.gYear),
    ("2021", XSD.gYear),
    ("soon", XSD.gYear),
    ("2023-02-30", XSD.date),
]


def partner() -> list[Statement]:
    rows: list[Statement] = []
    for number in range(6):
        action = f"urn:x-bicentennial:action:A-{number}"
        rows += [
            Statement.iri(action, RDF.type, BIC.Action),
            Statement.literal(action, DCTERMS.identifier, f"A-{number % 5}"),
            Statement.literal(action, SKOS.prefLabel, f"Acción {number}", lang="es"),
            Statement.iri(action, BIC.advancesGoal, BICD["goal-protect-our-people"]),
            Statement.literal(action, BIC.startDate, "2022-05", XSD.gYearMonth),
            Statement.literal(action, BIC.endDate, *ENDS[number]),
            Statement.literal(action, BIC.budgetAmount, "-5" if number == 2 else "5.00", XSD.decimal),
        ]
        if number != 3:
            rows.append(Statement.iri(action, BIC.hasResponsibleParty, BICD["agency-ofac"]))
    rows.append(Statement.literal("urn:x-bicentennial:action:A-4", BIC.hasResponsibleParty, "OFACC"))
    # A type of the partner's own making and a node of ours: neither is checked, neither counts.
    rows.append(Statement.iri("urn:partner", RDF.type, "https://w3id.org/bicentennial/ontology#Actoin"))
    return rows


def test_both_engines_find_the_same_in_a_submission() -> None:
    with DuckDBDataset() as dataset:
        dataset.load(partner())
        dataset.load_background(background())
        compiled = run(load(), dataset, submission=True)
        expected = run_reference(shapes_graph(), dataset, submission=True)
        kept = adapted(shapes_graph())
        before = {*kept, *ShapesGraph.system_triples}  # which pySHACL adds
        for _ in range(2):  # what is kept for further datasets stays as it was read
            assert run_adapted(kept, dataset, submission=True) == expected
            assert set(kept) == before
    assert compiled == expected
    found = {(result.focus.lexical[-3:], result.shape.removeprefix(str(BICSH)), result.kind) for result in compiled}
    assert {
        ("A-3", "Action-hasResponsibleParty", "MinCount"),
        ("A-4", "Action-hasResponsibleParty", "Class"),
        ("A-5", "Action-endDate", "Or"),
        ("A-1", "Action-endsAfterItStarts", "SPARQL"),
        ("A-3", "Action-endsAfterItStarts", "SPARQL"),
        ("A-0", "Action-identifierIsUnique", "SPARQL"),
        ("A-2", "Action-budgetAmount", "MinInclusive"),
    } <= found
    assert ("A-0", "Action-endsAfterItStarts", "SPARQL") not in found


def test_a_partners_classes_change_nothing_in_a_submission() -> None:
    with DuckDBDataset() as dataset:
        dataset.load(
            [
                Statement.iri("urn:a", RDF.type, "urn:Ours"),
                Statement.iri("urn:Ours", "http://www.w3.org/2000/01/rdf-schema#subClassOf", BIC.Action),
            ]
        )
        assert run(load(), dataset, submission=True) == []
        assert run(load(), dataset), "as plain SHACL the data's own hierarchy counts"


@pytest.mark.parametrize("on_disk", [False, True])
def test_the_same_statement_twice_is_one(on_disk: bool) -> None:
    with DuckDBDataset(on_disk=on_disk) as dataset:
        dataset.load(partner() * 2)
        dataset.load_background(background())
        twice = run(load(), dataset, submission=True)
    with DuckDBDataset() as dataset:
        dataset.load(partner())
        dataset.load_background(background())
        assert run(load(), dataset, submission=True) == twice
