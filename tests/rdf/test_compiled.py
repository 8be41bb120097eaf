"""What is compiled: fresh in the repository, valid in its own terms, and true to models and ontology."""

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pyshacl
import pytest
from rdflib import RDF, SH, Graph, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Literal

from bicentennial.compilers.compile import artefacts, formatted
from bicentennial.compilers.index import index
from bicentennial.compilers.schema import schema
from bicentennial.compilers.shacl import shape_name
from bicentennial.compilers.tables import tables
from bicentennial.core.messages import entry, section
from bicentennial.core.namespaces import BIC, BICD, BICSH, SKOS, expand
from bicentennial.core.resources import COMPILED, directory, files
from bicentennial.models.structure import SHAPED, demands
from bicentennial.rdf.context import context

ROOT = Path(__file__).resolve().parents[2]
STRUCTURAL = files("shapes", "structural/*.ttl")
COMMITTED = [*STRUCTURAL, *(COMPILED / f"{name}.json" for name in ("index", "schema")), COMPILED / "context.jsonld"]
BY_HAND = sorted(
    [*files("ontology", "**/*.ttl"), *files("shapes", "rules/*.ttl"), *directory("shapes").glob("hygiene/*.ttl")]
)
KINDS = {
    "missing", "repeated", "unknown", "datatype", "range", "pattern", "language", "empty", "length", "kind", "value",
    "closed", "others",
}  # fmt: skip


# What takes seconds to make is made once, and not while tests are collected.
fresh = cache(artefacts)
reformatted = cache(formatted)
fresh_index = cache(index)
fresh_schema = cache(schema)


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in STRUCTURAL:
        graph.parse(path)
    return graph


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.name)
def test_compiled_files_are_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == fresh()[path], f"run `make compile`: {path.name} is out of date"


