"""What a submission covers is counted as it is, whatever is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.intake import read
from bicentennial.validation.coverage import Bar, Coverage, Span, coverage
from bicentennial.validation.outcome import Outcome
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "id,title,goal,pillar,responsible_party,status,start_date,end_date,due_date\n"


def covered(tmp_path: Path, rows: str) -> Coverage:
    path = tmp_path / "in.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    with read(path).dataset as dataset:
        return coverage(dataset)


def named(bars: tuple[Bar, ...]) -> dict[str, int]:
    return {bar.label.get("en", bar.kind): bar.count for bar in bars}


def test_goals_and_pillars_are_all_there_and_count_actions(tmp_path: Path) -> None:
    found = covered(
        tmp_path,
        "1,a,Protect our people; Pursue criminal networks,Public Health,SRE,planned,,,\n"
        "2,b,Protect our people,,SRE; OFAC,planned,,,\n3,c,Protect our peeple,,SRE,,,,\n4,d,,,,finished,,,\n",
    )
    assert named(found.goals) == {
        "Protect our people": 2,
        "Prevent transborder crime": 0,
        "Pursue criminal networks": 1,
        "unresolved": 1,
        "none": 1,
    }
    assert sum(len(bar.below) for bar in found.goals) == 10
    assert named(found.goals[0].below)["Public Health"] == 1


def test_parties_are_the_most_frequent_with_those_that_are_not_known(tmp_path: Path) -> None:
    found = covered(tmp_path, "1,a,,,SRE; OFAC,,,,\n2,b,,,SRE,,,,\n3,c,,,Nobody known,,,,\n4,d,,,,,,,\n")
    first = found.parties[0]
    assert (first.label["es"], first.count, first.kind) == ("SRE · Secretaría de Relaciones Exteriores", 2, "known")
    assert {(bar.label.get("en"), bar.count, bar.kind) for bar in found.parties[2:]} == {
        ("Nobody known", 1, "unresolved"),
        (None, 1, "none"),
    }
    many = "".join(f"{n},a,,,Party {n},,,,\n" for n in range(25))
    assert (len((few := covered(tmp_path, many)).parties), few.others) == (10, 15)


def test_time_is_told_by_action_or_by_year(tmp_path: Path) -> None:
    found = covered(
        tmp_path,
        "1,a,,,,,2023-01-05,2023-02,\n2,b,,,,,2022,,2024\n3,c,,,,,03/04/2023,,\n4,d,,,,,,,2025-01-01\n",
    )
    assert found.spans == (
        Span("2 · b", "2022", "2024", due=True),
        Span("1 · a", "2023-01-05", "2023-02", due=False),
        Span("4 · d", None, "2025-01-01", due=True),
    )
    assert found.undated == 1
    alike = covered(tmp_path, "A,a,,,,,,,2024\nA,a,,,,,,2024,\n")
    assert [span.due for span in alike.spans] == [False, True]
    many = covered(tmp_path, "".join(f"{n},a,,,,,{2020 + n % 2},,2022\n" for n in range(30)))
    assert many.spans == ()
    assert many.years == ((2020, 15), (2021, 30), (2022, 30))


def test_it_travels_with_the_outcome_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(HEAD + "1,a,Protect our people,,SRE,planned,2023,,2024\n", encoding="utf-8")
    assert check(path).coverage is None
    outcome = check(path, coverage=True)
    assert outcome.coverage is not None
    assert outcome.coverage.actions == 1
    assert Outcome.from_dict(outcome.to_dict()) == outcome


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert covered(tmp_path, "").actions == 0


def test_actions_of_many_years_are_counted_in_each_of_them(tmp_path: Path) -> None:
    found = covered(
        tmp_path,
        "".join(f"{n},a,,,,,200{n % 3},,200{n % 3 + 2}\n" for n in range(30))
        + "x,a,,,,,2015,2011,\ny,a,,,,,,2020-05,\n",
    )
    assert found.years == (
        *((2000, 10), (2001, 20), (2002, 30), (2003, 20), (2004, 10)),
        *((2015, 1), (2020, 1)),
    )


def test_a_time_zone_makes_no_date_unknown(tmp_path: Path) -> None:
    found = covered(tmp_path, "A,a,,,,,2024-01-01Z,2024-06-01-06:00,\nB,b,,,,,2024-02+01:00,,\n")
    assert (found.undated, [(span.start, span.finish) for span in found.spans]) == (
        0,
        [("2024-01-01", "2024-06-01"), ("2024-02", None)],
    )
