from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.namespaces import BIC, DCTERMS, SKOS
from bicentennial.guide import propose_mapping
from bicentennial.semantics.sheets.headers import Recogniser
from bicentennial.storage import sizes
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.mark.parametrize(
    "header",
    [
        "id,title,goal,responsible_party",
        "ID,Title,GOAL,Responsible Party",
        "identificador,título,meta,parte_responsable",
        "IDENTIFICADOR,TITULO,Meta,Parte Responsable",
        "dcterms:identifier,skos:prefLabel,bic:advancesGoal,bic:hasResponsibleParty",
        f"http://purl.org/dc/terms/identifier,{SKOS.prefLabel},{BIC.advancesGoal},{BIC.hasResponsibleParty}",
        "id,title,advances_goal,hasResponsibleParty",
        "1. identificador,2) título,3.- meta,4 - parte_responsable",
        "identificador (id),título (title),meta (goal),parte responsable [responsible party]",
    ],
)
def test_headers_are_recognised_in_both_languages_and_as_iris(reads: Any, header: str) -> None:
    submission = reads("a.csv", header + "\nA-1,x,G1,SRE\n")
    assert submission.findings == []
    assert submission.values("identifier") == ["A-1"]
    assert submission.values("hasResponsibleParty") == ["bicd:agency-sre"]


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        *[(each, "USD") for each in ("Budget USD", "budget_usd", "Amount (US$)", "Monto US$", "Budget in US dollars")],
        *[(each, "USD") for each in ("Monto en dólares", "Presupuesto (U.S. dollars)", "Budget USD / Presupuesto USD")],
        *[(each, "MXN") for each in ("Monto en pesos", "Presupuesto MXN", "Monto (pesos mexicanos)", "Monto (M.N.)")],
        *[(each, "MXN") for each in ("Monto pesos mexicanos", "Monto (en pesos)", "Monto M.N.", "Presupuesto $MXN")],
        *[(each, "MXN") for each in ("monto_en_pesos_mexicanos", "Budget in Mexican pesos", "Monto (pesos MXN)")],
        *[(each, "USD") for each in ("Monto dls", "Budget (in USD)", "Monto (dólares americanos)")],
        *[(each, "EUR") for each in ("Budget in euros", "Monto (€)")],
        ("Monto en dólares canadienses", "CAD"),
        ("Budget GBP", "GBP"),
    ],
)
def test_a_header_may_name_the_currency_of_its_amounts(reads: Any, header: str, currency: str) -> None:
    submission = reads("a.csv", f"id,title,goal,responsible_party,{header},currency\nA-1,x,G1,SRE,1000,{currency}\n")
    assert submission.findings == []
    assert submission.values("budgetAmount") == ["1000"]


@pytest.mark.parametrize("header", ["Goal USD", "title in pesos", "USD", "Monto en miles de pesos"])
def test_nothing_but_amounts_has_a_currency(reads: Any, header: str) -> None:
    submission = reads("a.csv", f"id,title,goal,responsible_party,{header}\nA-1,x,G1,SRE,1000\n")
    assert [each.location.cell for each in submission.findings] == ["E1"]


@pytest.mark.parametrize(
    "header",
    [
        *("Monto MX", "Monto EUA", "Monto (mn)", "Budget (US)"),  # a country's share, or millions
        *("Presupuesto SSP", "Presupuesto MOP", "Budget TOP"),  # an authority, a part
        *("Monto en pesos corrientes", "Beneficiarios mexicanos", "Monto estimado USD"),
    ],
)
def test_what_is_no_currency_is_no_part_of_the_name_of_a_column(header: str) -> None:
    index = default_index()
    assert [Recogniser(index, table).match(header) for table in index.tables] == [None] * len(index.tables)


@pytest.mark.parametrize("start", ["", "USD"])
@pytest.mark.parametrize("run", [" ", "* ", "_", "en ", "("])
@pytest.mark.parametrize("end", ["x)y", "x)", ")", ""])
def test_a_long_run_in_a_header_is_gone_through_once(reads: Any, start: str, run: str, end: str) -> None:
    """Gone through again from each of its characters, it would take hours."""
    header = f"Amount ({start}{run * 10_000}{end}"
    submission = reads("a.csv", f"id,title,goal,responsible_party,{header}\nA-1,x,G1,SRE,1\n")
    assert submission.values("identifier") == ["A-1"]


