"""A large sheet is read in stretches while it is inspected: whatever is in it, that is the same as reading it whole."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import BicentennialError
from bicentennial.formats.workbook import ahead, inspection
from bicentennial.formats.workbook.package_parts import book_of
from bicentennial.formats.workbook.sheets import read_workbook
from bicentennial.formats.workbook.xlsx_inspection import inspect_xlsx
from bicentennial.intake import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEAD = '<?xml version="1.0"?>\n<worksheet><sheetData>'
TAIL = "</sheetData></worksheet>"
VALUES = (
    '<c r="{}" t="str"><v>text</v></c>',
    '<c r="{}" s="1" t="n"><v>12.5</v></c>',
    '<c r="{}" t="s"><v>0</v></c>',
    '<c r="{}" t="s"><v>-1</v></c>',
    '<c r="{}" t="b"><v>1</v></c>',
    '<c r="{}"/>',
    '<c r="{}"><v/></c>',
    '<c r="{}" t="inlineStr"><is><t xml:space="preserve"> a &amp; b </t></is></c>',
    '<c r="{}" t="inlineStr"><is><t/></is></c>',
    '<c r="{}" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
    '<c r="{}" t="str"><v>hidden="1" ht="0 stop! &gt;-1</v></c>',
    '<c r="{}"><v>12345678901234567890</v></c>',
    '<c r="{}"><v>-0.12345678901234567890</v></c>',
    '<c r="{}" t="e"><v>#N/A</v></c>',
    '<c r="{}" t="e"><v>#SPILL!</v></c>',
    '<c r="{}"><f>1+1</f><v>2</v></c>',
    '<c r="{}" t="str"><f t="shared" si="0"/><v>two</v></c>',
    '<c r="{}"><f>1+1</f></c>',
    '<c r="{}"><f>1+1</f><v> </v></c>',
    '<c r="{}" t="str"><v><![CDATA[</row><row r="1">]]></v></c>',
    "<c r='{}'><v>1</v></c>",
    "<c><v>1</v></c>",
    '<c r="{}"><v>not a number</v></c>',
    '<c r="{}"><v>1<c r="A1"><v>2</v></c></v></c>',
)
ROWS = (
    '<row r="{}">',
    '<row r="{}" spans="1:3" ht="12.8" hidden="false">',
    '<row r="{}" hidden="1">',
    '<row ht="0" r="{}">',
    '\n  <row r="{}">',
    "<row>",
    '<!-- </row> --><row r="{}">',
    '</sheetData><sheetData><row r="{}">',
    '<v><row r="{}">',
    '<row r="7"/><row r="{}">',
)


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(rows: Sequence[str], head: str = HEAD, tail: str = TAIL, sheets: int = 1) -> bytes:
    """Return a workbook of some sheets with these rows."""
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="s{each}" sheetId="{each}" r:id="r{each}"/>' for each in numbers)
    to_sheets = "".join(relation(f"r{each}", "worksheet", f"worksheets/sheet{each}.xml") for each in numbers)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("_rels/.rels", relations(relation("r1", "officeDocument", "xl/workbook.xml")))
        package.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels", relations(to_sheets + relation("r9", "sharedStrings", "sharedStrings.xml"))
        )
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>shared</t></si></sst>')
        for each in numbers:
            package.writestr(f"xl/worksheets/sheet{each}.xml", "".join([head, *rows, tail]))
    return out.getvalue()


def relations(each: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}">{each}</Relationships>'


def relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def row(number: int, *cells: str, begin: str = ROWS[0], first: int = 0) -> str:
    letters = "ABCDEFGH"[first:]
    return begin.format(number) + "".join(map(str.format, cells, (f"{each}{number}" for each in letters))) + "</row>"


PLAIN = [row(number, *VALUES[:3]) for number in range(1, 101)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_CHUNK", 1_000)
    monkeypatch.setattr(ahead, "_SIZES", range(1_000, ahead._SIZES.stop))


def read(data: bytes) -> tuple[Any, ...]:
    """Return what the sheets of a workbook hold, or why it is not read."""
    try:
        grids = [each.complete() for each in read_workbook(data, "xlsx", Limits())]
    except BicentennialError as error:
        return (str(error),)
    return tuple((each.name, each.rows, each.numbers, each.odd) for each in grids)


def both(data: bytes) -> tuple[Any, Any]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ahead, "_SIZES", range(0))
        at_once = read(data)
    return read(data), at_once


def stretches(data: bytes, limits: Limits) -> Iterator[int]:
    """Yield in how many stretches each sheet is read while it is inspected."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = book_of(archive)
        with ahead.reading_ahead(archive, book, limits) as reads:
            inspect_xlsx(archive, limits, book, reads)
        for name in book.sheets:
            yield len(reads.take(name)) if reads else 0


