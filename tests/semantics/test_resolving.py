from __future__ import annotations

from typing import Any

import pytest

from bicentennial.core.namespaces import BIC, BICD
from bicentennial.semantics.values.resolver import Resolver, suggest
from bicentennial.vocabulary.index import Index, default_index

GOAL, PARTY, AGENCY = BIC.Goal, BIC.Party, BIC.Agency
THING = {"types": [GOAL], "parents": [], "notations": [], "identifier": None}


def small_index() -> Index:
    return Index(
        {
            "classes": {
                PARTY: {"superclasses": [], "open": True},
                AGENCY: {"superclasses": [PARTY], "open": True},
                GOAL: {"superclasses": [], "open": False},
            },
            "properties": {},
            "individuals": {
                BICD["agency-a"]: {
                    "types": [AGENCY],
                    "label": {"en": "Ministry of Security", "es": "Secretaría de Seguridad"},
                    "alternatives": {"en": [], "es": ["Seguridad"]},
                    "notations": ["SSP"],
                    "identifier": "x-1",
                },
                BICD["agency-b"]: {
                    "types": [AGENCY],
                    "label": {"en": "Security Service Police", "es": "Policía"},
                    "alternatives": {"en": [], "es": []},
                    "notations": ["SSp"],
                    "identifier": None,
                },
                BICD["goal-c"]: THING | {"label": {"en": "Ministry of Security", "es": "Meta"}, "alternatives": {}},
            },
            "tables": [],
        }
    )


@pytest.mark.parametrize(
    "value",
    [
        "Ministry of Security",
        "MINISTRY  of security",
        "secretaria de seguridad",
        "Secretaría   de Seguridad",
        "Ｓｅｃｒｅｔａｒｉａ de Seguridad",
        "Secretari\u0301a de Seguridad",
        "seguridad",
        "x-1",
        "X 1",
        "bicd:agency-a",
        "agency-a",
        BICD["agency-a"],
    ],
)
def test_any_name_will_do(value: str) -> None:
    assert Resolver(small_index()).resolve(value, [PARTY]).iri == BICD["agency-a"]


def test_classes_decide_between_namesakes() -> None:
    resolver = Resolver(small_index())
    assert resolver.resolve("Ministry of Security", [GOAL]).iri == BICD["goal-c"]
    assert resolver.resolve("Policía", [GOAL]).iri is None


def test_exact_writing_decides_and_otherwise_all_are_candidates() -> None:
    resolver = Resolver(small_index())
    assert resolver.resolve("SSp", [PARTY]).iri == BICD["agency-b"]
    assert set(resolver.resolve("ssp", [PARTY]).candidates) == {BICD["agency-a"], BICD["agency-b"]}


def test_what_the_submission_declares_goes_first() -> None:
    resolver = Resolver(small_index())
    resolver.identify(PARTY, {"p1": "urn:p1"})
    resolver.declare(PARTY, "urn:p1", ["Fundación Ejemplo Ficticia", "SSP"])
    assert [resolver.resolve(value, [PARTY]).iri for value in ("p1", "fundacion ejemplo ficticia", "SSP")] == [
        "urn:p1"
    ] * 3
    assert resolver.resolve("p1", [GOAL]).iri is None


@pytest.mark.parametrize("value", ["", "-", "nobody", "SSP2", "bicd", "a b:c", "Ministry", "😀"])
def test_what_names_nothing_is_nothing(value: str) -> None:
    found = Resolver(small_index()).resolve(value, [PARTY])
    assert (found.iri, found.candidates) == (None, ())


def test_ambiguity_is_a_finding_that_lists_the_candidates(reads: Any) -> None:
    submission = reads(
        "a.json",
        '{"actions": [{"id": "A-1", "title": "x", "goal": "G1", "responsible_party": "fef"}], "parties": '
        '[{"id": "1", "name": "Fundación Uno Ficticia", "acronym": "FEF"},'
        ' {"id": "2", "name": "Dos", "acronym": "FEF"}]}',
    )
    (finding,) = submission.findings
    assert (finding.code, finding.location.pointer) == ("value-ambiguous", "/actions/0/responsible_party")
    assert finding.location.header == "responsible_party"
    assert finding.value == "fef"
    assert submission.values("hasResponsibleParty") == ["fef"]
    assert "Fundación Uno Ficticia, Dos." in finding.problem["en"]  # and not FEF again, which both are called


