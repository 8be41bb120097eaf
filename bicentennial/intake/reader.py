"""From a file of any format to a `Submission`: each format has its way, and all of them end in one dataset."""

from __future__ import annotations

from codecs import BOM_UTF8
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.file_formats import FILE_FORMATS, FORMAT_OF_SUFFIX, Family, of_family
from bicentennial.core.files.content import content
from bicentennial.core.findings import Finding, Location
from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.core.problems import make_finding
from bicentennial.formats.decoding import NAMES, decoded, decoded_xml, garbled, with_lines
from bicentennial.formats.invisible import first_invisible, visible
from bicentennial.formats.long_lines import open_lines
from bicentennial.formats.registry import TITLES, Format, detect
from bicentennial.intake.bulk import Opening
from bicentennial.intake.context import IntakeContext
from bicentennial.intake.documents import graph_submission, iati_submission, json_submission
from bicentennial.intake.sheets import OddCharacters, SheetsReader
from bicentennial.storage.choice import for_tables, has_sqlite

if TYPE_CHECKING:
    from bicentennial.intake.bulk import Begin
    from bicentennial.intake.submission import Submission
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.vocabulary.index import Index

__all__ = ["FileReader"]

_DELIMITED: Final = of_family(Family.DELIMITED)


class FileReader:
    """Reads one file.

    Args:
        path: the file.
        index: the compiled index.
        mapping: what a mapping file says.
        limits: see `Limits`.
        sqlite: whether a small submission may be kept in SQLite.
        name: what findings call it; its own name if None.
        begin: see `intake.read`.
    """

    def __init__(
        self,
        path: Path,
        index: Index,
        mapping: MappingFile,
        limits: Limits = DEFAULT,
        *,
        sqlite: bool = False,
        name: str | None = None,
        begin: Begin | None = None,
    ) -> None:
        self.path = path
        self.name = name
        file = Path(name).name if name else path.name
        self.context = IntakeContext(file, index, mapping, limits, sqlite=sqlite and has_sqlite(), begin=begin)

    @property
    def findings(self) -> list[Finding]:
        """What reading has found so far."""
        return self.context.findings

    def read(self, data: bytes) -> Submission:
        """Return what the bytes of the file hold."""
        return self._finished(self._read([data]))

    def read_file(self) -> Submission:
        """Return what the file holds.

        Raises:
            InputError: it cannot be read, or holds too much; see `intake.read`.
        """
        if made := self.read_in_stretches():
            return made
        with Opening(self._length_of_text()) as self.context.opening:
            return self._finished(self._read([content(self.path, self.context.limits, self.name)]))

    def _length_of_text(self) -> int:
        """Return how long a file is that is named as a delimited text; 0 if it is none."""
        if FORMAT_OF_SUFFIX.get(Path(self._named).suffix.lower()) in _DELIMITED:
            with suppress(OSError):  # which is said where it is read
                return self.path.stat().st_size
        return 0

    def read_in_stretches(self) -> Submission | None:
        """Return what a long file of plain N-Triples holds, which is not read as a whole; None if it is something else.

        Raises:
            LimitReachedError: something in it is too long.
        """
        opened = open_lines(self.path, self._named, self.context.limits)
        if opened is None:
            return None
        from bicentennial.formats.rdf.stretches import read_in_stretches

        stream, found = opened
        with stream:
            dataset = for_tables()
            content = None
            try:
                content = read_in_stretches(stream, dataset, self.context.limits)
            finally:
                if content is None:
                    dataset.close()
        if content is None:
            return None
        self._note_promise(found)
        return self._finished(graph_submission(self.context, found, dataset, content, ""))

    @property
    def _named(self) -> str:
        return (self.path if self.path.suffix else Path(self.context.file)).name

    def _note_promise(self, found: Format) -> None:
        if found.promised:
            self.context.note("format-differs", extension=Path(self._named).suffix, format=TITLES[found.name])

    def _finished(self, made: Submission) -> Submission:
        context = self.context
        if passed_over := context.mapping.passed_over(made.format):
            context.note("mapping-passed-over", keys=passed_over, format=TITLES[made.format])
        if context.mapping.version:
            context.versions.state(context.mapping.version, "mapping", Location(file=context.file))
        context.submission_date.finish(made.dataset, made.origins, context.versions.headers)
        made.findings += context.versions.findings()
        made.version, made.version_source = context.versions.chosen, context.versions.source
        return made

    def _read(self, held: list[bytes]) -> Submission:
        """Return what some bytes hold, which are taken out of a list so that they are gone once they are text."""
        context, data = self.context, held.pop()
        found = detect(self._named, data)
        self._note_promise(found)
        if found.family is Family.WORKBOOK:
            from bicentennial.formats.workbook.sheets import read_workbook, unflattened

            data = unflattened(data)
            grids = read_workbook(data, found.name, context.limits)
            context.versions.of_workbook(data, context.file)
            return SheetsReader(context, found).read(grids)
        text, garbled_at = self._decoded(data, found.name)
        del data
        if found.family is Family.DELIMITED:
            odd = OddCharacters(first_invisible(text), garbled_at)
            if odd.invisible is not None:
                if garbled_at is not None:
                    odd = odd._replace(garbled=(len(visible(text[: garbled_at[0]])), garbled_at[1]))
                text = visible(text)
            return SheetsReader(context, found).read_text(text, odd)
        if garbled_at is not None:
            position, sample = garbled_at
            place = Location(file=context.file, line=text.count("\n", 0, position) + 1)
            self.findings.append(make_finding("text-garbled", place, value=sample, quoted=sample))
        if found.family is Family.JSON:
            return json_submission(context, found, text)
        if found.family is Family.IATI:
            return iati_submission(context, found, text)
        dataset, content = context.builder.graph(text, found.name)
        return graph_submission(context, found, dataset, content, text)

    def _decoded(self, data: bytes, format_name: str) -> tuple[str, tuple[int, str] | None]:
        """Return the text of a file, and where letters look garbled, with these; say what encoding was assumed."""
        text, encoding, doubt = decoded_xml(data) if FILE_FORMATS[format_name].is_xml else decoded(data)
        if self.context.opening is not None and encoding == "utf-8" and not data.startswith(BOM_UTF8):
            self.context.opening.write(text, data)
        if FILE_FORMATS[format_name].family is not Family.DELIMITED:
            text = with_lines(text)
        if encoding in NAMES:
            self.context.note("encoding-assumed", encoding=NAMES[encoding])
        if found := garbled(text):
            return text, (found.start(), found[0])
        return text, doubt