@pytest.mark.parametrize("header", ["Moneda (pesos mexicanos)", "Currency (US$)"])
def test_the_column_of_currencies_may_name_one(header: str) -> None:
    index = default_index()
    match = Recogniser(index, index.tables[0]).match(header)
    assert (match and match[0].iri) == BIC.budgetCurrency


@pytest.mark.parametrize(
    ("headers", "languages"),
    [
        (["title"], ["en"]),
        (["título"], ["es"]),
        (["title_es"], ["es"]),
        (["título_en"], ["en"]),
        (["title", "título"], ["en", "es"]),
        (["Title (ES)", "Title (EN)"], ["es", "en"]),
        (["title@es"], ["es"]),
        (["title - español"], ["es"]),
    ],
)
def test_texts_take_the_language_of_their_header(reads: Any, headers: list[str], languages: list[str]) -> None:
    submission = reads("a.csv", f"id,goal,responsible_party,{','.join(headers)}\nA-1,G1,SRE{',x' * len(headers)}\n")
    assert [each[3] for each in submission.said("prefLabel")] == languages
    assert submission.findings == []


def test_a_header_without_words_takes_the_language_of_the_others(reads: Any) -> None:
    submission = reads("a.csv", "identificador,skos:prefLabel,meta,parte_responsable\nA-1,x,G1,SRE\n")
    assert submission.said("prefLabel")[0][3] == "es"


def test_a_misspelt_required_header_is_one_violation_that_names_the_suggestion(reads: Any) -> None:
    submission = reads("a.csv", "id,title,goall,responsible_party\nA-1,x,G1,SRE\nA-2,x,G1,SRE\n")
    assert submission.found() == [("header-misspelt", "C1")]
    (finding,) = submission.findings
    assert (finding.severity, finding.suggestions, finding.path) == ("violation", ("goal",), BIC.advancesGoal)
    assert submission.submission.suppressed == {(BIC.Action, BIC.advancesGoal)}


def test_a_misspelt_header_is_suggested_in_spanish_too(reads: Any) -> None:
    submission = reads("a.csv", "identificador,título,meta,parte_responsble,fecha_inico\nA-1,x,G1,SRE,2023\n")
    assert [(each.code, each.location.cell, each.suggestions) for each in submission.findings] == [
        ("header-misspelt", "D1", ("parte_responsable",)),
        ("header-near", "E1", ("fecha_inicio",)),
    ]
    assert submission.submission.suppressed == {(BIC.Action, BIC.hasResponsibleParty)}


@pytest.mark.parametrize(
    ("headers", "cell", "title"),
    [
        ("id,Project name,goal,responsible_party", "B1", "title"),
        ("Acción,meta,parte_responsable,identificador", "A1", "título"),
        ("identificador,Actividad,meta,parte_responsable", "B1", "título"),
        ("identificador,Acción,titulos,meta,parte_responsable", "C1", "título"),  # what is nearly ours goes first
    ],
)
def test_the_column_that_names_the_actions_is_suggested_as_their_title(
    reads: Any, headers: str, cell: str, title: str
) -> None:
    submission = reads("a.csv", f"{headers}\n{','.join(['G1'] * len(headers.split(',')))}\n")
    found = [(each.location.cell, each.suggestions) for each in submission.findings if each.code == "header-misspelt"]
    assert found == [(cell, (title,))]
    assert submission.submission.suppressed == {(BIC.Action, SKOS.prefLabel)}


def test_of_two_columns_that_may_name_the_actions_none_is_suggested(reads: Any) -> None:
    submission = reads("a.csv", "identificador,Iniciativa,Acción,meta,parte_responsable\nA-1,x,y,G1,SRE\n")
    assert submission.found() == [("header-unknown", "B1"), ("header-unknown", "C1"), ("header-missing", 1)]


