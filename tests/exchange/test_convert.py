"""Conversion: nothing is lost on the way that is not named, and nothing that a spreadsheet would run is written."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.api import convert, validate
from bicentennial.cli import main
from bicentennial.core.errors import InputNotFoundError, OutputError, UnreadableInputError, UsageError
from bicentennial.core.escape import ACTING
from bicentennial.core.resources import COMPILED
from bicentennial.exchange.conversion import ENDINGS
from bicentennial.intake import read
from bicentennial.vocabulary.index import default_index

TABLES = {table.name["en"]: table for table in default_index().tables}
RDF = ("ttl", "trig", "nt", "nq", "rdf", "jsonld")
PREFIXES = """
@prefix bic: <https://w3id.org/bicentennial/ontology#> .
@prefix bicd: <https://w3id.org/bicentennial/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .
"""


def write_rows(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def said(path: Path) -> list[tuple[str, ...]]:
    """What a table says, told by a reader that knows nothing of this package: statements without their places."""
    with read(path).dataset as dataset:
        found = dataset.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements ORDER BY ALL").fetchall()
    return [tuple(map(str, row)) for row in found]


def trusted(source: Path, output: Path, **options: Any) -> list[str]:
    return [loss.code for loss in convert(source, output, isolated=False, **options)]


# ---- the round trip ------------------------------------------------------------------------------------------------

NAMES = {
    "goal": ["Protect our people", "Prevent transborder crime", "Protect our peeple", "bicd:nothing-of-ours"],
    "pillar": ["Public Health", "Reduce Arms Trafficking", "none"],
    "responsible_party": ["Secretariat of Foreign Affairs", "Example Grantee (fictitious)", "https://example.org/a[b"],
    "status": ["planned", "ongoing", "=1+1", "@SUM(A1)"],
    "place": ["Mexico City", "Somewhere (fictitious)"],
    "currency": ["USD", "MXN", "pesos"],
}
# Those that act on whoever looks at a table are replaced there, which is told; see tests/security/test_output.py.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1
).filter(lambda text: not ACTING.search(text))
plain = texts.map(str.strip).filter(bool)
lines = st.lists(plain, min_size=1, max_size=3).map("\n".join)
runs = st.sampled_from(
    ["=HYPERLINK(1)", "+1 plan", "-", "@here", "'=x", "''", "=", "\uff1d1", "-12", "007", "1e5", "TRUE"]
)
dates = st.sampled_from(["2023-02-28", "2023-02", "2023", "2023-02-30", "03/04/2023", "1850-01-01", "soon"])
numbers = st.sampled_from(["250000.00", "0", "-5", "+5", "1,000", "1e6", "00012", "99999999999999999999.5", ".5"])


@st.composite
def actions(draw: st.DrawFn) -> list[list[str]]:
    """Rows of actions as the tool itself writes them, faults included."""
    columns = [column for column in TABLES["actions"].columns if column.template]
    rows = [[column.header["en"] for column in columns]]
    for number in range(draw(st.integers(1, 4))):
        row = []
        for column in columns:
            header = column.header["en"]
            if header == "id":
                cell = draw(st.sampled_from(["A-1", "A-2", f"ñ {number}", ""]) | plain)
            elif column.is_text:
                cell = draw(st.just("") | lines | runs)
            elif column.is_date:
                cell = draw(st.just("") | dates)
            elif column.is_number:
                cell = draw(st.just("") | numbers)
            elif header in NAMES:
                several = st.lists(st.sampled_from(NAMES[header]), unique=True, max_size=3)
                cell = "; ".join(draw(several))
            else:
                cell = ""
            row.append(cell)
        if any(row):
            rows.append(row)
    return rows


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=actions())
@pytest.mark.parametrize("ending", ["ttl", "jsonld", "json", "nt", "rdf"])
def test_table_comes_back_cell_by_cell(tmp_path_factory: pytest.TempPathFactory, ending: str, rows: Any) -> None:
    folder = tmp_path_factory.mktemp("trip")
    if len(rows) == 1:
        return
    source = write_rows(folder / "source.csv", rows)
    trusted(source, folder / "clean.csv")  # once through: names as the tool writes them
    assert trusted(folder / "clean.csv", folder / f"there.{ending}") == []
    assert trusted(folder / f"there.{ending}", folder / "back.csv") == []
    assert rows_of(folder / "back.csv") == rows_of(folder / "clean.csv")
    assert said(folder / "clean.csv") == said(source)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=actions())
def test_workbook_says_the_same(tmp_path_factory: pytest.TempPathFactory, rows: Any) -> None:
    folder = tmp_path_factory.mktemp("book")
    if len(rows) == 1:
        return
    trusted(write_rows(folder / "source.csv", rows), folder / "book.xlsx")
    number = default_index().table("https://w3id.org/bicentennial/ontology#Action").columns[14].iri

    def exact(statements: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        # A workbook's numbers are numbers: 250000.00 and 250000 are one.
        return sorted((s, p, str(float(o)) if p == number and dt.endswith("decimal") else o, *rest, dt, lang)
                      for s, p, o, *rest, dt, lang in statements)  # fmt: skip

    assert exact(said(folder / "book.xlsx")) == exact(said(folder / "source.csv"))


def test_every_sheet_and_both_languages_come_back(tmp_path: Path) -> None:
    source = tmp_path / "all.json"
    source.write_text(json.dumps({
        "actions": [
            {"id": "A-2", "title": {"en": "Two", "es": "Dos"}, "goal": ["G1", "Meta 2"], "responsible_party": "FEF"},
            {"id": "A-1", "title": {"es": "Uno"}, "goal": "G1", "responsible_party": ["SRE", "P-9"],
             "theme": "fentanyl"},
        ],
        "parties": [{"id": "P-9", "name": "Example Grantee (fictitious)"},
                    {"name": "Fundación Ejemplo Ficticia", "acronym": "FEF"}],
        "places": [{"name": "Example Hills (fictitious)", "parent": "Mexico City"}],
        "indicators": [{"id": "I-1", "name": "Schools", "measures": "A-1; G1", "target": 12.50}],
        "measurements": [{"indicator": "I-1", "value": 3, "date": "2023-06"}],
    }), encoding="utf-8")  # fmt: skip
    trusted(source, tmp_path / "clean.json", lang="es")
    clean = json.loads((tmp_path / "clean.json").read_text("utf-8"))
    assert list(clean) == ["acciones", "indicadores", "mediciones", "partes", "lugares"]
    assert clean["acciones"] == [
        {
            "identificador": "A-2",
            "título": {"es": "Dos", "en": "Two"},
            "meta": ["Proteger a nuestra gente", "Prevenir los delitos transfronterizos"],
            "parte_responsable": "Fundación Ejemplo Ficticia",
        },
        {
            "identificador": "A-1",
            "título": {"es": "Uno"},
            "meta": "Proteger a nuestra gente",
            "parte_responsable": ["Secretaría de Relaciones Exteriores", "Example Grantee (fictitious)"],
            "tema": "fentanilo",
        },
    ]
    assert clean["indicadores"][0]["mide"] == ["A-1", "Proteger a nuestra gente"]
    for ending in (*RDF, "xlsx"):
        assert trusted(tmp_path / "clean.json", tmp_path / f"there.{ending}", lang="es") == [], ending
        assert trusted(tmp_path / f"there.{ending}", tmp_path / "back.json", lang="es") == [], ending
        back = (tmp_path / "back.json").read_text("utf-8")
        assert back == (tmp_path / "clean.json").read_text("utf-8").replace(
            "12.50", "12.5" if ending == "xlsx" else "12.50"
        )


def test_turtle_is_in_the_order_of_the_rows_and_uses_our_words(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "a.csv", [
        ["id", "title", "goal", "responsible_party", "start_date", "budget"],
        ["B", "Later, first", "Meta 2;G1", "Nobody (fictitious)", "2023-02-30", "10.50"],
        ["A", "Earlier, second", "G1", "SRE", "2023", ""],
    ])  # fmt: skip
    assert trusted(source, tmp_path / "a.ttl") == []
    assert (tmp_path / "a.ttl").read_text("utf-8").split("\n")[6:] == [
        "<urn:x-bicentennial:action:B> a bic:Action ;",
        '\tdcterms:identifier "B" ;',
        '\tskos:prefLabel "Later, first"@en ;',
        "\tbic:advancesGoal bicd:goal-prevent-transborder-crime , bicd:goal-protect-our-people ;",
        '\tbic:hasResponsibleParty "Nobody (fictitious)" ;',
        '\tbic:startDate "2023-02-30" ;',
        "\tbic:budgetAmount 10.50 .",
        "<urn:x-bicentennial:action:A> a bic:Action ;",
        '\tdcterms:identifier "A" ;',
        '\tskos:prefLabel "Earlier, second"@en ;',
        "\tbic:advancesGoal bicd:goal-protect-our-people ;",
        "\tbic:hasResponsibleParty bicd:agency-sre ;",
        '\tbic:startDate "2023"^^xsd:gYear .',
        "",
    ]


def test_jsonld_is_what_any_processor_reads(tmp_path: Path) -> None:
    """With our context put in by hand, rdflib finds the graph that the Turtle holds."""
    import rdflib
    from rdflib.compare import isomorphic

    source = Path("examples/submissions/faulty.csv")
    trusted(source, tmp_path / "a.ttl")
    trusted(source, tmp_path / "a.jsonld")
    document = json.loads((tmp_path / "a.jsonld").read_text("utf-8"))
    assert document["@context"] == "https://w3id.org/bicentennial/context.jsonld"
    document["@context"] = json.loads((COMPILED / "context.jsonld").read_text("utf-8"))["@context"]
    assert isomorphic(
        rdflib.Graph().parse(data=json.dumps(document), format="json-ld"), rdflib.Graph().parse(tmp_path / "a.ttl")
    )


@pytest.mark.parametrize("ending", RDF)
def test_rdf_stays_what_it_is(tmp_path: Path, ending: str) -> None:
    """From RDF to RDF nothing is held back, about whatever it is: a conversion is no check."""
    from rdflib import Graph
    from rdflib.compare import isomorphic

    source = tmp_path / "a.ttl"
    source.write_text(
        PREFIXES
        + """
        ex:a a bic:Agency , <urn:other> ; skos:prefLabel "x" , "y"@en , "z"@fr , 5 , ex:b ; ex:p [ ex:q ( 1 "two" ) ] ;
            bic:startDate "2023-02-30"^^xsd:date , "2023"^^xsd:gYear , "x" ; bic:advancesGoal "G1" , bicd:goal-x ;
            bic:numericValue "1"^^xsd:integer , "01.0"^^xsd:decimal ; dcterms:source ex:c , "t" , "u"@es .
        bicd:goal-protect-our-people bic:isPartOf ex:a .
        """
    )
    assert trusted(source, tmp_path / f"there.{ending}") == []
    assert trusted(tmp_path / f"there.{ending}", tmp_path / "back.ttl") == []
    assert isomorphic(Graph().parse(source), Graph().parse(tmp_path / "back.ttl"))


def test_iri_that_looks_compact_is_not_expanded(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<schema:x> <https://schema.org/name> <org:y> .\n")
    assert trusted(tmp_path / "a.nt", tmp_path / "a.jsonld") == []
    assert trusted(tmp_path / "a.jsonld", tmp_path / "back.nt") == []
    assert (tmp_path / "back.nt").read_text() == (tmp_path / "a.nt").read_text()


# ---- formulas ------------------------------------------------------------------------------------------------------

DANGEROUS = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\uff1d1+1", "'=1", "#1 goal"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_is_written_that_a_spreadsheet_would_run(tmp_path: Path, text: str) -> None:
    source = tmp_path / "a.json"
    source.write_text(json.dumps([{"id": "A-1", "title": text, "responsible_party": text, "budget": "-5"}]))
    for ending in ("csv", "tsv"):
        trusted(source, tmp_path / f"a.{ending}")
        header, row = list(
            csv.reader(
                (tmp_path / f"a.{ending}").read_text("utf-8-sig").splitlines(),
                delimiter="," if ending == "csv" else "\t",
            )
        )
        guard = "" if text == "#1 goal" else "'"
        assert (row[header.index("title")], row[header.index("responsible_party")]) == (guard + text, guard + text)
        assert row[header.index("budget")] == "-5"
    trusted(source, tmp_path / "a.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["actions"]["B2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix is (text not in ("'=1", "#1 goal"))
    for ending in ("csv", "tsv", "xlsx"):
        trusted(tmp_path / f"a.{ending}", tmp_path / "back.json")
        (back,) = json.loads((tmp_path / "back.json").read_text("utf-8"))["actions"]
        assert back == {"id": "A-1", "title": text, "responsible_party": text, "budget": -5}


def test_dates_and_numbers_of_a_workbook_are_cells_of_their_kind(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "a.csv", [
        ["id", "start_date", "due_date", "budget"],
        ["1", "2023-02-28", "2023", "250000.00"],
        ["02", "28/02/2023", "2023-02", "12,5"],
    ])  # fmt: skip
    trusted(source, tmp_path / "a.xlsx")
    sheet: Any = openpyxl.load_workbook(tmp_path / "a.xlsx")["actions"]
    first, second = (dict(zip([c.value for c in sheet[1]], row, strict=True)) for row in sheet.iter_rows(min_row=2))
    assert {name: (first[name].data_type, first[name].number_format) for name in ("id", "start_date", "budget")} == {
        "id": ("s", "General"),
        "start_date": ("d", "yyyy-mm-dd"),
        "budget": ("n", "0.00"),
    }
    assert [second[name].value for name in ("id", "start_date", "due_date", "budget")] == [
        "02",
        "28/02/2023",
        "2023-02",
        "12,5",
    ]


# ---- what is lost is named -----------------------------------------------------------------------------------------


def test_what_a_table_cannot_hold_is_named(tmp_path: Path) -> None:
    source = tmp_path / "a.ttl"
    source.write_text(
        PREFIXES
        + """
        ex:a a bic:Action ; dcterms:identifier "A-1" ; skos:prefLabel "One"@en , "Un"@fr , "Uno más"@en ;
            skos:scopeNote "n"@en ; bic:hasResponsibleParty ex:p , [ a bic:Agency ] ;
            dcterms:source "part 1; page 2" ; bic:startDate "2023-01-01Z"^^xsd:date .
        ex:p a bic:Agency ; skos:prefLabel "Partner (fictitious)"@en .
        ex:g a bic:Goal .
        """
    )
    losses = {loss.code: (loss.count, loss.message["en"]) for loss in convert(source, tmp_path / "a.xlsx")}
    assert losses == {
        "no-type": (2, "the type bic:Agency of 2 rows: the table “parties” has no column for it"),
        "no-table": (1, "things of the type bic:Goal (1), such as https://example.org/g: no table for them"),
        "no-iri": (1, losses["no-iri"][1]),
        "empty": (1, "rows of “parties” in which nothing is said (1)"),
        "no-column": (1, "skos:scopeNote: no column for it (1)"),
        "no-language": (1, "skos:prefLabel: texts in the language “fr” (1); columns are English or Spanish"),
        "several": (1, losses["several"][1]),
        "blank": (1, "bic:hasResponsibleParty: things without a name (1)"),
        "changed": (1, losses["changed"][1]),
    }
    changed = [loss.message["en"] for loss in convert(source, tmp_path / "a.csv") if loss.code == "changed"]
    assert changed == [
        "dcterms:source: values that read differently in a cell, such as “part 1; page 2”",
    ]
    codes = trusted(source, tmp_path / "a.json")
    assert "changed" not in codes  # a JSON list divides nothing at a semicolon


def test_csv_holds_one_table_and_says_so(tmp_path: Path) -> None:
    source = tmp_path / "a.json"
    source.write_text(
        '{"actions": [{"id": "A", "responsible_party": "Own"}],'
        ' "parties": [{"id": "P-1", "name": "Own (fictitious)", "acronym": "Own"}]}'
    )
    (loss,) = convert(source, tmp_path / "a.csv")
    assert (loss.code, loss.count) == ("no-sheet", 1)
    assert loss.message["es"].startswith("la tabla «partes» (1 filas)")
    assert rows_of(tmp_path / "a.csv")[1][5] == "Own (fictitious)"


def test_named_graphs_and_unread_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text("<urn:a> <urn:p> <urn:b> <urn:g> .\n")
    assert trusted(tmp_path / "a.nq", tmp_path / "a.nt") == ["graphs"]
    write_rows(tmp_path / "a.csv", [["id", "title", "goal", "colour of the folder"], ["1", "x", "G1", "red"]])
    assert "header-unknown" in trusted(tmp_path / "a.csv", tmp_path / "a.ttl")


def test_control_characters_are_replaced_where_a_format_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(r'[{"id": "A", "title": "a\u0001b", "goal": "G1"}]')
    for ending, title in (("xlsx", "a\ufffdb"), ("rdf", "a\ufffdb"), ("ttl", "a\u0001b"), ("csv", "a\ufffdb")):
        assert trusted(tmp_path / "a.json", tmp_path / f"a.{ending}") == (["character"] if "\ufffd" in title else [])
        trusted(tmp_path / f"a.{ending}", tmp_path / "back.json")
        assert json.loads((tmp_path / "back.json").read_text("utf-8"))["actions"][0]["title"] == title


@pytest.mark.parametrize("text", ["_x0041_", "a\rb", "a\r\nb", "a\nb", "a\u2028b", "_x005F_x0041_"])
def test_odd_characters_survive_a_workbook(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps([{"id": "A", "title": text + ".", "goal": "G1"}]))
    trusted(tmp_path / "a.json", tmp_path / "a.xlsx")
    trusted(tmp_path / "a.xlsx", tmp_path / "back.json")
    assert json.loads((tmp_path / "back.json").read_text("utf-8"))["actions"][0]["title"] == text + "."


# ---- the command line and its manners ------------------------------------------------------------------------------


def test_strict_writes_nothing_rather_than_less(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(tmp_path / "a.csv", [["id", "title", "goal", "colour of the folder"], ["1", "x", "G1", "red"]])
    arguments = ["convert", str(tmp_path / "a.csv"), str(tmp_path / "a.ttl")]
    assert main([*arguments, "--strict"]) == 1
    assert not (tmp_path / "a.ttl").exists()
    assert capsys.readouterr().err.startswith("not carried over: ")
    assert main([*arguments, "--lang", "es"]) == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("no se traspasó: ")
    assert (tmp_path / "a.ttl").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.ttl"]


def test_input_is_never_written_over(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "a.csv", [["id", "title"], ["1", "x"]])
    before = source.read_bytes()
    (tmp_path / "link.csv").symlink_to(source)
    for output in (source, tmp_path / "link.csv"):
        with pytest.raises(UsageError, match="never written over"):
            convert(source, output)
    assert source.read_bytes() == before


def test_output_is_left_alone_when_something_fails(tmp_path: Path) -> None:
    (tmp_path / "out.ttl").write_text("mine")
    (tmp_path / "broken.ttl").write_text("<urn:a> <urn:b> .")
    with pytest.raises(UnreadableInputError):
        convert(tmp_path / "broken.ttl", tmp_path / "out.ttl")
    with pytest.raises(InputNotFoundError):
        convert(tmp_path / "missing.csv", tmp_path / "out.ttl")
    assert (tmp_path / "out.ttl").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.ttl", "out.ttl"]


def test_wrong_uses(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "a.csv", [["id", "title"], ["1", "x"]])
    with pytest.raises(UsageError, match=r"must end in one of: \.csv \.tsv \.xlsx"):
        convert(source, tmp_path / "a.ods")
    with pytest.raises(OutputError):
        convert(source, tmp_path / "no-such-folder" / "a.ttl")
    with pytest.raises(UnreadableInputError, match="holds nothing to convert"):
        convert(write_rows(tmp_path / "b.csv", [["id", "title"]]), tmp_path / "b.ttl")
    (tmp_path / "c.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    with pytest.raises(UnreadableInputError, match="none of what there is belongs in a table"):
        convert(tmp_path / "c.ttl", tmp_path / "c.csv")
    with pytest.raises(UsageError, match="there is no limit colour"):
        convert(source, tmp_path / "a.ttl", limits={"colour": 1})


def test_verdict_is_the_same_in_every_format(tmp_path: Path) -> None:
    """A converted file has the faults of its source, each under its code, and no others."""
    source = Path("examples/submissions/faulty.csv")
    wanted = sorted(f.code for f in validate(source).findings if f.severity == "violation")
    assert len(wanted) > 5
    for ending in ENDINGS:
        convert(source, tmp_path / f"a{ending}")
        found = sorted(f.code for f in validate(tmp_path / f"a{ending}").findings if f.severity == "violation")
        if ending not in (".ttl", ".trig", ".nt", ".nq", ".rdf", ".jsonld"):
            assert found == wanted, ending
        else:  # what a header says cannot be said of RDF
            assert set(found) <= set(wanted), ending


@pytest.mark.parametrize("ending", [".json", ".csv", ".xlsx"])
def test_a_submission_that_states_an_empty_date_states_none_in_a_table(tmp_path: Path, ending: str) -> None:
    source = tmp_path / "a.ttl"
    source.write_text(
        PREFIXES + '<urn:x-bicentennial:submission:this> a bic:Submission ; dcterms:issued "" .\n'
        '<urn:x-bicentennial:action:A-1> a bic:Action ; dcterms:identifier "A-1" ; skos:prefLabel "Talk"@en .\n',
        encoding="utf-8",
    )
    assert set(trusted(source, tmp_path / f"a{ending}")) <= {"changed"}
    assert ("urn:x-bicentennial:action:A-1", "A-1") in {(row[0], row[2]) for row in said(tmp_path / f"a{ending}")}


def test_what_reading_remarks_on_values_that_it_has_read_is_no_loss(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(
        "id,title,goal,budget_amount (MXN),budget_currency\nA-1,Talk,Protect our people,10,USD\n", encoding="utf-8"
    )
    assert "header-other-currency" in {each.code for each in validate(table).findings}
    assert convert(table, tmp_path / "a.ttl", strict=True, isolated=False) == ()
    assert (tmp_path / "a.ttl").exists()
    listed = tmp_path / "a.json"
    listed.write_text('{"actions": [{"id": "A-1", "title": {"fr": "Parler"}}]}', encoding="utf-8")
    assert trusted(listed, tmp_path / "b.nt") == []
    assert '"Parler"@fr' in (tmp_path / "b.nt").read_text(encoding="utf-8")
    assert trusted(listed, tmp_path / "b.csv") == ["no-language"]
    lost = trusted(Path("examples/submissions/faulty.xml"), tmp_path / "c.ttl")
    assert lost == ["iati-code-unknown", "iati-not-read"]
