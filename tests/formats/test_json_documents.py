from __future__ import annotations

from typing import Any

import pytest

from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.core.namespaces import BIC, DCTERMS, SKOS
from bicentennial.intake import Limits

ACTION = '{"id": "A-1", "title": "x", "goal": "G1", "responsible_party": "SRE"}'


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (f'{{"actions": [{ACTION}]}}', "/actions/0"),
        (f'{{"Acciones": [{ACTION}]}}', "/Acciones/0"),
        (f"[{ACTION}]", "/0"),
        (f"{ACTION}\n{ACTION.replace('A-1', 'A-2')}\n", "/0"),
    ],
    ids=["object", "Spanish", "bare list", "lines"],
)
def test_every_form_of_a_list(reads: Any, content: str, pointer: str) -> None:
    submission = reads("a.json", content)
    assert submission.findings == []
    assert submission.values("advancesGoal")[0] == "bicd:goal-protect-our-people"
    action = "urn:x-bicentennial:action:A-1"
    assert submission.place(action) == (None, None, 1, pointer)
    assert submission.place(action, BIC.advancesGoal) == (None, None, 1, pointer + "/goal")
    assert submission.place(action, BIC.startDate) == (None, None, 1, pointer)


def test_spanish_keys_arrays_languages_and_numbers(reads: Any) -> None:
    submission = reads(
        "a.json",
        """{"acciones": [
  {"identificador": 7, "título": {"en": "one", "es": "uno"}, "meta": ["G1", "nada"],
   "parte_responsable": "FEF", "presupuesto": 5.50,
   "a/b~c": 1}],
 "partes": [{"identificador": "fef", "nombre": "Fundación Ejemplo Ficticia", "siglas": "FEF"}]
}""",
    )
    action = "urn:x-bicentennial:action:7"
    assert [each[1::2] for each in submission.said("prefLabel")[:2]] == [("one", "en", 2), ("uno", "es", 2)]
    assert submission.said("budgetAmount") == [("7", "5.50", 2, "xsd:decimal", 1, 5, None)]
    assert submission.values("hasResponsibleParty") == ["urn:x-bicentennial:party:fef"]
    assert submission.place(action, BIC.advancesGoal, "nada") == (None, None, 2, "/acciones/0/meta/1")
    assert submission.place(action, BIC.budgetAmount) == (None, None, 3, "/acciones/0/presupuesto")
    assert submission.place("urn:x-bicentennial:party:fef", SKOS.prefLabel) == (None, None, 5, "/partes/0/nombre")
    assert [(each.code, each.location.pointer, each.location.header) for each in submission.findings] == [
        ("header-unknown", "/acciones", "a/b~c")
    ]


def test_lists_are_recognised_as_sheets_are_whatever_their_keys(reads: Any) -> None:
    nameless = '{"título": "y", "meta": "G2", "parte responsable": "DEA"}'
    submission = reads(
        "a.json",
        f"""{{"people": [{{"id": "P-1", "name": "Nobody"}}],
 "2023": [{ACTION}, {ACTION.replace('"id": "A-1", ', "")}],
 "acciones": [{nameless}, {nameless}],
 "acciones": [{ACTION.replace("A-1", "A-3")}]}}""",
    )
    assert [(each.code, each.location.pointer, each.location.line) for each in submission.findings] == [
        ("key-unknown", "/people", 1),
        ("sheet-repeated", "/acciones", 3),
        ("key-repeated", "/acciones", 4),
        ("header-missing", "/acciones", 3),
    ]
    assert submission.values("identifier") == ["A-1"]
    assert sorted(submission.values("prefLabel")) == ["x", "x", "y", "y"]
    assert [(each.name, each.rows) for each in submission.submission.sheets] == [("/2023", 2), ("/acciones", 2)]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_an_object_alone_is_a_record_as_several_are(reads: Any, name: str) -> None:
    submission = reads(name, '{"id": "A-1",\n "title": "x",\n "goal": ["G1", "G9"],\n "responsible_party": "SRE"}')
    assert submission.findings == []
    action = "urn:x-bicentennial:action:A-1"
    assert submission.place(action, BIC.advancesGoal, "G9") == (None, None, 3, "/0/goal/1")
    assert submission.submission.format == "jsonl"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.json-seq"])