def test_a_missing_required_header_is_said_once_at_the_header_row(reads: Any) -> None:
    submission = reads("a.csv", "x,y\n\nid,title,responsible_party\nA-1,x,SRE\nA-2,x,SRE\n")
    assert submission.found() == [("header-missing", 3)]
    assert "“goal”" in submission.findings[0].message["en"]
    assert "«meta»" in submission.findings[0].message["es"]
    assert submission.submission.suppressed == {(BIC.Action, BIC.advancesGoal)}


def test_an_unknown_column_is_information_once(reads: Any) -> None:
    submission = reads("a.csv", "id,title,goal,responsible_party,Telephone\nA-1,x,G1,SRE,1\nA-2,x,G1,SRE,2\n")
    assert submission.found() == [("header-unknown", "E1")]
    assert submission.findings[0].severity == "info"


def test_two_columns_for_one_property_name_both(reads: Any) -> None:
    submission = reads("a.csv", "id,title,goal,responsible_party,meta\nA-1,x,G1,SRE,G2\n")
    assert submission.found() == [("header-repeated", "E1")]
    assert "“meta”" in submission.findings[0].message["en"]
    assert "“goal” (C)" in submission.findings[0].message["en"]
    assert submission.values("advancesGoal") == ["bicd:goal-protect-our-people"]


def test_tables_are_recognised_by_their_headers(reads: Any) -> None:
    parties = reads("parties.csv", "id,name,acronym,kind,country\nfef,Fundación Ejemplo Ficticia,FEF,,Mexico\n")
    assert [each.class_iri for each in parties.submission.sheets] == [BIC.Party]
    indicators = reads("b.csv", "identificador,nombre,mide,unidad,línea_base\nI-1,x,G1,%,0\n")
    assert [each.class_iri for each in indicators.submission.sheets] == [BIC.Indicator]
    measurements = reads("c.csv", "indicator,value,date\nI-1,5,2023\n")
    assert [each.class_iri for each in measurements.submission.sheets] == [BIC.Measurement]


def test_a_row_of_hashtags_below_the_header_is_no_action(reads: Any) -> None:
    told = reads("a.csv", "id,title,goal,responsible_party\n#meta+id,#activity, ,#org +name\nA,x,G1,UIF\n")
    assert told.found() == [("row-of-tags", 2)]
    assert told.values("identifier") == ["A"]
    told = reads("a.csv", "id,title,goal,responsible_party\n#1,#activity,G1,UIF\n")
    assert told.values("identifier") == ["#1"]


@pytest.mark.parametrize(
    ("sheet", "header", "property_iri"),
    [
        ("milestones", "action id", BIC.isMilestoneOf),
        ("hitos", "Clave de la acción", BIC.isMilestoneOf),
        ("finances", "Action_ID", BIC.finances),
        ("finanzas", "ID de la acción", BIC.finances),
        ("mediciones", "código del indicador", BIC.observes),
        ("actions", "ID de la acción", DCTERMS.identifier),
        ("acciones", "Clave acción", DCTERMS.identifier),
        ("indicators", "action id", BIC.measures),
        ("indicadores", "Clave del indicador", DCTERMS.identifier),
        ("partes", "ID de la parte", DCTERMS.identifier),
        ("hitos", "Clave del hito", DCTERMS.identifier),
        ("actions", "Nombre de la acción", SKOS.prefLabel),
        ("actions", "Autoridad responsable", BIC.hasResponsibleParty),
    ],
)
def test_the_identifier_of_another_thing_is_a_link_to_it(sheet: str, header: str, property_iri: str) -> None:
    index = default_index()
    table = next(each for each in index.tables if sheet in each.name.values())
    match = Recogniser(index, table).match(header)
    assert match is not None
    assert match[0].iri == property_iri


@pytest.mark.parametrize("sheet", ["measurements", "parties", "places"])
def test_the_identifier_of_an_action_is_that_of_nothing_else(sheet: str) -> None:
    index = default_index()
    table = next(each for each in index.tables if sheet in each.name.values())
    assert Recogniser(index, table).match("action id") is None


