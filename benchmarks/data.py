"""Submissions of any size, the same at every run, with known faults.

Every action has ten statements. A fault is placed by the action's number, so the number of findings of each kind is
known beforehand: `expected` counts them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bicentennial.namespaces import BIC, BICD, DCTERMS, RDF, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOALS: Final = ("protect-our-people", "prevent-transborder-crime", "pursue-criminal-networks")
PILLARS: Final = ("public-health", "reduce-arms-trafficking", "disrupt-illicit-financiers")
PARTIES: Final = (
    "government-mexico",
    "government-united-states",
    "agency-unodc",
    "agency-dea",
    "agency-uif",
)
STATUSES: Final = ("announced", "planned", "ongoing")

# One action in so many has the fault: prime numbers, so that faults meet in all combinations.
FAULTS: Final = {
    "no goal": 53,
    "not a goal": 101,
    "no party": 97,
    "unknown status": 83,
    "ends before it starts": 71,
    "no date": 67,
    "negative budget": 59,
    "unknown currency": 61,
}


@dataclass(frozen=True)
class Action:
    """One action of a generated submission, as plain values; None where a value is missing."""

    number: int
    goal: str | None
    pillar: str
    party: str | None
    status: str
    start: str
    end: str
    budget: str
    currency: str

    @property
    def identifier(self) -> str:
        return f"A-{self.number:07d}"


def actions(count: int) -> Iterator[Action]:
    """Yield so many actions."""
    for number in range(1, count + 1):
        faulty = {name for name, every in FAULTS.items() if number % every == 0}
        year, month, day = 2022 + number % 3, 1 + number % 12, 1 + number % 28
        theme = number % 3
        goal: str | None = GOALS[theme]
        if "no goal" in faulty:
            goal = None
        elif "not a goal" in faulty:
            goal = "Goal 99"
        yield Action(
            number,
            goal,
            PILLARS[theme],
            None if "no party" in faulty else PARTIES[number % len(PARTIES)],
            "finished-ish" if "unknown status" in faulty else STATUSES[number % len(STATUSES)],
            f"{year}-13-45" if "no date" in faulty else f"{year}-{month:02d}-{day:02d}",
            f"{year - 1}-{month:02d}-{day:02d}"
            if "ends before it starts" in faulty
            else f"{year + 1}-{month:02d}-{day:02d}",
            f"-{number}.50" if "negative budget" in faulty else f"{number}.50",
            "XXZ" if "unknown currency" in faulty else "USD",
        )


def expected(count: int) -> dict[str, int]:
    """Return how many actions have each fault."""
    found = dict.fromkeys(FAULTS, 0)
    for number in range(1, count + 1):
        for name, every in FAULTS.items():
            found[name] += number % every == 0
        # An action without a goal cannot also have a wrong one; a start that is no date cannot be compared.
        found["not a goal"] -= number % FAULTS["not a goal"] == 0 and number % FAULTS["no goal"] == 0
        found["ends before it starts"] -= (
            number % FAULTS["ends before it starts"] == 0 and number % FAULTS["no date"] == 0
        )
    return found


def _iri(value: str) -> str:
    return f"<{value}>"


def _literal(value: str, datatype: str) -> str:
    return f'"{value}"^^<{datatype}>'


def write_ntriples(path: Path, count: int) -> None:
    """Write a submission as N-Triples: ten statements an action, less where one is missing."""
    with path.open("w", encoding="utf-8") as stream:
        for action in actions(count):
            subject = f"<urn:x-benchmark:{action.identifier}>"
            goal = action.goal and (f'"{action.goal}"' if " " in action.goal else _iri(BICD[f"goal-{action.goal}"]))
            rows = [
                (RDF.type, _iri(BIC.Action)),
                (SKOS.prefLabel, f'"Action number {action.number}"@en'),
                (DCTERMS.identifier, f'"{action.identifier}"'),
                (BIC.advancesGoal, goal),
                (BIC.advancesPillar, _iri(BICD[f"pillar-{action.pillar}"])),
                (BIC.hasResponsibleParty, action.party and _iri(BICD[action.party])),
                (BIC.hasStatus, _iri(BICD[f"status-{action.status}"])),
                (BIC.startDate, _literal(action.start, XSD.date)),
                (BIC.endDate, _literal(action.end, XSD.date)),
                (BIC.budgetAmount, _literal(action.budget, XSD.decimal)),
                (BIC.budgetCurrency, f'"{action.currency}"'),
            ]
            stream.writelines(f"{subject} <{p}> {o} .\n" for p, o in rows if o)


HEADER: Final = [
    "id",
    "title",
    "goal",
    "pillar",
    "responsible_party",
    "status",
    "start_date",
    "end_date",
    "budget",
    "currency",
    "description",
]


def rows(count: int) -> Iterator[list[str]]:
    """Yield a submission as rows of a table, the header first."""
    yield list(HEADER)
    for action in actions(count):
        yield [
            action.identifier,
            f"Action number {action.number}",
            action.goal or "",
            action.pillar,
            action.party or "",
            action.status,
            action.start,
            action.end,
            action.budget,
            action.currency,
            "A made-up action, to measure with",
        ]


def write_csv(path: Path, count: int) -> None:
    """Write a submission as a CSV table."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """Write a submission as a workbook with one sheet."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("actions")
    for row in rows(count):
        sheet.append(row)
    book.save(path)
