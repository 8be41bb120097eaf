"""Everything that can be validated: the same data gets the same verdict, whichever way it comes in."""

from __future__ import annotations

import csv
import enum
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

import bicentennial as bic
from bicentennial.cli import main
from bicentennial.core.resources import directory
from bicentennial.models import Action, Entity
from bicentennial.rdf import to_turtle
from tests.late import Late

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import polars as pl
    import pyarrow as pa
else:
    np, pd, pl, pa = map(Late, ("numpy", "pandas", "polars", "pyarrow"))

SUBMISSIONS = directory("submissions")
FAULTY = SUBMISSIONS / "faulty.csv"

COLUMNS = ("id", "title", "goal", "responsible_party", "start_date", "budget", "currency")
CELLS: dict[str, st.SearchStrategy[str]] = {
    "id": st.sampled_from(["A-1", "A-2", "A-3", ""]),
    "title": st.sampled_from(["Train", "Sembrar árboles", "a, b", "=1+1", ""]),
    "goal": st.sampled_from(["G1", "Protect our peeple", "G2; G3", "perseguir", ""]),
    "responsible_party": st.sampled_from(["SRE", "OFAC; FGR", "SSCP", ""]),
    "start_date": st.sampled_from(["2024-02-01", "2024", "03/04/2023", ""]),
    "budget": st.sampled_from(["250000", "-5", "1.5", "much", ""]),
    "currency": st.sampled_from(["MXN", "pesos", ""]),
}
A_ROW = {"id": "A-1", "title": "Train", "goal": "G1", "responsible_party": "SRE", "budget": 5.5, "currency": "MXN"}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=5)


