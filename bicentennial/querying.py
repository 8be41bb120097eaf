"""The public query call: the data of others beside ours, and a worker process whose limits hold.

The default graph is the ontology and the Framework, nothing else. Each file of data is a named graph of its own,
`urn:x-bicentennial:data:<file name>`, so that what a partner says about our goals never mixes with what we say:
ask for it with `GRAPH ?g { … }`. Named graphs of a file keep their names.

>>> result = query("ASK { bicd:agency-ofac bic:isPartOf bicd:agency-treasury }", isolated=False)
>>> bool(result)
True
"""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import worker
from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.core.messages import entry, render
from bicentennial.knowledge.problems import query_error
from bicentennial.knowledge.sparql.guard import QueryLimits
from bicentennial.knowledge.sparql.query import Parameter, answer, data_graph
from bicentennial.knowledge.sparql.results import QueryResult
from bicentennial.query_data import data_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bicentennial.core.errors import BicentennialError, QueryError
    from bicentennial.limits import Limits

__all__ = ["USUAL", "query"]

USUAL: Final = worker.WorkerLimits(memory=1 << 30, seconds=30)
"""What the worker of a query may use unless the caller says otherwise."""

# So many names of graphs are listed in a note.
_NAMED: Final = 5


def query(
    query: str | os.PathLike[str],
    /,
    *,
    params: Mapping[str, Parameter] | None = None,
    data: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    lang: str = "en",
    limits: Limits | Mapping[str, float] | None = None,
    isolated: bool = True,
    **parameters: Parameter,
) -> QueryResult:
    """Ask the ontology, the Framework and, if you like, files of your own a question in SPARQL 1.1.

    The query runs in a worker process, so that an expensive one ends at the limits and Ctrl-C works.

    Args:
        query: SPARQL (SELECT, ASK, CONSTRUCT or DESCRIBE; the project's prefixes need no declaration), the name of a
            named query, or a file that holds a query.
        params: values for its parameters, each a block `VALUES ?name { … }` in the query; a name such as `"OFAC"`
            stands for the thing where the query says what kind of thing the parameter is.
        data: files of any format that `validate` reads, each a named graph; graphs that have names keep them.
        lang: the language of labels, `"en"` or `"es"`.
        limits: `Limits`, or some of its settings by name. A query may take 30 seconds and 1 GiB unless `seconds` and
            `memory` say otherwise.
        isolated: do the work in a process of its own, with limits of time and memory. Who trusts the query and the
            files saves the few hundredths of a second that this costs.
        parameters: parameters of the query by name, as `params` has them: `query("actions-by-goal", goal="pursue")`.

    Raises:
        QueryError: the query is wrong or not allowed.
        UnknownNameError: a parameter's value is no known name.
        InputError: a file cannot be read.
        LimitReachedError: a limit is reached; `setting` names it.

    >>> for row in query("SELECT ?name { bicd:agency-ofac skos:notation ?name }"):
    ...     print(row.name)
    OFAC
    >>> len(query("actions-by-goal", goal="pursue")) == len(query("actions-by-goal", params={"goal": "G3"}))
    True
    """
    from bicentennial.limits import Limits

    files = [data] if isinstance(data, str | os.PathLike) else list(data)
    allowed = Limits.of(limits)
    given = {**(params or {}), **parameters}
    job = {
        "asked": query if isinstance(query, str) else {"path": os.fspath(query)},
        "params": {name: _packed(value) for name, value in given.items()},
        "data": [os.fspath(file) for file in files],
        "lang": lang,
        "limits": allowed.changed(),
        "query_limits": asdict(allowed.of_query()),
        "is_last": isolated,
    }
    if not isolated:
        found = run(job)
    else:
        within = allowed.of_worker(USUAL)
        try:
            found = worker.call("bicentennial.querying:run", job, limits=within)
        except LimitReachedError as error:
            raise _limit(error, within) from None
        except UnreadableInputError as error:
            # Without files to read, it can only be the query that made the worker crash.
            raise error if files else _died() from None
    return QueryResult(found["kind"], found["payload"].encode(), found["heads"], found["notes"])


def preload() -> None:
    """Load what queries need, in a process that forks a worker for each: see `core.worker.pool`."""
    answer("ASK { bicd:agency-ofac bic:isPartOf bicd:agency-treasury }")


def run(job: Mapping[str, Any]) -> dict[str, Any]:
    """Do what `query` asks of its worker; everything in and out is JSON."""
    asked = job["asked"]
    graphs, notes = _graphs(job["data"], job["limits"])
    result = answer(
        asked if isinstance(asked, str) else Path(asked["path"]),
        params={name: _unpacked(value) for name, value in job["params"].items()},
        lang=job["lang"],
        graphs=graphs,
        limits=QueryLimits(**job["query_limits"]),
        is_last=job["is_last"],
    )
    return {
        "kind": result.kind,
        "payload": result.payload.decode(),
        "heads": result.heads,
        "notes": [*notes, *map(dict, result.notes)],
    }


def _graphs(files: Iterable[str], settings: Mapping[str, Any]) -> tuple[dict[str, bytes], list[dict[str, str]]]:
    """Return what files say, as `answer` takes it, and notes on it."""
    from bicentennial.core.limits import Limits as ReadingLimits
    from bicentennial.core.problems import excerpts

    limits = ReadingLimits.of(settings)
    graphs: dict[str, bytes] = {}
    taken: set[str] = set()
    notes = []
    for number, file in enumerate(files, 1):
        shown = Path(file).name
        name = data_graph(shown)
        if name in graphs:
            name = data_graph(f"{number}/{shown}")
        data = data_of(file, limits)
        graphs[name] = data.quads
        if data.names:
            notes.append(_note("graphs-named", file=shown, graph=name, names=excerpts(data.names, most=_NAMED)))
        if shared := taken.intersection((name, *data.names)):
            notes.append(_note("graphs-shared", file=shown, names=excerpts(sorted(shared), most=_NAMED)))
        if data.altered:
            notes.append(_note("values-altered", file=shown, example=data.example, count=data.altered))
        taken.update((name, *data.names))
    return graphs, notes


def _note(key: str, **words: object) -> dict[str, str]:
    return render(entry("query", key)["message"], **words)


def _packed(value: Parameter) -> Any:
    """Give a parameter's value as JSON; what JSON has no kind for says what it is."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, str | int | float):
        return value
    return [_packed(one) for one in value]


def _unpacked(value: Any) -> Parameter:
    if isinstance(value, list):
        return [_unpacked(one) for one in value]
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        read = {"decimal": Decimal, "datetime": datetime.fromisoformat, "date": date.fromisoformat}
        unpacked: Parameter = read[kind](text)  # type: ignore[operator]
        return unpacked
    plain: Parameter = value
    return plain


def _limit(error: LimitReachedError, allowed: worker.WorkerLimits) -> BicentennialError:
    """Say which limit of the worker the query met, and how it is raised; other limits speak for themselves."""
    if error.setting == "seconds":
        refusal = query_error("too-slow", limit=f"{allowed.seconds:g}", setting="seconds")
    elif error.setting == "memory":
        refusal = query_error("too-much-memory", limit=f"{allowed.memory >> 20:,}", setting="memory")
    else:
        return error
    return LimitReachedError(refusal.text, setting=error.setting)


def _died() -> QueryError:
    return query_error("died")
