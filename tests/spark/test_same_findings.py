"""Spark finds in a register what the compiled engine finds in a file that says the same, with the same places.

All in one file, so that one process runs it: Spark takes long to start, and longer to become quick.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bicentennial.cli import main
from bicentennial.core.resources import directory
from bicentennial.spark.check import check as check_by_spark
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.validation.submission import check
from tests.spark.registers import examples, invented, written

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.validation.outcome import Outcome

pytestmark = pytest.mark.usefixtures("spark")

# What our own shapes do not ask, and a rule that is transpiled when it is read.
_SHAPES: Final = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix bic: <https://w3id.org/bicentennial/ontology#> .
<urn:shape:none> sh:targetClass bic:Action ; sh:property <urn:shape:none-of> .
<urn:shape:none-of> sh:path bic:startDate ; sh:maxCount 0 .
<urn:shape:same> sh:targetClass bic:Action ; sh:sparql <urn:shape:rule> .
<urn:shape:rule> sh:message "starts and ends" ; sh:select "SELECT $this ?value WHERE { $this \
<https://w3id.org/bicentennial/ontology#startDate> ?start ; <https://w3id.org/bicentennial/ontology#endDate> ?value . \
FILTER (STR(?start) != STR(?value)) }" .
<urn:shape:starts> sh:targetClass bic:Action ; sh:sparql [ sh:message "starts" ; sh:select "SELECT $this ?value \
WHERE { $this <https://w3id.org/bicentennial/ontology#startDate> ?value . \
?other <https://w3id.org/bicentennial/ontology#startDate> ?value . \
OPTIONAL { $this <https://w3id.org/bicentennial/ontology#startDate> ?x . FILTER (STR(?x) != STR(?value)) } }" ] .
<urn:shape:ends> sh:targetClass bic:Action ; sh:sparql [ sh:message "ends" ; sh:select "SELECT $this ?value \
WHERE { $this <https://w3id.org/bicentennial/ontology#endDate> ?value . \
?other <https://w3id.org/bicentennial/ontology#endDate> ?value . \
OPTIONAL { $this <https://w3id.org/bicentennial/ontology#endDate> ?x . FILTER (STR(?x) != STR(?value)) } }" ] .
<urn:shape:unending> sh:targetClass bic:Action ; sh:sparql [ sh:message "no end" ; sh:select "SELECT $this ?value \
WHERE { $this <https://w3id.org/bicentennial/ontology#startDate> ?value ; a ?class . \
FILTER NOT EXISTS { $this <https://w3id.org/bicentennial/ontology#endDate> ?end } }" ] .
"""
_FACTS: Final = ("format", "actions", "statements", "checked", "totals", "coverage", "made_for", "made_for_source")


def facts(outcome: Outcome, *, places: bool = True) -> dict[str, Any]:
    """Return what two outcomes must have in common, the engine aside."""
    told = [
        (each.code, each.severity, each.problem, each.remedy, each.focus, each.path, each.value, each.suggested)
        + ((each.location,) if places else ())
        for each in outcome.findings
    ]
    return {name: getattr(outcome, name) for name in _FACTS} | {"findings": sorted(told, key=repr)}


def test_examples_of_every_fault_and_random_ones(tmp_path: Path) -> None:
    whole = [*examples(), *map(invented, range(300))]
    file = tmp_path / "register.nt"
    file.write_text("".join(map(written, whole)), encoding="utf-8")
    results = tmp_path / "results.parquet"
    options: dict[str, Any] = {"name": file.name, "coverage": True, "limits": {"findings": 100_000}}
    expected = check(file, engine="compiled", **options)
    found = check_by_spark([str(file)], results=results, **options)
    assert found.engine == "spark"
    assert len(found.totals) > 200
    assert facts(found) == facts(expected)
    rows = pq.read_table(results).to_pylist()
    codes = {row["code"] for row in rows}
    assert Counter((row["code"], row["severity"], row["focus"]) for row in rows) == Counter(
        (each.code, each.severity, each.focus) for each in expected.findings if each.code in codes
    )
    lines: dict[str, int] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        lines.setdefault(line.partition("> ")[0].removeprefix("<"), number)
    assert all(row["row"] == lines.get(row["focus"]) for row in rows)
    assert {row["file"] for row in rows if row["focus"] in lines} == {file.name}


