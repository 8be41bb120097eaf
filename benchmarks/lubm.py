"""Plain SHACL on data of universities, after the public profile of the LUBM benchmark; generator and shapes are ours.

    python -m benchmarks.lubm [--universities 1] [--keep FILE.nt] [--pyshacl]

Prints the seconds of the public call on the file and, for comparison, of reading it with pyoxigraph alone.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph

import bicentennial

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SHAPES", "statements"]

SHAPES: Final = Path(__file__).with_name("lubm.ttl")
_UB: Final = "urn:x-benchmark:univ#"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
# Each kind of staff: how many a department has, and how many publications each of them.
_STAFF: Final = {
    "FullProfessor": ((7, 10), (15, 20)),
    "AssociateProfessor": ((10, 14), (10, 18)),
    "AssistantProfessor": ((8, 11), (5, 10)),
    "Lecturer": ((5, 7), (0, 5)),
}
_FAULTY: Final = 0.002


class _University:
    """Makes one university; of each thing that shapes demand, a few are missing or wrong."""

    def __init__(self, number: int, universities: int, chance: random.Random) -> None:
        self._iri = f"urn:x-benchmark:u{number}"
        self._universities = universities
        self._chance = chance

    def statements(self) -> Iterator[str]:
        yield self._typed(self._iri, "University")
        for number in range(self._chance.randint(15, 25)):
            yield from self._department(f"{self._iri}:d{number}")

    def _department(self, department: str) -> Iterator[str]:
        yield self._typed(department, "Department")
        yield self._link(department, "partOf", self._iri)
        staff: list[str] = []
        courses: dict[str, list[str]] = {"Course": [], "GraduateCourse": []}
        for kind, (number, publications) in _STAFF.items():
            for index in range(self._chance.randint(*number)):
                person = f"{department}:{kind}{index}"
                staff.append(person)
                yield from self._member(person, kind, department, courses)
                for each in range(self._chance.randint(*publications)):
                    yield from self._publication(f"{person}:p{each}", person)
        yield self._link(staff[0], "headOf", department)
        for index in range(len(staff) * self._chance.randint(8, 14)):
            yield from self._student(f"{department}:s{index}", "UndergraduateStudent", department, courses["Course"])
        for index in range(len(staff) * self._chance.randint(3, 4)):
            graduate = f"{department}:g{index}"
            yield from self._student(graduate, "GraduateStudent", department, courses["GraduateCourse"])
            yield self._link(graduate, "advisor", self._chance.choice(staff))

    def _member(self, person: str, kind: str, department: str, courses: dict[str, list[str]]) -> Iterator[str]:
        yield from self._person(person, kind)
        if not self._fault():
            yield self._link(person, "worksFor", department)
        university = f"urn:x-benchmark:u{self._chance.randrange(self._universities)}"
        yield self._link(person, "degreeFrom", department if self._fault() else university)
        for level, made in courses.items():
            for index in range(self._chance.randint(1, 2)):
                course = f"{person}:{level}{index}"
                made.append(course)
                yield self._typed(course, level)
                yield self._text(course, "name", f"Course {len(made)}")
                yield self._link(person, "teacherOf", course)

    def _student(self, person: str, kind: str, department: str, courses: list[str]) -> Iterator[str]:
        yield from self._person(person, kind)
        yield self._link(person, "memberOf", department)
        number = self._chance.randint(2, 4) if kind == "UndergraduateStudent" else self._chance.randint(1, 3)
        for course in self._chance.sample(courses, 5 if self._fault() else number):
            yield self._link(person, "takesCourse", course)

    def _person(self, person: str, kind: str) -> Iterator[str]:
        yield self._typed(person, kind)
        name = person.rpartition(":")[2]
        if not self._fault():
            yield self._text(person, "name", name)
        yield self._text(person, "email", name if self._fault() else f"{name}@example.org")
        yield self._text(person, "telephone", "xxx-xxx-xxxx")

    def _publication(self, publication: str, author: str) -> Iterator[str]:
        yield self._typed(publication, "Publication")
        yield self._text(publication, "name", publication.rpartition(":")[2])
        yield self._text(publication, "author", "?") if self._fault() else self._link(publication, "author", author)

    def _fault(self) -> bool:
        return self._chance.random() < _FAULTY

    def _typed(self, subject: str, kind: str) -> str:
        return f"<{subject}> {_TYPE} <{_UB}{kind}> .\n"

    def _link(self, subject: str, name: str, value: str) -> str:
        return f"<{subject}> <{_UB}{name}> <{value}> .\n"

    def _text(self, subject: str, name: str, value: str) -> str:
        return f'<{subject}> <{_UB}{name}> "{value}" .\n'


def statements(universities: int) -> Iterator[str]:
    """Yield the lines of N-Triples for so many universities, the same each time."""
    chance = random.Random(1)
    for number in range(universities):
        yield from _University(number, universities, chance).statements()


def main() -> int:
    """Generate, check and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lubm", description=__doc__)
    parser.add_argument("--universities", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a file to keep the data in")
    parser.add_argument("--pyshacl", action="store_true", help="run pySHACL too, which takes minutes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.keep or Path(folder) / "universities.nt"
        with path.open("w", encoding="utf-8") as out:
            out.writelines(statements(arguments.universities))
        begun = time.perf_counter()
        triples = sum(1 for _ in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.N_TRIPLES))
        print(f"{triples:,} triples; reading them alone {time.perf_counter() - begun:.2f} s")
        for engine in ("compiled", "pyshacl") if arguments.pyshacl else ("compiled",):
            begun = time.perf_counter()
            report = bicentennial.shacl(path, SHAPES, engine=engine)
            print(f"{engine}: {len(report)} results in {time.perf_counter() - begun:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
