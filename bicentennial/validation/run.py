"""One run of an engine over a submission: our own shapes, further ones if given, and what we know ourselves.

>>> Run("compiled").engine
'compiled'
"""

from __future__ import annotations

import os
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.concurrency import Aside
from bicentennial.core.errors import InputError, UsageError
from bicentennial.core.findings import Location
from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.namespaces import BIC, BICD, RDF, RDFS
from bicentennial.core.problems import make_finding
from bicentennial.core.resources import COMPILED
from bicentennial.core.startup.prepared import prepared
from bicentennial.core.startup.records import replace
from bicentennial.shacl_engine.plan import class_of
from bicentennial.storage.layout import begins
from bicentennial.validation.own_shapes import adapted_shapes, load, rule_texts
from bicentennial.vocabulary import index
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import rdflib

    from bicentennial.core.findings import Finding
    from bicentennial.shacl_engine.engines import Engines
    from bicentennial.shacl_engine.plan import Plan
    from bicentennial.shacl_engine.result_table import ResultTable
    from bicentennial.shacl_engine.results import Result
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.duckdb.dataset import DuckDBDataset

__all__ = ["Run", "background", "read_shapes", "reported"]


def background(mentioned: Iterable[str] | None = None) -> Iterator[tuple[str, ...]]:
    """Return what shapes need to know beyond the submission: superclasses, and types, parents and dates of things.

    Args:
        mentioned: IRIs of the things to describe, with whatever they are part of; everything of ours if None.

    >>> ("https://w3id.org/bicentennial/id/agency-ofac", RDF.type, BIC.Agency) in set(background())
    True
    >>> ofac = "https://w3id.org/bicentennial/id/agency-ofac"
    >>> [each[0].rpartition("/")[2] for each in background([ofac]) if each[1] == RDF.type]
    ['agency-ofac', 'agency-treasury', 'government-united-states']
    """
    ours = default_index()
    wanted = ours.individuals.keys() if mentioned is None else _with_wholes(mentioned, ours.individuals)
    for iri, described in ours.classes.items():
        for superclass in described["superclasses"]:
            yield iri, RDFS.subClassOf, superclass
    for iri in wanted:
        individual = ours.individuals[iri]
        for class_iri in individual["types"]:
            yield iri, RDF.type, class_iri
        for parent in individual["parents"]:
            yield iri, BIC.isPartOf, parent
        for predicate, value, datatype in individual.get("facts", ()):
            yield iri, predicate, value, datatype


def _whole_background() -> list[tuple[str, ...]]:
    """Return the background of everything of ours, which is kept: reading all that the index has takes longer."""
    return prepared(COMPILED / "index.json", lambda: list(background()), __file__, index.__file__, name="background")


def _load_likeness() -> None:
    """Load what finds names that are nearly the same, which hardly a large file can do without."""
    import_module("rapidfuzz")