def test_a_code_of_a_country_and_a_state_is_neither_without_a_word(reads: Any) -> None:
    resolver, canada, california = Resolver(default_index()), BICD["place-canada"], BICD["place-california"]
    assert {resolver.resolve_place(each).candidates for each in ("CA", "ca")} == {(canada, california)}
    assert [resolver.resolve_place(each).iri for each in ("CAN", "US-CA", "Canada", "MX")] == [
        *(canada, california, canada),
        BICD["place-mexico"],
    ]
    head = "id,title,goal,responsible_party,place\n"
    told = reads("a.csv", f"{head}A-1,T,G1,SRE,CA\nA-2,T,G1,SRE,Tijuana; CA\n")
    assert [(each.code, each.location.cell) for each in told.findings] == [
        ("value-ambiguous", "E2"),
        ("value-ambiguous", "E3"),
    ]
    assert told.findings[0].suggestions == ("Canada", "California")
    assert resolver.resolve("CA", [BIC.Place]).iri == canada  # as the country of a party


@pytest.mark.parametrize(
    ("value", "class_iri", "first"),
    [
        ("SSCP", PARTY, "SSPC"),
        ("OFACC", PARTY, "OFAC"),
        ("Treasury Dept", PARTY, "Treasury"),
        ("Dept. of Justice", PARTY, "Department of Justice"),
        ("Guardia Nacionl", PARTY, "Guardia Nacional"),
        ("public helth", BIC.Pillar, "Public Health"),
        ("prevenir el crimen", GOAL, "Prevenir el crimen transfronterizo"),
        ("compleded", BIC.Status, "completed"),
    ],
)
def test_suggestions_are_the_nearest_names_in_either_language(value: str, class_iri: str, first: str) -> None:
    assert suggest(value, [class_iri])[0].casefold() == first.casefold()


@pytest.mark.parametrize(
    "value",
    [
        "Gobierno del Estado de Sonora",
        "Sonora State Government",
        "Government of Texas",
        "Texas National Guard",
        "Secretaría de Finanzas del Estado de México",
        "Secretaría de Salud de Jalisco",
        "Secretaría de Gobernación de Puebla",
        "Fiscalía General del Estado de Nuevo León",
        "California Department of Justice",
        "Banco de México",
    ],
)
def test_an_office_that_shares_usual_words_with_ours_is_not_taken_for_it(value: str) -> None:
    assert suggest(value, [PARTY]) == ()


@pytest.mark.parametrize(
    ("value", "first"),
    [
        ("Departamento del Tesoro de Estados Unidos", "Departamento del Tesoro de los Estados Unidos"),
        ("Oficina de Control de Bienes Extranjeros", "Oficina de Control de Activos Extranjeros"),
        ("Customs and Border Patrol", "Customs and Border Protection"),
        ("Dirección General para América del Norte (SRE)", "SRE"),
        ("Sec. de Seguridad Ciudadana", "Secretaría de Seguridad y Protección Ciudadana"),
        ("Delegación de la FGR en Sonora", "FGR"),
        ("Dept. of Homeland Security", "Homeland Security"),
    ],
)
def test_an_office_of_ours_is_suggested_for_most_of_its_name(value: str, first: str) -> None:
    assert suggest(value, [PARTY], 1) == (first,)


@pytest.mark.parametrize(
    ("value", "suggested"),
    [
        ("TX", ("US-TX",)),
        ("mo", ("US-MO",)),
        ("BCS", ("MX-BCS",)),
        ("Son.", ("MX-SON",)),
        ("Sin.", ("MX-SIN",)),
        ("E.U.", ("U.S.",)),
        ("B.C.", ()),
        ("MZ", ()),
    ],
)
def test_a_code_of_a_place_is_none_that_differs_in_one_of_two_letters(value: str, suggested: tuple[str, ...]) -> None:
    assert set(suggest(value, [BIC.Place], 3)) == set(suggested)


@pytest.mark.parametrize("value", ["Nobody in particular", "", "?", "x" * 5000])
def test_nothing_is_suggested_for_what_is_like_nothing(value: str) -> None:
    assert suggest(value, [PARTY]) == ()


@pytest.mark.parametrize(
    ("value", "is_ours"), [("A9", True), ("a9", True), (" A 9 ", True), ("A-9", False), ("A.9", False), ("(A9)", False)]
)
def test_what_folds_to_an_identifier_of_ours_may_be_that_of_a_partner(value: str, is_ours: bool) -> None:
    found = Resolver(default_index()).resolve(value, (BIC.Action, BIC.Goal)).iri
    assert (found is not None) == is_ours
    assert Resolver(default_index()).resolve("G-1", (BIC.Action, BIC.Goal)).iri == BICD["goal-protect-our-people"]
