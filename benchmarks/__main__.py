"""Compare whole processes side by side: `python -m benchmarks`, or `make bench`, which sets everything up.

Peers are run by the interpreter that `--peers` names (this one by default), each if its package is there:
`pip install 'bicentennial[bench]'`; shacl-engine in a folder where `npm install shacl-engine rdf-ext n3` was run.
What is missing is left out, and said.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import contenders, data, lubm
from benchmarks.agreement import Found, faults_found
from benchmarks.contenders import Contender, Peers
from benchmarks.measure import ROOT, Run, measure
from benchmarks.registry import figures
from benchmarks.tables import Paper, Table
from benchmarks.targets import ahead, beside, growth, summary
from benchmarks.variations import PLAIN_CSV, PLAIN_XLSX, variations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.targets import Place

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
# In this order, for what is left when time runs out.
WORKS: Final = {"table": "CSV", "workbook": "XLSX", "rdf": "N-Triples", "turtle": "Turtle", "jsonld": "JSON-LD"}
_SYNTAXES: Final = {"turtle": "ttl", "jsonld": "jsonld"}
_PARTS: Final = ("start", "variations", "lubm", *WORKS, "registry")
# A workbook of a million rows is more than a sheet of most spreadsheet programs holds.
_LARGEST: Final = {"workbook": 100_000, "turtle": 100_000, "jsonld": 100_000}
_USUAL: Final = 100_000
# What is quick is run again: the fastest run is the one that nothing else disturbed.
_QUICK: Final = 5.0
_ROUNDS: Final = 3
_SHORT: Final = 1
# So many submissions of so many actions.
_SUBMISSIONS: Final = (1_000, 100)
_ROUNDS_OF_START: Final = 7


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("--actions", type=int, nargs="+", default=list(SIZES), help="sizes of the data")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="the interpreter that has the peers")
    parser.add_argument("--node", type=Path, metavar="FOLDER", help="the folder that has shacl-engine")
    parser.add_argument("--universities", type=int, nargs="+", default=[1, 5, 10], help="sizes of the data of LUBM")
    parser.add_argument("--variations", type=int, default=50_000, metavar="ROWS", help="rows of each way to write them")
    parser.add_argument("--compile", type=Path, metavar="FILE", help="shapes in Turtle to compile, such as ERA's")
    parser.add_argument("--only", choices=_PARTS, nargs="+", default=_PARTS)
    parser.add_argument("--timeout", type=float, default=150, help="seconds that a process may take, ours twice that")
    parser.add_argument("--minutes", type=float, default=40, help="what all may take; the rest is left out")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there as well")
    options = parser.parse_args()
    paper = Paper(options.markdown)
    peers = Peers.find(options.peers, options.node and options.node.resolve())
    paper.show(_surroundings(peers))
    compileall.compile_dir(ROOT / "bicentennial", quiet=1)  # as pip does with whatever it installs, peers included
    with tempfile.TemporaryDirectory(prefix="bicentennial-bench-") as folder:
        bench = Bench(Path(folder), peers, paper, options.timeout, options.minutes * 60)
        if "start" in options.only:
            bench.start_up()
        if "registry" in options.only:
            paper.show(figures(*_SUBMISSIONS))
        if "variations" in options.only:
            bench.variations(options.variations)
        if "lubm" in options.only:
            for count in sorted(options.universities):
                bench.universities(count)
        if options.compile:
            bench.compiling(options.compile.resolve())
        for count in sorted(options.actions):
            for work in WORKS:
                if work in options.only:
                    bench.compare(work, count)
    if len({size for work, size, _ in bench.runs if work in WORKS}) > 1:
        paper.show(growth(bench.runs, WORKS))
    paper.show(summary(bench.runs))
    paper.show(ahead(bench.runs))
    paper.show(beside(bench.runs))
    return 1 if bench.is_wrong else 0


class Bench:
    """Measures, prints and remembers; `is_wrong` says that we did not find just what was put in."""

    def __init__(self, folder: Path, peers: Peers, paper: Paper, timeout: float, seconds: float) -> None:
        self.runs: dict[Place, Run] = {}
        self.is_wrong = False
        self._folder = folder
        self._peers = peers
        self._paper = paper
        self._timeout = timeout
        self._end = time.monotonic() + seconds

    def start_up(self) -> None:
        """Measure how long it takes to begin."""
        file, smallest = self._folder / "small.csv", self._folder / "smallest.csv"
        data.write_csv(file, 100)
        data.write_csv(smallest, 5)
        wanted = contenders.start_up(file, smallest)
        self._measure("start", 100, wanted, _ROUNDS_OF_START)
        self._show(
            f"Start-up: whole processes, the fastest of {_ROUNDS_OF_START}", "start", 100, wanted, wanted[1].name
        )

    def variations(self, count: int) -> None:
        """Measure how much longer it takes when the same is written in another way."""
        ways = list(variations(self._folder, count))
        wanted = [contenders.Contender(name, contenders.ours(file, *more)) for name, file, more in ways]
        self._measure("variations", count, wanted, _ROUNDS)
        for kind, base in (("CSV", PLAIN_CSV), ("XLSX", PLAIN_XLSX)):
            of_kind = [each for each in wanted if each.name.startswith(kind)]
            title = f"The same in other ways, {kind} of {count:,} rows"
            self._show(title, "variations", count, of_kind, base)
        self._clear()

    def universities(self, count: int) -> None:
        """Measure everybody on the data of so many universities."""
        if self._is_over():
            return
        file = self._folder / f"{count}.nt"
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(lubm.statements(count))
        wanted = contenders.universities(file, lubm.SHAPES, self._peers)
        self._measure("lubm", count, wanted, _ROUNDS)
        title = f"LUBM, {count} {'university' if count == 1 else 'universities'} ({file.stat().st_size / 1e6:,.1f} MB)"
        self._show(title, "lubm", count, wanted, wanted[0].name, self._agreement("lubm", count, wanted))
        self._clear()

    def compiling(self, shapes: Path) -> None:
        """Measure how long it takes to compile the shapes of a file."""
        wanted = contenders.compiling(shapes)
        self._measure("compile", 1, wanted, _ROUNDS)
        self._show(f"Shapes of {shapes.name}", "compile", 1, wanted, wanted[0].name)

    def compare(self, work: str, count: int) -> None:
        """Measure everybody on data of one kind and size."""
        if count > _LARGEST.get(work, count) or self._is_over():
            return
        file, wanted = self._given(work, count)
        self._measure(work, count, wanted, _ROUNDS)
        notes = [*self._agreement(work, count, wanted), *self._faults(work, count)]
        size = file.stat().st_size / 1e6
        self.runs[work, count, contenders.THE_FILE] = Run(0, size, "", "", 0)
        title = f"{WORKS[work]} of {count:,} {'actions' if _is_rdf(work) else 'rows'} ({size:,.1f} MB)"
        self._show(title, work, count, wanted, wanted[0].name, notes)
        self._clear()

    def _clear(self) -> None:
        for each in self._folder.iterdir():
            each.unlink()

    def _given(self, work: str, count: int) -> tuple[Path, list[Contender]]:
        """Write the data and return it with those who are to read it."""
        large = count > _USUAL
        if _is_rdf(work):
            file = self._folder / f"{count}.nt"
            data.write_ntriples(file, count)
            if work in _SYNTAXES:
                file = data.rewritten(file, _SYNTAXES[work])
            return file, contenders.triples(file, self._peers, large=large)
        if work == "table":
            file, remarks = self._folder / f"{count}.csv", self._folder / f"{count}-remarks.csv"
            data.write_csv(file, count)
            data.write_csv(remarks, count, remarks=True)
            return file, contenders.table(file, remarks, self._peers, large=large)
        file = self._folder / f"{count}.xlsx"
        data.write_xlsx(file, count)
        return file, contenders.workbook(file, self._peers, large=large)

    def _is_over(self) -> bool:
        return time.monotonic() > self._end

    def _measure(self, work: str, count: int, wanted: Sequence[Contender], rounds: int) -> None:
        """Run each in turn, those that are quick in several rounds, and keep the fastest run of each."""
        for number in range(rounds):
            for contender in wanted:
                place = work, count, contender.name
                best = self.runs.get(place)
                if (number and (best is None or not best.is_good or best.seconds > _QUICK)) or self._is_over():
                    continue
                # Ours gets its turn and more time at all sizes: what fails must be seen to fail.
                timeout = 2 * self._timeout if contender.is_ours else self._timeout
                if not (number or contender.is_ours) and self._foreseen(work, count, contender.name) > timeout:
                    continue
                _progress(f"{work} {count:,}: {contender.name}")
                left = max(self._end - time.monotonic(), 1)
                run = measure(contender.command, timeout=min(timeout, left), cwd=contender.cwd)
                if contender.timed and run.is_good:
                    run = replace(run, seconds=float(run.output))
                if best is None or (run.is_good and run.seconds < best.seconds):
                    self.runs[place] = run
        _progress("")

    def _foreseen(self, work: str, count: int, name: str) -> float:
        """Say how long something will take at least: it grew with the number of actions, or failed before."""
        earlier = [(size, run) for (kind, size, who), run in self.runs.items() if (kind, who) == (work, name)]
        if not earlier:
            return 0
        size, run = max(earlier)
        return run.seconds * count / size if run.is_good else float("inf")

    def _agreement(self, work: str, count: int, wanted: Sequence[Contender]) -> list[str]:
        """Say who finds the same as we do, and how the others differ."""
        outputs = {
            contender.name: self.runs[work, count, contender.name]
            for contender in wanted
            if contender.compared and (work, count, contender.name) in self.runs
        }
        good = {name: run.output for name, run in outputs.items() if run.is_good}
        (reference, *others) = (each.name for each in wanted if each.compared)
        if reference not in good or not any(name in good for name in others):
            return []
        is_rdf = _is_rdf(work) or work == "lubm"
        theirs: Callable[[str], Found] = Found.of_shacl if is_rdf else Found.of_schema
        ours = (Found.of_shacl if is_rdf else Found.of_report)(good[reference])
        differing = {name: ours.against(theirs(good[name])) for name in others if name in good}
        same = [name for name, difference in differing.items() if not difference]
        notes = [f"{name} {difference}" for name, difference in differing.items() if difference]
        if same:
            notes.insert(0, f"{', '.join(same)}: the same {ours.kinds.total():,} findings as {reference}")
        return notes

    def _faults(self, work: str, count: int) -> list[str]:
        """Hold what we found against the faults that were put in."""
        run = self.runs.get((work, count, contenders.AS_JSON))
        if run is None or not run.is_good:
            self.is_wrong = self.is_wrong or (run is not None and run.status is not None)
            return []
        expected = data.expected(count)
        wrong = faults_found(run.output, expected)
        self.is_wrong = self.is_wrong or bool(wrong)
        return [wrong or f"{contenders.OURS}: just the {sum(expected.values()):,} faults that were put in"]

    def _show(
        self, title: str, work: str, count: int, wanted: Sequence[Contender], base: str, notes: Sequence[str] = ()
    ) -> None:
        """Print what was measured, with times relative to the base's."""
        rows = []
        basis = self.runs.get((work, count, base))
        for contender in wanted:
            run = self.runs.get((work, count, contender.name))
            if run is None:
                rows.append([contender.name, "", "", "", "left out: it would take too long"])
                continue
            ratio = f"{run.seconds / basis.seconds:.2f}" if basis and basis.is_good and run.is_good else ""
            rows.append(
                [
                    contender.name,
                    f"{run.seconds:.2f}" if run.seconds >= _SHORT else f"{run.seconds:.3f}",
                    ratio,
                    f"{run.megabytes:,.0f}",
                    "" if run.is_good else run.failure,
                ]
            )
        self._paper.show(Table(title, ("", "seconds", "ratio", "MB", ""), rows, notes))


def _is_rdf(work: str) -> bool:
    return work == "rdf" or work in _SYNTAXES


def _surroundings(peers: Peers) -> Table:
    """Say what was measured where."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    rows = [["machine", f"{os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GB, {platform.system()}"]]
    rows.append(["Python", platform.python_version()])
    rows.append(["load before", f"{os.getloadavg()[0]:.2f}"])
    rows += [[name, version] for name, version in peers.versions.items()]
    rows += [[name, f"left out: {reason}"] for name, reason in peers.absent.items()]
    return Table("Benchmarks", ("", ""), rows)


def _progress(text: str) -> None:
    """Tell a person at a terminal what is being measured."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
