"""Submissions of any size, the same at every run, with known faults.

An action has eleven statements on average and nothing to remark but its faults. A fault is placed by the action's
number, so the number of findings of each kind is known beforehand: `expected` gives it.
"""

from __future__ import annotations

import csv
import zipfile
from contextlib import contextmanager
from datetime import date
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.namespaces import BIC, BICD, DCTERMS, RDF, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOALS: Final = ("protect-our-people", "prevent-transborder-crime", "pursue-criminal-networks")
PILLARS: Final = ("public-health", "reduce-arms-trafficking", "disrupt-illicit-financiers")
PARTIES: Final = (
    "agency-sre",
    "agency-ofac",
    "agency-unodc",
    "agency-dea",
    "agency-uif",
)
# An action that is completed has an end and a source, one that goes on a day by which it is due.
STATUSES: Final = ("completed", "announced", "ongoing")
CURRENCIES: Final = ("USD", "MXN", "EUR", "CAD")

# One action in so many has the fault: prime numbers, so that faults meet in all combinations; ends are those of
# completed actions, which are every third.
FAULTS: Final = {
    "no goal": 53,
    "not a goal": 101,
    "no party": 97,
    "unknown status": 83,
    "ends before it starts": 3 * 71,
    "no date": 67,
    "negative budget": 59,
    "unknown currency": 61,
}
# These cannot be seen where the other is as well: no goal is not a wrong one, what is no date cannot be compared.
HIDDEN: Final = {"not a goal": "no goal", "ends before it starts": "no date"}


class Action(NamedTuple):
    """One action of a generated submission, as plain values; empty where there is none."""

    number: int
    identifier: str
    goal: str
    pillar: str
    party: str
    status: str
    start: str
    due: str
    end: str
    budget: str
    currency: str
    source: str


def actions(count: int) -> Iterator[Action]:
    """Yield so many actions."""
    for number in range(1, count + 1):
        theme, year = number % 3, 2022 + number % 3
        day = f"{1 + number % 12:02d}-{1 + number % 28:02d}"
        status = STATUSES[theme]
        goal = GOALS[theme]
        if number % 53 == 0:
            goal = ""
        elif number % 101 == 0:
            goal = "Goal 99"
        end = f"{year - 1 if number % 213 == 0 else year + 1}-{day}" if status == "completed" else ""
        yield Action(
            number,
            f"A-{number:07d}",
            goal,
            PILLARS[theme],
            "" if number % 97 == 0 else PARTIES[number % 5],
            "finished-ish" if number % 83 == 0 else status,
            f"{year}-13-45" if number % 67 == 0 else f"{year}-{day}",
            f"{year + 2}-{day}" if status == "ongoing" else "",
            end,
            f"-{number}.50" if number % 59 == 0 else f"{number}.50",
            "XXZ" if number % 61 == 0 else CURRENCIES[number % 4],
            f"https://example.org/reports/{number}" if status == "completed" else "",
        )


def expected(count: int) -> dict[str, int]:
    """Return how many actions have each fault in a way that can be seen."""
    return {
        name: count // every - (count // (every * FAULTS[HIDDEN[name]]) if name in HIDDEN else 0)
        for name, every in FAULTS.items()
    }


def _statements() -> Callable[[Action], Iterator[str]]:
    """Return what writes an action as N-Triples, with all that does not change put together beforehand."""
    given = f"<{RDF.type}> <{BIC.Action}> .\n", f'<{SKOS.prefLabel}> "Action number ', f'<{DCTERMS.identifier}> "'
    party, pillar, status = (
        f"<{BIC[name]}> <{BICD}" for name in ("hasResponsibleParty", "advancesPillar", "hasStatus")
    )
    start, due, end = (f'<{BIC[name]}> "' for name in ("startDate", "dueDate", "endDate"))
    day, amount = f'"^^<{XSD.date}> .\n', f'"^^<{XSD.decimal}> .\n'
    goal, budget, currency = (f"<{BIC[name]}> " for name in ("advancesGoal", "budgetAmount", "budgetCurrency"))
    source = f"<{DCTERMS.source}> <"

    def write(action: Action) -> Iterator[str]:
        s = f"<urn:x-benchmark:{action.identifier}> "
        yield (
            f'{s}{given[0]}{s}{given[1]}{action.number}"@en .\n{s}{given[2]}{action.identifier}" .\n'
            f"{s}{pillar}pillar-{action.pillar}> .\n{s}{status}status-{action.status}> .\n"
            f'{s}{start}{action.start}{day}{s}{budget}"{action.budget}{amount}{s}{currency}"{action.currency}" .\n'
        )
        if action.goal:
            yield (
                f'{s}{goal}"{action.goal}" .\n' if " " in action.goal else f"{s}{goal}<{BICD}goal-{action.goal}> .\n"
            )
        if action.party:
            yield f"{s}{party}{action.party}> .\n"
        if action.due:
            yield f"{s}{due}{action.due}{day}"
        if action.end:
            yield f"{s}{end}{action.end}{day}"
        if action.source:
            yield f"{s}{source}{action.source}> .\n"

    return write


