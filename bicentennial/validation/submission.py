"""A partner's file from reading to findings.

    read ──▶ statements ──engine──▶ results ──wording, places, suggestions──▶ Outcome

Nothing here raises for what a file holds: what cannot be read is an outcome too, and so is a file that holds nothing
to check.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.errors import InputError, UsageError
from bicentennial.findings import SEVERITIES, Finding, Location
from bicentennial.intake.index import own
from bicentennial.messages import LANGUAGES, entry
from bicentennial.namespaces import BIC, BICSH, RDF, local_name
from bicentennial.validation.outcome import Outcome, unreadable
from bicentennial.validation.results import sort_key
from bicentennial.validation.suggestions import Suggestions
from bicentennial.validation.wording import Things, Wording, severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bicentennial.intake import Submission
    from bicentennial.intake.dataset import Dataset
    from bicentennial.validation.coverage import Coverage
    from bicentennial.validation.results import Result
    from bicentennial.validation.wording import Pairs

__all__ = ["check", "check_in_worker", "findings_of"]


def check_in_worker(path: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Do what `check` does between processes: JSON in, JSON out."""
    return check(path, **options).to_dict()


def check(
    path: str | os.PathLike[str],
    *,
    engine: str = "auto",
    shapes: Sequence[str | os.PathLike[str]] = (),
    mapping: str | os.PathLike[str] | None = None,
    limits: Mapping[str, int] | None = None,
    coverage: bool = False,
) -> Outcome:
    """Read a file and validate it.

    Args:
        path: the submission.
        engine: `compiled`, `pyshacl`, or `auto` for the first that covers all shapes.
        shapes: files of further shapes to apply besides our own.
        mapping: a file that says which columns and values mean what.
        limits: settings of `intake.Limits` by name.
        coverage: whether to count what the submission covers as well.

    Raises:
        UsageError: the mapping file, a file of shapes or a limit makes no sense.
    """
    from bicentennial.intake import Limits, read
    from bicentennial.validation.run import Run

    allowed = Limits.of(limits or {})
    run = Run(engine, shapes)
    name = os.fspath(path)
    if mapping is not None:
        _readable(mapping)
    try:
        submission = read(path, mapping=mapping, limits=allowed)
    except InputError as error:
        return unreadable(name, error)
    with submission.dataset as dataset:
        listed, totals = findings_of(submission, run(dataset), run.templates, allowed.findings)
        checked = _holds_anything(dataset)
        if not checked:
            nothing = _nothing_checked(submission.file)
            listed, totals = [*listed, nothing], {**totals, nothing.code: (nothing.severity, 1)}
        return Outcome(
            file=name,
            format=submission.format,
            actions=_count(dataset, BIC.Action),
            statements=len(dataset),
            engine=run.engine,
            checked=checked,
            findings=tuple(listed),
            totals=totals,
            coverage=_coverage(dataset) if coverage else None,
            made_for=submission.version,
            made_for_source=submission.version_source,
        )


def findings_of(
    submission: Submission, results: Iterable[Result], templates: Mapping[str, Pairs], most: int = 1_000
) -> tuple[list[Finding], dict[str, tuple[str, int]]]:
    """Return the findings, in the order of the file, and how many there are of each code.

    `templates` are the messages of shapes by IRI, with their variables; `most` is how many findings of one code are
    listed, while the totals count them all. What reading found comes along; what reading has said already, or what
    only follows from another finding on the same value, is left out.
    """
    index = own()
    things = Things(submission.dataset, index)
    wording = Wording(things, structural_shapes(), templates)
    kept = _Sieve(things, wording, submission.suppressed).keep(list(results))
    places = _places(submission.dataset)
    by_code: defaultdict[str, list[Result]] = defaultdict(list)
    for result in sorted(kept, key=lambda result: (*places.get(result.focus.lexical, _LAST), *sort_key(result))):
        by_code[wording.code(result)].append(result)
    suggestions = Suggestions(things, wording)
    listed = list(submission.findings)
    totals = Counter(finding.code for finding in listed)
    grades: dict[str, str] = {finding.code: finding.severity for finding in listed}
    for code, members in by_code.items():
        totals[code] += len(members)
        grades[code] = severity(members[0].severity)
        for result in members[:most]:
            value = result.value.lexical if result.value else None
            location = submission.origins.locate(result.focus.lexical, result.path, value)
            listed.append(wording.finding(result, location, suggestions.of(result)))
    listed.sort(key=_order)
    return _limited(listed, most), {code: (grades[code], number) for code, number in totals.items()}


