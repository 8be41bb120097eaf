"""What we write is safe to open, and is there whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from bicentennial.cli import main
from bicentennial.report import render
from tests.security.conftest import HEADER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bicentennial.report import Report

EVIL = [
    '=HYPERLINK("http://x")',
    "＝1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a\x1b[2J\x1b[31mb",
    "a\u202eb\u2066c\u200bd",
    "a\x9bb\x85c",
    "a\nConforms: True\n✓ a.csv conforms",
    "tag\U000e0041end",
]
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")


@pytest.fixture
def report(judge: Callable[..., Report]) -> Report:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER.split(","))
    for value in EVIL:
        writer.writerow([value, value, value, value])
    found = judge("a<b>&.csv", out.getvalue(), coverage=True)
    assert found.by_code["Action-advancesGoal.unknown"] == len(EVIL)
    return found


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", ["text", "json", "csv", "html", "turtle", "sarif"])
def test_no_value_acts_in_a_report(report: Report, name: str, lang: str) -> None:
    text = render([report], name, lang)  # type: ignore[arg-type]
    assert not ACTS.search(text.replace("\r\n", "\n")), ACTS.findall(text)
    assert not re.search(r"^(?:Conforms: True|✓ a\.csv)", text, re.MULTILINE)
    if name == "json":
        assert [
            each["value"] for each in json.loads(text)["findings"] if each["code"] == "Action-advancesGoal.unknown"
        ] == EVIL
    if name == "csv":
        cells = [each for line in csv.reader(io.StringIO(text)) for each in line]
        assert not [each for each in cells if each.startswith(("=", "+", "-", "@", "＝", "\t"))]
    if name == "html":
        assert "<script>alert" not in text
        assert "<img" not in text
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
        assert policy is not None
        assert policy[1].startswith("default-src &#x27;none&#x27;")
        assert "unsafe" not in policy[1]
    if name == "turtle":
        import rdflib

        assert (None, None, rdflib.Literal(EVIL[0])) in rdflib.Graph().parse(data=text)


def test_tables_that_are_written_hold_no_formula(tmp_path: Path) -> None:
    from bicentennial.api import convert

    source = tmp_path / "a.json"
    source.write_text(
        json.dumps([{"id": value, "title": value, "goal": "G1", "responsible_party": "OFAC"} for value in EVIL[:3]]),
        "utf-8",
    )
    convert(source, tmp_path / "b.csv", isolated=False)
    cells = [each for line in csv.reader((tmp_path / "b.csv").open(encoding="utf-8-sig")) for each in line]
    assert not [each for each in cells if each.startswith(("=", "@", "＝"))]
    convert(source, tmp_path / "b.xlsx", isolated=False)
    import openpyxl

    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert {each.data_type for sheet in book for line in sheet.iter_rows() for each in line if each.value} <= {"s", "n"}


def test_a_message_cannot_forge_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(tmp_path / "a\x1b[2J\nforged.csv")
    assert main(["validate", name]) == 3
    assert main(["query", "ASK {}", "--data", name]) == 3
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert not re.search("^forged", told.out + told.err, re.MULTILINE)
