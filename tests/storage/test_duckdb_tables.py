"""Large tables go another way, and nothing may show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import BicentennialError
from bicentennial.formats.csv import delimited
from bicentennial.intake import read
from bicentennial.intake.bulk import Opening
from bicentennial.storage import sizes
from bicentennial.storage.duckdb import spool
from bicentennial.storage.duckdb import tables as stored

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
CELLS = TEXTS | st.sampled_from(
    [
        "G1",
        "meta 2; G3",
        "G9",
        "SRE",
        "OFAC;DEA",
        "2023",
        "2023-02-30",
        "1.50",
        "1,5",
        "usd",
        "a\tb",
        "a\\nb",
        'q"q',
        "x\ny",
        "x\r\ny",
        "x,\ny",
        "x\n",
        "\ny",
        "x\n\ny",
        "A-1,b,c,d,e,f\nA-2,b,c,d,e,f",
        ";",
        " ",
    ]
)
HEADERS = [
    "id", "title", "título", "goal", "responsible_party", "status", "start_date", "budget", "currency", "source",
    "place", "Notes",
]  # fmt: skip


def table(rows: list[list[str]]) -> str:
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [HEADERS, *rows])


def everything(path: Path) -> tuple[Any, ...]:
    try:
        made = read(path)
    except BicentennialError as error:
        return (type(error), str(error))
    rows = made.dataset.connection.execute("SELECT * FROM statements ORDER BY ALL").fetchall()
    assert len(made.dataset) == len(rows)
    return rows, [each.to_dict() for each in made.findings], made.sheets, made.suppressed


def agree(path: Path) -> None:
    """Check that a small table and a large one with the same text say the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "TABLE_CELLS", 10**9)
        small = everything(path)
        patch.setattr(sizes, "TABLE_CELLS", 0)
        patch.setattr(sizes, "TABLE_CHARACTERS", 0)
        assert everything(path) == small
        # What a text is like is seen from its header and the first row, and the others may differ.
        patch.setattr(stored, "_BEGINNING", 140)
        assert everything(path) == small


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=len(HEADERS), max_size=len(HEADERS)), min_size=1, max_size=6))
def test_both_ways_say_the_same(rows: list[list[str]], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table(rows).encode())
    agree(path)


