"""The ontology and the data are OWL 2 DL as `export owl` writes them, and HermiT finds them consistent."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from bicentennial.api import export
from bicentennial.core.namespaces import BIC, BICD, DCAT, DCTERMS, OWL, RDF, RDFS, SKOS, VANN, VOID, XSD
from bicentennial.core.resources import ontology_version
from bicentennial.exchange.publications.owl import DATASET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# https://www.w3.org/TR/owl2-syntax/#Datatype_Maps, as far as our files need it; none is for a day or a year.
DATATYPES = {
    RDF.langString,
    *(XSD[name] for name in ("string", "boolean", "integer", "decimal", "anyURI", "nonNegativeInteger", "dateTime")),
}
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = {OWL.versionInfo, OWL.priorVersion, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso}
SYNTAX = {RDF.type, RDF.first, RDF.rest, RDFS.subClassOf, RDFS.subPropertyOf}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that returns the file of an export, which is written once."""
    folder = tmp_path_factory.mktemp("owl")

    def file(what: str) -> Path:
        path = folder / f"{what}.nt"
        if not path.exists():
            export(what, path)
        return path

    return file


@pytest.fixture(scope="module", params=["owl", "ontology"])
def graph(request: pytest.FixtureRequest, written: Callable[[str], Path]) -> list[ox.Quad]:
    return quads_of(written(request.param))


def quads_of(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES))


def iri(term: object) -> str:
    """Return the IRI of a named node, the label of a blank one or the text of a literal."""
    return str(getattr(term, "value", ""))


