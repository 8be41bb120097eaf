r"""What data and shapes may be given as, and how it becomes a dataset.

>>> sources = Sources.of(["<urn:a> <urn:p> <urn:b> .\n", b"<urn:a> <urn:p> <urn:c> ."])
>>> [given.name for given in sources.texts]
['text 1', 'text 2']
"""

from __future__ import annotations

import base64
import os
import re
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias

from bicentennial.core.errors import UnreadableInputError, UsageError
from bicentennial.core.startup.records import record
from bicentennial.shacl_engine.problems import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import rdflib

    from bicentennial.core.limits import Limits
    from bicentennial.formats.rdf.reading import Content
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.statement import Statement

__all__ = ["Given", "Source", "Sources", "blank_prefix"]

Source: TypeAlias = "str | bytes | os.PathLike[str] | IO[str] | IO[bytes] | rdflib.Graph | list[Any] | tuple[Any, ...]"
"""A path, the content of a file, an open file, a graph, or several of these."""

# How the content of a file may begin, other than a path.
_CONTENT: Final = re.compile(
    r"\s*(?:@prefix\b|@base\b|prefix\s|base\s|<[^<>\s]*>\s|<\?xml|<rdf:|[\[{#(]|_:)", re.IGNORECASE
)
_FORMATS: Final = {
    **dict.fromkeys(("turtle", "ttl", "n3", "text/turtle", "longturtle"), "turtle"),
    **dict.fromkeys(("nt", "nt11", "ntriples", "n-triples", "application/n-triples"), "ntriples"),
    **dict.fromkeys(("nquads", "nq", "n-quads", "application/n-quads"), "nquads"),
    **dict.fromkeys(("trig", "application/trig"), "trig"),
    **dict.fromkeys(("xml", "rdfxml", "rdf", "rdf/xml", "pretty-xml", "application/rdf+xml"), "rdfxml"),
    **dict.fromkeys(("json-ld", "jsonld", "json", "application/ld+json"), "jsonld"),
}
_NAMED: Final = frozenset({"turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld"})


@record(frozen=True)
class Given:
    """A file by its path, or what one would hold; `format` is its syntax if the caller named it."""

    name: str
    content: bytes | None = None
    format: str | None = None

    def plain(self) -> list[str | None]:
        """Return it as JSON has it."""
        content = None if self.content is None else base64.b64encode(self.content).decode("ascii")
        return [self.name, content, self.format]

    @classmethod
    def of_plain(cls, plain: Sequence[str | None]) -> Given:
        """Return what `plain` wrote."""
        name, content, format_name = plain
        return cls(name or "", None if content is None else base64.b64decode(content), format_name)

    @contextmanager
    def named(self) -> Iterator[None]:
        """Have errors say which of several files cannot be read.

        Raises:
            UnreadableInputError: the block raised it.
        """
        try:
            yield
        except UnreadableInputError as error:
            if self.content is None:
                error.text = {language: f"{self.name}: {said}" for language, said in error.text.items()}
                error.args = (error.text["en"],)
            raise

    def read(self, limits: Limits) -> tuple[str, str]:
        """Return its text and its format.

        Raises:
            InputError: it cannot be read.
        """
        from bicentennial.core.files.content import content
        from bicentennial.core.problems import unreadable
        from bicentennial.formats.decoding import with_lines
        from bicentennial.formats.registry import TITLES, detect, text_of

        data = content(self.name, limits) if self.content is None else self.content
        limits.check("file_bytes", len(data))
        if not data.strip():
            return "", "turtle"
        found = self.format or detect(Path(self.name).name if self.content is None else "text.ttl", data).name
        if found == "json":
            found = "jsonld"
        if found not in _NAMED:
            raise unreadable("not-rdf", format=TITLES[found])
        return with_lines(text_of(data, found)), found

    def read_in_stretches(
        self, dataset: Dataset, limits: Limits, on_read: Callable[[], None] | None = None
    ) -> bool | None:
        """Load it into an empty dataset if it is a long file of plain N-Triples, and return whether so.

        It is None if it seemed to be something else from the beginning.

        Raises:
            LimitReachedError: something in it is too long.
        """
        from bicentennial.formats.long_lines import open_lines

        if self.content is not None or self.format not in (None, "ntriples"):
            return None
        path = Path(self.name)
        opened = open_lines(path, path.name, limits)
        if opened is None:
            return None
        from bicentennial.formats.rdf.stretches import read_in_stretches

        with opened[0] as stream:
            return read_in_stretches(stream, dataset, limits, on_read=on_read) is not None


