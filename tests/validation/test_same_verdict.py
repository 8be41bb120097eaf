"""The same data get the same verdict whatever their size, their format and the database that holds them.

Mappings, profiles, several sheets and both languages are drawn; and for every threshold one real file crosses it.
"""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.cli import main
from bicentennial.report import Report
from bicentennial.report.profile import Profile
from bicentennial.storage import sizes
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bicentennial.validation.outcome import Outcome

Sheets = dict[str, list[list[str]]]

IDS = ["", "A-1", "A-2", "ñ/1"]
DATES = ["", "2023", "2023-05-01", "03/04/2023", "soon"]
ACTIONS: dict[tuple[str, str], list[str]] = {
    ("id", "identificador"): [*IDS, "Total", "EJE 1. SALUD", "Fuente: propia"],
    ("title", "título"): ["", "Plant trees", "título"],
    ("goal", "meta"): ["", "G1", "G2; G1", "G9", "Salud"],
    ("responsible_party", "parte_responsable"): ["", "SRE", "P-9", "Own office", "Nobody"],
    ("status", "estado"): ["", "planned", "en curso", "hecho"],
    ("start_date", "fecha_inicio"): DATES,
    ("end_date", "fecha_fin"): DATES,
    ("budget", "presupuesto"): ["", "1", "much"],
    ("currency", "moneda"): ["", "USD"],
    ("submission_date", "fecha_envío"): ["", "2023-06-01", "03/04/2023"],
    ("Notes", "Notas"): ["", "x"],
}
MEASUREMENTS: dict[tuple[str, str], list[str]] = {
    ("indicator", "indicador"): ["", "I-1", "I-2"],
    ("value", "valor"): ["", "3", "x"],
    ("date", "fecha"): DATES,
    ("unit", "unidad"): ["", "kg"],
}
INDICATORS: dict[tuple[str, str], list[str]] = {
    ("id", "identificador"): ["", "I-1"],
    ("name", "nombre"): ["", "Trees"],
    ("measures", "mide"): ["", "G1", "A-1"],
}
PROFILE = """
[profile]
title = "A profile"
[codes]
"Action-hasResponsibleParty.unknown" = "warning"
"row-not-read" = "off"
"""


@st.composite
def sheets(draw: st.DrawFn, columns: dict[tuple[str, str], list[str]], most: int = 12) -> list[list[str]]:
    language = draw(st.integers(0, 1))
    row = st.tuples(*map(st.sampled_from, columns.values())).map(list)
    rows = draw(st.lists(row, min_size=1, max_size=most))
    header = [names[language] for names in columns]
    if draw(st.booleans()):
        rows.insert(draw(st.integers(0, len(rows))), header)
    return [header, *rows]


@st.composite
def mappings(draw: st.DrawFn, books: Sheets) -> tuple[Sheets, str]:
    """Rename some headers, and return the sheets and the mapping that says what they mean."""
    renamed: Sheets = {}
    lines: list[str] = []
    tables: dict[str, dict[str, str]] = {}
    for name, (header, *rows) in books.items():
        chosen = draw(st.sets(st.sampled_from(header), max_size=4))
        tables[name] = {f"Col {header.index(text)} {name}": text for text in header if text in chosen}
        back = {ours: theirs for theirs, ours in tables[name].items()}
        renamed[name] = [[back.get(text, text) for text in header], *rows]
    if draw(st.booleans()):
        lines.append('date_format = "%d/%m/%Y"')
    if draw(st.booleans()):
        lines.append('submission_date = "2024-01-31"')
    per_sheet = draw(st.booleans())
    lines += [] if per_sheet else ["[columns]"]
    for name, pairs in tables.items():
        lines += [f"[columns.{json.dumps(name)}]"] if per_sheet else []
        for theirs, ours in pairs.items():
            lines.append(f"{json.dumps(theirs)} = {json.dumps('' if ours.startswith('Not') else ours)}")
    if draw(st.booleans()):
        lines += ["[values.goal]", '"Salud" = "G1"']
    if draw(st.booleans()):
        lines += ["[constants]", 'status = "planned"', 'goal = "G1"']
    if draw(st.booleans()):
        lines += ["[[parties]]", 'id = "P-9"', 'name = "Own office"']
    if draw(st.booleans()):
        header = next(iter(renamed.values()))[0]
        lines += ["[[declare]]", 'as = "party"', f"name = {json.dumps(header[3])}"]
    return renamed, "\n".join(lines)


@st.composite
def submissions(draw: st.DrawFn) -> tuple[Sheets, str]:
    books = {"actions": draw(sheets(ACTIONS))}
    if draw(st.booleans()):
        books["2024"] = draw(sheets(ACTIONS, 4))
    if draw(st.booleans()):
        books |= {"indicators": draw(sheets(INDICATORS, 3)), "measurements": draw(sheets(MEASUREMENTS, 4))}
    return draw(mappings(books)) if draw(st.booleans()) else (books, "")