def write_ntriples(path: Path, count: int) -> None:
    """Write a submission as N-Triples."""
    write = _statements()
    with path.open("w", encoding="utf-8", buffering=1 << 20) as stream:
        for action in actions(count):
            stream.writelines(write(action))


def rewritten(path: Path, suffix: str) -> Path:
    """Write what an N-Triples file says in another syntax, beside it, and return that file."""
    import pyoxigraph

    other = path.with_suffix(f".{suffix}")
    quads = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.N_TRIPLES)
    syntax = pyoxigraph.RdfFormat.from_extension(suffix)
    assert syntax is not None
    with other.open("wb") as stream:
        pyoxigraph.serialize(quads, stream, format=syntax)
    return other


HEADER: Final = (
    "id",
    "title",
    "goal",
    "pillar",
    "responsible_party",
    "status",
    "start_date",
    "due_date",
    "end_date",
    "budget",
    "currency",
    "source",
)


def rows(count: int, *, remarks: bool = False) -> Iterator[tuple[str, ...]]:
    """Yield a submission as rows of a table, the header first.

    `remarks` leaves out due dates and sources, on which we remark in two of three rows.
    """
    yield HEADER
    for action in actions(count):
        number, identifier, *middle, due, end, budget, currency, source = action
        yield (
            identifier,
            f"Action number {number}",
            *middle,
            "" if remarks else due,
            end,
            budget,
            currency,
            "" if remarks else source,
        )


def write_csv(path: Path, count: int, *, remarks: bool = False) -> None:
    """Write a submission as a CSV table."""
    with path.open("w", encoding="utf-8", newline="", buffering=1 << 20) as stream:
        csv.writer(stream).writerows(rows(count, remarks=remarks))


_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Cells of the second style are dates.
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="actions" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_LETTERS: Final = "ABCDEFGHIJKL"
_FIRST_DAY: Final = date(1899, 12, 30).toordinal()


@contextmanager
def _part(package: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    with package.open(name, "w", force_zip64=True) as stream:
        stream.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
        yield stream


def write_xlsx(path: Path, count: int) -> None:
    """Write a submission as a workbook as spreadsheet programs do: shared texts, numbers, and dates as such."""
    shared: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in _PARTS.items():
            with _part(package, name) as stream:
                stream.write(content.encode())
        with _part(package, "xl/worksheets/sheet1.xml") as stream:
            stream.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows(count), 1):
                cells = "".join(
                    _cell(f"{letter}{number}", value, shared)
                    for letter, value in zip(_LETTERS, row, strict=True)
                    if value
                )
                stream.write(f'<row r="{number}">{cells}</row>'.encode())
            stream.write(b"</sheetData></worksheet>")
        with _part(package, "xl/sharedStrings.xml") as stream:
            stream.write(f'<sst xmlns="{_MAIN}" uniqueCount="{len(shared)}">'.encode())
            stream.writelines(f"<si><t>{text}</t></si>".encode() for text in shared)
            stream.write(b"</sst>")


def _cell(place: str, value: str, shared: dict[str, int]) -> str:
    """Write a cell: a number, a date, or a text. None of our texts holds a character that XML would mind."""
    if value.endswith(".50"):
        return f'<c r="{place}"><v>{value}</v></c>'
    if value.startswith("20"):
        try:
            days = date.fromisoformat(value).toordinal() - _FIRST_DAY
        except ValueError:
            pass  # a text, as people write it there
        else:
            return f'<c r="{place}" s="1"><v>{days}</v></c>'
    return f'<c r="{place}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'