@record(frozen=True)
class Sources:
    """Files and texts to read, and graphs that are there already: one graph, all together."""

    texts: tuple[Given, ...] = ()
    graphs: tuple[rdflib.Graph, ...] = ()

    def __add__(self, other: Sources) -> Sources:
        return Sources(self.texts + other.texts, self.graphs + other.graphs)

    @classmethod
    def of(cls, source: Source, format_name: str | None = None) -> Sources:
        """Return what a caller gives.

        Raises:
            UsageError: it is nothing that can be read, or a format has no such name.
        """
        if format_name is not None:
            if format_name.lower() not in _FORMATS:
                raise _refusal("format", format_name)
            format_name = _FORMATS[format_name.lower()]
        parts = source if isinstance(source, list | tuple) else [source]
        found = cls()
        for number, part in enumerate(parts, 1):
            found += cls._one(part, number, format_name)
        return found

    @classmethod
    def _one(cls, part: Any, number: int, format_name: str | None) -> Sources:
        if isinstance(part, bytes | bytearray):
            return cls((Given(f"text {number}", bytes(part), format_name),))
        if isinstance(part, str) and ("\n" in part or _CONTENT.match(part)):
            return cls((Given(f"text {number}", part.encode("utf-8", "surrogatepass"), format_name),))
        if isinstance(part, str | os.PathLike):
            return cls((Given(os.fspath(part), None, format_name),))
        if hasattr(part, "read"):
            held = part.read()
            name = getattr(part, "name", None)
            content = held.encode("utf-8", "surrogatepass") if isinstance(held, str) else bytes(held)
            return cls((Given(name if isinstance(name, str) else f"text {number}", content, format_name),))
        import rdflib  # which files need not be loaded for

        if isinstance(part, rdflib.Graph):
            return cls(graphs=(part,))
        raise _refusal("data_graph", type(part).__name__)

    def graph(self, limits: Limits) -> rdflib.Graph:
        """Return all statements as one graph, which is only to be read.

        Raises:
            InputError: something cannot be read.
        """
        from bicentennial.shacl_engine.shapes.indexed import indexed_triples
        from bicentennial.storage.graphs import triples_of

        with self._dataset(limits) as dataset:
            return indexed_triples(triples_of(dataset))

    def _dataset(self, limits: Limits) -> Dataset:
        """Return a new dataset of all statements: in SQLite, which starts in a tenth of the time, if they are few."""
        from bicentennial.formats.rdf.reading import open_rdf
        from bicentennial.storage.choice import for_statements, has_sqlite
        from bicentennial.storage.graphs import of_graph

        if not self.texts:
            return for_statements(chain.from_iterable(map(of_graph, self.graphs)), sqlite=has_sqlite())
        if len(self.texts) == 1 and not self.graphs:
            with self.texts[0].named():
                text, format_name = self.texts[0].read(limits)
                if text:
                    return open_rdf(text, format_name, limits, sqlite=has_sqlite())[0]
        from bicentennial.storage.duckdb.dataset import DuckDBDataset

        dataset = DuckDBDataset()
        for _ in self.load(dataset, limits):
            pass
        return dataset

    def load(
        self, dataset: Dataset, limits: Limits, on_read: Callable[[], None] | None = None
    ) -> Iterator[tuple[Given, str, Content]]:
        """Add all statements to an empty dataset; yield each text with its name and what else there is to know of it.

        All are in once there is no more. The text is empty, and statements carry the numbers of their lines, where a
        long file is not read as a whole. Statements of the second file on carry its number, counted from 0, as
        `sheet`, and their places only in formats that have readers of ours. Blank nodes of different files are
        different, whatever their labels. `on_read` is called when a long file has been read, and is being loaded, or
        when the first text turns out to be no such file.

        Raises:
            InputError: something cannot be read.
        """
        from bicentennial.formats.rdf.reading import Content, read_rdf
        from bicentennial.storage.choice import has_sqlite, is_short
        from bicentennial.storage.graphs import of_graph
        from bicentennial.storage.sizes import is_small

        few: list[Statement] = []
        for number, given in enumerate(self.texts):
            lines = None if number else given.read_in_stretches(dataset, limits, on_read)
            if lines:
                yield given, "", Content("ntriples", is_numbered=True)
                continue
            if on_read is not None:
                on_read()
            with given.named():
                text, format_name = given.read(limits)
                content = Content(format_name)
                if text and len(self.texts) > 1 and has_sqlite() and is_short(text):
                    said, content = _statements(text, format_name, number, limits)
                    few += said
                elif text:
                    before = _next_row(dataset) if number else 0
                    content = read_rdf(text, format_name, dataset, limits, plain=lines is None)
                    if number:
                        _mark(dataset, before, number, has_places=content.document is not None)
            if not is_small(len(few)):
                _add(few, dataset, limits)
            yield given, text, content
        _add(few, dataset, limits)
        for graph in self.graphs:
            dataset.load(of_graph(graph))