def judged(path: Path, mapping: Path | None, *, cells: int, characters: int, light: bool, large: bool) -> Outcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "TABLE_CELLS", cells)
        patch.setattr(sizes, "TABLE_CHARACTERS", characters)
        if not light:
            patch.setattr(sizes, "SQLITE_STATEMENTS", -1)
            patch.setattr(sizes, "PLANNED_STATEMENTS", 0 if large else 10**9)
        return check(path, mapping=mapping)


def same_each_way(path: Path, mapping: Path | None, profile: Profile) -> None:
    expected = judged(path, mapping, cells=10**9, characters=10**9, light=True, large=False)
    for cells, large in ((0, True), (40, False)):
        found = judged(path, mapping, cells=cells, characters=cells, light=False, large=large)
        assert found == expected
        told, wanted = (Report.of(each, "warning", profile) for each in (found, expected))
        assert told.to_dict() == wanted.to_dict()
        assert [told.to_text(lang) for lang in ("en", "es")] == [wanted.to_text(lang) for lang in ("en", "es")]


several = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@several
@given(submission=submissions())
def test_workbooks_with_mappings(submission: tuple[Sheets, str], tmp_path: Path) -> None:
    books, mapping = submission
    write_xlsx(tmp_path / "a.xlsx", books)
    _judge(tmp_path, "a.xlsx", mapping)


@several
@given(submission=submissions(), separator=st.sampled_from(",;"))
def test_texts_with_mappings(submission: tuple[Sheets, str], separator: str, tmp_path: Path) -> None:
    books, mapping = submission
    write_csv(tmp_path / "a.csv", {"actions": books["actions"]}, separator)
    _judge(tmp_path, "a.csv", mapping)


def _judge(folder: Path, name: str, mapping: str) -> None:
    (folder / "profile.toml").write_text(PROFILE, "utf-8")
    (folder / "m.toml").write_text(mapping, "utf-8")
    profile = Profile.read(folder / "profile.toml")
    same_each_way(folder / name, folder / "m.toml" if mapping else None, profile)


# ---- files that cross every threshold for real ----------------------------------------------------------------------

HEADER = ["id", "title", "goal", "responsible_party", "status", "start_date", "due_date", "description", "place"]
FEW, MANY = 30, 13_000
GOOD = ["Train port officers", "G2", "SRE", "ongoing", "2023", "2024", "In two ports", "Mexico"]
FAULTY = [
    ["A-1", *GOOD],
    ["B-1", "Plant trees", "G9", "SRE", "ongoing", "2023", "2024", "", ""],
    ["B-2", "Plant trees", "G1", "Nobody at all", "planned", "2024-02-30", "2024", "", ""],
    ["B-3", "", "G1", "SRE", "ongoing", "2025", "2024", "", "Atlantis"],
]
NO_RECORDS = [["Total", *[""] * 8], [""] * 8 + [" "], HEADER, ["Fuente: datos ficticios", *[""] * 8]]


def rows(count: int) -> Iterable[list[str]]:
    for number in range(1, count + 1):
        yield [f"A-{number}", f"{GOOD[0]} {number}", *GOOD[1:]]


def write_csv(path: Path, books: Sheets, separator: str = ",") -> None:
    (data,) = books.values()
    path.write_text("".join(separator.join(row) + "\n" for row in data), "utf-8")


def write_xlsx(path: Path, books: Sheets) -> None:
    space, office = "http://schemas.openxmlformats.org", "officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        numbered = list(enumerate(books.items(), start=1))
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
            for n, _ in numbered
        )
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{space}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.'
            'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{kind}.sheet.main+xml"/>{parts}</Types>',
        )
        relation = f'<Relationship Id="rId{{}}" Type="{space}/{office}/{{}}" Target="{{}}"/>'
        links = f'<Relationships xmlns="{space}/package/2006/relationships">{{}}</Relationships>'
        package.writestr("_rels/.rels", links.format(relation.format(1, "officeDocument", "xl/workbook.xml")))
        listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in numbered)
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{space}/spreadsheetml/2006/main" xmlns:r="{space}/{office}"><sheets>{listed}</sheets>'
            "</workbook>",
        )
        targets = "".join(relation.format(n, "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered)
        package.writestr("xl/_rels/workbook.xml.rels", links.format(targets))
        for n, (_, data) in numbered:
            cells = "".join(
                f'<row r="{at}">'
                + "".join(
                    f'<c r="{chr(65 + column)}{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
                    for column, text in enumerate(row)
                    if text
                )
                + "</row>"
                for at, row in enumerate(data, start=1)
            )
            sheet = f'<worksheet xmlns="{space}/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
            package.writestr(f"xl/worksheets/sheet{n}.xml", sheet)


def write_ods(path: Path, books: Sheets) -> None:
    oasis = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{oasis}:{name}:1.0"' for name in ("office", "table", "text"))
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
                if text
                else "<table:table-cell/>"
                for text in row
            )
            + "</table:table-row>"
            for row in data
        )
        + "</table:table>"
        for name, data in books.items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2"><office:body>'
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
        manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        package.writestr("META-INF/manifest.xml", manifest)