# What no quotation marks stand around may hold any, and blanks of all kinds at its ends.
PLAIN = st.text(st.sampled_from("ab\"'=+ \t\xa0\u2003\x1f\\ñ;G19-."), max_size=6).filter(
    lambda cell: not cell.startswith('"')
)
LINE = st.lists(PLAIN, min_size=len(HEADERS), max_size=len(HEADERS)).map(",".join)
ODD_LINES = [
    "",
    ",,,,,,,,,,,",
    '"a"b,,',
    "A,B",
    '"A\nB",,,,,,,,,,,',
    '"A\n\nB","C\n",,,,,,,,,,',
    '"A-1,,,,,,,,,,,\nA-2",,,,,,,,,,,',
]
LINES = st.lists(LINE | st.sampled_from(ODD_LINES), min_size=1, max_size=6)
# Rows of any length: some go on with blanks, some with a total that is in no column, some with what begins a table.
QUOTED = st.sampled_from(['"a, b"', '"a ""b"""', '""', '"x\ny,z"', '"=1"', "'=1", "id", "Total", " "])
UNEVEN = st.lists(st.sampled_from(["A-1", "Plant trees", "G1", ""]) | PLAIN | QUOTED, max_size=len(HEADERS) + 3).map(
    ",".join
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]), last=st.booleans(), title=st.booleans())
def test_both_readers_see_the_same_cells(lines: list[str], end: str, last: bool, title: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    above = ["Report of 2023", ""] if title else []
    path.write_bytes((end.join([*above, ",".join(HEADERS), *lines]) + end * last).encode())
    agree(path)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(LINE | UNEVEN, min_size=1, max_size=8),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    above=st.sampled_from(["", "Report of 2023", 'The "report"']),
    trailing=st.sampled_from(["", ",", ",,"]),
)
def test_rows_of_any_length_are_seen_alike(
    lines: list[str], end: str, last: bool, above: str, trailing: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    header = ",".join(HEADERS) + trailing
    path.write_bytes((end.join([*filter(None, [above]), header, *lines]) + end * last).encode())
    agree(path)


@pytest.mark.parametrize("title", ["Title {n}", '"Title, {n}"', '"Title\n{n}"'])
def test_rows_of_any_length_are_no_matter_for_python(title: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    ends = {7: "", 11: ",,", 13: ",,,and more"}
    rows = [f"A{n},{title.format(n=n)},G1{ends.get(n % 100, ',SRE')}" for n in range(25_000)]
    path.write_text("\n".join(["id,title,goal,responsible_party", *rows]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "read_delimited", only_the_head(delimited.read_delimited))
        made = read(path)
    assert made.sheets[0].rows == len(rows)
    found = [(each.code, each.location.row) for each in made.findings]
    assert found[:3] == [("row-too-short", 9), ("row-too-long", 15), ("row-too-short", 109)]
    assert len(found) == 500


def test_a_large_text_is_read_by_duckdb(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f'A{n},"Title, {n}",G1,SRE' for n in range(20_000)]
    path.write_text("\n".join(["id,title,goal,responsible_party", *rows]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "read_delimited", only_the_head(delimited.read_delimited))
        made = read(path)
    assert made.sheets[0].rows == len(rows)
    location = made.origins.locate("urn:x-bicentennial:action:A19999", "http://www.w3.org/2004/02/skos/core#prefLabel")
    assert location.cell == "B20001"


@pytest.mark.parametrize(
    ("row", "last"),
    [
        ('A{n},"Title\n{n}",G1,SRE\n', "B20001"),
        ('A{n},"Title,\n""{n}""",G1,SRE\n', "B20001"),
        ("A{n},Título {n},G1,SRE\n\n", "B40000"),
        ('A{n},"Title {n}",G1,SRE\r\n\r\n', "B40000"),
    ],
)
def test_line_breaks_and_blank_lines_are_no_matter_for_python(row: str, last: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    count = 20_000
    end = "\r\n" if "\r" in row else "\n"
    text = f"id,title,goal,responsible_party{end}" + "".join(row.format(n=n) for n in range(1, count + 1))
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "read_delimited", only_the_head(delimited.read_delimited))
        made = read(path)
    assert made.sheets[0].rows == count
    assert not made.findings
    subject = f"urn:x-bicentennial:action:A{count}"
    location = made.origins.locate(subject, "http://www.w3.org/2004/02/skos/core#prefLabel")
    assert location.cell == last


@pytest.mark.parametrize("header", ["id,title,goal", "Notes,title,goal"])
def test_rows_have_their_numbers_whoever_reads_them(
    header: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    count = 30_000
    path.write_text("\n".join([header, *(f"A{n},Title {n},G1" for n in range(2, count + 2))]), encoding="utf-8")
    smaller = spool.QUOTED_FIELDS.replace("000000", "000")
    assert smaller.endswith("max_line_size=4000, buffer_size=8000")
    monkeypatch.setattr(stored, "QUOTED_FIELDS", smaller)  # so that several threads read pieces of a few lines
    made = read(path)
    assert made.sheets[0].rows == count
    (table,) = made.dataset.layout().sheets
    wrong = made.dataset.connection.execute(f"SELECT count(*) FROM {table} WHERE c2 <> 'Title ' || row").fetchone()
    assert wrong == (0,)
    subject = f"urn:x-bicentennial:action:{'A777' if header.startswith('id') else ':row:777'}"
    assert made.origins.locate(subject).row == 777


def only_the_head(whole: Any) -> Any:
    def read_delimited(text: str, *arguments: Any, **options: Any) -> Any:
        assert len(text) < 200_000, "Python reads all of it"
        return whole(text, *arguments, **options)

    return read_delimited


def test_sheets_may_name_the_rows_of_later_ones(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "measurements"
    sheet.append(["id", "indicator", "value", "date"])
    for n in range(20):
        sheet.append([f"M{n}", f"I{n}", 1, "2023-01-01"])
    other = book.create_sheet("indicators")
    other.append(["id", "name", "measures"])
    for n in range(20):
        other.append([f"I{n}", f"Indicator {n}", "G1"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "TABLE_CELLS", 10**9)
        small = everything(path)
        patch.setattr(sizes, "TABLE_CELLS", 0)
        assert everything(path) == small
    assert "urn:x-bicentennial:indicator:I19" in str(small[0])


def test_json_goes_the_same_ways(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '[{"id": "A", "title": {"en": "a\\tb", "es": "c\\\\d"}, "goal": ["G1", "x"], "responsible_party": "SRE"},'
        ' {"id": ["B"], "title": ["e", "f"], "goal": [], "responsible_party": null, "budget": 1.50}]'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "TABLE_CELLS", 10**9)
        small = everything(path)
        patch.setattr(sizes, "TABLE_CELLS", 0)
        assert everything(path) == small


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300),
    name=st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.ttl", "a.jsonld", "a.rdf", "a"]),
)
def test_whatever_is_submitted_only_our_own_errors_escape(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    everything(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "title", "goal", "actions", "partes", "@id", "@context", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    ),
    name=st.sampled_from(["a.json", "a.jsonl", "a.jsonld"]),
)
def test_whatever_the_json_only_our_own_errors_escape(content: Any, name: str, tmp_path: Path) -> None:
    import json

    path = tmp_path / name
    path.write_text(json.dumps(content), encoding="utf-8")
    everything(path)


@pytest.mark.parametrize(
    ("begins", "encoding", "is_ahead"),
    [
        ("", "utf-8", True),
        ("", "utf-8-sig", False),
        ("", "cp1252", False),
        ("", "utf-16", False),
        ("sep=,\n", "utf-8", False),
        ("\u200b", "utf-8", False),
    ],
)
def test_what_is_written_ahead_is_what_is_read(
    begins: str, encoding: str, is_ahead: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"A-{n},Acción {n},G{n % 4}\n" for n in range(40))
    path = tmp_path / "actions.csv"
    path.write_bytes(f"{begins}id,title,goal\n{rows}".encode(encoding))
    monkeypatch.setattr(sizes, "TABLE_CHARACTERS", 0)
    again: list[str] = []

    def in_parts(text: str) -> list[str]:
        again.append(text)
        return [text]

    monkeypatch.setattr(stored, "in_parts", in_parts)
    found = everything(path)
    assert (again == []) is is_ahead
    monkeypatch.setattr(Opening, "write", lambda *_: None)
    assert everything(path) == found