def csv_of(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def said(report: bic.Report) -> list[tuple[Any, ...]]:
    """Return what a report says, without the name of the submission."""
    return [
        (each.code, each.severity, each.location._replace(file=None), each.value, each.message, each.suggestions)
        for each in report
    ]


def of_file(content: bytes, path: Path) -> bic.Report:
    path.write_bytes(content)
    return bic.validate(path, isolated=False)


@settings(max_examples=12, deadline=None)
@given(ROWS)
def test_a_table_says_what_its_csv_says(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    content = csv_of(rows)
    expected = of_file(content, tmp_path_factory.mktemp("csv") / "a.csv")
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    sources: list[Any] = [
        content, bytearray(content), memoryview(content), io.BytesIO(content), io.StringIO(content.decode()),
        frame, frame.set_index("id"), pl.from_pandas(frame), pa.Table.from_pandas(frame, preserve_index=False),
        pa.Table.from_pandas(frame, preserve_index=False).to_batches()[0],
    ]  # fmt: skip
    for source in sources:
        report = bic.validate(source, name="a.csv", isolated=False)
        assert (said(report), report.exit_code) == (said(expected), expected.exit_code), type(source)


@settings(max_examples=12, deadline=None)
@given(ROWS)
def test_records_say_what_their_json_says(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("json")
    for document in (rows, {"actions": rows}):
        expected = of_file(json.dumps(document, ensure_ascii=False).encode(), folder / "a.json")
        report = bic.validate(document, name="a.json", isolated=False)
        assert (said(report), report.exit_code) == (said(expected), expected.exit_code)


def an_action(number: int, **changes: Any) -> Action:
    return Action(
        id=f"urn:x-example:action-{number}",
        identifier=f"A-{number}",
        pref_label={"en": "Train port inspectors"},
        advances_goal=["G2"],
        has_responsible_party=["UNODC"],
        **changes,
    )


@pytest.mark.parametrize("changes", [{}, {"start_date": "2024-02", "end_date": "2023"}, {"budget_amount": "5"}])
def test_models_and_graphs_say_what_their_turtle_says(tmp_path: Path, changes: dict[str, Any]) -> None:
    entities: list[Entity] = [an_action(1, **changes), an_action(2)]
    turtle = to_turtle(entities)
    expected = of_file(turtle.encode(), tmp_path / "a.ttl")
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    dataset = rdflib.Dataset()
    for triple in graph:
        dataset.add(triple)
    for source in (entities, tuple(entities), graph, dataset, iter(entities)):
        report = bic.validate(source, isolated=False)
        assert isinstance(report, bic.Report)
        assert report.by_code == expected.by_code, source
        assert report.exit_code == expected.exit_code


def test_values_of_frames_are_written_as_a_spreadsheet_shows_them() -> None:
    frame = pd.DataFrame(
        {
            "id": ["A-1", "A-2"],
            "title": ["Train", "Plant"],
            "goal": [["G1", "G2"], ["G3"]],
            "responsible_party": ["SRE", "OFAC"],
            "start_date": pd.to_datetime(["2024-02-01", None]),
            "end_date": [2024.0, None],
            "budget": [250_000.0, float("nan")],
            "currency": ["MXN", None],
        }
    )
    frame["count"] = pd.array([1, None], dtype="Int64")
    report = bic.validate(frame, isolated=False)
    assert report.by_code == {"Action-saysHowFarItIs": 2, "header-unknown": 1}
    report = bic.validate(pl.from_pandas(frame.drop(columns="count")), isolated=False)
    assert report.by_code == {"Action-saysHowFarItIs": 2}


@pytest.mark.parametrize("amount", [1e16, 1e22, 1e-07, 0.1, float("nan")])
def test_an_amount_is_read_alike_from_frames_and_records(amount: float) -> None:
    frame = pd.DataFrame([{**A_ROW, "budget": amount}])
    expected = {"Action-saysHowFarItIs": 1} | ({"Action-budgetIsPlausible": 1} if amount > 1e13 else {})
    expected |= {"Action-currencyHasBudget": 1} if amount != amount else {}
    for source in (frame, pl.from_pandas(frame, nan_to_null=False), frame.to_dict("records")):
        assert bic.validate(source, isolated=False).by_code == expected, type(source)


def test_isolated_or_not_and_by_every_engine_the_same() -> None:
    content = FAULTY.read_bytes()
    expected = said(bic.validate(FAULTY))
    for isolated in (True, False):
        assert said(bic.validate(content, name="faulty.csv", isolated=isolated)) == expected


@pytest.mark.parametrize("source", [5, None, 1.5, [1], [["a.csv"]], object(), {"a": 1}.get, print])
def test_anything_else_is_refused_with_what_is_taken(source: Any) -> None:
    with pytest.raises(bic.UsageError, match=r"is nothing that can be validated\. It takes a path, a folder, bytes"):
        bic.validate(source)


def test_a_column_of_a_frame_is_refused() -> None:
    test_anything_else_is_refused_with_what_is_taken(pd.Series([1]))


def test_an_open_archive_is_no_stream() -> None:
    """It has `read` too, which takes the name of a part."""
    with zipfile.ZipFile(SUBMISSIONS / "faulty.xlsx") as archive:
        test_anything_else_is_refused_with_what_is_taken(archive)


def test_an_empty_path_is_no_folder() -> None:
    report = bic.validate("")
    assert isinstance(report, bic.Report)
    assert report.by_code == {"input-not-found": 1}


def test_records_that_are_no_json_are_refused() -> None:
    circle: dict[str, Any] = {}
    circle["actions"] = [circle]
    with pytest.raises(bic.UsageError, match="cannot be written as JSON"):
        bic.validate(circle)


def test_dates_sets_and_models_in_records() -> None:
    record = {
        "id": "A-1",
        "title": "Train",
        "goal": {"G1"},
        "responsible_party": ("SRE",),
        "start_date": date(2024, 1, 2),
    }
    assert bic.validate([record], isolated=False).conforms


class Progress(enum.Enum):
    ONGOING = "ongoing"


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("title", b"Acci\xc3\xb3n", "Acción"),
        ("end_date", np.datetime64("NaT"), None),
        ("end_date", np.datetime64("2024-02-01T00:00"), "2024-02-01"),
        ("end_date", np.datetime64("2024-02-01", "ns"), "2024-02-01"),
        ("budget", np.float32("nan"), None),
        ("budget", Decimal("NaN"), None),
        ("budget", Decimal("1E+3"), "1000"),
        ("status", Progress.ONGOING, "ongoing"),
        ("partner", ["UIF", None, float("nan")], "UIF"),
        ("partner", pd.NA, None),
    ],
)
def test_values_of_any_library_are_read_alike_from_frames_and_records(column: str, value: Any, shown: Any) -> None:
    record = {**A_ROW, "start_date": "2023", "due_date": "2024", "budget": None, "currency": None, column: value}
    expected = bic.validate([{**record, column: shown}], isolated=False).by_code
    assert not {"Action-endDate.datatype", "Action-budgetAmount.datatype"} & expected.keys()
    frame = pd.DataFrame({name: pd.Series([each], dtype=object) for name, each in record.items()})
    for source in (frame, [record]):
        report = bic.validate(source, isolated=False)
        assert isinstance(report, bic.Report)
        assert report.by_code == expected, type(source)


def test_an_index_and_headers_of_several_levels() -> None:
    frame = pd.DataFrame([A_ROW])
    expected = said(bic.validate(frame, isolated=False))
    assert said(bic.validate(frame.set_index("id"), isolated=False)) == expected
    assert bic.validate(frame.set_index("id", drop=False), isolated=False).by_code == {"Action-saysHowFarItIs": 1}
    another = frame.set_index(pd.Index(["A-2"], name="id"))
    assert bic.validate(another, isolated=False).by_code == {"header-repeated": 1, "Action-saysHowFarItIs": 1}
    levels = pd.MultiIndex.from_tuples([(head, "") for head in frame.columns])
    assert said(bic.validate(frame.set_axis(levels, axis="columns"), isolated=False)) == expected


def test_a_class_derived_from_a_table_is_a_table() -> None:
    registry = type("Registry", (pd.DataFrame,), {})
    assert bic.validate(registry([A_ROW]), isolated=False).by_code == {"Action-saysHowFarItIs": 1}


def test_half_a_character_is_told_and_spoils_no_other() -> None:
    record = {**A_ROW, "title": "Acción \ud800", "description": "Ñandú"}
    report = bic.validate([record], isolated=False)
    assert isinstance(report, bic.Report)
    assert report.by_code == {"character-refused": 1, "Action-saysHowFarItIs": 1}
    frame = pd.DataFrame({name: pd.Series([each], dtype=object) for name, each in record.items()})
    for source in (frame, io.StringIO(frame.to_csv(index=False))):
        report = bic.validate(source, isolated=False)
        assert isinstance(report, bic.Report)
        assert report.by_code == {"input-unreadable": 1}
        assert "half of a character near" in report.findings[0].message["en"]


def test_a_term_that_no_file_can_hold_is_named() -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef("urn:x y"), rdflib.RDF.type, rdflib.URIRef("http://example.org/a")))
    [found] = bic.validate(graph, isolated=False).findings
    assert found.message["es"] == "el grafo contiene un término que no se puede escribir como RDF: urn:x y"