@pytest.mark.parametrize(
    ("header", "property_iri"),
    [
        ("Avance", BIC.hasStatus),
        ("Avance (%)", None),
        ("avance %", None),
        ("% avance", None),
        ("budget %", BIC.budgetAmount),
    ],
)
def test_a_share_is_a_number(header: str, property_iri: str | None) -> None:
    index = default_index()
    match = Recogniser(index, index.tables[0]).match(header)
    assert (match and match[0].iri) == property_iri


@pytest.mark.parametrize(
    "header",
    [
        "Presupuesto (mdp)",
        "presupuesto_mdp",
        "Presupuesto (millones de pesos)",
        "Monto en miles",
        "Budget (USD millions)",
        "Budget in thousands of dollars",
        "budget: thousands",
    ],
)
def test_amounts_in_thousands_or_millions_are_not_taken_for_plain_ones(reads: Any, tmp_path: Path, header: str) -> None:
    currency = "USD" if "USD" in header or "dollars" in header else "MXN"
    content = f"id,title,goal,responsible_party,{header},currency\nA,x,G1,UIF,1.5,{currency}\n"
    told = reads("a.csv", content)
    [found] = told.findings
    assert (found.code, found.location.cell, found.suggestions) == ("header-scaled", "E1", ())
    assert "bajo el encabezado «presupuesto»" in found.remedy["es"]
    assert told.values("budgetAmount") == []
    told = reads("a.json", f'[{{"id": "A", "title": "x", "goal": "G1", "responsible_party": "UIF", "{header}": 1.5}}]')
    assert [each.problem["es"][:10] for each in told.findings] == ["La clave «"]
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(f'[multiply]\n"{header}" = 1000', encoding="utf-8")
    told = reads("a.csv", content, mapping=mapping)
    assert told.findings == []
    assert told.values("budgetAmount") == ["1500"]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("header", "currencies", "told"),
    [
        ("Monto (MXN)", ("MXN", "USD", "EUR", "USD"), "EUR, USD"),
        ("presupuesto (pesos)", ("USD", "ARS", "MXN"), "USD"),
        ("Budget (US$)", ("USD", "dólares", ""), ""),
        ("budget ($)", ("EUR", "MXN"), ""),
        ("Monto (mdp)", ("USD",), "USD"),
        ("Aportación EUA", ("MXN",), ""),
        ("Budget (mn)", ("USD",), ""),
        ("Presupuesto (SSP)", ("MXN",), ""),
        ("Budget (ALL)", ("USD",), ""),
        ("Monto en euros", ("MXN",), "MXN"),
        ("Budget in Mexican pesos", ("ARS", "MXN"), "ARS"),
    ],
)
def test_a_header_that_names_another_currency_than_rows_is_told(
    reads: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    header: str,
    currencies: Sequence[str],
    told: str,
    large: bool,
) -> None:
    """In whichever format, and whether the currency stands in rows or in the mapping file."""
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    monkeypatch.setattr(sizes, "TABLE_CHARACTERS", 0 if large else sizes.TABLE_CHARACTERS)
    mapping = tmp_path / "m.toml"
    mapping.write_text(f'[columns]\n"{header}" = "budget"\n[multiply]\n"{header}" = 1000', encoding="utf-8")
    head = ["id", "title", "goal", "responsible_party", header, "currency"]
    rows = [[f"A-{number}", "x", "G1", "UIF", "1.5", each] for number, each in enumerate(currencies)]
    objects = json.dumps([dict(zip(head, row, strict=True)) for row in rows])
    for name, content in (("a.csv", "".join(",".join(row) + "\n" for row in (head, *rows))), ("a.json", objects)):
        found = [
            each for each in reads(name, content, mapping=mapping).findings if each.code == "header-other-currency"
        ]
        assert [each.value for each in found] == ([header] if told else [])
        assert all(f" {told}, " in each.problem["en"] for each in found)
    constant = tmp_path / "c.toml"
    for each in (each for each in currencies if each):
        constant.write_text(f'{mapping.read_text("utf-8")}\n[constants]\ncurrency = "{each}"\n', "utf-8")
        short = "".join(",".join(row[:5]) + "\n" for row in (head, *rows))
        found = [one.code for one in reads("a.csv", short, mapping=constant).findings]
        assert ("header-other-currency" in found) == (each in told.split(", "))


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["id", "title", "goal", "responsible_party", "Presupuesto", ""], ["", "", "", "", "Anual (mdp)", "moneda"]),
        (["id", "title", "goal", "responsible_party", "Recursos (mdp)", ""], ["", "", "", "", "monto", "moneda"]),
        (
            ["Datos", "", "", "", "Millones de pesos", ""],
            ["id", "title", "goal", "responsible_party", "presupuesto", "moneda"],
        ),
    ],
)
def test_a_unit_in_one_of_two_rows_of_headers_is_that_of_the_column(
    reads: Any, tmp_path: Path, upper: list[str], lower: list[str]
) -> None:
    content = "".join(",".join(each) + "\n" for each in (upper, lower, ["A", "x", "G1", "UIF", "1.5", "MXN"]))
    told = reads("a.csv", content)
    assert "header-scaled" in [each.code for each in told.findings]
    assert (told.values("budgetAmount"), told.values("budgetCurrency")) == ([], ["MXN"])
    (tmp_path / "a.csv").write_text(content, "utf-8")
    mapping = tmp_path / "a.toml"
    mapping.write_text(propose_mapping(tmp_path / "a.csv", isolated=False), "utf-8")
    assert reads("a.csv", content, mapping=mapping).values("budgetAmount") == ["1500000"]


