"""RDF submissions in any of the usual syntaxes, measured before a parser sees them.

Turtle and its kin are parsed by Oxigraph; nesting and prefixes are counted in the text before, for the parser would not
survive an extreme of them. JSON-LD and RDF/XML are read by this project, statement by statement with their places: the
parsers that there are drop in silence what is no RDF, or read it wrongly. Nothing is ever fetched.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.file_formats import Family, of_family
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.findings import Location
from bicentennial.core.limits import reached
from bicentennial.core.namespaces import RDF, XSD
from bicentennial.core.problems import make_finding, unreadable
from bicentennial.core.startup.records import record
from bicentennial.formats.nesting import refuse_deep
from bicentennial.formats.rdf.anonymous_nodes import name_anonymous
from bicentennial.formats.rdf.iris import BASE
from bicentennial.formats.rdf.references import OPAQUE, has_dotted_base, resolved
from bicentennial.formats.registry import TITLES
from bicentennial.storage.choice import for_graph, for_statements
from bicentennial.storage.sizes import is_plain_length, is_worth_parting

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from contextlib import AbstractContextManager

    import pyoxigraph

    from bicentennial.core.findings import Finding
    from bicentennial.core.limits import Limits
    from bicentennial.formats.jsonld.statements import JsonLdDocument
    from bicentennial.formats.rdf.rdfxml import RdfXmlDocument
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.origins import Origins

__all__ = ["FORMATS", "Content", "measure_terms", "open_rdf", "read_rdf"]

FORMATS: Final = of_family(Family.RDF)
"""The syntaxes that are read."""
_OWN: Final = ("rdfxml", "jsonld")
_LINES: Final = ("ntriples", "nquads")
_HUGE: Final = 200_000_000
# What the caches of a processor hold is gone through in half the time.
_CHUNK: Final = 1 << 17
_NO_BRACKETS: Final = re.compile(r"[^\[\](){}]+")
_PREFIX: Final = re.compile(r"\bprefix\b\s+([^\s:]*):", re.IGNORECASE)
_NUMBERS: Final = (
    *("decimal", "integer", "double", "float", "long", "int", "short", "byte"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
)
# A term of 16 MB has at least so many characters, should each be written as an escape.
_TERM: Final = 1_600_000


@record(frozen=True)
class Content:
    """What there is to know of an RDF text besides its statements.

    `graphs` is how many graphs it has, the one without a name included; 0 if none has a name. `directions` is how many
    of its texts have a base direction, which is not kept. `document` is what read it, if that knows where things stand.
    `is_numbered` says that the statements carry the numbers of their lines.
    """

    format: str
    graphs: int = 0
    directions: int = 0
    document: JsonLdDocument | RdfXmlDocument | None = None
    is_numbered: bool = False

    def origins(self, file: str, text: str, dataset: Dataset, number: int = 0, renamed: str = "_:") -> Origins:
        """Return where its statements stand.

        Args:
            file: the file's name.
            text: the document; of no use if its statements are numbered.
            dataset: its statements.
            number: which file it is, if the dataset has statements of several: see `StoredOrigins`.
            renamed: what the names of its blank nodes begin with there.
        """
        if self.format == "jsonld":
            from bicentennial.formats.jsonld.origins import JsonLdOrigins

            return JsonLdOrigins(file, self.document, dataset, number)  # type: ignore[arg-type]
        from bicentennial.formats.rdf.textorigins import LineOrigins, TextOrigins

        if self.is_numbered or self.document is not None:
            return LineOrigins(file, dataset, number)
        return TextOrigins(file, text, self.format, dataset, renamed)

    def findings(self, origins: Origins, known: Container[str] = ()) -> list[Finding]:
        """Return what is to be said about it.

        Args:
            origins: where its statements stand.
            known: properties that a shape speaks of, so that a reference that is none needs no finding here.
        """
        found: list[Finding] = []
        if self.format == "jsonld":
            from bicentennial.formats.jsonld.findings import findings

            found += findings(self.document, origins, known)  # type: ignore[arg-type]
        if self.directions:
            found.append(make_finding("text-direction", Location(file=origins.file), count=self.directions))
        return found


def _open(text: str, format_name: str, limits: Limits) -> JsonLdDocument | RdfXmlDocument:
    """Return what reads a text of one of our own readers' syntaxes statement by statement."""
    if format_name == "jsonld":
        from bicentennial.formats.jsonld.statements import JsonLdDocument

        return JsonLdDocument(text, limits)
    from bicentennial.formats.rdf.rdfxml import RdfXmlDocument

    return RdfXmlDocument(text, limits)


