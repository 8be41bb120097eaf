"""IATI activity files become actions, parties, places, indicators and measurements, by the ontology's alignments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.core.namespaces import BIC, BICD, DCTERMS
from bicentennial.formats.iati.codes import Codes
from bicentennial.intake import Limits
from bicentennial.vocabulary.index import own

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

EXAMPLES = Path(__file__).parents[2] / "examples" / "submissions"


def activity(inner: str, attributes: str = 'xml:lang="en"', *, version: str = "2.03") -> str:
    return (
        f'<?xml version="1.0"?>\n<iati-activities version="{version}">\n<iati-activity {attributes}>\n'
        f"<iati-identifier>XX-1</iati-identifier>\n{inner}\n</iati-activity>\n</iati-activities>\n"
    )


def test_the_good_example_says_all_that_it_holds(reads: Callable[..., Told]) -> None:
    told = reads("good.xml", (EXAMPLES / "good.xml").read_bytes())
    assert told.submission.format == "iati"
    ports = "XX-EXAMPLE-0001-PORTS"
    assert {o for s, o, *_ in told.said("#prefLabel") if s == ports} == {
        "Capacitación en inspección de contenedores",
        "Training on container inspection",
    }
    for local, value in {
        "hasStatus": "bicd:status-completed",
        "isFundedBy": "bicd:agency-unodc",
        "hasPartner": "bicd:agency-semar",
        "startDate": "2022-03-15",
        "endDate": "2023-11-30",
        "budgetAmount": "150000.50",
        "budgetCurrency": "USD",
        "hasEditor": "bicd:party-editors-of-bicentennial",
    }.items():
        assert [o for s, o, *_ in told.said(f"#{local}") if s == ports] == [value], local
    assert [o for s, o, *_ in told.said("#dueDate") if s == ports] == ["2023-12-31"]
    assert set(told.values("#takesPlaceIn")) == {"bicd:place-mexico", "bicd:place-manzanillo"}
    assert told.values("#hasResponsibleParty") == ["urn:x-bicentennial:party:XX-EXAMPLE-0001"] * 2
    assert told.values("#externalIdentifier") == ["XX-EXAMPLE:0001"]
    assert told.values("#numericValue") == ["38", "104"]
    assert told.values("#targetValue") == ["100"]
    assert told.values("#baselineDate") == ["2021"]
    assert {code for code, _ in told.found()} == {"iati-inferred", "iati-not-read"}


def test_a_sector_infers_its_nearest_pillars_and_their_goals(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", activity('<sector vocabulary="1" code="15130"/>'))
    assert told.values("#advancesPillar") == ["bicd:pillar-strengthen-security-and-justice-sector"]
    assert told.values("#infersPillar") == told.values("#advancesPillar")
    assert told.values("#infersGoal") == told.values("#advancesGoal") != []
    assert told.values("#hasTheme") == ["bicd:theme-criminal-justice"]


def test_what_an_activity_states_itself_is_not_inferred(reads: Callable[..., Told]) -> None:
    ours = '<tag vocabulary="99" vocabulary-uri="https://w3id.org/bicentennial/id/" code="O1.1"/>'
    told = reads("a.xml", activity(f'<sector code="15130"/>{ours}'))
    assert told.values("#advancesPillar") == ["bicd:pillar-public-health"]
    assert told.values("#advancesGoal") == ["bicd:goal-protect-our-people"]
    assert told.values("#infersGoal") == told.values("#hasEditor") == []
    assert told.values("#hasTheme") == ["bicd:theme-criminal-justice"]


def test_an_sdg_target_counts_as_tag(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", activity('<tag vocabulary="3" code="3.5"/>'))
    assert told.values("#advancesPillar") == ["bicd:pillar-public-health"]


def test_a_sector_without_counterpart_is_named(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", activity('<sector code="11220"><narrative>Primary education</narrative></sector>'))
    found = next(each for each in told.findings if each.code == "iati-sector-unaligned")
    assert "11220 Primary education" in found.message["es"]
    assert found.location.line == 5
    assert found.location.pointer == "/iati-activities/iati-activity[1]/sector[1]"


def test_a_mapping_gives_sectors_of_ones_own_and_a_goal_for_all(reads: Callable[..., Told], tmp_path: Path) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text('[values.sector]\n"WB-LD" = "O3.1"\n[constants]\nresponsible_party = "UIF"\n', "utf-8")
    told = reads("a.xml", activity('<sector vocabulary="WB" code="WB-LD"/>'), mapping=rules)
    assert told.values("#advancesGoal") == ["bicd:goal-pursue-criminal-networks"]
    assert told.values("#hasResponsibleParty") == ["bicd:agency-uif"]


def test_a_constant_may_name_a_party_that_the_mapping_lists(reads: Callable[..., Told], tmp_path: Path) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text('[constants]\nresponsible_party = "Ejemplo"\n[[parties]]\nname = "Ejemplo"\n', "utf-8")
    told = reads("a.xml", activity(""), mapping=rules)
    assert told.values("#hasResponsibleParty") == ["urn:x-bicentennial:party:Ejemplo"]


def test_version_1_is_read_by_its_words(reads: Callable[..., Told]) -> None:
    inner = (
        '<title>Ports</title><title xml:lang="fr">Ports maritimes</title><participating-org role="Implementing">SEMAR'
        '</participating-org><activity-date type="start-planned" iso-date="2014-05-01Z"/>'
    )
    told = reads("a.xml", activity(inner, version="1.05"))
    assert {(o, language) for _, o, _, language, *_ in told.said("#prefLabel")} == {
        ("Ports", "en"),
        ("Ports maritimes", "fr"),
    }
    assert told.values("#hasResponsibleParty") == ["bicd:agency-semar"]
    assert told.values("#startDate") == ["2014-05-01"]
    assert ("iati-version", None) in told.found()


def test_an_unknown_code_is_told_with_those_that_there_are(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", activity('<activity-status code="9"/><activity-status code="9"/>'))
    found = [each for each in told.findings if each.code == "iati-code-unknown"]
    assert len(found) == 1
    assert "2 (implementation)" in found[0].message["en"]
    assert "(número de veces: 2)" in found[0].message["es"]


def test_who_is_responsible_is_not_also_partner(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", activity('<participating-org role="3" ref="XX-9"/><participating-org role="2" ref="XX-9"/>'))
    assert told.values("#hasPartner") == []
    assert told.values("#hasResponsibleParty") == ["urn:x-bicentennial:party:XX-9"]


def test_namesakes_with_different_identifiers_are_different_parties(reads: Callable[..., Told]) -> None:
    named = '<participating-org role="4" ref="{}"><narrative>Ejemplo</narrative></participating-org>'
    told = reads("a.xml", activity(named.format("MX-RFC-1") + named.format("MX-RFC-2")))
    assert told.values("#hasResponsibleParty") == [
        "urn:x-bicentennial:party:MX-RFC-1",
        "urn:x-bicentennial:party:MX-RFC-2",
    ]
    assert told.values("#externalIdentifier") == ["MX-RFC:1", "MX-RFC:2"]


def test_revised_budgets_replace_and_currencies_are_not_mixed(reads: Callable[..., Told]) -> None:
    budget = (
        '<budget type="{}"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>'
        '<value currency="{}">{}</value></budget>'
    )
    told = reads("a.xml", activity(budget.format(1, "USD", 10) + budget.format(2, "USD", 12)))
    assert told.values("#budgetAmount") == ["12"]
    told = reads("a.xml", activity(budget.format(1, "USD", 10) + '<budget><value currency="MXN">1</value></budget>'))
    assert told.values("#budgetAmount") == []
    assert "iati-several-currencies" in dict(told.found())


def test_places_of_statements(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", activity('<title><narrative>T</narrative></title>\n<activity-status code="2"/>'))
    subject = "urn:x-bicentennial:action:XX-1"
    base = "/iati-activities/iati-activity[1]"
    assert told.place(subject) == (None, None, 3, base)
    assert told.place(subject, DCTERMS.identifier) == (None, None, 4, f"{base}/iati-identifier[1]")
    assert told.place(subject, BIC.hasStatus, BICD["status-ongoing"]) == (None, None, 6, f"{base}/activity-status[1]")
    assert told.place(subject, BIC.advancesGoal) == (None, None, 3, base)
    assert told.place("urn:nobody") == (None, None, None, None)


def test_repeated_identifiers_are_two_activities(reads: Callable[..., Told]) -> None:
    one = "<iati-activity><iati-identifier>A</iati-identifier></iati-activity>"
    told = reads("a.xml", f"<iati-activities version='2.03'>{one}{one}<iati-activity/></iati-activities>")
    assert {s for s, *_ in told.said("22-rdf-syntax-ns#type")} == {"A", "2", "3"}
    assert told.values("/identifier") == ["A", "A"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('<!DOCTYPE iati-activities [<!ENTITY a "b">]>\n<iati-activities>&a;</iati-activities>', 1),
        ("<iati-activities>\n<iati-activity>&boom;</iati-activity></iati-activities>", 2),
        ("<iati-activities>\n<iati-activity>\n</iati-activities>", 3),
    ],
)
def test_what_is_refused(reads: Callable[..., Told], text: str, line: int) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.xml", text)
    assert caught.value.line == line


def test_depth_and_length_are_limited(reads: Callable[..., Told]) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.xml", activity("<a>" * 100 + "</a>" * 100))
    assert caught.value.setting == "depth"
    with pytest.raises(LimitReachedError) as caught:
        reads("a.xml", activity("<title>" + "x" * 2_000 + "</title>"), limits=Limits(literal_characters=1_000))
    assert caught.value.setting == "literal_characters"


def test_every_code_that_is_mapped_leads_to_something_of_ours() -> None:
    codes = Codes(own())
    for notation in ("ActivityStatus", "OrganisationRole", "ActivityDateType"):
        assert codes.known(notation)
        for code in codes.known(notation):
            assert codes.matches(notation, code), (notation, code)
    assert codes.nearest("SectorVocabulary:1", "99999", {BIC.Pillar}) == []
