"""A finding in a delimited text has the line of its cell, which is no row where values have line breaks in them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.report.judged import JudgedOutcome
from bicentennial.report.lines import to_concise, to_github
from bicentennial.report.sarif import to_sarif
from bicentennial.storage import sizes
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.core.findings import Finding

HEADER = ["id", "title", "description", "goal", "responsible_party", "contact"]


def unknown(path: Path, text: str) -> list[Finding]:
    """Return the findings of goals that are not known."""
    path.write_bytes(text.encode())
    return [each for each in check(path).findings if each.code == "Action-advancesGoal.unknown"]


def line_of(finding: Finding) -> int | None:
    return finding.location.line or finding.location.row


def written(rows: list[list[str]], separator: str = ",", end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows([HEADER, *rows])
    return out.getvalue()


NOTES = st.text("a \n,;\"'x", max_size=12).map(lambda note: note.replace("\n", "\n ")) | st.sampled_from(
    ["", "one\r\n\r\ntwo", "\nbegins so", "ends so\n", '5" pipe', "a\n\n\nb"]
)


@pytest.mark.parametrize("is_large", [False, True])
@settings(max_examples=25)
@given(
    notes=st.lists(st.tuples(NOTES, NOTES), min_size=1, max_size=6),
    begins=st.sampled_from(["", "sep=,\n"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_lines_are_those_of_the_text(
    tmp_path_factory: pytest.TempPathFactory, is_large: bool, notes: list[tuple[str, str]], begins: str, end: str
) -> None:
    rows = [[f"A-{n}", "x", note, f"X{n}X", "SRE", other] for n, (note, other) in enumerate(notes, start=1)]
    text = begins + written(rows, end=end)
    with pytest.MonkeyPatch.context() as patch:
        if is_large:
            patch.setattr(sizes, "TABLE_CHARACTERS", 1)
            patch.setattr(sizes, "SQLITE_STATEMENTS", 1)
        found = unknown(tmp_path_factory.mktemp("lines") / "a.csv", text)
    lines = text.splitlines()
    assert [(each.value, each.location.cell) for each in found] == [
        (f"X{n}X", f"D{n + 1}") for n in range(1, len(notes) + 1)
    ]
    for each in found:
        assert str(each.value) in lines[(line_of(each) or 0) - 1]
        assert each.location.line != each.location.row


def test_rows_that_are_lines_say_no_line(tmp_path: Path) -> None:
    text = written([["A-1", "x", 'a "quoted" word', "X1X", "SRE", ""], ["A-2", "x", "a, b", "X2X", "SRE", ""]])
    assert [(each.location.row, each.location.line) for each in unknown(tmp_path / "a.csv", text)] == [
        (2, None),
        (3, None),
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        # A stray quotation mark: Python reads row by row.
        ('id,title,description,goal,responsible_party\nA-1,"x"y,"a\nb",X1X,SRE\nA-2,x,,X2X,SRE\n', [3, 4]),
        ('id\ttitle\tdescription\tgoal\tresponsible_party\r\nA-1\tx\t"a\r\nb"\tX1X\tSRE\r\n', [3]),
        # Each line quoted as a whole.
        ('"id,title,goal,responsible_party"\n"A-1,""x\ny"",X1X,SRE"\n"A-2,x,X2X,SRE"\n', [3, 4]),
        # As Excel for Mac wrote it.
        ('id,title,description,goal,responsible_party\rA-1,x,"a\nb",X1X,SRE\rA-2,x,,X2X,SRE\r', [3, 4]),
        ('id,title,description,goal,responsible_party\n\nA-1,x,"a\nb",X1X,SRE\n\n\nA-2,x,,X2X,SRE\n', [4, 7]),
        ("SEP=;\nid;title;goal;responsible_party\nA-1;x;X1X;SRE\n", [3]),
    ],
)
def test_lines_of_odd_texts(tmp_path: Path, text: str, lines: list[int]) -> None:
    assert [line_of(each) for each in unknown(tmp_path / "a.csv", text)] == lines


def test_every_report_that_has_a_line_has_the_right_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(written([["A-1", "x", "one\ntwo", "X1X", "SRE", ""]]), "utf-8")
    judged = [JudgedOutcome(check(path, name="a.csv"))]
    (result,) = [
        each
        for each in json.loads(to_sarif(judged, "es"))["runs"][0]["results"]
        if each["ruleId"] == "Action-advancesGoal.unknown"
    ]
    (place,) = result["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": 3}
    assert place["logicalLocations"] == [{"fullyQualifiedName": "D2"}]
    assert "::error file=a.csv,line=3,title=Action-advancesGoal.unknown::D2: " in to_github(judged, "en")
    assert "a.csv:D2: Action-advancesGoal.unknown " in to_concise(judged, "en")