def write_json(path: Path, books: Sheets) -> None:
    lists = {
        name: [{key: text for key, text in zip(data[0], row, strict=True) if text} for row in data[1:]]
        for name, data in books.items()
    }
    path.write_text(json.dumps(lists, ensure_ascii=False), "utf-8")


def write_ntriples(path: Path, books: Sheets) -> None:
    names = {"title": "http://www.w3.org/2004/02/skos/core#prefLabel", "id": "http://purl.org/dc/terms/identifier"}
    bic = "https://w3id.org/bicentennial/ontology#"
    fixed = {"goal": "goal-prevent-transborder-crime", "responsible_party": "agency-sre", "status": "status-ongoing"}
    properties = {"goal": "advancesGoal", "responsible_party": "hasResponsibleParty", "status": "hasStatus"}
    lines = []
    for number, row in enumerate(books["actions"][1:]):
        said = dict(zip(HEADER, row, strict=True))
        lines.append(f"<urn:x-test:{number}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{bic}Action> .")
        lines += [f'<urn:x-test:{number}> <{iri}> "{said[key]}" .' for key, iri in names.items() if said[key]]
        lines.append(f'<urn:x-test:{number}> <{bic}dueDate> "2024"^^<http://www.w3.org/2001/XMLSchema#gYear> .')
        lines.append(f'<urn:x-test:{number}> <{bic}startDate> "2023"^^<http://www.w3.org/2001/XMLSchema#gYear> .')
        lines.append(f'<urn:x-test:{number}> <http://purl.org/dc/terms/description> "In two ports"@en .')
        for key, name in properties.items():
            value = said[key] if said[key] not in ("G2", "SRE", "ongoing") else ""
            object_ = f'"{value}"' if value else f"<https://w3id.org/bicentennial/id/{fixed[key]}>"
            lines.append(f"<urn:x-test:{number}> <{bic}{name}> {object_} .")
    path.write_text("\n".join(lines) + "\n", "utf-8")


WRITERS = {".csv": write_csv, ".xlsx": write_xlsx, ".ods": write_ods, ".json": write_json, ".nt": write_ntriples}


def verdict(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    code = main(["validate", str(path), "--format", "json", *options])
    return code, json.loads(capsys.readouterr().out)


def essence(report: dict[str, Any], count: int) -> list[tuple[Any, ...]]:
    """Return the findings with their rows counted from the last good one; of RDF, without a place."""
    found = []
    for each in report["findings"]:
        place = each["location"]
        row = place["row"] - count if (place["row"] or 0) > FEW - 5 else place["row"]
        found.append((each["code"], each["value"], row, place["column"], place["sheet"], each["suggestions"]))
    return sorted(found, key=str)


@pytest.mark.parametrize("suffix", WRITERS)
def test_files_on_both_sides_of_every_threshold(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for count in (FEW, MANY):
        data = [HEADER, *rows(count), *FAULTY, *(NO_RECORDS if suffix in (".csv", ".xlsx", ".ods") else ())]
        path = tmp_path / f"a{count}{suffix}"
        WRITERS[suffix](path, {"actions": data})
        code, report = verdict(path, capsys)
        found.append((code, report["summary"], report["submission"]["actions"] - count, essence(report, count)))
    assert found[0] == found[1]
    assert found[0][0] == 1
    assert "Action-identifierIsUnique" in found[0][1]["by_code"]
    assert found[0][1]["by_code"].get("row-not-read", 0) == (3 if suffix in (".csv", ".xlsx", ".ods") else 0)


MAPPED = """
[sheets]
"Grants" = "actions"
"Ind" = "indicators"
"Follow" = "measurements"
[columns."Grants"]
"Clave" = "id"
"Nombre" = "title"
"Meta X" = "goal"
"Resp" = "responsible_party"
"Fecha" = "submission_date"
[columns."Follow"]
"Fecha" = "date"
"""


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".json"])
def test_columns_of_one_sheet_that_speak_of_the_submission(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.toml").write_text(MAPPED, "utf-8")
    found = []
    for count in (300, MANY):
        grants = [[f"A-{n}", "Train", "G2", "SRE", "2024-06-30" if n == count else ""] for n in range(1, count + 1)]
        books = {
            "Grants": [["Clave", "Nombre", "Meta X", "Resp", "Fecha"], *grants],
            "Ind": [["id", "name", "measures", "unit"], ["I-1", "Officers", "A-1", "kg"]],
            "Follow": [["indicator", "value", "Fecha"], ["I-1", "3", "2025-01-01"]],
        }
        path = tmp_path / f"a{count}{suffix}"
        WRITERS[suffix](path, books)
        code, report = verdict(path, capsys, "--mapping", str(tmp_path / "m.toml"))
        assert report["submission"]["actions"] == count
        found.append((code, report["summary"]["violation"], report["summary"]["by_code"].keys()))
    assert found[0] == found[1]
    assert "Measurement-isNotAfterSubmission" in found[0][2]