def test_the_texts_of_a_sequence_are_records(reads: Any, name: str) -> None:
    second = ACTION.replace("A-1", "A-2").replace(", ", ",\n ").replace("G1", "G\\u001e9")
    submission = reads(name, f"\x1e{ACTION}\n\x1e{second}\n")
    assert submission.findings == []
    assert submission.values("identifier") == ["A-1", "A-2"]
    place = submission.place("urn:x-bicentennial:action:A-2", BIC.advancesGoal, "G\x1e9")
    assert place == (None, None, 4, "/1/goal")
    assert len(reads(name, f"\x1e{second}\n").values("identifier")) == 1


def test_objects_of_a_list_may_each_have_keys_of_their_own_language(reads: Any) -> None:
    submission = reads(
        "a.json",
        """[{"id": "A-1", "title": "x", "goal": "G1", "responsible_party": "SRE", "due_date": null},
 {"identificador": "A-2", "título": "y",
  "meta": ["G2", "G9"], "parte responsable": "SRE", "goal": null, "fecha_límite": "2024"}]""",
    )
    assert submission.findings == []
    first, second = "urn:x-bicentennial:action:A-1", "urn:x-bicentennial:action:A-2"
    assert submission.values("identifier") == ["A-1", "A-2"]
    assert [(each[1], each[3]) for each in submission.said("prefLabel")] == [("x", "en"), ("y", "es")]
    assert submission.place(first, BIC.advancesGoal) == (None, None, 1, "/0/goal")
    assert submission.place(second, BIC.advancesGoal, "G9") == (None, None, 3, "/1/meta/1")
    assert submission.place(second, BIC.dueDate) == (None, None, 3, "/1/fecha_límite")
    assert submission.place(second, DCTERMS.identifier) == (None, None, 2, "/1/identificador")


def test_two_keys_for_one_thing_in_the_same_object_are_said(reads: Any) -> None:
    submission = reads(
        "a.json",
        f"""{{"actions": [{ACTION},
 {{"id": "A-2", "title": "y", "meta": "G2", "responsible_party": "SRE", "goal": "G3"}}]}}""",
    )
    assert [(each.code, each.location.pointer, each.location.line, each.severity) for each in submission.findings] == [
        ("keys-alike", "/actions/1/meta", 2, "violation")
    ]
    assert submission.findings[0].problem["en"] == (
        "The key “meta” says the same as “goal” in the same object; only “goal” was read."
    )
    goals = ["bicd:goal-protect-our-people", "bicd:goal-pursue-criminal-networks"]
    assert submission.values("advancesGoal") == goals


def test_an_object_without_a_list_around_it_is_a_list_of_one(reads: Any) -> None:
    submission = reads(
        "a.json",
        """{"parties": {"id": "P-1", "name": "Fictitious Fund"}, "indicators": null,
 "actions": {"id": "A-1", "title": "x", "goal": "G1", "responsible_party": ["Fictitious Fund", "?"], "x": {}}}""",
    )
    assert [(each.code, each.location.pointer) for each in submission.findings] == [("header-unknown", "/actions")]
    action = "urn:x-bicentennial:action:A-1"
    assert submission.values("hasResponsibleParty") == ["urn:x-bicentennial:party:P-1", "?"]
    assert submission.place(action) == (None, None, 2, "/actions")
    assert submission.place(action, BIC.hasResponsibleParty, "?") == (None, None, 2, "/actions/responsible_party/1")
    assert [(each.name, each.rows) for each in submission.submission.sheets] == [("/parties", 1), ("/actions", 1)]


@pytest.mark.parametrize("value", ['"none"', "7", '{"x": 1}', "true"])
def test_a_list_that_is_neither_list_nor_record_is_not_read(reads: Any, value: str) -> None:
    submission = reads("a.json", f'{{"parties": {value}, "actions": [{ACTION}]}}')
    assert [(each.code, each.location.pointer) for each in submission.findings] == [("key-unknown", "/parties")]


