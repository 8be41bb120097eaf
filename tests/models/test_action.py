"""Building, changing and reading an action in Python."""

import datetime as dt
import pickle
import subprocess
import sys
from decimal import Decimal
from typing import Any, assert_type

import pytest
from pydantic import ValidationError

from bicentennial.core.namespaces import BICD
from bicentennial.models import Action, Goal, LangText, PartialDate, Text
from bicentennial.models.fields import Ref

GIVEN: dict[str, Any] = {
    "id": "urn:x-example:1",
    "identifier": "A-1",
    "pref_label": {"en": "Train inspectors", "es": "Capacitar inspectores"},
    "advances_goal": ["bicd:goal-prevent-transborder-crime"],
    "has_responsible_party": ["bicd:agency-unodc"],
}


def wrong(**changes: Any) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        Action(**(GIVEN | changes))
    return [(error["loc"], error["type"]) for error in caught.value.errors()]


def test_compact_iris_labels_and_dates_become_values() -> None:
    action = Action(**GIVEN, due_date=dt.date(2024, 6, 30), start_date="2023", budget_amount="10.50")
    assert action.advances_goal == (BICD["goal-prevent-transborder-crime"],)
    assert action.pref_label.es == "Capacitar inspectores"
    assert (action.start_date, action.due_date) == ("2023", "2024-06-30")
    assert action.budget_amount == Decimal("10.50")
    assert str(action) == "Train inspectors"


def test_the_types_are_known_to_a_type_checker() -> None:
    action = Action(**GIVEN)
    assert_type(action.advances_goal, tuple[Ref[Goal], ...])
    assert_type(action.due_date, PartialDate | None)
    assert_type(action.pref_label, LangText)
    assert_type(action.replace(identifier="A-2"), Action)


def test_an_entity_can_be_given_instead_of_its_iri() -> None:
    goal = Goal(id="bicd:goal-x", pref_label="x", is_part_of="bicd:framework-bicentennial")
    assert Action(**(GIVEN | {"advances_goal": [goal]})).advances_goal == (goal.id,)


def test_sources_may_be_things_addresses_or_texts() -> None:
    source = Action(**GIVEN, source=["bicd:passage-x-p01", "https://example.org/a", "Report, page 3"]).source
    assert [type(each) for each in source] == [Ref, Ref, Text]


@pytest.mark.parametrize(
    ("changes", "place", "kind"),
    [
        ({"advances_goal": []}, (), "value_error"),
        ({"has_responsible_party": ()}, ("has_responsible_party",), "too_short"),
        ({"identifier": ""}, ("identifier",), "string_too_short"),
        ({"pref_label": {}}, ("pref_label",), "too_short"),
        ({"pref_label": {"en": "  "}}, ("pref_label",), "value_error"),
        ({"budget_currency": "dollars"}, ("budget_currency",), "string_pattern_mismatch"),
        ({"start_date": "03/04/2023"}, ("start_date",), "value_error"),
        ({"start_date": "2023-02-30"}, ("start_date",), "value_error"),
        ({"advances_goal": ["Protect our peeple"]}, ("advances_goal", 0), "unknown_name"),
        ({"advances_goal": ["bicd:goal-nope"]}, ("advances_goal", 0), "unknown_name"),
        ({"advances_goal": ["urn:x-example:goal"]}, ("advances_goal", 0), "unknown_name"),
        ({"has_responsible_party": ["bicd:goal-protect-our-people"]}, ("has_responsible_party", 0), "unknown_name"),
        ({"advances_goal": "bicd:goal-x"}, ("advances_goal",), "tuple_type"),
        ({"goal": ["bicd:goal-x"]}, ("goal",), "extra_forbidden"),
        ({"id": "no iri"}, ("id",), "value_error"),
    ],
)
def test_what_is_wrong_is_refused_where_it_stands(
    changes: dict[str, Any], place: tuple[int | str, ...], kind: str
) -> None:
    assert wrong(**changes)[0] == (place, kind)


def test_a_negative_budget_is_refused() -> None:
    assert {place[0] for place, _ in wrong(budget_amount=-1)} == {"budget_amount"}


def test_what_is_required_is_named() -> None:
    with pytest.raises(ValidationError) as caught:
        Action(id="urn:x-example:1")
    assert sorted(str(error["loc"][0]) for error in caught.value.errors()) == [
        "has_responsible_party",
        "identifier",
        "pref_label",
    ]


def test_an_action_cannot_be_changed_but_replaced() -> None:
    action = Action(**GIVEN)
    with pytest.raises(ValidationError, match="frozen"):
        action.identifier = "A-2"
    assert action.replace(identifier="A-2").identifier == "A-2"
    assert action.identifier == "A-1"
    with pytest.raises(ValidationError, match="advances_goal"):
        action.replace(advances_goal=[])


def test_actions_are_values() -> None:
    assert Action(**GIVEN) == Action(**GIVEN)
    assert len({Action(**GIVEN), Action(**GIVEN)}) == 1


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("bicentennial", {"pydantic", "rdflib", "pyoxigraph", "duckdb", "pyshacl"}),
        ("bicentennial.models", {"rdflib", "pyoxigraph", "duckdb", "pyshacl", "bicentennial.rdf"}),
        ("bicentennial.rdf", {"rdflib", "duckdb", "pyshacl"}),
    ],
)
def test_imports_stay_light(module: str, absent: set[str]) -> None:
    code = f"import sys, {module}; print(sorted({absent!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_acronyms_and_compact_iris_are_resolved_and_found_again() -> None:
    given = {**GIVEN, "advances_goal": ["Proteger a nuestra gente", "G2"], "has_status": "en curso"}
    action = Action(**given | {"has_responsible_party": ["OFAC", "bicd:agency-unodc", "urn:x-example:party"]})
    assert action.advances_goal == (BICD["goal-protect-our-people"], BICD["goal-prevent-transborder-crime"])
    assert action.has_status == BICD["status-ongoing"]
    for name in ("OFAC", "bicd:agency-ofac", BICD["agency-ofac"], "UNODC", "urn:x-example:party"):
        assert name in action.has_responsible_party, name
    for other in ("FGR", "bicd:agency-fgr", "nobody", "", None, 5):
        assert other not in action.has_responsible_party, other
    assert pickle.loads(pickle.dumps(action)) == action == action.replace()
    assert "OFAC" in action.replace(due_date="2024").has_responsible_party


def test_an_unknown_name_is_one_error_with_suggestions_in_both_languages() -> None:
    with pytest.raises(ValidationError) as caught:
        Action(**GIVEN | {"advances_goal": ["Protect our peeple"]})
    (error,) = caught.value.errors()
    assert error["msg"] == (
        "nothing here is called “Protect our peeple”; did you mean Protect our people?"
        " · nada se llama aquí «Protect our peeple»; ¿quiso decir Proteger a nuestra gente?"
    )
