"""Which version of the ontology a submission was made for: what the file itself says of it, otherwise the current one.

A table says it in a column `version`, a workbook also in the property or the note that the template writes, JSON at the
key `version` or `conformsTo`, RDF by `dcterms:conformsTo`, `owl:versionIRI` or `owl:imports`, a mapping file by
`version`.

>>> from bicentennial.vocabulary.index import default_index
>>> versions = Versions(default_index())
>>> versions.state("https://w3id.org/bicentennial/shapes/0.0.7", "key", Location(file="a.json"))
True
>>> versions.chosen, versions.source, [finding.code for finding in versions.findings()]
('0.0.7', 'key', ['version-unknown'])
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.namespaces import DCTERMS, OWL, RDF
from bicentennial.core.problems import make_finding
from bicentennial.core.startup.patterns import lazy
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.core.grid import Grid
    from bicentennial.semantics.sheets.body import Body
    from bicentennial.semantics.sheets.headers import Header
    from bicentennial.semantics.sheets.sheet_plan import SheetPlan
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.origins import Origins
    from bicentennial.vocabulary.index import Index

__all__ = ["Versions", "unsaid"]

_SPACES: Final = "https://w3id.org/bicentennial/"
_IRI: Final = lazy(r"https?://w3id\.org/bicentennial/(?:ontology|shapes)/(\d+(?:\.\d+)+[\w.+-]*)")
_NUMBER: Final = lazy(r"v?\.? ?(\d+(?:\.\d+)+(?:[-+.]?\w+)*)", re.IGNORECASE)
_KEYS: Final = frozenset({"version", "conformsto", "dctermsconformsto", "ontologyversion", "versiondelaontologia"})
_LOOKED_AT: Final = 200
_PARTS: Final = ("docProps/custom.xml", "meta.xml")
_PROPERTY: Final = lazy(
    rb"""name=["']bicentennial ontology version["'][^>]*>\s*(?:<[\w:]+(?:\s[^<>]*)?>)?\s*([^<]{1,60}?)\s*<""",
    re.IGNORECASE,
)


class Versions:
    """Collects what a submission says of its version.

    Args:
        index: the compiled index, which knows every published version.
    """

    def __init__(self, index: Index) -> None:
        self._known = {each["version"]: each["iri"] for each in index.versions}
        self._stated: dict[str, tuple[str, Location]] = {}
        self.headers: set[str] = set()
        """What of a graph names the version: the graph's own header."""

    @property
    def chosen(self) -> str:
        """The version that the submission names first, or the current one."""
        return next(iter(self._stated), None) or next(iter(self._known), "")

    @property
    def source(self) -> str:
        """Where it says so: `column`, `key`, `header`, `property`, `note`, `mapping`; `assumed` if nowhere."""
        return next(iter(self._stated.values()))[0] if self._stated else "assumed"

    def state(self, text: str, source: str, place: Location) -> bool:
        """Take note of a version that is named somewhere, and return whether it is one at all."""
        found = _IRI.fullmatch(text.strip().rstrip("/#")) or _NUMBER.fullmatch(text.strip())
        if found is None:
            return False
        self._stated.setdefault(found[1], (source, place))
        return True

    def findings(self) -> Iterator[Finding]:
        """Yield what there is to say about the versions that were named."""
        for version, (_, place) in self._stated.items():
            if version not in self._known:
                yield make_finding("version-unknown", place, value=version, version=version, known=list(self._known))
        if len(self._stated) > 1:
            place = list(self._stated.values())[1][1]
            yield make_finding("version-several", place, versions=list(self._stated), version=self.chosen)

    @staticmethod
    def is_key(text: str) -> bool:
        """Return whether a header or key names the version.

        >>> Versions.is_key("Versión"), Versions.is_key("conformsTo"), Versions.is_key("conversion")
        (True, True, False)
        """
        return normalize_key(text) in _KEYS

    def of_values(self, values: Iterable[str], source: str, place: Location) -> bool:
        """Take note of the versions in a column, unless it holds something else too, such as drafts."""
        texts = [text for text in dict.fromkeys(values) if text.strip()]
        if not texts or not all(_IRI.fullmatch(each.strip()) or _NUMBER.fullmatch(each.strip()) for each in texts):
            return False
        for text in texts:
            self.state(text, source, place)
        return True

    def of_notes(self, grid: Grid, above: int | None, file: str) -> None:
        """Look for addresses of a version in what stands above the header row, or in a sheet that is no table of ours.

        Args:
            grid: its cells.
            above: how many rows stand above the header, None if there is none.
            file: the file's name.
        """
        for number, row in zip(grid.numbers, grid.rows[: _LOOKED_AT if above is None else above], strict=False):
            for column, cell in enumerate(row, start=1):
                if "w3id.org/bicentennial" in cell and (found := _IRI.search(cell)):
                    place = Location(file, grid.name, number, column_letter(column))
                    self.state(found[1].rstrip(".,;"), "note", place)

    def of_rows(self, plan: SheetPlan, body: Body) -> None:
        """Take note of the versions in the first column of a sheet that holds nothing else, which is then known."""
        for number in plan.version:
            text = plan.texts[number - 1]
            values = sorted(value for value, _ in body.firsts(number))
            if self.of_values(values, "column", plan.at._replace(column=column_letter(number), header=text)):
                unsaid(plan.header, text)
                return

    def of_workbook(self, data: bytes, file: str) -> None:
        """Look at the properties of a workbook that was measured and opened already."""
        import zipfile

        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                if part.replace("\\", "/") in _PARTS:
                    with archive.open(part) as stream:
                        found = _PROPERTY.search(stream.read(1_000_000))
                    if found:
                        self.state(found[1].decode("utf-8", errors="replace"), "property", Location(file=file))

    def of_value(self, value: Any, place: Location) -> bool:
        """Take note of what stands at a key of JSON."""
        values = value if isinstance(value, list) else [value]
        stated = [self.state(str(each), "key", place) for each in values if not isinstance(each, (dict, list))]
        return any(stated)

    def of_dataset(self, dataset: Dataset, origins: Origins) -> None:
        """Look at what a graph says of itself, and take out those of its statements that would pass for schema."""
        properties = [DCTERMS.conformsTo, OWL.versionIRI, OWL.imports]
        stated = dataset.connection.execute(
            f"SELECT s, p, o FROM statements WHERE p IN ({dataset.texts('?1')}) AND starts_with(o, ?2)"  # noqa: S608 - no value in it
            " ORDER BY s, p, o LIMIT 1000",
            [properties, _SPACES],
        ).fetchall()
        headers = {
            s for s, p, o in stated if self.state(o, "header", origins.locate(s, p, o)) and p != DCTERMS.conformsTo
        }
        headers |= {s for s, p, _ in stated if p == DCTERMS.conformsTo}
        self.headers |= headers
        for s in headers:
            # A header that says nothing else of a schema is no more than the name of the data set.
            dataset.delete(
                f"s = ?1 AND (p IN ({dataset.texts('?2')}) AND starts_with(o, ?3) OR p = ?4 AND o = ?5)",
                [s, properties[1:], _SPACES, RDF.type, OWL.Ontology],
            )


def unsaid(header: Header, text: str) -> None:
    """Take back that a header is unknown, once it has turned out to name the version."""
    header.findings = [
        each for each in header.findings if not (each.code.startswith("header-") and each.location.header == text)
    ]