class TestNames:
    def test_a_name_takes_the_place_of_the_path_everywhere(self, tmp_path: Path) -> None:
        for content, ending in ((FAULTY.read_bytes(), "csv"), (b"", "csv"), (b"PK\x03\x04", "xlsx"), (b"{", "json")):
            path = tmp_path / f"upload-7.{ending}"
            path.write_bytes(content)
            for source in (path, content, tmp_path / "nothing-there"):
                report = bic.validate(source, name=f"Envío de mayo.{ending}")
                assert report.file == f"Envío de mayo.{ending}"
                for text in (
                    report.to_json(),
                    report.to_text(),
                    report.to_sarif(),
                    report.to_turtle(),
                    report.to_html(),
                ):
                    assert not {"upload-7", "nothing-there", "bicentennial-run", str(tmp_path)} & set(text.split())
                    assert str(tmp_path) not in text
                    assert "bicentennial-run" not in text

    def test_the_ending_of_a_name_helps_where_the_path_has_none(self, tmp_path: Path) -> None:
        path = tmp_path / "upload"
        path.write_bytes(b"id\ttitle\tgoal\tresponsible_party\nA-1\tTrain\tG2\tSRE\n")
        report = bic.validate(path, name="actions.tsv")
        assert (report.conforms, report.outcome.format) == (True, "tsv")
        assert bic.validate(path.read_bytes(), input_format="tsv").outcome.format == "tsv"

    def test_one_name_for_several_is_refused(self) -> None:
        with pytest.raises(bic.UsageError, match="not to several"):
            bic.validate([FAULTY, FAULTY], name="x")  # type: ignore[arg-type]
        with pytest.raises(bic.UsageError, match="cannot be blank"):
            bic.validate(FAULTY, name=" ")

    def test_what_is_no_format_is_refused(self) -> None:
        with pytest.raises(bic.UsageError, match="no format is called “docx”; these are read: csv, "):
            bic.validate(b"", input_format="docx")

    def test_a_stream_is_called_as_its_file_without_the_folder(self) -> None:
        with FAULTY.open("rb") as stream:
            assert bic.validate(stream).file == "faulty.csv"

    def test_a_stream_larger_than_allowed_or_closed_is_a_report(self) -> None:
        report = bic.validate(io.BytesIO(b"x" * 100), limits={"file_bytes": 10})
        assert list(report.by_code) == ["limit-reached"]
        closed = io.BytesIO(b"id")
        closed.close()
        assert bic.validate(closed).exit_code == 3


