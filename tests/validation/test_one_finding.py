"""One fault, one finding: what only follows from a value that reading has refused is not reported again."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.storage import sizes
from bicentennial.validation.submission import check
from tests.books import ods, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

HEADER = ("id", "title", "goal", "responsible_party", "status", "start_date", "due_date", "budget", "currency")
GOOD = ("A-1", "Train", "G2", "SRE", "ongoing", "2023-01-15", "2099", "100", "MXN")


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_json(rows: Sequence[Sequence[str]]) -> bytes:
    header, *rest = rows
    return json.dumps([dict(zip(header, row, strict=True)) for row in rest]).encode()


WAYS: dict[str, Callable[[Sequence[Sequence[str]]], bytes]] = {
    "a.csv": as_csv,
    "a.xlsx": lambda rows: xlsx(*rows),
    "a.ods": lambda rows: ods(*rows),
    "a.json": as_json,
}


def codes(path: Path, data: bytes, **options: Any) -> list[str]:
    path.write_bytes(data)
    return sorted(finding.code for finding in check(path, **options).findings)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", WAYS)
def test_an_error_is_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, large: bool) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    rows: list[tuple[str, ...]] = [HEADER]
    for column in HEADER:
        for error in ("#REF!", "########"):
            own = {"id": f"A-{len(rows)}", "title": f"Train group {len(rows)}"}
            rows.append(tuple({**dict(zip(HEADER, GOOD, strict=True)), **own, column: error}.values()))
    expected = [*["cell-error"] * len(HEADER), *["cell-too-narrow"] * len(HEADER)]
    assert codes(tmp_path / name, WAYS[name](rows)) == expected


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", WAYS)
def test_a_year_as_a_date_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, large: bool
) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    header = ("identificador", "título", "meta", "parte_responsable", "estado", "fecha_inicio", "fecha_límite")
    rows = [header, (*GOOD[:5], "1905-07-15", "2099"), ("A-2", "Plant", *GOOD[2:5], "2023-01-15", "1905-07-15")]
    assert codes(tmp_path / name, WAYS[name](rows)) == ["year-as-date"] * 2


def test_other_rows_are_checked_all_the_same(tmp_path: Path) -> None:
    error = ("A-3", "T", "G2", "SRE", "#N/A", "", "", "", "")
    rows = [HEADER, ("A-1", "#REF!", *GOOD[2:]), ("A-2", "", *GOOD[2:]), error]
    for engine in ("compiled", "pyshacl"):
        assert codes(tmp_path / "a.csv", as_csv(rows), engine=engine) == [
            "Action-prefLabel.missing",
            "cell-error",
            "cell-error",
        ]


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", WAYS)
def test_a_name_of_several_things_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, large: bool, engine: str
) -> None:
    """Besides it, a name that is not known at all is told, in the same cell too."""
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    rows = [(*HEADER, "place"), (*GOOD, "CA"), ("A-2", "Plant", *GOOD[2:], "Nowhere at all; CA")]
    assert codes(tmp_path / name, WAYS[name](rows), engine=engine) == [
        "Action-takesPlaceIn.unknown",
        *["value-ambiguous"] * 2,
    ]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_formula_without_a_result_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, large: bool
) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    cell = ("><f>A1</f></c>",) if kind == "xlsx" else (' table:formula="of:=[.A1]"/>',)
    written = xlsx if kind == "xlsx" else ods
    rows: list[Sequence[Any]] = [HEADER]
    for column in HEADER:
        own = {"id": f"A-{len(rows)}", "title": f"Train group {len(rows)}"}
        rows.append([*{**dict(zip(HEADER, GOOD, strict=True)), **own, column: cell}.values()])
    path = tmp_path / f"a.{kind}"
    path.write_bytes(written(*rows))
    found = check(path).findings
    assert [each.code for each in found] == ["formula-without-value"] * len(HEADER)
    assert [each.location.header for each in found] == list(HEADER)
    assert all(each.focus and each.path for each in found)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("before", "after"), [("", ""), ('{"actions": ', "}")])
def test_an_object_in_place_of_a_value_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, large: bool
) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    good = dict(zip(HEADER, GOOD, strict=True))
    objects = [
        {**good, "id": f"A-{number}", "title": f"Train group {number}", column: wrong}
        for number, (column, wrong) in enumerate(
            [("goal", {"id": "G1"}), ("responsible_party", [["SRE"]]), ("title", {"en": {"a": 1}}), ("budget", {})]
        )
    ]
    path = tmp_path / "a.json"
    path.write_text(f"{before}{json.dumps(objects)}{after}", "utf-8")
    found = check(path).findings
    assert [each.code for each in found] == ["value-nested"] * len(objects)
    assert [str(each.focus).rpartition(":")[2] for each in found] == [each["id"] for each in objects]
    assert [each.location.header for each in found] == ["goal", "responsible_party", "title", "budget"]
    path.write_text(json.dumps([{**good, "goal": [{}, "G9"]}]), "utf-8")
    assert sorted(each.code for each in check(path).findings) == ["Action-advancesGoal.unknown", "value-nested"]


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_a_number_that_json_does_not_have_is_one_finding(tmp_path: Path, engine: str) -> None:
    objects = [{**dict(zip(HEADER, GOOD, strict=True)), "budget": float("nan")}]
    (tmp_path / "a.json").write_text(json.dumps(objects), "utf-8")
    (found,) = check(tmp_path / "a.json", engine=engine).findings
    assert (found.code, found.location.header, found.value) == ("number-special", "budget", "NaN")


def test_an_object_in_place_of_the_date_of_submission_is_one_finding(tmp_path: Path) -> None:
    objects = [{**dict(zip(HEADER, GOOD, strict=True)), "submission date": {"day": [1]}}]
    (tmp_path / "a.json").write_text(json.dumps(objects), "utf-8")
    (found,) = check(tmp_path / "a.json").findings
    assert (found.code, found.location.pointer) == ("value-nested", "/0/submission date")


@pytest.mark.parametrize("date", ["1905-07-15Z", "1905-07-15+01:00"])
@pytest.mark.parametrize("name", WAYS)
def test_a_date_with_a_time_zone_is_no_year_that_was_typed(tmp_path: Path, name: str, date: str) -> None:
    rows = [HEADER, [date if column == "start_date" else good for column, good in zip(HEADER, GOOD, strict=True)]]
    assert codes(tmp_path / name, WAYS[name](rows)) == ["Action-startDateIsPlausible"]


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
@pytest.mark.parametrize("large", [False, True])
def test_a_character_that_no_text_may_hold_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool, engine: str
) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    good = dict(zip(HEADER, GOOD, strict=True))
    wrong = {"goal": "G\0002", "start_date": "2023\0", "budget": " 5\ud800", "currency": "M\0\u200bXN", "title": "x\0"}
    objects = [
        {**good, "id": f"A-{n}", "title": f"Train {n}", key: value} for n, (key, value) in enumerate(wrong.items())
    ]
    (tmp_path / "a.json").write_text(json.dumps(objects, indent=1), "utf-8")
    found = [each for each in check(tmp_path / "a.json", engine=engine).findings if each.code != "invisible-characters"]
    assert [(each.code, each.location.header, each.value) for each in found] == [
        ("character-refused", key, value) for key, value in wrong.items()
    ]
    lines = (tmp_path / "a.json").read_text("utf-8").splitlines()
    assert all(f'"{each.location.header}"' in lines[(each.location.line or 0) - 1] for each in found)
    assert all(each.focus and each.path for each in found)


IATI = """<iati-activities version="2.03" xml:lang="en"><iati-activity><iati-identifier>XX-1</iati-identifier>
<title><narrative>Train</narrative></title>{}
<participating-org role="4" ref="XM-DAC-41128"><narrative>UNODC</narrative></participating-org>
<tag vocabulary="99" vocabulary-uri="https://w3id.org/bicentennial/" code="G1"/></iati-activity></iati-activities>"""


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ('<activity-status code="99"/>', ["iati-code-unknown"]),
        ("<activity-status/>", ["iati-says-nothing"]),
        ("", ["Action-saysHowFarItIs"]),
        ('<activity-status code="1"/>', []),
        # Of a status that is known the rules speak all the same.
        (
            '<activity-status code="2"/><activity-status code="99"/>',
            ["Action-ongoingHasStartDate", "iati-code-unknown"],
        ),
        ('<activity-status code="1"/><activity-status/>', ["iati-says-nothing"]),
    ],
)
def test_a_status_of_iati_that_is_none_is_one_finding(
    tmp_path: Path, status: str, expected: list[str], engine: str
) -> None:
    found = codes(tmp_path / "a.xml", IATI.format(status).encode(), engine=engine)
    assert [each for each in found if each != "Action-unfinishedHasDueDate"] == expected


@pytest.mark.parametrize(
    ("role", "told"),
    [('role="9"', "iati-code-unknown"), ("", "iati-says-nothing"), ('role="1"', "iati-nobody-responsible")],
)
def test_a_role_of_iati_that_is_none_is_told_beside_what_is_missing(tmp_path: Path, role: str, told: str) -> None:
    text = IATI.format('<activity-status code="1"/>').replace('role="4"', role)
    found = codes(tmp_path / "a.xml", text.encode())
    assert [each for each in found if each != "Action-unfinishedHasDueDate"] == [
        "Action-hasResponsibleParty.missing",
        told,
    ]