def structural_shapes() -> frozenset[str]:
    """Return the IRIs of the shapes that are compiled from the models."""
    index = own()
    properties = (each["shape"] for term in index.properties.values() for each in term["of"].values())
    return frozenset(
        [BICSH[shape] for shape in properties if shape] + [BICSH[local_name(iri)] for iri in index.classes]
    )


class _Sieve:
    """Drops results that would only repeat another finding."""

    def __init__(self, things: Things, wording: Wording, suppressed: set[tuple[str, str]]) -> None:
        self._things = things
        self._wording = wording
        self._suppressed = suppressed

    def keep(self, results: list[Result]) -> list[Result]:
        """Return the results that are worth a finding."""
        self._things.learn({result.focus.lexical for result in results})
        structural = [result for result in results if not self._wording.is_rule(result)]
        mistyped = {_place(result) for result in structural if self._is_type(result)}
        unresolved = {_place(result) for result in structural if result.value is not None}
        doubtful = {(focus, local_name(path or "")) for focus, path, _ in mistyped}
        seen: set[tuple[object, ...]] = set()
        kept = []
        for result in results:
            if self._is_said(result):
                continue
            if self._wording.is_rule(result):
                if result.value is not None and _place(result) in unresolved:
                    continue
                if any((result.focus.lexical, name) in doubtful for name in self._wording.read(result)):
                    continue
            elif _place(result) in mistyped and not self._is_type(result):
                continue
            key = (result.focus, result.path, result.value, result.component, result.shape)
            if key not in seen:
                seen.add(key)
                kept.append(result)
        return kept

    def _is_type(self, result: Result) -> bool:
        return result.kind in ("Datatype", "Or")

    def _is_said(self, result: Result) -> bool:
        """Tell whether reading has reported the whole column."""
        if result.value is not None or not self._suppressed:
            return False
        classes = self._things.classes(result.focus.lexical)
        return any((each, result.path) in self._suppressed for each in classes)


def _place(result: Result) -> tuple[str, str | None, str]:
    return (result.focus.lexical, result.path, result.value.key if result.value else "")


_LAST: Final = (1 << 15, 1 << 31)


def _places(dataset: Dataset) -> dict[str, tuple[int, int]]:
    rows = dataset.connection.execute(
        "SELECT s, coalesce(sheet, 0), row FROM statements WHERE p = ? AND row IS NOT NULL", [RDF.type]
    ).fetchall()
    return {s: (sheet, row) for s, sheet, row in rows}


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


def _limited(findings: list[Finding], most: int) -> list[Finding]:
    seen: Counter[str] = Counter()
    kept = []
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= most:
            kept.append(finding)
    return kept


def _nothing_checked(file: str) -> Finding:
    texts = entry("report", "nothing-checked")
    message = {language: f"{texts['message'][language]} {texts['remedy'][language]}" for language in LANGUAGES}
    return Finding(code="nothing-checked", severity="violation", message=message, location=Location(file=file))


def _readable(mapping: str | os.PathLike[str]) -> None:
    """Refuse a mapping that cannot be read: a wrong argument, where an unreadable submission is an outcome."""
    from bicentennial.intake.mapping import Mapping as MappingFile

    try:
        MappingFile.read(Path(mapping))
    except InputError as error:
        raise UsageError(error.text["en"], error.text["es"]) from error


def _coverage(dataset: Dataset) -> Coverage:
    from bicentennial.validation.coverage import coverage

    return coverage(dataset)


def _holds_anything(dataset: Dataset) -> bool:
    """Tell whether the partner describes anything of a class that we know."""
    found = dataset.connection.execute(
        "SELECT 1 FROM statements WHERE p = $1 AND kind = 0 AND o IN (SELECT unnest($2::VARCHAR[])) LIMIT 1",
        [RDF.type, list(own().classes)],
    ).fetchone()
    return found is not None


def _count(dataset: Dataset, class_iri: str) -> int:
    found = dataset.connection.execute(
        "SELECT count(DISTINCT s) FROM statements WHERE p = ? AND o = ? AND kind = 0", [RDF.type, class_iri]
    ).fetchone()
    assert found is not None
    return int(found[0])