def _content_of(
    document: JsonLdDocument | RdfXmlDocument, format_name: str, dataset: Dataset, limits: Limits
) -> Content:
    """Return what there is to know of a document once its statements are in a dataset.

    Raises:
        LimitReachedError: it holds too much.
    """
    limits.check("statements", len(dataset))
    measure_terms(dataset, limits)
    graphs = getattr(document, "graphs", {""})
    count = len(graphs) if graphs - {""} else 0
    return Content(format_name, count, document.directions, document)


def open_rdf(text: str, format_name: str, limits: Limits, *, sqlite: bool) -> tuple[Dataset, Content]:
    """Return a new dataset with what an RDF text says, and what else there is to know of it.

    Args:
        text: the document.
        format_name: see `read_rdf`, as for what is raised.
        limits: see `Limits`.
        sqlite: whether it may be a dataset in SQLite, if the statements are few.
    """
    if format_name in _OWN:  # whose statements come one by one, so that they need not be read again if they are many
        document = _open(text, format_name, limits)
        dataset = for_statements(islice(document.statements(), limits.statements + 1), sqlite=sqlite)
        return dataset, _content_of(document, format_name, dataset, limits)
    return for_graph(text, lambda made: read_rdf(text, format_name, made, limits), sqlite=sqlite)


def read_rdf(text: str, format_name: str, dataset: Dataset, limits: Limits, *, plain: bool = True) -> Content:
    """Load what an RDF text says into a dataset, and return what else there is to know of it.

    Args:
        text: the document.
        format_name: `turtle`, `trig`, `ntriples`, `nquads`, `rdfxml` or `jsonld`.
        dataset: where the statements go.
        limits: see `Limits`.
        plain: whether long lines may be plain: see `Dataset.load_ntriples`.

    Raises:
        UnreadableInputError: it is broken, has a DOCTYPE, or wants a context that is not ours.
        LimitReachedError: it nests too deeply, or something in it is too long.
    """
    if format_name in _OWN:
        document = _open(text, format_name, limits)
        dataset.load(islice(document.statements(), limits.statements + 1))
        return _content_of(document, format_name, dataset, limits)
    with _in_pieces(text, format_name, dataset, limits) as load:
        load_pieces = load
        if format_name in _LINES:
            if text.count("<<") > limits.depth:  # nothing else nests there, and there are no prefixes
                _measure_depth(text, limits)
        else:
            _measure(text, limits)
            if has_dotted_base(text):
                text, load_pieces = resolved(text), None
        graphs = 0
        is_loaded = plain and format_name in _LINES and _is_plain(text, dataset, limits)
        if load_pieces and load_pieces():
            limits.check("statements", len(dataset))
        elif not is_loaded:
            with _given(text) as given:
                graphs = _parsed(given, text, format_name, dataset, limits)
    if format_name not in _LINES:  # where each node has a name
        name_anonymous(dataset, text)
    directions = _without_directions(dataset)
    measure_terms(dataset, limits)
    return Content(format_name, graphs, directions)


def _is_plain(text: str, dataset: Dataset, limits: Limits) -> bool:
    """Load a long text of lines without a parser, if it is plain and not too long, and return whether so."""
    return is_plain_length(len(text)) and dataset.load_ntriples([text.encode()], limits.statements)


def _in_pieces(
    text: str, format_name: str, dataset: Dataset, limits: Limits
) -> AbstractContextManager[Callable[[], bool] | None]:
    """Have long Turtle parsed by other processes, if there are processors for them: see `pieces.in_pieces`."""
    # Elsewhere processes would not end with the one that started them.
    if format_name != "turtle" or not is_worth_parting(len(text)) or dataset.is_sqlite or sys.platform != "linux":
        return nullcontext()
    from bicentennial.core.worker import processors
    from bicentennial.formats.rdf.pieces import in_pieces
    from bicentennial.storage.duckdb.dataset import DuckDBDataset

    assert isinstance(dataset, DuckDBDataset)
    count = processors()
    return in_pieces(text, dataset, limits.statements, count) if count > 1 else nullcontext()


