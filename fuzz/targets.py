"""What is fuzzed: each way in as a function of bytes that may raise our own errors and nothing else.

What could be read is written too, which may neither fail nor say more than was read.

The functions run in the fuzzer's own process, with the limits lowered, for what a worker would catch is to be found.
"""

from __future__ import annotations

import contextlib
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import BicentennialError
from bicentennial.core.files.workspace import Workspace
from bicentennial.exchange.statements import lines, mend
from bicentennial.intake import Limits
from bicentennial.intake.reader import FileReader
from bicentennial.knowledge.sparql.guard import inspect
from bicentennial.semantics.mapping import MappingFile
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.storage.dataset import Dataset

__all__ = ["LIMITS", "TARGETS", "seeds"]

LIMITS: Final = Limits(
    file_bytes=100_000,
    statements=5_000,
    rows=2_000,
    columns=100,
    cell_characters=5_000,
    literal_characters=20_000,
    depth=16,
    unpacked_bytes=2_000_000,
    merged_cells=1_000,
    grid_cells=50_000,
)
"""What a file may hold while it is fuzzed."""
ROOT: Final = Path(__file__).resolve().parent.parent


def _file(name: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        reader = FileReader(Path(name), default_index(), MappingFile(), LIMITS)
        with contextlib.suppress(BicentennialError), reader.read(data).dataset as dataset:
            _written(dataset)

    return target


def _written(dataset: Dataset) -> None:
    """Write what was read as N-Triples, of which each line must be one statement and no more."""
    import pyoxigraph as ox

    dataset.materialize()
    mend(dataset)
    written = list(lines(dataset))
    assert sum(1 for _ in ox.parse("".join(written), format=ox.RdfFormat.N_TRIPLES)) == len(written)


def _sparql(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(BicentennialError):
        inspect(text)
        # What the guard lets through must stay here; an empty store has nothing to be slow about.
        with contextlib.suppress(SyntaxError, ValueError, RuntimeError):
            _store().query(text)  # an OSError would be an attempt to reach somebody


@cache
def _store() -> Any:
    import pyoxigraph as ox

    return ox.Store()


@cache
def _scratch() -> Workspace:
    return Workspace()


def _given(name: str, data: bytes) -> Path:
    path = _scratch().path / name
    path.write_bytes(data)
    return path


def _marked(data: bytes) -> None:
    from bicentennial.core.errors import UnreadableInputError
    from bicentennial.report.workbook.marking import write
    from bicentennial.validation.outcome import unreadable

    with contextlib.suppress(BicentennialError):
        outcome = unreadable(str(_given("a.xlsx", data)), UnreadableInputError({"en": "", "es": ""})).to_dict()
        settings = {each.name: getattr(LIMITS, each.name) for each in fields(LIMITS)}
        write(str(_scratch().path / "marked.xlsx"), outcome, "violation", "en", {"limits": settings})


def _profile(data: bytes) -> None:
    from bicentennial.report.profile import Profile

    with contextlib.suppress(BicentennialError):
        Profile.read(_given("profile.toml", data))


def _shapes(data: bytes) -> None:
    from bicentennial.validation.run import Run

    with contextlib.suppress(BicentennialError):
        Run("compiled", [_given("shapes.ttl", data)])


def _mapping(data: bytes) -> None:
    path = _given("mapping.toml", data)
    with contextlib.suppress(BicentennialError):
        mapping = MappingFile.read(path)
        FileReader(Path("a.csv"), default_index(), mapping, LIMITS).read(
            b"id,title,goal,responsible_party,start_date\nA-1,x,G1,OFAC,03/04/2023\n"
        ).dataset.close()


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "csv": _file("a.csv"),
    "xlsx": _file("a.xlsx"),
    "ods": _file("a.ods"),
    "json": _file("a.json"),
    "jsonl": _file("a.jsonl"),
    "jsonld": _file("a.jsonld"),
    "turtle": _file("a.ttl"),
    "ntriples": _file("a.nt"),
    "nquads": _file("a.nq"),
    "trig": _file("a.trig"),
    "rdfxml": _file("a.rdf"),
    "iati": _file("a.xml"),
    "sparql": _sparql,
    "mapping": _mapping,
    "marked": _marked,
    "profile": _profile,
    "shapes": _shapes,
}
"""The targets by name."""

_SEEDS: Final = {
    "csv": "submissions/*.csv",
    "xlsx": "submissions/*.xlsx",
    "ods": "submissions/*.ods",
    "json": "submissions/*.json",
    "jsonl": "submissions/*.jsonl",
    "jsonld": "submissions/*.jsonld",
    "turtle": "submissions/*.ttl",
    "ntriples": "submissions/*.nt",
    "nquads": "submissions/*.nt",
    "trig": "submissions/*.ttl",
    "rdfxml": "submissions/*.rdf",
    "iati": "submissions/*.xml",
    "sparql": "queries/*.rq",
    "mapping": "mappings/*.toml",
    "marked": "submissions/*.xlsx",
    "profile": "profiles/*.toml",
    "shapes": "shapes/*.ttl",
}


def seeds(name: str) -> list[bytes]:
    """Return examples to begin with: those of the project, those kept for fuzzing, and past failures."""
    places = [*(ROOT / "examples").glob(_SEEDS[name]), *(ROOT / "fuzz/corpus").glob(f"{name}-*")]
    places += (ROOT / "tests/security/corpus").glob(f"{name}-*")
    return [path.read_bytes() for path in sorted(places)]