def kinds(graph: list[ox.Quad]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for quad in graph:
        if quad.predicate.value == RDF.type:
            found.setdefault(iri(quad.subject), set()).add(iri(quad.object))
    return found


def test_every_property_is_declared_once_as_one_kind(graph: list[ox.Quad]) -> None:
    declared = kinds(graph)
    used = {quad.predicate.value for quad in graph} - SYNTAX
    own = {name for name in used if name.startswith((str(OWL), str(RDF)))}
    for name in sorted(used - own - BUILT_IN):
        assert len(declared.get(name, set()) & set(PROPERTIES)) == 1, name


def test_every_class_of_a_thing_is_declared(graph: list[ox.Quad]) -> None:
    declared = kinds(graph)
    classes = {kind for some in declared.values() for kind in some}
    assert [
        kind for kind in sorted(classes) if not kind.startswith(str(OWL)) and OWL.Class not in declared.get(kind, ())
    ] == []


def test_labels_and_comments_stand_beside_those_of_skos(graph: list[ox.Quad]) -> None:
    for ours, theirs in ((SKOS.prefLabel, RDFS.label), (SKOS.definition, RDFS.comment)):
        given = {(quad.subject, quad.object) for quad in graph if quad.predicate.value == ours}
        added = {(quad.subject, quad.object) for quad in graph if quad.predicate.value == theirs}
        assert len(given) > 200
        assert given <= added
    goal = {quad.object for quad in graph if iri(quad.subject) == BIC.Goal and quad.predicate.value == RDFS.label}
    assert goal == {ox.Literal("goal", language="en"), ox.Literal("meta", language="es")}


def test_terms_of_others_keep_their_own_labels(graph: list[ox.Quad]) -> None:
    said = [quad for quad in graph if iri(quad.subject) == DCTERMS.issued]
    assert {quad.predicate.value for quad in said} == {
        RDF.type, RDFS.isDefinedBy, BIC.usageLabel, BIC.usageSynonym, VANN.usageNote, BIC.messageNoun
    }  # fmt: skip


def test_header_is_complete(graph: list[ox.Quad]) -> None:
    said = {quad.predicate.value for quad in graph if iri(quad.subject) == "https://w3id.org/bicentennial/ontology"}
    wanted = ("title", "description", "creator", "publisher", "rightsHolder", "created", "modified", "license")
    assert said >= {DCTERMS[name] for name in (*wanted, "bibliographicCitation")}
    assert said >= {OWL.versionIRI, OWL.versionInfo, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri}


def test_dates_are_strings_that_sort_alike(written: Callable[[str], Path]) -> None:
    texts = {}
    for name in ("owl", "framework"):
        quads = quads_of(written(name))
        literals = [(quad, quad.object) for quad in quads if isinstance(quad.object, ox.Literal)]
        texts[name] = {
            (quad.subject, literal.value)
            for quad, literal in literals
            if quad.predicate.value == BIC.startDate and iri(quad.subject).startswith(str(BICD))
        }
        datatypes = {literal.datatype.value for _, literal in literals}
        assert (datatypes <= DATATYPES) is (name == "owl"), datatypes - DATATYPES
    assert texts["owl"] == texts["framework"]
    assert texts["owl"]


def test_what_is_single_by_the_models_is_functional(written: Callable[[str], Path]) -> None:
    declared = kinds(quads_of(written("owl")))
    functional = {name for name, some in declared.items() if OWL.FunctionalProperty in some}
    assert functional >= {BIC.startDate, BIC.budgetAmount, BIC.targetValue}
    assert not functional & {BIC.hasStatus, BIC.unit, DCTERMS.date, BIC.programCode}
    assert all(OWL.DatatypeProperty in declared[name] for name in functional)


def test_the_dataset_says_its_version_and_counts(written: Callable[[str], Path]) -> None:
    quads = quads_of(written("framework"))
    said = {quad.predicate.value: quad.object for quad in quads if iri(quad.subject) == DATASET}
    parts = {quad.object for quad in quads if quad.predicate.value == VOID.classPartition}
    own = [quad for quad in quads if iri(quad.subject) != DATASET and quad.subject not in parts]
    assert said[DCAT.version] == ox.Literal(ontology_version())
    assert said[VOID.triples] == ox.Literal(len(own))
    actions = sum(quad.predicate.value == RDF.type and quad.object == ox.NamedNode(BIC.Action) for quad in own)
    (part,) = (quad.subject for quad in quads if iri(quad.object) == BIC.Action and quad.subject in parts)
    entities = [quad for quad in quads if quad.subject == part and quad.predicate.value == VOID.entities]
    assert [quad.object for quad in entities] == [ox.Literal(actions)]


PARTS = {
    "isUnitOf": ("agency-ofac", "agency-treasury"),
    "isWithinPlace": ("place-colima", "place-mexico"),
    "isElementOf": ("pillar-public-health", "goal-protect-our-people"),
    "isCarriedOutUnder": ("action-cossap-grants", "framework-bicentennial"),
    "isExtractOf": ("passage-fact-sheet-p07", "document-fact-sheet"),
}


@pytest.mark.parametrize("what", ["owl", "framework"])
def test_each_part_says_what_part_it_is(written: Callable[[str], Path], what: str) -> None:
    quads = quads_of(written(what))
    said: dict[str, set[tuple[str, str]]] = {}
    for quad in quads:
        said.setdefault(quad.predicate.value, set()).add((iri(quad.subject), iri(quad.object)))
    for name, (part, whole) in PARTS.items():
        assert (BICD[part], BICD[whole]) in said[BIC[name]]
    kinds_of_part = {BIC[name]: said[BIC[name]] for name in PARTS}
    assert set().union(*kinds_of_part.values()) == said[BIC.isPartOf]
    # A subgroup of a body is a unit of it and is carried out under it; nothing else is two kinds of part at once.
    twice = sum(map(len, kinds_of_part.values())) - len(said[BIC.isPartOf])
    assert twice == len(kinds_of_part[BIC.isUnitOf] & kinds_of_part[BIC.isCarriedOutUnder]) == 5


def test_only_what_can_be_chained_is_transitive(graph: list[ox.Quad]) -> None:
    transitive = {name for name, some in kinds(graph).items() if OWL.TransitiveProperty in some}
    assert transitive == {BIC.dependsOn, BIC.isElementOf, BIC.isUnitOf, BIC.isWithinPlace}


# For a run of seconds, compiling well and collecting on several processors take most of the processor time.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def unsatisfiable(path: Path) -> list[str] | None:
    """Return the classes that can have no member by HermiT, or None if the ontology is inconsistent."""
    if shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("HermiT needs Java, which continuous integration must have")
        pytest.skip("HermiT needs Java, which is not on this machine")
    import owlready2

    world = owlready2.World()
    ontology = world.get_ontology(path.as_uri()).load()
    try:
        with ontology, pytest.MonkeyPatch.context() as patch:
            patch.setenv("JDK_JAVA_OPTIONS", JAVA)
            owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    return sorted(each.iri for each in world.inconsistent_classes() if each.iri != OWL.Nothing)


@pytest.mark.parametrize("what", ["owl", "ontology"])
def test_hermit_finds_it_consistent_and_each_class_satisfiable(written: Callable[[str], Path], what: str) -> None:
    assert unsatisfiable(written(what)) == []


THING = "<urn:x-example:thing>"


@pytest.mark.parametrize(
    ("added", "found"),
    [
        (f"{THING} a bic:Goal , bic:Pillar .", None),
        (f"{THING} a bic:Recommendation , bic:Milestone .", None),
        (f'{THING} bic:startDate "2021" , "2022" .', None),
        (f"{THING} bic:realizes {THING} .", None),
        (f"{THING} bic:infersGoal <urn:x:goal> ; bic:statesGoalBySection <urn:x:goal> .", None),
        (f"{THING} a owl:Class ; rdfs:subClassOf bic:Goal , bic:Pillar .", ["urn:x-example:thing"]),
    ],
)
def test_hermit_would_find_a_contradiction(
    written: Callable[[str], Path], tmp_path: Path, added: str, found: list[str] | None
) -> None:
    axioms = [quad for quad in quads_of(written("owl")) if not iri(quad.subject).startswith(str(BICD))]
    prefixes = f"@prefix bic: <{BIC}> .\n@prefix owl: <{OWL}> .\n@prefix rdfs: <{RDFS}> .\n"
    axioms += ox.parse(prefixes + added, format=ox.RdfFormat.TURTLE)
    (tmp_path / "a.nt").write_bytes(
        ox.serialize((quad.triple for quad in axioms), format=ox.RdfFormat.N_TRIPLES) or b""
    )
    assert unsatisfiable(tmp_path / "a.nt") == found
