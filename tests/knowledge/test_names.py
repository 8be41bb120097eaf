"""Which thing a name means."""

from __future__ import annotations

import pytest

from bicentennial.core.errors import QueryError, UnknownNameError
from bicentennial.core.namespaces import BIC, BICD
from bicentennial.knowledge.names import names

FOUND = {
    "https://w3id.org/bicentennial/id/agency-ofac": "agency-ofac",
    "<https://w3id.org/bicentennial/id/agency-ofac>": "agency-ofac",
    "bicd:agency-ofac": "agency-ofac",
    "agency-ofac": "agency-ofac",
    "ofac": "agency-ofac",
    "Office of foreign ASSETS control": "agency-ofac",
    "oficina de control de activos extranjeros": "agency-ofac",
    "G1": "goal-protect-our-people",
    "Goal I": "goal-protect-our-people",
    "meta 1": "goal-protect-our-people",
    "A6": "action-container-control-mou",
    "O1.1": "pillar-public-health",
    "Marco Bicentenario": "framework-bicentennial",
    "México": "place-mexico",
    "Government of Mexico": "government-mexico",
    "Iniciativa Merida": "instrument-merida-initiative",
}


@pytest.mark.parametrize("name", FOUND)
def test_names_that_people_use(name: str) -> None:
    assert names().resolve(name) == BICD[FOUND[name]]


def test_kinds_narrow_the_search() -> None:
    assert names().resolve("Mexico", kind="party") == BICD["government-mexico"]
    assert names().resolve("Mexico", kind="place") == BICD["place-mexico"]
    assert names().resolve("UNODC", kind="agency") == BICD["agency-unodc"]
    with pytest.raises(UnknownNameError):
        names().resolve("OFAC", kind="goal")


def test_a_thing_goes_before_the_term_of_its_name() -> None:
    assert names().resolve("Action") == BIC.Action


@pytest.mark.parametrize("name", ["", "   ", "!!", "\x00", "a" * 10_000])
def test_names_of_nothing(name: str) -> None:
    with pytest.raises(UnknownNameError):
        names().resolve(name)


def test_several_candidates_are_listed() -> None:
    with pytest.raises(QueryError) as caught:
        names().resolve("secretariat", kind="agency")
    assert "“secretariat” fits several: " in caught.value.text["en"]
    assert "«secretariat» corresponde a varios: " in caught.value.text["es"]