@pytest.mark.parametrize(
    ("note", "is_told"),
    [
        ("(Cifras en millones de pesos)", True),
        ("Miles de pesos", True),
        ("Montos expresados en mdp", True),
        ("All amounts in USD thousands", True),
        ("Cifras en pesos", False),
        ("Programa Mil Oportunidades", False),
        ("Informe de millones de beneficiarios", False),
    ],
)
def test_a_note_that_amounts_are_in_millions_is_told(reads: Any, tmp_path: Path, note: str, is_told: bool) -> None:
    content = f"Informe\n,{note}\n\nid,title,goal,responsible_party,budget,currency\nA,x,G1,UIF,1.5,MXN\n"
    told = reads("a.csv", content)
    assert told.found() == ([("unit-stated", "B2")] if is_told else [])
    assert told.values("budgetAmount") == ["1.5"]
    mapping = tmp_path / "a.toml"
    mapping.write_text("[multiply]\nbudget = 1000000", "utf-8")
    told = reads("a.csv", content, mapping=mapping)
    assert (told.found(), told.values("budgetAmount")) == ([], ["1500000"])
    assert reads("a.csv", content.replace("budget,", "source,")).found() == []
    _, _, _, *table = content.splitlines(keepends=True)
    told = reads("a.csv", "".join(table) + f"{note}\n")
    assert told.found() == [("unit-stated" if is_told else "row-not-read", 3)]


def test_a_unit_beside_the_column_itself_is_any_other_header(reads: Any) -> None:
    told = reads("a.csv", "id,title,goal,responsible_party,budget,budget (mdp),miles\nA,x,G1,UIF,1500000,1.5,3\n")
    assert told.found() == [("header-unknown", "F1"), ("header-unknown", "G1")]
    assert told.values("budgetAmount") == ["1500000"]


@pytest.mark.parametrize(
    ("header", "property_iri"),
    [
        ("Monto (M.N.)", BIC.budgetAmount),
        ("Monto (MXN)", BIC.budgetAmount),
        ("Parte responsable (siglas)", BIC.hasResponsibleParty),
        ("Estado actual", BIC.hasStatus),
        ("Descripción de la acción", DCTERMS.description),
    ],
)
def test_remarks_and_names_that_offices_use(header: str, property_iri: str) -> None:
    index = default_index()
    match = Recogniser(index, index.tables[0]).match(header)
    assert (match and match[0].iri) == property_iri