def changed(at: int, text: str) -> list[str]:
    return [*PLAIN[:at], text, *PLAIN[at + 1 :]]


MERGED = '</sheetData><mergeCells><mergeCell ref="A3:B4"/></mergeCells></worksheet>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (workbook(PLAIN), [2]),
        (workbook(PLAIN, sheets=2), [1, 1]),
        (workbook(PLAIN[20:]), [2]),
        (workbook(PLAIN[:30] + PLAIN[80:]), [2]),
        (workbook(PLAIN, tail=MERGED), [2]),
        (workbook(PLAIN, HEAD.replace("<sheetData", '<cols><col min="2" max="2" hidden="1"/></cols><sheetData')), [2]),
        (workbook(changed(90, row(91, *VALUES[:6]))), [2]),
        (workbook(changed(10, row(11, *VALUES[:6]))), [2]),
        *(
            (workbook(changed(50, row(51, each))), [2])
            for each in (*VALUES[3:9], *VALUES[10:14], *VALUES[15:17], VALUES[22])
        ),
        (workbook([*PLAIN, '<row r="200"/>\n']), [2]),
        (workbook(PLAIN[:8], tail=TAIL + "\n" * 30), [1]),
        (workbook(PLAIN[:8], tail=MERGED + "\n" * 30), [0]),
        # What is not known to be the same is read at once.
        (workbook(PLAIN[:5]), [0]),
        (workbook(changed(50, row(51, VALUES[9]))), [0]),
        *((workbook(changed(50, row(51, each))), [0]) for each in VALUES[17:22]),
        *((workbook(changed(50, row(51, VALUES[0], begin=each))), [0]) for each in (ROWS[5], *ROWS[7:9])),
        (workbook([row(number, VALUES[0], first=1) for number in range(1, 101)]), [0]),
        (workbook([*PLAIN[50:], *PLAIN[:50]]), [0]),
        (workbook(PLAIN, HEAD.replace("<sheetData>", "<!-- <sheetData> --><sheetData>")), [0]),
        (workbook(PLAIN, HEAD.replace("<sheetData>", '<sheetData xml:space="preserve">')), [0]),
        (workbook(PLAIN, tail="</worksheet>"), [0]),
    ],
)
def test_a_large_sheet_is_read_in_stretches_if_that_is_the_same(data: bytes, expected: list[int]) -> None:
    assert list(stretches(data, Limits())) == expected
    in_stretches, at_once = both(data)
    assert in_stretches == at_once


def test_stretches_whose_values_might_lie_too_far_apart_are_not_read() -> None:
    few = Limits(grid_cells=4_000)  # a hundred rows of 26 columns at most, but not twice
    assert list(stretches(workbook(PLAIN), few)) == [0]
    far = workbook([*PLAIN, '<row r="1000000"><c r="XFD1000000"><v>1</v></c></row>'])
    in_stretches, at_once = both(far)
    assert in_stretches == at_once
    assert "columns" in at_once[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(1, 100), st.sampled_from(ROWS), st.lists(st.sampled_from(VALUES), max_size=4), st.integers(0, 2)
        ),
        max_size=3,
    )
)
def test_whatever_is_in_a_sheet(odd: list[tuple[int, str, list[str], int]]) -> None:
    rows = list(PLAIN)
    for number, begin, cells, first in odd:
        rows[number - 1] = row(number, *cells, begin=begin, first=first)
    in_stretches, at_once = both(workbook(rows))
    assert in_stretches == at_once