def _with_wholes(iris: Iterable[str], individuals: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    found: dict[str, None] = {}
    waiting = [iri for iri in iris if iri in individuals]
    while waiting:
        iri = waiting.pop()
        if iri not in found:
            found[iri] = None
            waiting += [parent for parent in individuals[iri]["parents"] if parent in individuals]
    return list(found)


def _mentioned(dataset: Dataset) -> list[str]:
    named = dataset.connection.execute(
        f"SELECT s FROM statements WHERE {begins('s', str(BICD))} UNION SELECT o FROM statements WHERE kind = 0"  # noqa: S608 - constants
    )
    return [iri for (iri,) in named.fetchall()]


def reported(plan: Plan) -> dict[str, str]:
    """Return the property that stands in findings for the path of a shape which asks for one of several, by shape."""
    shapes = ((plan.shapes[check.shape], check) for check in plan.checks if check.way == "missing")
    return {shape.node: check.predicate for shape, check in shapes if shape.path != check.predicate}


def _with_classes(results: list[Result], dataset: Dataset, plan: Plan) -> Iterator[Result]:
    """Yield results with the class by which each focus node is a target of our shapes, the first of several.

    The compiled engine knows it; pySHACL reports the shape alone.
    """
    targets: dict[str, list[str]] = {}
    for check in plan.checks:
        targets.setdefault(plan.shapes[check.shape].node, []).append(class_of(plan.targets[check.target]))
    paths = reported(plan)
    rows = dataset.connection.execute("SELECT s, o FROM statements WHERE p = ? AND kind = 0", [RDF.type]).fetchall()
    types: dict[str, set[str]] = {}
    for subject, class_iri in rows:
        types.setdefault(subject, set()).update((class_iri, *default_index().superclasses(class_iri)))
    for each in results:
        found = types.get(each.focus.key, set())
        of = next((target for target in targets.get(each.shape, ()) if target in found), "")
        yield replace(each, of=of, path=paths.get(each.shape, each.path))


# 16 hexadecimal digits: collisions among a million shapes are negligible.
_LABEL: Final = 16


class Run:
    """An engine with its shapes, for a submission.

    Files of further shapes are read in another thread, as a large table leaves the interpreter alone while it is read.

    Args:
        engine: `compiled`, `pyshacl`, or `auto` for the compiled one on all files of shapes that it covers.
        shapes: files of further shapes.
    """

    def __init__(self, engine: str, shapes: Sequence[str | os.PathLike[str]] = ()) -> None:
        self._ours = load()
        self._by_reference = engine == "pyshacl"
        self._files = shapes
        self._coming = Aside(partial(_further, engine, shapes)) if shapes else None
        self.templates = rule_texts()
        """The texts of our own rules by the IRI of their shape, their variables not yet filled in."""
        self.sqlite = not shapes and not self._by_reference
        """Whether it can run on small submissions in SQLite, for which our own shapes are compiled too."""

    def further(self) -> list[Engines]:
        """Wait for the further shapes, and return the engines of each file.

        Raises:
            UsageError: a file of shapes cannot be used.
            UnsupportedShapeError: the compiled engine was asked for by name and does not cover a shape.
        """
        return self._coming.result() if self._coming is not None else []

    def findings(self, name: str) -> Iterator[Finding]:
        """Yield what is to be said in the report on a file of what the further shapes name and do not hold."""
        for file, engines in zip(self._files, self.further(), strict=True):
            unread = [iri for iris in engines.unread().values() for iri in iris]
            if unread:
                first, shapes, count = f"<{unread[0]}>", Path(file).name, len(unread)
                yield make_finding(
                    "shapes-unread", Location(file=name), value=unread[0], shapes=shapes, first=first, count=count
                )

    @property
    def engine(self) -> str:
        """The engine that runs, or both: `compiled+pyshacl`."""
        names = {name for each in self.further() for name in each.names.split("+")}
        return "+".join(sorted(names | {"pyshacl" if self._by_reference else "compiled"}))

    def begin(self, dataset: DuckDBDataset, class_iri: str) -> None:
        """Begin with what depends on no row, in another thread, while a large sheet is read to a dataset.

        Args:
            dataset: the dataset.
            class_iri: what the rows are.
        """
        if not self._by_reference:
            from bicentennial.shacl_engine.sql.engine import ahead

            dataset.begin(_whole_background, ahead(class_iri), then=_load_likeness)

    def __call__(self, dataset: Dataset) -> ResultTable:
        """Return the results for a submission, which is given our background knowledge on the way."""
        from bicentennial.shacl_engine.result_table import ResultTable

        # SQLite and pySHACL take their time for each thing that they know of: they get those that the data
        # mention.
        few = dataset.is_sqlite or "pyshacl" in self.engine
        dataset.load_background(background(_mentioned(dataset)) if few else _whole_background())
        dataset.arrange()
        found = ResultTable(dataset)
        # Each file of shapes runs by itself, so that none can switch off or change a shape of ours.
        if self._by_reference:
            from bicentennial.shacl_engine.pyshacl import run_adapted

            # Their form is checked when they are compiled, which takes as long as the rest.
            results = run_adapted(adapted_shapes(), dataset, submission=True)
            found.load(_with_classes(results, dataset, self._ours))
        else:
            from bicentennial.shacl_engine.sql.engine import find

            find(self._ours, dataset, found, submission=True, paths=reported(self._ours))
        for each in self.further():
            each.find(dataset, found, submission=True)
        return found


def _further(engine: str, shapes: Sequence[str | os.PathLike[str]]) -> list[Engines]:
    from bicentennial.shacl_engine.engines import Engines

    return [Engines(read_shapes(each), engine) for each in shapes]


def read_shapes(path: str | os.PathLike[str]) -> rdflib.Graph:
    """Return the graph of a file of shapes, its shapes without a name labelled as they will be whenever it is read.

    Raises:
        UsageError: the file cannot be used.
    """
    # The way of a submission: measured before it is parsed, and with nothing fetched.
    import rdflib

    from bicentennial.core.files.content import content
    from bicentennial.core.limits import DEFAULT
    from bicentennial.formats.rdf.reading import FORMATS, open_rdf
    from bicentennial.formats.registry import detect, text_of
    from bicentennial.shacl_engine.shapes.form import check_targets
    from bicentennial.shacl_engine.shapes.labels import canonical
    from bicentennial.storage.choice import has_sqlite
    from bicentennial.storage.graphs import graph_of

    try:
        data = content(path, DEFAULT)
        format_name = detect(Path(path).name, data).name
        if format_name not in FORMATS:
            raise ValueError(format_name)
        with open_rdf(text_of(data, format_name), format_name, DEFAULT, sqlite=has_sqlite())[0] as dataset:
            graph = graph_of(dataset)
    except (OSError, ValueError, InputError) as error:
        cause = error.text if isinstance(error, InputError) else dict.fromkeys(LANGUAGES, str(error))
        reason = {language: " ".join(said.split())[:200] for language, said in cause.items()}
        text = render(entry("cli", "shapes-unusable"), file=os.fspath(path), reason=reason)
        raise UsageError(text) from error
    # Findings are called after shapes: one without a name gets a label that is the same whenever it is read.
    named = rdflib.Graph(bind_namespaces="none")
    for triple in canonical(graph):
        s, p, o = (rdflib.BNode(term[:_LABEL]) if isinstance(term, rdflib.BNode) else term for term in triple)
        named.add((s, p, o))
    check_targets(named, Path(path).name)
    return named
