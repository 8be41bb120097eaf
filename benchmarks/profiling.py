"""Show where the time of the main job goes: `python -m benchmarks.profiling` (or `make profile`).

Four views of `validate` on one file: what starting imports, how long each phase takes and how much of it the database,
the slowest statements of SQL, and the functions of ours that cost most. The program knows nothing of being watched: its
functions and its connection are wrapped here, from outside.
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import os
import pstats
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks import data
from benchmarks.contenders import ours
from benchmarks.measure import ROOT, measure
from benchmarks.tables import Paper, Table
from bicentennial.storage.connection import duckdb
from bicentennial.storage.sqlite_dataset import SqliteDataset

if TYPE_CHECKING:
    from collections.abc import Callable

# What a phase is called, and the functions that do it. A phase within another is taken out of the other's time.
PHASES: Final = {
    "plan": ["bicentennial.validation.run:Run.__init__"],
    "read": ["bicentennial.intake:read"],
    "read: decode": ["bicentennial.formats.decoding:decoded"],
    "read: load statements": [
        "bicentennial.intake.builder:DatasetBuilder.records",
        "bicentennial.formats.rdf.reading:read_rdf",
    ],
    "check": ["bicentennial.validation.run:Run.__call__"],
    "findings": ["bicentennial.validation.submission:findings_of"],
    "findings: places": [
        "bicentennial.storage.origins:TabularOrigins.locate",
        "bicentennial.formats.rdf.textorigins:TextOrigins.locate",
    ],
    "findings: suggestions": ["bicentennial.validation.suggestions:Suggestions.of"],
    "findings: wording": ["bicentennial.validation.finding_messages:FindingMessages.finding"],
    "render": ["bicentennial.report.formats:render"],
}
_REST: Final = "all else"
_WRITERS: Final = {"csv": data.write_csv, "xlsx": data.write_xlsx, "nt": data.write_ntriples}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profiling", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000, help="how many actions the file holds")
    parser.add_argument("--format", choices=_WRITERS, default="csv", help="what kind of file it is")
    parser.add_argument("--file", type=Path, help="a file of your own instead")
    parser.add_argument("--top", type=int, default=15, help="how many lines of each kind are shown")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there as well")
    options = parser.parse_args()
    paper = Paper(options.markdown)
    with tempfile.TemporaryDirectory(prefix="bicentennial-profile-") as folder:
        file = options.file or Path(folder, f"data.{options.format}")
        if options.file is None:
            _WRITERS[options.format](file, options.rows)
        small = Path(folder, "small.csv")
        data.write_csv(small, 100)
        for table in imports(small, options.top):
            paper.show(table)
        run = measure(ours(file))
        paper.say(
            f"The whole process takes {run.seconds:.2f} s and {run.megabytes:,.0f} MB. Within it, on the same file:"
        )
        for table in phases(file, options.top):
            paper.show(table)
        paper.show(functions(file, options.top))


def imports(file: Path, top: int) -> list[Table]:
    """Return what the command imports for a small file, parent and worker together, by package and by module."""
    python, *rest = ours(file)
    command = [python, "-X", "importtime", *rest]
    heard = {**os.environ, "BICENTENNIAL_DEBUG": "1"}  # or else the worker keeps quiet
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=heard)
    lines = re.findall(r"^import time:\s+(\d+) \|\s+\d+ \| *([\w.]+)$", done.stderr, re.MULTILINE)
    modules: Counter[str] = Counter()
    packages: Counter[str] = Counter()
    for microseconds, name in lines:
        modules[name] += int(microseconds)
        packages[name.partition(".")[0]] += int(microseconds)
    return [
        Table(
            f"Imports for 100 rows: {modules.total() / 1000:.0f} ms, by {kind}",
            ("", "ms"),
            [[name, f"{microseconds / 1000:.1f}"] for name, microseconds in found.most_common(top)],
        )
        for kind, found in (("package", packages), ("module", modules))
    ]


class Clock:
    """Knows which phase it is, and how many seconds each has taken, of itself and in DuckDB."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self.in_database: defaultdict[str, float] = defaultdict(float)
        self.statements: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._phases = [_REST]
        self._since = time.perf_counter()

    def timed(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, which from now on counts for a phase."""

        @functools.wraps(function)
        def call(*arguments: Any, **options: Any) -> Any:
            self._turn()
            self._phases.append(phase)
            self.calls[phase] += 1
            try:
                return function(*arguments, **options)
            finally:
                self._turn()
                self._phases.pop()

        return call

    def note(self, sql: str, seconds: float) -> None:
        """Count what a database took."""
        self.in_database[self._phases[-1]] += seconds
        self.statements[sql, self._phases[-1]] += seconds

    def _turn(self) -> None:
        now = time.perf_counter()
        self.seconds[self._phases[-1]] += now - self._since
        self._since = now


class _Connection:
    """A connection, or the rows that it finds, that tells a clock how long each statement takes."""

    def __init__(self, connection: Any, clock: Clock, sql: str = "") -> None:
        self._connection = connection
        self._clock = clock
        self._sql = sql

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._connection, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **options: Any) -> Any:
            if arguments and isinstance(arguments[0], str):
                self._sql = arguments[0]
            began = time.perf_counter()
            try:
                result = found(*arguments, **options)
            finally:
                self._clock.note(self._sql, time.perf_counter() - began)
            if result is self._connection:
                return self
            return _Connection(result, self._clock, self._sql) if hasattr(result, "fetchall") else result

        return call


def function_of(place: str) -> tuple[Any, str, Callable[..., Any]]:
    """Return where a function is kept, its name there, and the function itself; an error if there is none."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner: Any = functools.reduce(getattr, owners, import_module(module))
    return owner, name, getattr(owner, name)


def _connected(connect: Callable[..., Any], clock: Clock, *arguments: Any, **options: Any) -> _Connection:
    return _Connection(connect(*arguments, **options), clock)


def phases(file: Path, top: int) -> list[Table]:
    """Return the seconds of each phase, and the slowest statements."""
    clock = Clock()
    for phase, place in ((phase, place) for phase, places in PHASES.items() for place in places):
        owner, name, function = function_of(place)
        timed = clock.timed(phase, function)
        setattr(owner, name, timed)
        for module in [module for key, module in sys.modules.items() if key.startswith("bicentennial")]:
            for each in [key for key, value in vars(module).items() if value is function]:
                setattr(module, each, timed)
    connect = functools.partial(duckdb.connect)
    duckdb.connect = functools.partial(_connected, connect, clock)  # type: ignore[assignment]
    # Connections to SQLite are kept from one dataset to the next, so each dataset is given one that is watched.
    made = SqliteDataset.__init__

    def watched(dataset: SqliteDataset) -> None:
        made(dataset)
        dataset.connection = _Connection(dataset.connection, clock)

    SqliteDataset.__init__ = watched  # type: ignore[assignment, method-assign]
    clock.timed(_REST, _job)(file)
    rows = [
        [phase, f"{clock.seconds[phase]:.2f}", f"{clock.in_database[phase]:.2f}", f"{clock.calls[phase]:,}"]
        for phase in (*PHASES, _REST)
        if clock.calls[phase]
    ]
    rows.append(["together", f"{sum(clock.seconds.values()):.2f}", f"{sum(clock.in_database.values()):.2f}", ""])
    statements = [
        [_brief(sql), phase, f"{seconds:.2f}"]
        for (sql, phase), seconds in sorted(clock.statements.items(), key=lambda item: -item[1])[:top]
    ]
    return [
        Table("Phases", ("", "seconds", "in the database", "calls"), rows),
        Table("Slowest statements", ("SQL", "phase", "seconds"), statements),
    ]


def _brief(sql: str) -> str:
    """Return how a statement begins and ends, by which those that are alike can be told apart."""
    text = " ".join(sql.split())
    return text if len(text) <= 100 else f"{text[:60]} … {text[-37:]}"


def functions(file: Path, top: int) -> Table:
    """Return the functions of ours that cost most, what they call in others' code included."""
    profile = cProfile.Profile()
    profile.runcall(_job, file)
    rows = []
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for (path, _, name), (_, calls, own, with_others, _) in sorted(stats.items(), key=lambda item: -item[1][3]):
        if "bicentennial" in Path(path).parts and Path(path).is_relative_to(ROOT):
            place = ".".join(Path(path).relative_to(ROOT).with_suffix("").parts)
            rows.append([f"{place}:{name}", f"{with_others:.2f}", f"{own:.2f}", f"{calls:,}"])
    return Table(
        "Functions, watched one by one (which costs time itself)", ("", "in all", "itself", "calls"), rows[:top]
    )


def _job(file: Path) -> None:
    import bicentennial
    from bicentennial.report import formats

    formats.render([bicentennial.validate(file, coverage=False, isolated=False)], "json", "en")


if __name__ == "__main__":
    main()
