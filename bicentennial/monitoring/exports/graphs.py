"""Graphs made of records: the current state of each dataset, every submission, and where all of it comes from.

| graph | what it holds |
| --- | --- |
| `<base>/SUBMITTER/DATASET` | the current state |
| `<base>/SUBMITTER/DATASET/NUMBER` | one submission |
| `<base>/provenance` | who handed in what and when, and what it replaced: PROV-O and DCAT |

Names of the space of rows become names of the registry: `action/A-1` is `<base>/SUBMITTER/DATASET/action/A-1`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from bicentennial.formats.rdf.iris import is_well_formed
from bicentennial.monitoring.exports.provenance import provenance
from bicentennial.monitoring.questions.comparing import long
from bicentennial.monitoring.store import chain, problems
from bicentennial.monitoring.store.dates import FOREVER, moment
from bicentennial.monitoring.store.submissions import current, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["BASE", "base_of", "dataset_graph", "quads", "set_base", "trig", "triples"]

BASE: Final = "urn:x-bicentennial:registry"
"""The start of the names of a registry that has no address."""
_BASE: Final = re.compile(r"(?:https?://[^\s<>\"{}|\\^`?#]+|urn:[a-z0-9][a-z0-9-]+:[^\s<>\"{}|\\^`?#]+)(?<![/:])")
_LITERAL: Final = re.compile(r'("(?:[^"\\]|\\.)*")(?:(@[A-Za-z0-9-]+)|\^\^(\S+))?', re.DOTALL)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def base_of(database: Database) -> str:
    """Return the start of the names of a registry: its address once it has one."""
    return str(database.value("SELECT value FROM meta WHERE key = 'base'") or BASE)


def set_base(database: Database, base: str, *, actor: str) -> None:
    """Let the names of a registry begin with an address of its own; the hashes of what was handed in stay.

    Raises:
        UsageError: names cannot begin with that.
    """
    if _BASE.fullmatch(base) is None:
        raise problems.usage("bad-base", value=base)
    with database.transaction():
        database.execute("DELETE FROM meta WHERE key = 'base'")
        database.execute("INSERT INTO meta(key, value) VALUES ('base', ?)", [base])
        chain.append(database, "base", actor=actor, data={"base": base})


def dataset_graph(base: str, submission: Submission) -> str:
    """Return the name of the graph of the current state of a submission's dataset."""
    return f"{base}/{submission.submitter}/{submission.dataset}"


def triples(database: Database, submission: Submission, base: str, name: str | None = None) -> Iterator[str]:
    """Yield what a submission says, of everything or of the thing of a name, as N-Triples, a statement a line."""
    space = dataset_graph(base, submission)
    one, its_name = ("", []) if name is None else (" AND u.name = ?", [name])
    rows = database.all(
        "SELECT u.name, r.body FROM member m JOIN subject u ON u.id = m.subject JOIN record r ON r.id = m.record"  # noqa: S608 - constants
        f" WHERE m.submission = ?{one} ORDER BY u.name",
        [submission.id, *its_name],
    )
    for name, body in rows:
        subject = f"<{_absolute(name, space)}>"
        for line in body.split("\n"):
            if line:
                prop, _, value = line.partition(" ")
                yield f"{subject} <{long(prop)}> {_term(value, space)} .\n"


def _absolute(name: str, space: str) -> str:
    return name if _ABSOLUTE.match(name) else f"{space}/{name}"


def _term(text: str, space: str) -> str:
    if text.startswith("<"):
        iri = _absolute(text[1:-1], space)
        # What looks like an address in a table may be none, which RDF can hold as a text alone.
        return f"<{iri}>" if is_well_formed(iri) else json.dumps(iri, ensure_ascii=False)
    found = _LITERAL.fullmatch(text)
    if found is None:
        return f"<{long(text)}>"
    return f"{found[1]}{found[2] or ''}" + (f"^^<{long(found[3])}>" if found[3] else "")


def quads(database: Database, *, versions: Iterable[Submission] | None = None) -> Iterator[str]:
    """Yield the whole registry as N-Quads: current states, submissions, provenance.

    Args:
        database: where.
        versions: whose own graphs are wanted besides the current states; all if None.
    """
    for graph, lines in _graphs(database, versions):
        yield from (f"{line[:-3]} <{graph}> .\n" for line in lines)


def trig(database: Database) -> Iterator[str]:
    """Yield the whole registry as TriG, a block for each graph."""
    for graph, lines in _graphs(database, None):
        yield f"<{graph}> {{\n"
        yield from lines
        yield "}\n"


def _graphs(database: Database, versions: Iterable[Submission] | None) -> Iterator[tuple[str, Iterator[str]]]:
    base = base_of(database)
    several = listed(database) if versions is None else list(versions)
    for submission in current(database, known=moment(FOREVER)):
        yield dataset_graph(base, submission), triples(database, submission, base)
    for submission in several:
        yield f"{dataset_graph(base, submission)}/{submission.number}", triples(database, submission, base)
    yield f"{base}/provenance", provenance(database, base)