def test_statements_in_parquet_and_lines_in_doubt(tmp_path: Path) -> None:
    """A line that only a parser reads, and the same statements as rows of two files."""
    text = (directory("submissions") / "faulty.nt").read_text(encoding="utf-8")
    text += r'<urn:a> <http://purl.org/dc/terms/identifier> "\U0001F600\u00e9" . # odd' + "\n\n# nothing\n"
    file = tmp_path / "register.nt"
    file.write_text(text, encoding="utf-8")
    expected = check(file, name="register", engine="compiled")
    assert facts(check_by_spark([str(file)], name="register"), places=False) == facts(expected, places=False)
    with DuckDBDataset() as dataset:
        dataset.load_quads(_parsed(text), named=False)
        rows = dataset.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements").fetchall()
    (tmp_path / "parts").mkdir()
    for number, part in enumerate((rows[:9], rows[9:])):
        columns = dict(zip(("s", "p", "o", "kind", "dt", "lang"), zip(*part, strict=True), strict=True))
        pq.write_table(pa.table(columns), tmp_path / "parts" / f"{number}.parquet")
    of_parquet = check_by_spark([str(tmp_path / "parts")], name="register")
    assert facts(of_parquet, places=False) == facts(expected, places=False) | {"format": "parquet"}
    assert {each.location.file for each in of_parquet.findings} <= {"0.parquet", "1.parquet", "register"}


