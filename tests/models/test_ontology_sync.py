"""Models and ontology say the same: each class has a model, each property a field, and the other way round."""

import pytest

from bicentennial.core.namespaces import BIC, OWL, SKOS, XSD, compact, snake_case
from bicentennial.exchange.publications.owl import kinds_of_part
from bicentennial.models import CLASSES, Entity
from bicentennial.models.structure import structure, superclasses
from bicentennial.rdf import ontology

FIELDS = sorted({name for model in CLASSES.values() for name in structure(model)})
ABOUT_INDIVIDUALS = {OWL.ObjectProperty, OWL.DatatypeProperty}


def own(iri: str) -> bool:
    return iri.startswith(str(BIC))


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_stands_for_one_property(name: str) -> None:
    found = [compact(term.iri) for term in ontology().by_field.get(name, ())]
    assert len(found) == 1, f"out of sync: the field {name} stands for {found or 'no property of the ontology'}"


def test_each_property_of_ours_has_a_field() -> None:
    expected = {t.iri for t in ontology().terms.values() if own(t.iri) and ABOUT_INDIVIDUALS & set(t.types)}
    fields = {ontology().property_of(name).iri for name in FIELDS}
    # What a part is, exports work out from the classes of both ends; it is not written by hand.
    missing = sorted(map(compact, expected - fields - kinds_of_part().keys()))
    assert not missing, f"out of sync: no model has a field for {missing}"


def test_each_class_of_ours_has_a_model() -> None:
    expected = {compact(t.iri) for t in ontology().terms.values() if own(t.iri) and t.is_class}
    models = {compact(BIC[name]) for name in CLASSES if name != "Concept"}
    assert expected - models == set(), "out of sync: classes without a model"
    assert models - expected == set(), "out of sync: models without a class"


@pytest.mark.parametrize("model", CLASSES.values(), ids=CLASSES)
def test_models_inherit_as_classes_do(model: type[Entity]) -> None:
    iri = ontology().class_of(model.__name__).iri
    above = {each for each in ontology().superclasses(iri) if own(each) or each == SKOS.Concept}
    inherited = {ontology().class_of(each.__name__).iri for each in superclasses(model)}
    assert inherited == above, f"out of sync: the superclasses of {model.__name__}"


@pytest.mark.parametrize("model", CLASSES.values(), ids=CLASSES)
def test_ranges_name_classes(model: type[Entity]) -> None:
    for field in structure(model).values():
        for name in () if field.is_open else field.ranges:
            assert name in CLASSES, f"out of sync: {model.__name__}.{field.name} refers to {name}"


@pytest.mark.parametrize("model", CLASSES.values(), ids=CLASSES)
def test_literals_and_references_are_told_apart_as_in_owl(model: type[Entity]) -> None:
    for field in structure(model).values():
        types = set(ontology().property_of(field.name).types)
        if OWL.ObjectProperty in types:
            assert not field.datatypes, f"out of sync: {field.name} holds literals, its property things"
        if OWL.DatatypeProperty in types:
            assert field.datatypes, f"out of sync: {field.name} holds things, its property literals"
            assert all(iri.startswith(str(XSD)) or iri.endswith("#langString") for iri in field.datatypes)


def test_fields_are_named_by_the_one_rule() -> None:
    assert [name for name in FIELDS if snake_case(name) != name] == []
