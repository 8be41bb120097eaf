"""JSON, IATI and RDF documents to submissions."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Location
from bicentennial.core.startup.records import replace
from bicentennial.formats.registry import TITLES, Format
from bicentennial.intake.context import columns_of
from bicentennial.intake.submission import Sheet, Submission
from bicentennial.semantics.declarations import declared as only_declared
from bicentennial.semantics.declarations import listed_parties
from bicentennial.semantics.records import ValueReader
from bicentennial.semantics.values.resolver import Resolver
from bicentennial.storage.origins import JsonOrigins, SheetOrigin, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.formats.json.document import JsonList
    from bicentennial.formats.rdf.reading import Content
    from bicentennial.intake.context import IntakeContext
    from bicentennial.storage.dataset import Dataset

__all__ = ["graph_submission", "iati_submission", "json_submission"]

_NO_VALUES: Final = frozenset(("character-refused", "number-special", "value-nested"))


def json_submission(context: IntakeContext, found: Format, text: str) -> Submission:
    """Return what a JSON text holds that is no JSON-LD, or one with an object a line."""
    from bicentennial.formats.json.document import document_of, read_json

    tables = context.tables()
    document, lines = document_of(text, tables.recogniser, context.limits, lines=found.name == "jsonl")
    if found.name == "jsonl" and not lines:
        found = Format("json")
        context.note("format-differs", extension=Path(context.file).suffix, format=TITLES["json"])
    elif lines:
        found = Format("jsonl")
    lists, notes = read_json(document, context.file, tables, context.limits, lines=lines, versions=context.versions)
    context.findings += [*notes, *tables.declared.missing(context.file)]
    made = context.load(
        found,
        [(each.records, each.header) for each in lists],
        [(each.records.sheet, each.own) for each in lists],
    )
    sheets = {each.records.sheet: SheetOrigin(each.pointer, _keys_of(each), each.is_alone) for each in lists}
    made.origins = JsonOrigins(context.file, made.dataset, sheets, {each.records.sheet: each for each in lists})
    if any(each.code in _NO_VALUES for each in made.findings):
        made.findings[:] = _with_subjects(made.findings, lists)
    made.sheets = [Sheet(each.pointer, each.records.table.iri, len(each.records.numbers), None) for each in lists]
    return made


def _with_subjects(findings: Sequence[Finding], lists: Sequence[JsonList]) -> Iterator[Finding]:
    """Yield findings, those of values that are none with what they say something of, which has a name now.

    So what only follows from such a value is not told once more.
    """
    said = {
        each.place(number): (subject, each)
        for each in lists
        for number, subject in zip(each.records.numbers, each.records.subjects, strict=True)
    }
    columns = {
        (each.pointer, escaped(key)): iri for each in lists for iri, keys in _keys_of(each).items() for _, key in keys
    }
    for finding in findings:
        steps = (finding.location.pointer or "").split("/")
        # The pointer may go on within the value.
        rows = (last for last in range(len(steps) - 1, 0, -1) if "/".join(steps[:last]) in said)
        if finding.code in _NO_VALUES and (last := next(rows, 0)):
            subject, of = said["/".join(steps[:last])]
            path = columns.get((of.pointer, steps[last]))
            yield replace(finding, focus=subject, path=path)
        else:
            yield finding


def _keys_of(made: JsonList) -> dict[str, list[tuple[int, str]]]:
    """Return the keys of each property, with the number of the first that means the same."""
    return {
        iri: [(number, key) for number, first in columns for key in (first, *made.also.get(first, ()))]
        for iri, columns in columns_of(made.records).items()
    }


def iati_submission(context: IntakeContext, found: Format, text: str) -> Submission:
    """Return what an IATI file holds."""
    from bicentennial.formats.iati import Activities, IatiOrigins

    resolver = Resolver(context.index)
    declared = [*listed_parties(context.mapping.parties, resolver)]
    at = Location(file=context.file)
    context.findings += only_declared(((each["name"], at) for each in context.mapping.parties), context.limits.findings)
    tables = context.tables()
    constants = [
        (each.iri, said)
        for each in tables.constants(tables.recogniser.main, 1)
        for said in ValueReader(each.heading, "en", resolver, context.limits, context.mapping).read(each.values[0])
    ]
    activities = Activities(context.file, context.index, resolver, context.limits, context.mapping, constants)
    dataset = context.builder.statements(
        islice(chain(declared, activities.statements(text)), context.limits.statements + 1)
    )
    context.limits.check("statements", len(dataset))
    context.submission_date.of_iati(activities.generated, context.file)
    context.findings += activities.findings()
    origins = IatiOrigins(context.file, dataset, activities.paths, activities.subjects)
    return Submission(context.file, found.name, dataset, context.findings, origins, lost=activities.lost)


def graph_submission(
    context: IntakeContext, found: Format, dataset: Dataset, content: Content, text: str
) -> Submission:
    """Return the submission of an RDF document whose statements are in a dataset.

    Args:
        context: what the readers of the file share.
        found: the format.
        dataset: the statements.
        content: what else there is to know of the document.
        text: the document, as far as it was read as a whole.
    """
    from bicentennial.intake.untrusted import hides_nothing, sanitize

    if content.graphs == 1:
        context.note("graph-ignored")
    elif content.graphs:
        context.note("graphs-several", count=content.graphs)
    origins = content.origins(context.file, text, dataset)
    context.findings += content.findings(origins, context.index.properties)
    context.versions.of_dataset(dataset, origins)
    # Numbered statements were compared with a form that has no invisible characters.
    is_plain = content.is_numbered or (content.document is None and hides_nothing(text))
    context.findings += sanitize(dataset, context.index, origins, is_plain=is_plain)
    return Submission(context.file, found.name, dataset, context.findings, origins)
