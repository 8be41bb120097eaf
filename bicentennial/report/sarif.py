"""The findings as SARIF 2.1.0, the format in which platforms for code review take the results of checkers."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bicentennial.core.escape import coded, plain
from bicentennial.core.resources import version
from bicentennial.knowledge.tables import markdown
from bicentennial.report.codes.explanation import codes as explanations
from bicentennial.report.words import place, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.findings import Finding, Location
    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome
    from bicentennial.report.profile import Profile

__all__ = ["to_sarif"]

_LEVELS: Final = {"violation": "error", "warning": "warning", "info": "note"}


def to_sarif(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    """Return one run that holds the findings of all reports."""
    codes = {finding.code for report in reports for finding in report.findings}
    rules = {code: number for number, code in enumerate(sorted(codes))}
    driver: dict[str, Any] = {
        "name": "bicentennial",
        "version": version(),
        "language": lang,
        "rules": [_rule(code, lang) for code in rules],
    }
    profiles = [report.profile for report in reports if report.profile]
    if profiles:
        driver["properties"] = {"profile": profiles[0].to_dict() | {"changed": _changed(profiles)}}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": all(report.outcome.checked for report in reports)}],
        "results": [
            _result(report.file, finding, rules[finding.code], lang)
            for report in reports
            for finding in report.findings
        ],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return coded(json.dumps(log, ensure_ascii=False, indent=2)) + "\n"


def _rule(code: str, lang: Language) -> dict[str, Any]:
    """Return what a platform shows of a code: its title, why it is demanded, what to do, how grave it is."""
    known = explanations().get(code)
    if known is None:  # of further shapes, which only their own file explains
        return {"id": code}
    why, remedy = (known.why or known.says)[lang], (known.remedy or known.says)[lang]
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": known.title[lang]},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\n{remedy}", "markdown": f"{markdown(why)}\n\n{markdown(remedy)}"},
        "defaultConfiguration": {"level": _LEVELS[known.severity]},
    }
    return rule


def _changed(profiles: Sequence[Profile]) -> list[dict[str, Any]]:
    """Return what a profile changed in all submissions together."""
    numbers: Counter[tuple[str, str, str]] = Counter()
    for profile in profiles:
        for code, severity, level, number in profile.changed:
            numbers[code, severity, level] += number
    return [
        {"code": code, "from": severity, "to": level, "findings": number}
        for (code, severity, level), number in sorted(numbers.items())
    ]


def _result(file: str, finding: Finding, rule: int, lang: Language) -> dict[str, Any]:
    said = " ".join(part for part in (plain(finding.message[lang]), suggestion(finding, lang)) if part)
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    if region := _region(finding.location):
        physical["region"] = region
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": said},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": place(finding.location, lang)}],
            }
        ],
    }


def _uri(file: str) -> str:
    r"""Return how a URI names a file, whose name need be no text.

    >>> _uri("a/acción.csv"), _uri("/a/\udcff.csv"), _uri("\ud800.csv")
    ('a/acci%C3%B3n.csv', 'file:///a/%FF.csv', '%3F.csv')
    """
    path = PurePath(file)
    try:
        return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
    except UnicodeEncodeError:  # the caller has called data so; no file can have that name
        return quote(path.as_posix(), errors="replace")


def _region(location: Location) -> dict[str, int]:
    # The row of a sheet is its line, unless that is another: those platforms know no other way to point into a table.
    line = location.line or location.row
    return {"startLine": line} if line else {}