def test_a_list_that_could_be_anything_is_said_to_be(reads: Any) -> None:
    submission = reads("a.json", '{"people": [{"x": 1}], "list": [{"id": "A-1", "title": "x", "description": "y"}]}')
    assert [(each.code, each.location.pointer) for each in submission.findings] == [
        ("key-unknown", "/people"),
        ("key-unknown", "/list"),
        ("table-unrecognised", "/list"),
    ]


def test_what_is_odd_is_named_with_its_pointer(reads: Any) -> None:
    submission = reads(
        "a.json",
        """{"version": 1, "actions": [
 {"id": "A-1", "title": "x", "goal": "G1", "goal": "G2", "responsible_party": "SRE"},
 7,
 {"id": "A-2", "title": "z\\ud800", "goal": {"a": 1}, "responsible_party": ["SRE", ["x"]], "budget": NaN}
]}""",
    )
    assert [(each.code, each.location.pointer, each.location.line, each.severity) for each in submission.findings] == [
        ("key-unknown", "/version", 1, "info"),
        ("key-repeated", "/actions/0/goal", 2, "violation"),
        ("record-not-object", "/actions/1", 3, "violation"),
        ("character-refused", "/actions/2/title", 4, "violation"),
        ("value-nested", "/actions/2/goal", 4, "violation"),
        ("value-nested", "/actions/2/responsible_party/1", 4, "violation"),
        ("number-special", "/actions/2/budget", 4, "violation"),
    ]
    assert submission.values("prefLabel") == ["x", "z\ufffd"]
    assert submission.said("budgetAmount")[0][1::2] == ("NaN", "xsd:string", 5)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{"actions": [\n{"id": 1},\n{"id": 2]}', 3),
        ('{"actions": [\n{"id": 1}', 2),
        ('{"actions": []} x', 1),
        ('{"actions": [{"id": "a\nb"}]}', 1),
        ("[1,]", 1),
        ('{"actions" []}', 1),
        ("[", 1),
        ('{"a": tru}', 1),
        ('{"id": "A-1"}\n{"id": "A-2",}\n', 2),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_broken_json_names_the_line(reads: Any, name: str, content: str, line: int) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads(name, content)
    assert caught.value.line == line or "holds no list" in str(caught.value)


@pytest.mark.parametrize("content", ["{}", "[]", "[1]", '{"actions": 5}', '{"other": []}', '{"id": "A-1", "x": "y"}'])
def test_json_that_holds_no_list_of_ours(reads: Any, content: str) -> None:
    with pytest.raises(UnreadableInputError, match="no list of actions"):
        reads("a.json", content)


def test_an_empty_list_holds_nothing_and_says_nothing(reads: Any) -> None:
    submission = reads("a.json", '{"actions": []}')
    assert submission.findings == []
    assert len(submission.submission.dataset) == 0


def test_depth_is_limited(reads: Any) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.json", '{"actions": [{"id": ' + "[" * 100_000 + "]" * 100_000 + "}]}")
    assert caught.value.setting == "depth"


def test_huge_integers_stay_texts(reads: Any) -> None:
    submission = reads("a.json", ACTION.replace("}", f', "budget": {"9" * 6000}}}').join("[]"))
    assert submission.said("budgetAmount")[0][3] == "xsd:string"


def test_missing_keys_are_missing_headers(reads: Any) -> None:
    submission = reads("a.json", '[{"id": "A-1", "title": "x", "goall": "G1"}]')
    assert [(each.code, each.path) for each in submission.findings] == [
        ("header-misspelt", BIC.advancesGoal),
        ("header-missing", BIC.hasResponsibleParty),
    ]
    assert submission.submission.suppressed == {(BIC.Action, BIC.advancesGoal), (BIC.Action, BIC.hasResponsibleParty)}


def test_identifiers_used_twice_are_two_subjects(reads: Any) -> None:
    submission = reads("a.json", f"[{ACTION},\n{ACTION}]")
    assert submission.values("identifier") == ["A-1", "A-1"]
    assert submission.place("urn:x-bicentennial:action:A-1:row:2", DCTERMS.identifier) == (None, None, 2, "/1/id")


