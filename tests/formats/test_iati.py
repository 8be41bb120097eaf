"""IATI activity files become actions, parties, places, indicators and measurements, by the ontology's alignments."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.core.namespaces import BIC, BICD, DCTERMS
from bicentennial.formats.iati.codes import Codes
from bicentennial.intake import Limits
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Told

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
        "advancesPillar": "bicd:pillar-secure-modes-of-travel-and-commerce",
    }.items():
        assert [o for s, o, *_ in told.said(f"#{local}") if s == ports] == [value], local
    assert [o for s, o, *_ in told.said("#dueDate") if s == ports] == ["2023-12-31"]
    assert set(told.values("#takesPlaceIn")) == {"bicd:place-mexico", "bicd:place-manzanillo"}
    assert told.values("#hasResponsibleParty") == ["urn:x-bicentennial:party:XX-EXAMPLE-0001"] * 2
    assert told.values("#externalIdentifier") == ["XX-EXAMPLE:0001"]
    assert told.values("#numericValue") == ["38", "104"]
    assert told.values("#targetValue") == ["100"]
    assert told.values("#baselineDate") == ["2021"]
    assert told.values("#infersGoal") == told.values("#hasEditor") == told.values("#hasTheme") == []
    assert {code for code, _ in told.found()} == {"iati-budgets-added", "iati-not-read"}


ASSERTED = ("#advancesGoal", "#advancesPillar", "#advancesObjective", "#honorsCommitment", "#hasTheme")
INFERRED = ("#infersGoal", "#infersPillar", "#infersObjective", "#infersCommitment", "#hasEditor")


@pytest.mark.parametrize(
    ("coded", "suggested"),
    [
        ('<sector vocabulary="1" code="15130"/>', "O3.2"),
        ('<tag vocabulary="3" code="3.5"/>', "O1.1"),
        ('<sector code="16063"/><tag vocabulary="3" code="16.4"/>', "O2.1"),
    ],
)
def test_what_a_sector_or_tag_is_near_to_is_suggested_and_never_said(
    reads: Callable[..., Told], coded: str, suggested: str
) -> None:
    told = reads("a.xml", activity(coded))
    assert [told.values(each) for each in ASSERTED + INFERRED] == [[]] * 10
    (found,) = [each for each in told.findings if each.code == "iati-goals-suggested"]
    assert found.severity == "info"
    assert suggested in found.suggestions
    assert f"{suggested} " in found.message["en"]


def test_what_an_activity_states_itself_needs_no_suggestion(reads: Callable[..., Told]) -> None:
    ours = '<tag vocabulary="99" vocabulary-uri="https://w3id.org/bicentennial/id/" code="O1.1"/>'
    told = reads("a.xml", activity(f'<sector code="15130"/>{ours}'))
    assert told.values("#advancesPillar") == ["bicd:pillar-public-health"]
    assert told.values("#advancesGoal") == ["bicd:goal-protect-our-people"]
    assert told.values("#infersGoal") == told.values("#hasEditor") == told.values("#hasTheme") == []
    assert unread(told) == {"sector": 1}


def unread(told: Told) -> dict[str, int]:
    """Return the kinds that were said to be left out, and how often each."""
    found = [each for each in told.findings if each.code == "iati-not-read"]
    assert {each.severity for each in found} <= {"info"}
    return {str(each.value): int(re.findall(r"times: (\d+)", each.message["en"])[-1]) for each in found}


def test_what_is_not_read_is_told_by_kind_with_how_often_and_where_first(reads: Callable[..., Told]) -> None:
    told = reads(
        "a.xml",
        activity(
            '<reporting-org ref="X"><narrative>X</narrative></reporting-org>\n'
            "<transaction><value>1</value></transaction>\n<transaction><value>2</value></transaction>\n"
            '<recipient-country code="MX" percentage="60"/><recipient-country code="US" percentage="40"/>\n'
            "<location><name><narrative>Colima</narrative></name><point><pos>1 2</pos></point></location>\n"
            '<location><point><pos>1 2</pos></point></location><policy-marker code="1"/>\n'
            '<related-activity ref="Y"/><x:own xmlns:x="urn:x">1</x:own>\n'
            '<activity-date type="1" iso-date="2020-01-01"/><activity-date type="2" iso-date="2020-02-01"/>'
        ),
    )
    assert unread(told) == {
        "transaction": 2,
        "recipient-country/@percentage": 2,
        "reporting-org": 1,
        "location/point": 1,
        "location": 1,
        "policy-marker": 1,
        "related-activity": 1,
        "x:own": 1,
        "activity-date (type 1)": 1,
    }
    (found,) = [each for each in told.findings if each.value == "transaction"]
    assert (found.location.line, found.location.pointer) == (6, "/iati-activities/iati-activity[1]/transaction[1]")
    assert "transacciones" in found.message["es"]
    assert told.values("#takesPlaceIn") == ["bicd:place-mexico", "bicd:place-united-states", "bicd:place-colima"]


INDICATOR = (
    '<result type="2"><title><narrative>R</narrative></title>'
    '<indicator measure="1"><title><narrative>I</narrative></title>'
    '{}<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>{}</period></indicator></result>'
)
BY_SEX = '<actual value="5"><dimension name="sex" value="female"/></actual>'


def test_an_indicator_with_values_by_group_alone_is_left_out_whole(reads: Callable[..., Told]) -> None:
    for baseline, values in (
        ("", '<target value="9"><dimension name="sex" value="female"/></target><actual value="4"/>'),
        ('<baseline year="2020" value="1"/>', f'<target value="9"/>{BY_SEX}'),
        ('<baseline year="2020" value="1"><location ref="L"/></baseline>', ""),
    ):
        told = reads("a.xml", activity(INDICATOR.format(baseline, values)))
        assert told.said("#measures") == []
        assert unread(told)["result/indicator (by group)"] == 1


def test_values_by_group_beside_the_one_for_all_are_told(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", activity(INDICATOR.format("", f'{BY_SEX}{BY_SEX}<actual value="9"/><actual value=""/>')))
    assert told.values("#numericValue") == ["9"]
    counted = unread(told)
    assert counted["result/indicator/period/actual (by group)"] == 2
    assert counted["result/indicator/period/actual (further)"] == 1
    assert counted["result/@type"] == 1


def test_a_period_that_is_not_over_is_no_measurement_of_the_future(reads: Callable[..., Told]) -> None:
    text = activity(INDICATOR.format("", '<actual value="9"/>'))
    dated = text.replace("<iati-activities ", '<iati-activities generated-datetime="2024-06-30T10:00:00Z" ')
    told = reads("a.xml", dated)
    measurement = told.said("#numericValue")[0][0]
    assert [o for s, o, *_ in told.said("/date") if s == measurement] == ["2024-06-30"]
    (found,) = [each for each in told.findings if each.code == "iati-period-open"]
    assert "2024-06-30" in found.message["es"]
    assert "iati-period-open" not in {each.code for each in reads("a.xml", text).findings}


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


def budget(year: str, value: object, kind: str = "1", status: str = "1", until: str = "") -> str:
    return (
        f'<budget type="{kind}" status="{status}"><period-start iso-date="{year}-01-01"/>'
        f'<period-end iso-date="{until or year}-12-31"/><value currency="USD">{value}</value></budget>'
    )


@pytest.mark.parametrize(
    ("budgets", "amount", "code"),
    [
        ([budget("2024", 10), budget("2024", 12, "2")], ["12"], None),
        ([budget("2023", 10), budget("2024", 20.5)], ["30.5"], "iati-budgets-added"),
        ([budget("2023", 10, "2"), budget("2024", 20, "2")], ["30"], "iati-budgets-added"),
        ([budget("2023", 10), budget("2024", 20).replace("USD", "usd")], ["30"], "iati-budgets-added"),
        (
            [budget("2023", 100, until="2025"), budget("2023", 40), budget("2024", 60, until="2025")],
            [],
            "iati-budgets-overlap",
        ),
        ([budget("2023", 10), budget("2023", 10)], [], "iati-budgets-overlap"),
        ([budget("2023", 10), budget("2024", 20, "2")], [], "iati-budgets-of-kinds"),
        ([budget("2023", 10), budget("2024", 20, status="2")], [], "iati-budgets-of-kinds"),
        ([budget("2023", 10), budget("2024", "1,000")], [], "iati-budgets-not-numbers"),
        ([budget("2023", 10), '<budget><value currency="USD">1</value></budget>'], [], "iati-budgets-without-period"),
        ([budget("2023", 10), '<budget><value currency="MXN">1</value></budget>'], [], "iati-several-currencies"),
        ([budget("2023", 10)], ["10"], None),
    ],
)
def test_budgets_are_added_only_within_one_kind_and_side_by_side(
    reads: Callable[..., Told], budgets: list[str], amount: list[str], code: str | None
) -> None:
    told = reads("a.xml", activity("".join(budgets)))
    assert told.values("#budgetAmount") == amount
    assert [each for each, _ in told.found() if each.startswith(("iati-budgets", "iati-several"))] == (
        [code] if code else []
    )
    assert unread(told).get("budget (replaced)") == (1 if amount == ["12"] else None)


@pytest.mark.parametrize(
    ("region", "called", "left"),
    [
        ('<recipient-region code="489"/>', [], 1),
        (
            '<recipient-region code="489"><narrative>South America</narrative></recipient-region>',
            ["South America"],
            None,
        ),
        ("<recipient-region><narrative>South America</narrative></recipient-region>", ["South America"], None),
    ],
)
def test_a_region_is_not_called_after_its_code(
    reads: Callable[..., Told], region: str, called: list[str], left: int | None
) -> None:
    told = reads("a.xml", activity(f'{region}<recipient-country code="MX"/>'))
    assert told.values("#takesPlaceIn")[-1] == "bicd:place-mexico"
    assert len(told.values("#takesPlaceIn")) == 1 + len(called)
    assert [each for each in told.values("core#prefLabel") if each != "T"] == called
    assert unread(told).get("recipient-region (without a name)") == left


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("R&D", 26, "&amp;"),
        ("a &nbsp; b", 27, "«&nbsp;»"),
        ("a < b", 28, "&lt;"),
        ("<b>", 30, "etiqueta de cierre"),
    ],
)
def test_broken_xml_is_told_in_spanish_with_the_remedy(
    reads: Callable[..., Told], text: str, column: int, words: str
) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.xml", f"<iati-activities>\n<iati-activity><title>ñ {text}</title></iati-activity></iati-activities>")
    assert f"columna {column}" in caught.value.text["es"]
    assert words in caught.value.text["es"]
    assert not re.search(r"token|entity|mismatched|well-formed", caught.value.text["es"])


def test_places_of_statements(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", activity('<title><narrative>T</narrative></title>\n<activity-status code="2"/>'))
    subject = "urn:x-bicentennial:action:XX-1"
    base = "/iati-activities/iati-activity[1]"
    assert told.place(subject) == (None, None, 3, base)
    assert told.place(subject, DCTERMS.identifier) == (None, None, 4, f"{base}/iati-identifier[1]")
    assert told.place(subject, BIC.hasStatus, BICD["status-ongoing"]) == (None, None, 6, f"{base}/activity-status[1]")
    assert told.place(subject, BIC.advancesGoal) == (None, None, 3, base)
    assert told.place("urn:nobody") == (None, None, None, None)


def test_places_where_an_activity_is_the_root(reads: Callable[..., Told]) -> None:
    told = reads("a.xml", "<iati-activity><iati-identifier>XX-1</iati-identifier><activity-date/></iati-activity>")
    subject = "urn:x-bicentennial:action:XX-1"
    assert told.place(subject, DCTERMS.identifier) == (None, None, 1, "/iati-activity/iati-identifier[1]")
    assert "/iati-activity/activity-date[1]" in {each.location.pointer for each in told.findings}
    nameless = reads("b.xml", "<iati-activity/>").submission
    assert nameless.origins.locate("urn:x-bicentennial:action::row:1").pointer == "/iati-activity"


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
    codes = Codes(default_index())
    for notation in ("ActivityStatus", "OrganisationRole", "ActivityDateType"):
        assert codes.known(notation)
        for code in codes.known(notation):
            assert codes.matches(notation, code), (notation, code)
    assert codes.nearest("SectorVocabulary:1", "99999", {BIC.Pillar}) == []


@pytest.mark.parametrize(
    ("inner", "lacking"),
    [
        ('<activity-date type="4"/>', "a date (iso-date)"),
        ('<activity-date type="1" iso-date=" "/>', "a date (iso-date)"),
        ('<activity-date iso-date="2024-01-01"/>', "a type"),
        ('<participating-org role="4"/>', "the identifier (ref) or the name (narrative) of an organisation"),
        ('<participating-org role="4" ref=""><narrative/></participating-org>', "the identifier (ref) or the name"),
        ("<participating-org><narrative>SRE</narrative></participating-org>", "a role"),
        ("<activity-status/>", "a code"),
        ("<recipient-country><narrative/></recipient-country>", "a code or a name (narrative)"),
        ('<budget type="1"><value/></budget>', "a value"),
        ("<budget/>", "a value"),
        ('<document-link url=""/>', "an address (url)"),
        ("<activity-website/>", "an address (url)"),
    ],
)
def test_an_element_that_says_nothing_is_told(reads: Callable[..., Told], inner: str, lacking: str) -> None:
    told = reads("a.xml", activity(f"{inner}\n{inner}"))
    [found] = [each for each in told.findings if each.code == "iati-says-nothing"]
    assert (found.location.line, found.severity) == (5, "warning")
    assert f"without {lacking}" in found.problem["en"]
    assert found.problem["es"].endswith("(número de veces: 2).")


def test_a_date_that_is_missing_takes_the_place_of_no_other(reads: Callable[..., Told]) -> None:
    planned = '<activity-date type="1" iso-date="2024-01-01"/><activity-date type="2"/>'
    assert reads("a.xml", activity(planned)).values("#startDate") == ["2024-01-01"]