class TestSeveral:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "b").mkdir()
        (tmp_path / ".git").mkdir()
        for name in ("b/second.csv", "first.csv", "~$first.xlsx", ".hidden.csv", ".git/x.csv", "first.csv~"):
            (tmp_path / name).write_bytes(b"id,title,goal,responsible_party\nA-1,Train,G2,SRE\n")
        (tmp_path / "mapping.toml").write_text("", encoding="utf-8")
        return tmp_path

    def test_a_folder_means_the_files_in_it(self, folder: Path) -> None:
        reports = bic.validate([folder], mapping=folder / "mapping.toml")
        assert [Path(report.file).relative_to(folder).as_posix() for report in reports] == ["b/second.csv", "first.csv"]
        assert reports.conforms
        assert {Path(each).name for each in reports.skipped} == {".git", ".hidden.csv", "first.csv~", "~$first.xlsx"}

    def test_the_command_says_what_it_passed_over(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "mapping.toml").unlink()
        assert main(["validate", str(folder), "--lang", "es"]) == 0
        out = capsys.readouterr().out
        assert "Los 2 archivos son conformes: 2 acciones. Vale la pena revisar: 2 notas." in out.splitlines()[0]
        assert "~$first.xlsx" in out
        assert main(["validate", str(folder), "-f", "json"]) == 0
        assert "~$first.xlsx" in capsys.readouterr().err

    def test_an_empty_folder_is_never_a_pass(self, tmp_path: Path) -> None:
        reports = bic.validate([tmp_path])
        assert (reports.exit_code, len(reports)) == (3, 1)
        assert "holds no file to check" in reports.findings[0].message["en"]
        assert bic.validate([]).exit_code == 3
        assert not bic.validate([])

    def test_generators_sets_and_mixtures(self) -> None:
        paths = [SUBMISSIONS / "good.csv", FAULTY]
        for source in (iter(paths), set(paths), tuple(paths), dict.fromkeys(paths, 1).keys()):
            reports = bic.validate(source)
            assert isinstance(reports, bic.Reports)
            assert sorted(report.exit_code for report in reports) == [0, 1]
            assert (reports.exit_code, bool(reports)) == (1, False)
        mixed = bic.validate([FAULTY, FAULTY.read_bytes(), [{"id": "A-1"}], pd.read_csv(FAULTY, dtype=str)])
        assert [len(report.findings) for report in mixed][0::3] == [19, 19]
        assert [report.file for report in mixed][1:] == ["<bytes>", "<records>", "<DataFrame>"]


def test_a_marked_workbook_of_what_is_no_file(tmp_path: Path) -> None:
    import openpyxl

    bic.validate(FAULTY.read_bytes(), name="faulty.csv").to_workbook(tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert book.active is not None
    assert (book.active.title, len(book.sheetnames)) == ("Findings", 2)
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] in ([], ["Findings"])


def test_reports_are_short_as_values_and_whole_as_data() -> None:
    report = bic.validate(FAULTY, name="faulty.csv")
    assert repr(report) == "<Report faulty.csv does not conform: 12 violations, 4 warnings, 3 notes in 7 actions>"
    assert repr(report.findings[0]) == "<Finding violation Action-identifierIsUnique at A2>"
    assert str(report.findings[0]).startswith("A2: Action A-001")
    assert str(report) == report.to_text()
    assert (len(report), len(list(report)), bool(report)) == (19, 19, False)
    frame, other = report.to_dataframe(), report.to_polars()
    assert (len(frame), list(frame.columns)) == (len(other), other.columns)
    assert frame["cell"].tolist() == other["cell"].to_list() == [each.location.cell for each in report]
    assert frame["row"].tolist() == [each.location.row for each in report]
    html = bic.validate(FAULTY, name="<b>.csv")._repr_html_()
    assert "&lt;b&gt;.csv does not conform" in html
    assert "<b>.csv" not in html


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Stdin:
        buffer = io.BytesIO(FAULTY.read_bytes())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert main(["validate", "-", "--lang", "es"]) == 1
    assert capsys.readouterr().out.startswith("✗ entrada estándar no es conforme: 12 incumplimientos")
    Stdin.buffer = io.BytesIO(b"a;b")
    assert main(["validate", "-", "--input-format", "docx"]) == 2


def test_the_documentation_names_the_formats_that_there_are() -> None:
    from bicentennial.formats.registry import TITLES

    words = " ".join((bic.validate.__doc__ or "").split())
    listed = words.partition("any format that is read: ")[2].partition(";")[0].split(", ")
    assert set(listed) == set(TITLES.values())


def test_the_text_of_a_file_is_no_path_and_is_said_to_be_none() -> None:
    report = bic.validate("id,title\n" + "A-1,Train port inspectors\n" * 400)
    assert [(each.code, report.exit_code) for each in report.findings] == [("input-not-found", 3)]
