"""What is read from the annotations."""

import pytest

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.models import CLASSES, Action, Claim, Concept, CooperationBody, Name, Passage, SourceConflict, Status
from bicentennial.models.entity import Entity, Labelled
from bicentennial.models.structure import FieldStructure, demands, own_structure, structure


def test_dates_have_three_datatypes() -> None:
    assert structure(Action)["start_date"].datatypes == (XSD.date, XSD.gYearMonth, XSD.gYear)


def test_texts_are_one_per_language_or_several() -> None:
    fields = structure(Action)
    assert fields["pref_label"] == FieldStructure(
        "pref_label", 1, None, datatypes=(RDF.langString, XSD.string), min_length=1, one_per_language=True
    )
    assert not fields["alt_label"].one_per_language


def test_marks_are_read() -> None:
    fields = structure(Action)
    assert [name for name, field in fields.items() if field.should] == ["benefits", "takes_place_in"]
    assert fields["budget_currency"].notation_of == "Currency"
    assert fields["budget_amount"].at_least == 0
    assert structure(Passage)["sha256"].pattern == "^[0-9a-f]{64}$"
    assert fields["benefits"].ranges == ("Party", "BeneficiaryGroup")


def test_counts_are_read() -> None:
    assert (structure(SourceConflict)["has_claim"].minimum, structure(SourceConflict)["has_claim"].maximum) == (2, None)
    assert (structure(Name)["literal_form"].minimum, structure(Name)["literal_form"].maximum) == (1, 1)
    assert structure(Claim)["source"].minimum == 1


def test_what_superclasses_settle_is_not_said_again() -> None:
    assert list(own_structure(Status)) == []
    assert list(own_structure(CooperationBody)) == ["has_member"]
    assert "pref_label" in own_structure(Concept)


@pytest.mark.parametrize("model", CLASSES.values(), ids=lambda model: model.__name__)
def test_what_every_thing_has_is_demanded_once(model: type[Entity]) -> None:
    assert not {"alt_label", "notation", "scope_note"} & demands(model).keys()
    for name, field in demands(model).items():
        if name in Entity.model_fields:
            assert (field.minimum, field.datatypes, field.min_length) == (1, (), None)


def test_bases_demand_what_their_classes_share() -> None:
    assert [*demands(Entity)] == [
        "pref_label", "alt_label", "notation", "identifier", "description", "scope_note", "source",
    ]  # fmt: skip
    assert demands(Labelled) == {"pref_label": FieldStructure("pref_label", 1, None)}


@pytest.mark.parametrize("name", CLASSES)
def test_only_unconstrained_fields_are_free(name: str) -> None:
    for field in structure(CLASSES[name]).values():
        if field.is_free:
            assert (field.minimum, field.maximum, field.datatypes) == (0, None, ())


def test_partners_may_declare_these_classes_only() -> None:
    assert sorted(name for name, model in CLASSES.items() if model.declarable) == [
        "Action",
        "Agency",
        "CooperationBody",
        "FinancialRecord",
        "Government",
        "Indicator",
        "InternationalOrganization",
        "Measurement",
        "Milestone",
        "Party",
        "Place",
        "Quantity",
        "Submission",
    ]
