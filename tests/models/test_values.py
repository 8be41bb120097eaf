"""Texts in several languages, partial dates, references."""

import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from bicentennial.core.namespaces import XSD
from bicentennial.models import (
    CLASSES,
    Action,
    Entity,
    LangText,
    LangTexts,
    Measurement,
    PartialDate,
    Place,
    Quantity,
    Text,
)
from bicentennial.models.fields import Ref


@pytest.mark.parametrize(
    ("value", "datatype", "first", "last"),
    [
        ("2024", XSD.gYear, dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ("2024-02", XSD.gYearMonth, dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2024-02-03", XSD.date, dt.date(2024, 2, 3), dt.date(2024, 2, 3)),
        ("2024-02-03-14:00", XSD.date, dt.date(2024, 2, 3), dt.date(2024, 2, 3)),
        ("2024-02-03Z", XSD.date, dt.date(2024, 2, 3), dt.date(2024, 2, 3)),
        (dt.date(2024, 2, 3), XSD.date, dt.date(2024, 2, 3), dt.date(2024, 2, 3)),
        (dt.datetime(2024, 2, 3, 4, tzinfo=dt.UTC), XSD.date, dt.date(2024, 2, 3), dt.date(2024, 2, 3)),
    ],
)
def test_partial_dates(value: Any, datatype: str, first: dt.date, last: dt.date) -> None:
    date = PartialDate(value)
    assert (date.datatype, date.earliest, date.latest) == (datatype, first, last)


@pytest.mark.parametrize(
    "value",
    [
        *("", "24", "2024-13", "2023-02-29", "2024-2-3", "20240203", "0000", "yesterday"),
        # What the shapes refuse: digits that are not ASCII's, and time zones that there are not.
        *("\uff12\uff10\uff12\uff14", "\u0662\u0660\u0662\u0664-01", "2024-02-03+15:00", "2024-02-03+14:01"),
    ],
)
def test_what_is_no_date(value: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        PartialDate(value)


def test_a_year_may_be_a_number() -> None:
    assert PartialDate.parse(2024) == "2024"


def test_language_falls_back() -> None:
    assert LangText({"es": "meta"}).en == "meta"
    assert LangText("Oaxaca").es == "Oaxaca"
    assert LangText({"fr": "but"}).es == "but"
    assert str(LangText()) == ""


def test_language_tags_are_lower_case_and_order_does_not_matter() -> None:
    assert LangText({"ES-mx": "a", "en": "b"}) == LangText({"en": "b", "es-mx": "a"})
    assert list(LangText({"ES-mx": "a", "en": "b"})) == ["en", "es-mx"]


def test_texts_are_immutable_hashable_and_picklable() -> None:
    text = LangText({"en": "goal"})
    with pytest.raises(AttributeError):
        text.other = 1
    assert {text: 1}[LangText({"en": "goal"})] == 1
    assert pickle.loads(pickle.dumps(text)) == text


def test_several_texts_per_language() -> None:
    texts = LangTexts({"en": "OFAC", "es": ("a", "b")})
    assert texts.all() == ("OFAC", "a", "b")
    assert LangTexts(["a", "b"])[""] == ("a", "b")
    with pytest.raises(ValueError, match="not empty"):
        LangTexts({"en": [""]})


def test_texts_know_addresses() -> None:
    assert Text("https://example.org/x").datatype == XSD.anyURI
    assert Text("gob.mx/sre").datatype == XSD.string


def test_references_expand_known_prefixes_only() -> None:
    assert Ref.parse("skos:Concept") == "http://www.w3.org/2004/02/skos/core#Concept"
    assert Ref.parse("urn:x:1") == "urn:x:1"
    with pytest.raises(ValueError, match="no IRI"):
        Ref.parse("a name")


def test_numbers_keep_how_they_were_written() -> None:
    assert Quantity(id="urn:x:q", numeric_value=80000).numeric_value == 80000
    written = Quantity(id="urn:x:q", numeric_value="2.50").numeric_value
    assert isinstance(written, Decimal)
    assert str(written) == "2.50"


@pytest.mark.parametrize("value", ["NaN", "inf", "a lot", None])
def test_what_is_no_number(value: Any) -> None:
    with pytest.raises(ValueError, match="numeric_value"):
        Measurement(id="urn:x:m", observes="urn:x:i", numeric_value=value, date="2024")


def test_every_model_is_documented_and_frozen() -> None:
    for name, model in CLASSES.items():
        assert model.__doc__, name
        assert model.model_config["frozen"], name
        assert model.model_config["extra"] == "forbid", name


def test_json_of_a_model_is_readable_again() -> None:
    place = Place(id="bicd:place-x", pref_label={"en": "X"}, alt_label=["Y"], is_part_of=["bicd:place-mexico"])
    assert Place.model_validate(place.model_dump(mode="json")) == place
    assert Place.model_validate_json(place.model_dump_json()) == place


@pytest.mark.parametrize("model", CLASSES.values(), ids=CLASSES)
def test_json_schema_accepts_what_a_model_writes(model: type[Entity]) -> None:
    jsonschema.Draft202012Validator.check_schema(model.model_json_schema())
    action = Action(
        id="urn:x:1",
        identifier="A-1",
        pref_label={"en": "a"},
        alt_label={"es": ["b", "c"]},
        advances_goal=["bicd:goal-protect-our-people"],
        has_responsible_party=["bicd:agency-unodc"],
        source=["https://example.org/", "page 1"],
        start_date="2023",
        budget_amount="1.5",
    )
    jsonschema.validate(action.model_dump(mode="json", exclude_none=True), Action.model_json_schema())