def blank_prefix(number: int) -> str:
    """Return what the names of the blank nodes of a file begin with, counted from 0."""
    return f"_:f{number}x" if number else "_:"


def _statements(text: str, format_name: str, number: int, limits: Limits) -> tuple[list[Statement], Content]:
    """Return what one of several short texts says, so that DuckDB is handed all of them at once.

    What it takes to load one is a hundred times as long as parsing it.
    """
    from bicentennial.formats.rdf.reading import open_rdf
    from bicentennial.storage.layout import BLANK
    from bicentennial.storage.statement import Statement

    own, content = open_rdf(text, format_name, limits, sqlite=True)
    places = "row, col, item" if content.document is not None else "NULL, NULL, NULL"
    with own:
        rows = own.connection.execute(f"SELECT s, p, o, kind, dt, lang, {places} FROM statements").fetchall()  # noqa: S608
    prefix = blank_prefix(number)
    said = [
        Statement(
            prefix + s[2:] if s.startswith("_:") else s, p, prefix + o[2:] if kind == BLANK else o, kind, dt, lang,
            sheet=number or None, row=row, col=col, item=item,
        )
        for s, p, o, kind, dt, lang, row, col, item in rows
    ]  # fmt: skip
    return said, content


def _add(few: list[Statement], dataset: Dataset, limits: Limits) -> None:
    """Add statements to a dataset, and forget them."""
    if few:
        dataset.load(few)
        few.clear()
        limits.check("statements", len(dataset))


def _next_row(dataset: Dataset) -> int:
    ((row,),) = dataset.connection.execute("SELECT coalesce(max(rowid) + 1, 0) FROM statements").fetchall()
    return int(row)


def _mark(dataset: Dataset, before: int, number: int, *, has_places: bool) -> None:
    """Have the statements from a row on be those of a file other than the first."""
    prefix, row = f"'{blank_prefix(number)}'", "row" if has_places else "NULL"
    dataset.connection.execute(
        f"UPDATE statements SET s = CASE WHEN starts_with(s, '_:') THEN {prefix} || substr(s, 3) ELSE s END,"  # noqa: S608 - numbers
        f" o = CASE WHEN kind = 1 THEN {prefix} || substr(o, 3) ELSE o END, sheet = {number}, row = {row}"
        f" WHERE rowid >= {before}"
    )


def _refusal(name: str, value: object) -> UsageError:
    text = sentence("argument", name=name, value=repr(value), hint="")
    return UsageError(text)
