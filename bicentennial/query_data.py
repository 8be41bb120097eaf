"""What a file says, for the store that queries ask: every statement in the graph in which it stands."""

from __future__ import annotations

import io
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bicentennial.core.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

    from bicentennial.core.limits import Limits
    from bicentennial.formats.jsonld.statements import JsonLdDocument
    from bicentennial.storage.dataset import Dataset

__all__ = ["Data", "data_of"]

_INTEGERS: Final = (
    *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
)
# What the store keeps as it is written, or as another way to write the same number.
_INTEGER: Final = "^(-?[1-9][0-9]{0,17}|0)$"
_DECIMAL: Final = r"^[+-]?[0-9]{0,18}(\.[0-9]{0,18})?$"


class Data(NamedTuple):
    """What a file says.

    `quads` is N-Quads, `names` the names of its graphs. `altered` is how many numbers the store does not hold as they
    are written, or cannot compare, and `example` is one of them.
    """

    quads: bytes
    names: tuple[str, ...] = ()
    altered: int = 0
    example: str = ""


def data_of(file: str, limits: Limits) -> Data:
    """Return what a file of any format says; RDF is taken whole.

    Validation would leave out what RDF says in schema vocabularies. A query may well ask for that, as of a SHACL
    report, and in a graph of its own it changes nothing.

    Raises:
        InputError: the file cannot be read.
        LimitReachedError: it holds too much.
    """
    from bicentennial.core.files.content import content
    from bicentennial.formats.jsonld.statements import JsonLdDocument
    from bicentennial.formats.rdf.reading import FORMATS, open_rdf
    from bicentennial.formats.registry import detect, text_of
    from bicentennial.intake import read
    from bicentennial.storage.choice import has_sqlite

    data = content(file, limits)
    found = detect(Path(file).name, data).name
    if found not in FORMATS:
        with read(file, limits=limits, sqlite=has_sqlite()).dataset as dataset:
            return _whole(dataset)
    text = text_of(data, found)
    dataset, known = open_rdf(text, found, limits, sqlite=has_sqlite())
    has_names = known.graphs > 0
    with dataset:
        whole = _whole(dataset, written=not has_names)
    if not has_names:
        return whole
    quads, names = _of_document(JsonLdDocument(text, limits)) if found == "jsonld" else _parsed(text, found)
    return whole._replace(quads=quads, names=names)


def _whole(dataset: Dataset, *, written: bool = True) -> Data:
    from bicentennial.exchange.statements import lines, mend

    dataset.materialize()
    mend(dataset)
    quads = "".join(lines(dataset)).encode() if written else b""
    return Data(quads, (), *_altered(dataset))


def _altered(dataset: Dataset) -> tuple[int, str]:
    """Return how many numbers the store would alter, and one of them."""
    count, example = dataset.connection.execute(
        f"SELECT count(*), min(o) FROM statements WHERE kind = 2 AND (dt IN ({dataset.texts('?1')})"  # noqa: S608 - no value in it
        " OR (dt = ?2 AND NOT regexp_matches(o, ?3)) OR (dt = ?4 AND NOT regexp_matches(o, ?5)))",
        [[XSD[name] for name in _INTEGERS], XSD.integer, _INTEGER, XSD.decimal, _DECIMAL],
    ).fetchone() or (0, "")
    return int(count), example or ""


def _of_document(document: JsonLdDocument) -> tuple[bytes, tuple[str, ...]]:
    """Return the statements of a JSON-LD document as N-Quads, and the names of their graphs."""
    from bicentennial.exchange.statements import quad

    graphs: deque[str] = deque()
    document.graph_of = graphs
    quads = [
        quad(each.s, each.p, (each.o, each.kind, each.dt, each.lang), graphs.popleft())
        for each in document.statements()
    ]
    return "".join(quads).encode(), tuple(sorted(document.graphs - {""}))


def _parsed(text: str, format_name: str) -> tuple[bytes, tuple[str, ...]]:
    """Return TriG or N-Quads that can be read as N-Quads, and the names of their graphs."""
    import pyoxigraph as ox

    from bicentennial.formats.rdf.iris import BASE
    from bicentennial.formats.rdf.references import has_dotted_base, resolved

    names: set[str] = set()
    given: dict[str, Any] = {"format": ox.RdfFormat.N_QUADS}
    if format_name == "trig":
        given = {"format": ox.RdfFormat.TRIG, "base_iri": BASE}
        text = resolved(text) if has_dotted_base(text) else text

    def noted() -> Iterator[ox.Quad]:
        for each in ox.parse(text.encode(), **given):
            if isinstance(each.graph_name, ox.NamedNode):
                names.add(each.graph_name.value)
            elif isinstance(each.graph_name, ox.BlankNode):
                names.add(str(each.graph_name))
            yield each

    out = io.BytesIO()
    ox.serialize(noted(), out, format=ox.RdfFormat.N_QUADS)
    return out.getvalue(), tuple(sorted(names))