def _parsed(text: str) -> Any:
    import pyoxigraph

    return pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.nt", "<urn:a> <urn:b> .\n", "a.nt, line 1"),
        ("a.ttl", "<urn:a> a <urn:b> .\n", "not .ttl"),
    ],
)
def test_what_is_not_read_is_refused(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    found = check_by_spark([str(tmp_path / name)], name="register")
    assert not found.checked
    assert [each.code for each in found.findings] == ["input-unreadable"]
    assert said in str(found.findings[0])


def test_a_folder_with_further_shapes_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two files are one submission: what one says of a thing, the checks of the other know."""
    text = (directory("submissions") / "faulty.nt").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    register = tmp_path / "register"
    register.mkdir()
    first = [line for line in lines if line.split("> ")[0].endswith("/action-1")]
    (register / "actions.nt").write_text("".join(first), encoding="utf-8")
    (register / "others.nt").write_text("".join(line for line in lines if line not in first), encoding="utf-8")
    whole, shapes, results = tmp_path / "whole.nt", tmp_path / "further.ttl", tmp_path / "results.parquet"
    whole.write_text(text, encoding="utf-8")
    shapes.write_text(_SHAPES, encoding="utf-8")
    expected = check(whole, name="whole", engine="compiled", shapes=[shapes])
    given = ["validate", "--engine", "spark", str(register), "--shapes", str(shapes), "--output", str(results)]
    assert main([*given, "--lang", "es"]) == 1
    rows = pq.read_table(results).to_pylist()
    found = sorted((row["code"], row["focus"], row["value"] or "") for row in rows)
    assert found == sorted((each.code, each.focus, each.value or "") for each in expected.findings)
    ours = {"urn:shape:none-of", "urn:shape:same", "urn:shape:starts", "urn:shape:ends", "urn:shape:unending"}
    assert ours < {code for code, _, _ in found}
    places = {(row["focus"].rpartition("/")[2], row["file"], row["row"]) for row in rows}
    assert places == {("action-1", "actions.nt", 1), ("action-2", "others.nt", 1), ("indicator-1", "others.nt", 7)}
    capsys.readouterr()
    assert main([*given, "--lang", "es"]) == 2
    assert "ya existe" in capsys.readouterr().err


# Below the rows of the faulty example: what rows may hold besides values that are right or wrong.
_ODD: tuple[dict[str, str], ...] = (
    {"id": "A-001", "title": "The same identifier again", "goal": "Prevent transborder crime"},
    {"id": "", "title": "No identifier", "responsible_party": "UIF; SRE; Nobody", "status": "ongoing"},
    {"id": "A 9/é*~", "title": 'Says ""yes", twice', "source": "https://example.org/a?b=c; passage", "budget": "1,5"},
    {
        "id": "A-010",
        "title": "#REF!",
        "goal": "#N/A",
        "budget": "#####",
        "start_date": "2023",
        "due_date": "31/12/2024",
    },
    {"id": "A-011", "title": "'=1+1", "description": " blanks around ", "budget": "12.50", "currency": "us dollars"},
    {"id": "A-012", "title": "Año nuevo", "start_date": "1905-07-14", "place": "Ciudad Juárez", "partner": "UNODC;DEA"},
    {"title": "Section two"},
    {"title": "Total", "budget": "999999"},
    {},
    {"id": "A-013", "title": "After a blank row", "status": "terminada", "budget": "12;13", "source": "urn:x:y"},
)

# What partners write, well and badly, into any column at all.
_WRITTEN = (
    *("", "  ", "-", "n/a", "x", "0", "-1", "1,234.50", "1.234,50", "12.5", "1e3", "USD", "pesos", "MXN"),
    *("2024", "2024-05", "2024-02-30", "2024-02-29", "03/04/2023", "31/12/2024", "14 mayo 2024", "Q3 2024", "45000"),
    *("UIF", "uif", "Unidad de Inteligencia Financiera", "UIF; DEA", "SRE;;UNODC", "UIFF", "Nobody (fictitious)"),
    *("Prevent transborder crime", "prevenir la delincuencia transfronteriza", "Goal 2", "G9", "Protect our peeple"),
    *("ongoing", "en curso", "finished?", "México", "Mexico City", "Tijuana; Ciudad Juárez", "Atlantis"),
    *("https://example.org/a", "urn:x:y", "=1+1", "#REF!", "¿Qué?", "e\u0301", "\u00a0UIF\u00a0", "ＵＩＦ", '"'),
)


def _random(header: list[str], number: int) -> list[list[str]]:
    """Return random rows: most keep to what their column holds in the example, each has some cells of anything."""
    chance = random.Random(20211008)
    with (directory("submissions") / "good.csv").open(encoding="utf-8", newline="") as stream:
        good = list(csv.DictReader(stream))
    found = []
    for position in range(number):
        row = dict(chance.choice(good)) | {"id": f"R-{position}"}
        for name in chance.sample(header, chance.randrange(5)):
            row[name] = chance.choice(_WRITTEN)
        found.append([row.get(name) or "" for name in header])
    return found


def _table() -> tuple[list[str], list[list[str]]]:
    with (directory("submissions") / "faulty.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, [*rows, *([each.get(name, "") for name in header] for each in _ODD), *_random(header, 250)]


def test_cells_of_delimited_text(tmp_path: Path) -> None:
    header, rows = _table()
    file = tmp_path / "register.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *rows])
    expected = check(file, name=file.name, engine="compiled", coverage=True)
    found = check_by_spark([str(file)], name=file.name, coverage=True)
    assert {"row-not-read", "cell-error"} < found.totals.keys()
    assert facts(found) == facts(expected)


def test_cells_of_parquet_in_several_files(tmp_path: Path) -> None:
    header, rows = _table()
    whole = tmp_path / "whole.csv"
    with whole.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    register = tmp_path / "register"
    register.mkdir()
    for number, part in enumerate((rows[:4], rows[4:])):
        columns = dict(zip(header, map(list, zip(*part, strict=True)), strict=True))
        pq.write_table(pa.table(columns), register / f"{number}.parquet")
    expected = check(whole, name="register", engine="compiled")
    found = check_by_spark([str(register)], name="register")
    assert found.totals == expected.totals
    there = {each.location.file: each.location.row or 0 for each in found.findings}
    assert there.keys() == {"0.parquet", "1.parquet"}
    places = sorted(
        (
            each.code,
            (each.location.row or 0) + (4 if each.location.file == "1.parquet" else 0),
            each.location.column or "",
        )
        for each in found.findings
    )
    assert places == sorted(
        (each.code, each.location.row or 0, each.location.column or "") for each in expected.findings
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'id,title\nA-1,"one\ntwo"\n', "line break"),
        (b"id,title,goal,responsible_party\nA-1,one,G1,SRE,five\n", "more or fewer cells"),
        (b"id,title,goal\nA-1,caf\xe9,G1\n", "not UTF-8"),
        (b"a,b\n1,2\n", "No table"),
    ],
)
def test_a_table_that_is_not_read_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    found = check_by_spark([str(tmp_path / "a.csv")], name="register")
    assert not found.checked
    assert said in str(found.findings[0])
