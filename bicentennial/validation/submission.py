"""A partner's file from reading to findings.

    read ──▶ statements ──engine──▶ results ──wording, places, suggestions──▶ Outcome

Nothing here raises for what a file holds: what cannot be read is an outcome too, and so is a file that holds nothing
to check.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import InputError, UsageError
from bicentennial.core.findings import SEVERITIES, Finding, Location
from bicentennial.core.limits import DEFAULT
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC, BICSH, RDF, XSD, local_name
from bicentennial.core.resources import directory
from bicentennial.core.worker import WithText
from bicentennial.shacl_engine.results import LITERAL, Term
from bicentennial.validation.entity_lookup import EntityLookup
from bicentennial.validation.finding_messages import FindingMessages, severity
from bicentennial.validation.outcome import Outcome, unreadable
from bicentennial.validation.result_filter import ResultFilter
from bicentennial.validation.suggestions import Suggestions
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bicentennial.intake import Sheet, Submission
    from bicentennial.shacl_engine.result_table import ResultTable
    from bicentennial.shacl_engine.results import Result
    from bicentennial.storage.dataset import Dataset
    from bicentennial.validation.coverage import Coverage
    from bicentennial.validation.own_shapes import RuleTexts

__all__ = ["check", "check_in_worker", "findings_of", "outcome_of", "preload"]

_EXAMPLES: Final = ("faulty.csv", "faulty.xlsx", "faulty.json")
_left_open: Final[list[Dataset]] = []
"""Datasets that are open until this process ends."""
_DOUBTFUL: Final = frozenset(
    ("cell-error", "cell-too-narrow", "formula-without-value", "text-lost", "value-nested", "year-as-date")
)
_EXPLAINED: Final = frozenset(("character-refused", "number-special", "value-ambiguous"))


def check_in_worker(path: str, options: Mapping[str, Any]) -> WithText:
    """Return what `check` does between processes: JSON in, JSON out; this one ends, and its folder is removed."""
    plain = check(path, closing=False, **options).to_dict()
    return WithText(plain, plain.pop("findings"))


def preload(*names: str) -> None:
    """Load what checks need by checking examples, in a process that forks a worker for each: see `core.worker.pool`.

    Args:
        names: the examples; one of each family of formats if none are named.
    """
    for name in names or _EXAMPLES:
        check(directory("submissions") / name, coverage=True)


def check(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    engine: str = "auto",
    shapes: Sequence[str | os.PathLike[str]] = (),
    mapping: str | os.PathLike[str] | None = None,
    limits: Mapping[str, int] | None = None,
    coverage: bool = False,
    records: str | None = None,
    closing: bool = True,
) -> Outcome:
    """Read a file and validate it.

    Args:
        path: the submission.
        name: what the report calls it; the path if None.
        engine: `compiled`, `pyshacl`, or `auto` for the compiled one on all files of shapes that it covers.
        shapes: files of further shapes to apply besides our own.
        mapping: a file that says which columns and values mean what.
        limits: settings of `intake.Limits` by name.
        coverage: whether to count what the submission covers as well.
        records: a file to write the canonical records to; see `validation.records`.
        closing: whether to close the dataset, which takes longer than the end of a process that has it open.

    Raises:
        UsageError: the mapping file, a file of shapes or a limit makes no sense.
    """
    from bicentennial.intake import Limits, read
    from bicentennial.validation.run import Run

    allowed = Limits.of(limits or {})
    run = Run(engine, shapes)
    name = name or os.fspath(path)
    try:
        if mapping is not None:
            _readable(mapping)
        submission = read(path, name=name, mapping=mapping, limits=allowed, sqlite=run.sqlite, begin=run.begin)
    except InputError as error:
        run.further()  # what is wrong with shapes is said before what is wrong with the data
        return unreadable(name, error)
    except UsageError:
        run.further()
        raise
    with contextlib.ExitStack() as end:
        if closing:
            end.push(submission.dataset)
        else:
            _left_open.append(submission.dataset)
        found = run(submission.dataset)
        submission.findings.extend(run.findings(name))
        outcome = outcome_of(
            submission, found, run.templates, allowed.findings, name=name, engine=run.engine, coverage=coverage
        )
        if records is not None:
            _write_records(submission, records)
        return outcome


def outcome_of(
    submission: Submission,
    found: ResultTable,
    templates: Mapping[str, RuleTexts],
    most: int,
    *,
    name: str,
    engine: str,
    coverage: bool,
    input_format: str = "",
) -> Outcome:
    """Return the outcome of a check.

    Args:
        submission: what was checked.
        found: the results.
        templates: the texts of our rules by the IRI of their shape, with their variables.
        most: how many findings of one code are listed.
        name: what the report calls the submission.
        engine: what has run the checks.
        coverage: whether to count what the submission covers as well.
        input_format: what the files were, if not the format in which places are given.
    """
    dataset = submission.dataset
    listed, totals = findings_of(submission, found, templates, most)
    actions = dataset.count_of(BIC.Action)
    checked = bool(actions) or _holds_anything(dataset)
    if not checked:
        nothing = _nothing_checked(submission.file)
        listed, totals = [*listed, nothing], {**totals, nothing.code: (nothing.severity, 1)}
    return Outcome(
        file=name,
        format=input_format or submission.format,
        actions=actions,
        statements=len(dataset),
        engine=engine,
        checked=checked,
        findings=tuple(listed),
        totals=totals,
        coverage=_coverage(dataset) if coverage else None,
        made_for=submission.version,
        made_for_source=submission.version_source,
        sheets=tuple(map(_described, submission.sheets)),
    )


def findings_of(
    submission: Submission, found: ResultTable, templates: Mapping[str, RuleTexts], most: int = DEFAULT.findings
) -> tuple[list[Finding], dict[str, tuple[str, int]]]:
    """Return the findings, in the order of the file, and how many there are of each code.

    `templates` are the texts of our rules by the IRI of their shape, with their variables; `most` is how many findings
    of one code are listed, while the totals count them all. What reading found comes along; what reading has said
    already, or what only follows from another finding on the same value, is left out.
    """
    index = default_index()
    things = EntityLookup(submission.dataset, index)
    wording = FindingMessages(things, structural_shapes(), templates, submission.format)
    doubtful, explained = _doubtful(submission.findings) | submission.lost, _explained(submission.findings)
    result_filter = ResultFilter(found, wording, submission.suppressed, doubtful, explained)
    listed = list(submission.findings)
    totals = Counter(finding.code for finding in listed)
    grades: dict[str, str] = {finding.code: finding.severity for finding in listed}
    codes = {number: wording.code(found.sources[number]) for number in result_filter.counts}
    for number, count in result_filter.counts.items():
        totals[codes[number]] += count
        grades[codes[number]] = severity(found.sources[number].severity)
    results = result_filter.first(codes, most)
    subjects = {result.focus.lexical for result in results}
    submission.origins.prefetch(subjects)
    things.prefetch(subjects.union(*map(_named, results)))
    rules = [source for number in result_filter.counts if wording.is_rule(source := found.sources[number])]
    if rules:
        of_rules = {result.focus.lexical for result in results if wording.is_rule(result)}
        things.foresee(of_rules, set().union(*map(wording.read, rules)))
    suggestions = Suggestions(things, wording)
    for result in results:
        value = result.value.lexical if result.value else None
        location = submission.origins.locate(result.focus.lexical, result.path, value)
        partly, foreign = suggestions.partly(result), suggestions.foreign(result)
        listed.append(wording.finding(result, location, suggestions.of(result), partly=partly, foreign=foreign))
    listed.sort(key=_order)
    listed = _limited(listed, most)
    if submission.row_lines is not None:
        listed = submission.row_lines.added(listed)
    return listed, {code: (grades[code], number) for code, number in totals.items()}


def _doubtful(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """Return the values, by subject and property, that reading has found to be lost or wrong."""
    return {
        (finding.focus, finding.path)
        for finding in findings
        if finding.code in _DOUBTFUL and finding.focus is not None and finding.path is not None
    }


def _explained(findings: Iterable[Finding]) -> set[tuple[str, str, str]]:
    """Return the values, by subject, property and key, of which reading has said why they are none."""
    return {
        (finding.focus, finding.path, Term(_as_read(finding), LITERAL, XSD.string).key)
        for finding in findings
        if finding.code in _EXPLAINED
        if finding.focus is not None and finding.path is not None and finding.value is not None
    }


def _as_read(finding: Finding) -> str:
    """Return the value of a finding of reading as the statement has it."""
    value = finding.value or ""
    if finding.code != "character-refused":
        return value
    from bicentennial.formats.invisible import visible
    from bicentennial.formats.json.text import fitting

    return visible(fitting(value)).strip()


def _named(result: Result) -> set[str]:
    terms = [result.value] if result.value else []
    terms += [term for _, term in result.bindings]
    return {term.lexical for term in terms if term.kind != LITERAL}


def structural_shapes() -> frozenset[str]:
    """Return the IRIs of the shapes that are compiled from the models."""
    return frozenset(BICSH[name] for name in default_index().shapes)


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.location
    return (
        place.sheet or "",
        place.row or place.line or 0,
        len(place.column or ""),
        place.column or "",
        place.pointer or "",
        SEVERITIES.index(finding.severity),
        finding.code,
        finding.value or "",
        finding.focus or "",
    )


def _write_records(submission: Submission, path: str) -> None:
    from bicentennial.validation.records import write_records

    with Path(path).open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
        write_records(submission, stream)


def _limited(findings: list[Finding], most: int) -> list[Finding]:
    seen: Counter[str] = Counter()
    kept = []
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= most:
            kept.append(finding)
    return kept


def _described(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as reports describe it."""
    name, class_iri, rows, header_row = sheet
    return {"name": name, "class": local_name(class_iri), "rows": rows, "header_row": header_row}


def _nothing_checked(file: str) -> Finding:
    """Return the finding that a file holds nothing to check."""
    texts = entry("report", "nothing-checked")
    return Finding(
        code="nothing-checked",
        severity="violation",
        problem=texts["message"],
        remedy=texts["remedy"],
        location=Location(file=file),
    )


def _readable(mapping: str | os.PathLike[str]) -> None:
    """Refuse a mapping that cannot be read: a wrong argument, where an unreadable submission is an outcome."""
    from bicentennial.semantics.mapping import MappingFile

    try:
        MappingFile.read(Path(mapping))
    except InputError as error:
        raise UsageError(error.text) from error


def _coverage(dataset: Dataset) -> Coverage:
    from bicentennial.validation.coverage import coverage

    return coverage(dataset)


def _holds_anything(dataset: Dataset) -> bool:
    """Return whether the partner describes anything of a class that we know."""
    found = dataset.connection.execute(
        f"SELECT 1 FROM {dataset.statements_of(RDF.type)} WHERE kind = 0 AND o IN ({dataset.texts('?1')}) LIMIT 1",  # noqa: S608 - no value in it
        [[iri for iri in default_index().classes if iri != BIC.Submission]],
    ).fetchone()
    return found is not None
