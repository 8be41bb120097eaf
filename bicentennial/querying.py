"""The public query call: the data of others beside ours, and a worker process whose limits hold.

The default graph is the ontology and the Framework, nothing else. Each file of data is a named graph of its own,
`urn:x-bicentennial:data:<file name>`, so that what a partner says about our goals never mixes with what we say:
ask for it with `GRAPH ?g { … }`.

>>> result = query("ASK { bicd:agency-ofac bic:isPartOf bicd:agency-treasury }", timeout=None)
>>> bool(result)
True
"""

from __future__ import annotations

import io
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import worker
from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.knowledge.guard import QueryLimits, query_error
from bicentennial.knowledge.query import Parameter, answer, data_graph
from bicentennial.knowledge.results import QueryResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bicentennial.core.errors import BicentennialError, QueryError
    from bicentennial.intake import Limits
    from bicentennial.storage.dataset import Dataset

__all__ = ["MEMORY", "TIMEOUT", "query"]

TIMEOUT: Final = 30.0
"""Seconds that a query may take unless the caller says otherwise."""
MEMORY: Final = 1 << 30
"""Bytes of memory that it may take."""

_USUAL: Final = QueryLimits()
_RDF: Final = frozenset({"turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld"})


def query(
    asked: str | os.PathLike[str],
    *,
    params: Mapping[str, Parameter] | None = None,
    data: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    lang: str = "en",
    timeout: float | None = TIMEOUT,
    memory: int = MEMORY,
    rows: int = _USUAL.rows,
    depth: int = _USUAL.depth,
    limits: Mapping[str, float] | None = None,
) -> QueryResult:
    """Ask the ontology, the Framework and, if you like, files of your own a question in SPARQL 1.1.

    The query runs in a worker process, so that an expensive one ends at the limits and Ctrl-C works. Whoever trusts
    the query and the files saves the few hundredths of a second that this costs with `timeout=None`.

    Args:
        asked: SPARQL (SELECT, ASK, CONSTRUCT or DESCRIBE; the project's prefixes need no declaration), the name of a
            named query, or a file that holds a query.
        params: values for its parameters, each a block `VALUES ?name { … }` in the query; a name such as `"OFAC"`
            stands for the thing where the query says what kind of thing the parameter is.
        data: files of any format that `validate` reads, each a named graph.
        lang: the language of labels, `"en"` or `"es"`.
        timeout: seconds the query may take; None runs it in this process, without limits of time and memory.
        memory: bytes of address space that the worker may take.
        rows: rows that the answer may have.
        depth: how deep the brackets of the query may nest.
        limits: settings by name: those of `intake.Limits`, for larger files; `query_rows`, `query_depth`,
            `query_characters` and `query_words`, for the query; `seconds`, `memory` and `open_files`, for the worker.

    Raises:
        QueryError: the query is wrong or not allowed.
        UnknownNameError: a parameter's value is no known name.
        InputError: a file cannot be read.
        LimitReachedError: a limit is reached; `setting` names it.

    >>> for row in query("SELECT ?name { bicd:agency-ofac skos:notation ?name }"):
    ...     print(row.name)
    OFAC
    """
    files = [data] if isinstance(data, str | os.PathLike) else list(data)
    settings = {"query_rows": rows, "query_depth": depth, "memory": memory, **(limits or {})}
    if timeout is not None:
        settings = {"seconds": timeout, **settings}
    allowed, others = worker.WorkerLimits.split(settings)
    job = {
        "asked": asked if isinstance(asked, str) else {"path": os.fspath(asked)},
        "params": {name: _packed(value) for name, value in (params or {}).items()},
        "data": [os.fspath(file) for file in files],
        "lang": lang,
        "limits": others,
    }
    if timeout is None:
        found = run(job)
    else:
        try:
            found = worker.call("bicentennial.querying:run", job, limits=allowed)
        except LimitReachedError as error:
            raise _limit(error, allowed) from None
        except UnreadableInputError as error:
            # Without files to read, it can only be the query that made the worker crash.
            raise error if files else _died() from None
    return QueryResult(found["kind"], found["payload"].encode(), found["heads"])


def run(job: Mapping[str, Any]) -> dict[str, Any]:
    """Do what `query` asks of its worker; everything in and out is JSON."""
    asked = job["asked"]
    limits, others = QueryLimits.split(job["limits"])
    result = answer(
        asked if isinstance(asked, str) else Path(asked["path"]),
        params={name: _unpacked(value) for name, value in job["params"].items()},
        lang=job["lang"],
        graphs=_graphs(job["data"], others),
        limits=limits,
    )
    return {"kind": result.kind, "payload": result.payload.decode(), "heads": result.heads}


def _graphs(files: Iterable[str], settings: Mapping[str, Any]) -> dict[str, bytes]:
    """Read files; give their statements as N-Triples by name of graph."""
    from bicentennial.intake import Limits

    limits = Limits.of(settings)
    graphs: dict[str, bytes] = {}
    for number, file in enumerate(files, 1):
        name = data_graph(Path(file).name)
        if name in graphs:
            name = data_graph(f"{number}/{Path(file).name}")
        graphs[name] = _triples(file, limits)
    return graphs


def _triples(file: str, limits: Limits) -> bytes:
    """Read a file; give its statements as N-Triples."""
    from bicentennial.exchange.statements import lines, mend

    with _dataset(file, limits) as dataset:
        dataset.settle()
        mend(dataset)
        triples = io.BytesIO()
        for line in lines(dataset):
            triples.write(line.encode())
    return triples.getvalue()


def _dataset(file: str, limits: Limits) -> Dataset:
    """Read a file into a dataset; RDF is taken whole.

    Validation would leave out what RDF says in schema vocabularies. A query may well ask for that, as of a SHACL
    report, and in a graph of its own it changes nothing.
    """
    from bicentennial.core.content import content
    from bicentennial.formats.decoding import decode
    from bicentennial.formats.rdf.reading import read_rdf
    from bicentennial.formats.registry import detect
    from bicentennial.intake import read
    from bicentennial.storage.dataset import Dataset

    data = content(file, limits)
    found = detect(Path(file).name, data).name
    if found not in _RDF:
        return read(file, limits=limits).dataset
    dataset = Dataset()
    read_rdf(decode(data)[0], found, dataset, limits)
    return dataset


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
        told = query_error("too-slow", limit=f"{allowed.seconds:g}", setting="timeout")
    elif error.setting == "memory":
        told = query_error("too-much-memory", limit=f"{allowed.memory >> 20:,}", setting="memory")
    else:
        return error
    setting = "timeout" if error.setting == "seconds" else "memory"
    return LimitReachedError(told.text["en"], told.text["es"], setting=setting)


def _died() -> QueryError:
    return query_error("died")