def test_what_is_no_json_is_told_before_what_is_too_large(reads: Any) -> None:
    rows = '{"actions": [{"id": "A"}, {"id": "B"}]'
    with pytest.raises(LimitReachedError):
        reads("a.json", rows + "}", limits=Limits(rows=1))
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.json", rows, limits=Limits(rows=1))
    assert not isinstance(caught.value, LimitReachedError)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1e5", "100000"),
        ("1E+3", "1000"),
        ("2.5e-05", "0.000025"),
        ("1.50e2", "150"),
        ("-0.5e1", "-5"),
        ("250000.00", "250000.00"),
    ],
)
def test_a_number_with_an_exponent_is_the_number(reads: Any, written: str, plain: str) -> None:
    told = reads(
        "a.json", f'[{{"id": "A", "title": "x", "goal": "G1", "responsible_party": "SRE", "budget": {written}}}]'
    )
    assert told.values("budgetAmount") == [plain]
    assert told.said("budgetAmount")[0][3] == "xsd:decimal"
    assert told.found() == []


def test_an_exponent_beyond_all_digits_stays_as_it_is(reads: Any) -> None:
    told = reads("a.json", '[{"id": "A", "title": "x", "goal": "G1", "responsible_party": "SRE", "budget": 1e999999}]')
    assert told.said("budgetAmount")[0][1:4:2] == ("1e999999", "xsd:string")


def test_texts_of_any_language_are_kept_and_a_third_is_told(reads: Any) -> None:
    title = '{"en-US": "Train", "es-MX": "Capacitar", "fr": "Former", "de": null, "pt": " "}'
    told = reads("a.json", f'[{{"id": "A", "title": {title}, "goal": "G1", "responsible_party": "SRE"}}]')
    assert {each[3]: each[1] for each in told.said("prefLabel")} == {
        "en-us": "Train",
        "es-mx": "Capacitar",
        "fr": "Former",
    }
    assert told.found() == [("language-other", "/0/title/fr")]


@pytest.mark.parametrize(
    "title", ['{"id": "x"}', '{"name": "x"}', '{"en": {"en": "x"}}', '{"en": "x", "zzzz zz": "y"}']
)
def test_an_object_that_gives_no_language_is_told(reads: Any, title: str) -> None:
    told = reads("a.json", f'[{{"id": "A", "title": {title}, "goal": "G1", "responsible_party": "SRE"}}]')
    assert told.found() == [("value-nested", "/0/title")]


@pytest.mark.parametrize(
    "content",
    ['[{"id": "A", "title": "B"}]', '{"id": "A", "title": "B"}\n{"id": "C", "title": "D"}\n'],
)
def test_a_list_of_anything_is_read_as_nothing_as_in_tables(reads: Any, content: str) -> None:
    submission = reads("a.json" if content.startswith("[") else "a.jsonl", content)
    assert [code for code, _ in submission.found()] == ["table-unrecognised"]
    assert len(submission.submission.dataset) == 0


def test_what_is_said_of_keys_speaks_of_keys(reads: Any) -> None:
    told = reads("a.json", '[{"id": "A-1", "title": "x", "responsible_party": "SRE", "strat_date": 1, "weather": 2}]')
    assert [(each.code, each.problem["en"], each.remedy["es"]) for each in told.findings] == [
        (
            "header-near",
            "The key “strat_date” is not known, so it was not read; it looks like “start_date”.",
            "Si eso es lo que significa, escriba «start_date».",
        ),
        (
            "header-unknown",
            "The key “weather” is none that this list knows; it was not read.",
            (
                "Si importa, escriba una clave del formulario que «bicentennial template» escribe en JSON, o diga qué"
                " significa en un archivo de correspondencias, que «bicentennial mapping init» propone."
            ),
        ),
        (
            "header-missing",
            "The key “goal” is required, and no object of the list has it.",
            "Agregue «meta» a cada objeto.",
        ),
    ]
    told = reads("a.json", '[{"id": "A-1", "title": "x", "gaol": "G1", "responsible_party": "SRE"}]')
    assert [each.problem["en"] for each in told.findings] == [
        "The key “gaol” is not known, and the required key “goal” is missing."
    ]