def _without_directions(dataset: Dataset) -> int:
    """Make texts with a language of those that have a base direction too, and return how many there are."""
    (count,) = dataset.connection.execute(
        "SELECT count(*) FROM statements WHERE dt = ?1", [RDF.dirLangString]
    ).fetchone() or (0,)
    if count:
        dataset.connection.execute(
            "UPDATE statements SET dt = ?1, lang = regexp_replace(lang, '--.*$', '', 'g') WHERE dt = ?2",
            [RDF.langString, RDF.dirLangString],
        )
    return int(count)


def _parsed(given: dict[str, Any], text: str, format_name: str, dataset: Dataset, limits: Limits) -> int:
    """Load what the parser makes of what it is given, and return how many graphs that had; see `read_rdf`."""
    import pyoxigraph

    formats = {
        "turtle": pyoxigraph.RdfFormat.TURTLE,
        "trig": pyoxigraph.RdfFormat.TRIG,
        "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
        "nquads": pyoxigraph.RdfFormat.N_QUADS,
    }
    base = None if format_name in _LINES else BASE

    def parsed(*, plain: bool) -> Iterator[pyoxigraph.Quad]:
        return pyoxigraph.parse(**given, format=formats[format_name], base_iri=base, without_named_graphs=plain)

    try:
        return _load(parsed(plain=True), dataset, limits, numbered=format_name == "ntriples", named=False)
    except MemoryError as error:
        # The parser has a limit of its own for one term, which no setting of ours raises.
        if "buffer maximal size" not in str(error):
            raise
        if limits.literal_characters < _TERM:
            raise reached("literal_characters", found=f"> {_TERM:,}", allowed=limits.literal_characters) from error
        raise unreadable("term-too-long", format=TITLES[format_name]) from error
    except SyntaxError as error:
        from bicentennial.formats.rdf.syntax_errors import broken_text

        if "Named graphs are not allowed" not in str(error):
            raise broken_text(error, text, TITLES[format_name]) from error
        try:
            return _load(parsed(plain=False), dataset, limits, numbered=False, named=True)
        except SyntaxError as again:
            raise broken_text(again, text, TITLES[format_name]) from again


@contextmanager
def _given(text: str) -> Iterator[dict[str, Any]]:
    """Give the parser the text, but a huge one by way of a private file, lest memory hold it twice."""
    if len(text) < _HUGE:
        yield {"input": text.encode()}
        return
    with Workspace() as folder:
        path = folder.path / "document"
        with path.open("wb") as out:
            for start in range(0, len(text), _CHUNK):
                out.write(text[start : start + _CHUNK].encode())
        yield {"path": str(path)}


def measure_terms(dataset: Dataset, limits: Limits) -> None:
    """Refuse terms that are longer than the limits allow.

    Raises:
        LimitReachedError: one is.
    """
    *iris, literal, digits = dataset.connection.execute(
        "SELECT max(length(s)), max(length(p)), max(CASE WHEN kind = 0 THEN length(o) ELSE length(dt) END),"  # noqa: S608 - no value in it
        " max(length(o)) FILTER (WHERE kind = 2),"
        # A filter would not keep the expression from being worked out for all.
        " max(CASE WHEN kind = 2 AND length(o) > ?1 AND dt IN"
        f" ({dataset.texts('?2')}) THEN length(regexp_replace(o, '[^0-9]', '', 'g')) END) FROM statements",
        [limits.digits, [XSD[name] for name in _NUMBERS]],
    ).fetchone()
    limits.check("iri_characters", max(each or 0 for each in iris))
    limits.check("literal_characters", literal or 0)
    limits.check("digits", digits or 0)


def _load(quads: Iterable[pyoxigraph.Quad], dataset: Dataset, limits: Limits, *, numbered: bool, named: bool) -> int:
    graphs = dataset.load_quads(islice(quads, limits.statements + 1), numbered=numbered, named=named)
    limits.check("statements", len(dataset))
    return graphs


def _measure(text: str, limits: Limits) -> None:
    # Each part reaches so far into the next that a word at the end is whole.
    words = (text[start : start + _CHUNK + 5].lower().count("prefix") for start in range(0, len(text), _CHUNK))
    if sum(words) > limits.prefixes:
        bare = OPAQUE.sub("", text)
        limits.check("prefixes", len(set(_PREFIX.findall(bare))))
    # Whether there is one shows in a third of the time.
    if sum(text.count(each) for each in "[({" if each in text) > limits.depth:
        _measure_depth(text, limits)


def _measure_depth(text: str, limits: Limits) -> None:
    refuse_deep(_NO_BRACKETS.sub("", OPAQUE.sub("", text)), limits)
