"""A registry's public graphs on a SPARQL 1.1 server: those that changed are put, those that are gone are deleted.

What the server holds of us is said in a graph of its own, `<base>/published`: the digest of each graph. So nothing has
to be remembered here, whichever machine publishes, and a server that was emptied gets everything again.

| graph | what it holds |
| --- | --- |
| `https://w3id.org/bicentennial/ontology` and `…/dataset` | the ontology, and the Framework |
| those of `graphs` | current states, accepted submissions, provenance; never what is under embargo |
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import OutputError
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.resources import COMPILED
from bicentennial.monitoring.exports import graphs
from bicentennial.monitoring.exports.graph_store import Credentials, GraphStore
from bicentennial.monitoring.exports.provenance import CHECKSUM, provenance
from bicentennial.monitoring.store.audience import Audience
from bicentennial.monitoring.store.dates import FOREVER, moment
from bicentennial.monitoring.store.submissions import current, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.monitoring.store.database import Database

__all__ = ["Publication", "publish"]

_FRAMEWORK: Final = {
    "ontology": "https://w3id.org/bicentennial/ontology",
    "framework": "https://w3id.org/bicentennial/dataset",
}
_WRITTEN: Final = "1"
"""Another once graphs are written in another way, so that all of them are sent again."""


@dataclass(slots=True)
class Publication:
    """What came of publishing: the graphs that were put and deleted, and how many were as they should be."""

    endpoint: str
    put: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    unchanged: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"endpoint": self.endpoint, "put": self.put, "deleted": self.deleted, "unchanged": self.unchanged}


def publish(
    database: Database,
    endpoint: str,
    *,
    credentials: Credentials | None = None,
    versions: bool = True,
    everything: bool = False,
    dry_run: bool = False,
) -> Publication:
    """Bring a server up to date, and return what was done.

    What was done before an error stays done, and is not done again the next time.

    Args:
        database: where.
        endpoint: the address of the server's graph store.
        credentials: who writes; what the environment says if None.
        versions: whether each accepted submission has a graph besides the current states.
        everything: send what did not change too.
        dry_run: only say what would be done.

    Raises:
        UsageError: the address makes no sense, or a secret would go out unencrypted.
        OutputError: the server is away or refuses.
    """
    store = GraphStore(endpoint, credentials if credentials is not None else Credentials.of(os.environ))
    done = Publication(endpoint)
    with _public(database), database.snapshot():
        base = graphs.base_of(database)
        manifest = f"{base}/published"
        there = _digests(store.get(manifest))
        wanted = {graph: (digest, write) for graph, digest, write in _graphs(database, base, versions=versions)}
        done.unchanged = 0 if everything else sum(there.get(graph) == digest for graph, (digest, _) in wanted.items())
        if not dry_run and (new := wanted.keys() - there.keys()):
            # Said before it is sent: what a process that is killed has sent can be deleted once it is withdrawn.
            there |= dict.fromkeys(new, "")
            store.put(manifest, _written(there))
        try:
            for graph, (digest, write) in wanted.items():
                if everything or there.get(graph) != digest:
                    if not dry_run:
                        store.put(graph, write())
                    there[graph] = digest
                    done.put.append(graph)
            for graph in sorted(set(there) - set(wanted)):
                if not dry_run:
                    store.delete(graph)
                del there[graph]
                done.deleted.append(graph)
        except BaseException:
            if done.put or done.deleted:
                with contextlib.suppress(OutputError):
                    store.put(manifest, _written(there))
            raise
        if not dry_run and (done.put or done.deleted):
            store.put(manifest, _written(there))
    return done


@contextlib.contextmanager
def _public(database: Database) -> Iterator[None]:
    """Let a database answer as it answers everybody."""
    before, database.audience = database.audience, Audience()
    try:
        yield
    finally:
        database.audience = before


def _graphs(database: Database, base: str, *, versions: bool) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Yield each graph that the server should hold: its name, its digest, and what writes it."""
    rules = hashlib.sha256((COMPILED / "index.json").read_bytes()).hexdigest()
    for what, name in _FRAMEWORK.items():
        yield name, _digest(rules, what), lambda what=what: _framework(what)  # type: ignore[misc]
    redacted = _redacted(database)
    for each in current(database, known=moment(FOREVER)):
        name, content = graphs.dataset_graph(base, each), (str(each.root), str(redacted.get(each.id, 0)))
        yield name, _digest(base, *content), lambda each=each: _said(database, each, base)  # type: ignore[misc]
    for each in listed(database) if versions else ():
        if each.root:
            name = f"{graphs.dataset_graph(base, each)}/{each.number}"
            content = each.root, str(redacted.get(each.id, 0))
            yield name, _digest(base, *content), lambda each=each: _said(database, each, base)  # type: ignore[misc]
    sources = "".join(provenance(database, base)).encode()
    yield f"{base}/provenance", hashlib.sha256(sources).hexdigest(), lambda: sources


def _said(database: Database, submission: Any, base: str) -> bytes:
    return "".join(graphs.triples(database, submission, base)).encode("utf-8", "replace")


def _framework(what: str) -> bytes:
    from bicentennial.exchange.publications.publication import export

    with Workspace() as folder:
        path = folder.path / "graph.nt"
        export(what, path)
        return path.read_bytes()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join((_WRITTEN, *parts)).encode()).hexdigest()


def _redacted(database: Database) -> dict[int, int]:
    """Return how many records of each submission are gone; what was handed in again is there."""
    if database.value("SELECT 1 FROM redacted LIMIT 1") is None:
        return {}
    rows = database.all(
        "SELECT m.submission, count(*) FROM redacted x JOIN record r ON r.sha = x.sha JOIN member m ON m.record = r.id"
        " WHERE r.body = '' GROUP BY m.submission"
    )
    return {int(submission): int(number) for submission, number in rows}


def _digests(data: bytes) -> dict[str, str]:
    import pyoxigraph

    try:
        parsed = list(pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES))
    except SyntaxError:  # a page that says that there is no such graph
        return {}
    return {
        each.subject.value: each.object.value
        for each in parsed
        if each.predicate.value == CHECKSUM and not isinstance(each.subject, pyoxigraph.Triple)
    }


def _written(digests: dict[str, str]) -> bytes:
    return "".join(f'<{graph}> <{CHECKSUM}> "{sha}" .\n' for graph, sha in sorted(digests.items())).encode()