@pytest.mark.parametrize("path", BY_HAND, ids=lambda path: path.name)
def test_turtle_is_formatted(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == reformatted()[path], f"run `make compile`: {path.name} is not formatted"


def test_no_file_is_left_over_or_missing() -> None:
    assert set(fresh()) == set(COMMITTED)
    assert set(reformatted()) == set(BY_HAND)


def test_compiling_twice_gives_the_same() -> None:
    assert artefacts() == fresh()


def test_the_check_names_what_differs(tmp_path: Path) -> None:
    copy = tmp_path / "repository"
    ignored = {".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".venv", "build", "tests", "docs"}
    shutil.copytree(ROOT, copy, ignore=lambda _, names: ignored & set(names))
    victim = copy / "shapes" / "structural" / "Action.ttl"
    victim.write_text("# changed by hand\n", encoding="utf-8")
    (copy / "shapes" / "structural" / "Orphan.ttl").write_text("", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "scripts/compile.py", "--check"], cwd=copy, env={"PYTHONPATH": str(copy)}, capture_output=True,
        text=True,
    )  # fmt: skip
    named = {Path(line.rpartition(": ")[2]).name for line in done.stdout.splitlines()}
    assert (done.returncode, done.stderr) == (1, "")
    assert {"Action.ttl", "Orphan.ttl"} <= named
    assert victim.read_text(encoding="utf-8") == "# changed by hand\n"


@pytest.mark.parametrize("path", STRUCTURAL, ids=lambda path: path.stem)
def test_shapes_are_valid_shacl(path: Path) -> None:
    graph = Graph().parse(path)
    for start in graph.objects(predicate=SH["in"]):
        # SHACL for SHACL takes a time that is quadratic in a list's length; three entries prove as much as all.
        _, _, third, *_ = graph.transitive_objects(start, RDF.rest)
        assert third is not None
        graph.set((third, RDF.rest, RDF.nil))
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text


def test_every_shape_is_named_and_speaks_both_languages() -> None:
    graph = shapes()
    found = set(graph.subjects(RDF.type, SH.PropertyShape))
    assert found == set(graph.objects(predicate=SH.property))
    assert len(found) > 100
    for shape in found:
        assert str(shape).startswith(str(BICSH))
        for predicate in (SH.name, SH.description, SH.message):
            texts = [text for text in graph.objects(shape, predicate) if isinstance(text, Literal)]
            assert sorted(str(text.language) for text in texts) == ["en", "es"], (shape, predicate)
            assert not any(re.search(r"[{}]|\s\s|\.\.|: ?;|^\W", text) for text in texts), (shape, texts)


def test_every_constrained_field_has_its_shape() -> None:
    expected = {
        BICSH[name]
        for model in SHAPED.values()
        for field in demands(model).values()
        if (name := shape_name(model, field))
    } | {BICSH["Action-advancesGoalOrHonorsCommitment"]}
    assert {str(shape) for shape in shapes().objects(predicate=SH.property)} == expected


def test_the_rule_above_all() -> None:
    graph = shapes()
    for name, kind in (("advancesGoal", "Goal"), ("hasResponsibleParty", "Party")):
        shape = URIRef(BICSH[f"Action-{name}"])
        assert graph.value(shape, SH["class"]) == URIRef(BIC[kind])
        assert graph.value(shape, SH.severity) == SH.Violation
    for name in ("advancesGoalOrHonorsCommitment", "hasResponsibleParty"):
        assert graph.value(URIRef(BICSH[f"Action-{name}"]), SH.minCount) == Literal(1)
    assert graph.value(URIRef(BICSH["Action-benefits"]), SH.severity) == SH.Warning


def test_currencies_come_from_the_vocabulary() -> None:
    start = shapes().value(URIRef(BICSH["Action-budgetCurrency"]), SH["in"])
    assert start is not None
    codes = [str(code) for code in shapes().items(start)]
    assert {"MXN", "USD"} <= set(codes)
    assert codes == sorted(set(codes))


def test_the_catalogue_has_every_kind_in_both_languages() -> None:
    assert set(section("component")) == KINDS
    for kind in KINDS:
        texts = entry("component", kind)
        assert set(texts) - {"date", "number"} == {
            "title",
            "message",
            "remedy",
        }  # dates, numbers: asides
        for text in texts.values():
            assert set(text) == {"en", "es"}
            used = [set(re.findall(r"{(\w+)}", text[language])) for language in ("en", "es")]
            assert used[0] == used[1], (kind, text)
            assert used[0] <= {"subject", "class", "property", "value", "expected"}
        assert "{subject}" in texts["message"]["en"]


def test_context_keys_are_local_names() -> None:
    terms = context()["@context"]
    assert terms["advancesGoal"] == {"@id": "bic:advancesGoal", "@type": "@id"}
    assert terms["startDate"] == {"@id": "bic:startDate", "@type": "xsd:date"}
    assert terms["budgetAmount"] == {"@id": "bic:budgetAmount", "@type": "xsd:decimal"}
    assert terms["source"] == "dcterms:source"
    assert terms["Action"] == "bic:Action"
    assert expand(terms["identifier"]) == str(DCTERMS.identifier)


def test_index_has_the_agreed_form() -> None:
    found = fresh_index()
    assert sorted(found) == [
        "classes", "codelists", "external", "individuals", "properties", "replaced", "shapes", "tables", "version",
        "versions",
    ]  # fmt: skip
    action = found["properties"][BIC.advancesGoal]["of"][BIC.Action]
    assert action == {
        "either": {
            "property": BIC.honorsCommitment,
            "noun": {"en": "goal or guiding commitment", "es": "meta o compromiso rector"},
            "expected": {
                "en": "a known goal or a known guiding commitment",
                "es": "una de las opciones conocidas de «meta» o una de las opciones conocidas de «compromiso rector»",
            },
        },
        "ranges": [BIC.Goal],
        "datatypes": [],
        "min": 1,
        "max": None,
        "expected": {"en": "a known goal", "es": "una de las opciones conocidas de «meta»"},
    }
    assert found["classes"][BIC.InternationalOrganization]["superclasses"] == [BIC.Agency, BIC.Party]
    assert found["classes"][BIC.Goal]["open"] is False
    assert found["classes"][BIC.Agency]["open"] is True
    assert BIC.isPartOf in found["properties"]


def test_index_knows_individuals_by_all_their_names() -> None:
    individuals = fresh_index()["individuals"]
    ofac = individuals[BICD["agency-ofac"]]
    assert ofac["types"] == [BIC.Agency]
    assert ofac["parents"]
    assert not any("/passage-" in iri for iri in individuals)
    assert all(SKOS.ConceptScheme not in each["types"] for each in individuals.values())


def test_index_tables_are_those_of_the_ontology() -> None:
    assert [table["name"]["es"] for table in fresh_index()["tables"]] == [
        "acciones", "finanzas", "indicadores", "mediciones", "hitos", "partes", "lugares",
    ]  # fmt: skip
    required = [column["header"]["en"] for column in fresh_index()["tables"][0]["columns"] if column["required"]]
    assert required == ["id", "title", "goal", "responsible_party"]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name["en"])
def test_required_columns_and_models_agree(table: Any) -> None:
    properties = fresh_index()["properties"]
    for column in table.columns:
        described = properties[column.property]["of"][column.describes or table.describes]
        if column.required:
            assert described["min"] > 0 or column.property.endswith("identifier"), column.name
        elif described["min"] > 0:
            pytest.fail(f"{column.name} is required by the model, not by the table")


GOOD = {"id": "A-1", "title": "Train", "goal": ["Protect our people"], "responsible_party": "OFAC", "budget": 10}


@pytest.mark.parametrize(
    "document",
    [
        {"actions": [GOOD]},
        [GOOD],
        {"actions": [GOOD], "submission_date": "2024-06"},
        {"actions": [GOOD | {"submission_date": "2024-06"}]},
        {"acciones": [{"identificador": "A-1", "título": "x", "meta": "x", "parte_responsable": ["x"]}]},
        {"actions": [GOOD | {"title": {"en": "Train", "es": "Capacitar"}, "start_date": 2023, "budget": "10.50"}]},
    ],
)
def test_schema_accepts(document: Any) -> None:
    jsonschema.Draft202012Validator(fresh_schema()).validate(document)


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        [GOOD | {"budget": -1}],
        [GOOD | {"currency": "dollars"}],
        [GOOD | {"start_date": "03/04/2023"}],
        [GOOD | {"goal": []}],
        [{key: value for key, value in GOOD.items() if key != "goal"}],
    ],
)
def test_schema_refuses(document: Any) -> None:
    assert not jsonschema.Draft202012Validator(fresh_schema()).is_valid(document)


def test_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(fresh_schema())


def test_committed_json_is_json() -> None:
    for path, text in fresh().items():
        if path.suffix.startswith(".json"):
            assert json.loads(text)
