"""The report of plain SHACL as text, JSON, CSV, SARIF and annotations of GitHub, for people and programs."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import rdflib
from rdflib.namespace import SH

from bicentennial.core.escape import coded, plain
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import local_name
from bicentennial.core.resources import version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bicentennial.shacl_engine.report import ShaclReport, ShaclResult

__all__ = ["FORMATS", "notes", "render", "to_json", "to_text"]

_SEVERITIES: Final = {SH.Violation: "Violation", SH.Warning: "Warning", SH.Info: "Info"}
_LEVELS: Final = {SH.Violation: ("error", "error"), SH.Warning: ("warning", "warning")}
_SHOWN: Final = 20
_HEADER: Final = ("file", "line", "severity", "focus", "path", "value", "constraint", "shape", "message")
# How a cell may begin that a spreadsheet program would run.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def render(report: ShaclReport, name: str, lang: str = "en") -> str:
    """Return a report in a format by name."""
    if name == "turtle":
        return report.to_turtle()
    makers: dict[str, Callable[[ShaclReport, str], str]] = {
        "text": to_text,
        "json": to_json,
        "csv": _to_csv,
        "sarif": _to_sarif,
        "github": _to_github,
    }
    return makers[name](report, lang)


FORMATS: Final = ("text", "json", "csv", "turtle", "sarif", "github")
"""The names of the formats, the usual one first."""


def to_text(report: ShaclReport, lang: str = "en") -> str:
    """Return a report as text for people: the verdict, and each result with its place; of many, the first."""
    lines = [_verdict(report, lang)]
    numbers: Counter[Any] = Counter()
    last: dict[Any, ShaclResult] = {}
    for result in report:
        key = result.shape, result.constraint
        last[key] = result
        numbers[key] += 1
        if numbers[key] <= _SHOWN:
            lines += ["", *_lines(result, lang)]
    for key, number in numbers.items():
        if number > _SHOWN:
            lines += ["", _words("more", lang, number=f"{number - _SHOWN:,}", shape=_shape(last[key], lang))]
    for note in notes(report, lang):
        lines += ["", note]
    return "\n".join(map(plain, lines)) + "\n"


def notes(report: ShaclReport, lang: str) -> list[str]:
    """Return what is to be said of a report besides its results: what the shapes or the data import."""
    said = entry("shacl", "report")["unread"]
    return [plain(str(said[by][lang]).format(iri=iri)) for by, iri in report.unread_imports]


def _verdict(report: ShaclReport, lang: str) -> str:
    if not report.results:
        return _words("conforms", lang)
    numbers = Counter(_SEVERITIES.get(result.severity, "Other") for result in report)
    named = entry("shacl", "severities")
    counts = ", ".join(
        f"{numbers[name]:,} {named[name if numbers[name] == 1 else f'{name}s'][lang]}"
        for name in (*_SEVERITIES.values(), "Other")
        if numbers[name]
    )
    return _words("passes" if report.conforms else "fails", lang, counts=counts)


def _lines(result: ShaclResult, lang: str) -> list[str]:
    severity = entry("shacl", "severities")[_SEVERITIES.get(result.severity, "Other")][lang]
    place = result.location
    where = f"{place.file}:{place.line}  " if place.file and place.line else f"{place.file}  " if place.file else ""
    path = "" if result.path is None else f"  {result.path.n3()}"
    value = "" if result.value is None or result.value == result.focus else f"  = {result.value.n3()}"
    shape = f"{_words('shape', lang)}: {_shape(result, lang)} ({result.component})"
    return [
        f"{where}{severity}",
        f"  {result.focus.n3()}{path}{value}",
        f"  {result.message(lang)}",
        f"  {shape}",
    ]


def _shape(result: ShaclResult, lang: str) -> str:
    if not isinstance(result.shape, rdflib.BNode):
        return str(result.shape)
    within = result.wording.within
    return _words("within", lang, shape=within) if within else _words("unnamed", lang)


def _words(key: str, lang: str, **words: object) -> str:
    return str(entry("shacl", "report")[key][lang]).format(**words)


def to_json(report: ShaclReport, lang: str = "en") -> str:
    """Return a report as JSON."""
    whole = {
        "conforms": report.conforms,
        "engine": report.engine,
        "version": version(),
        "focus_nodes": report.focus_nodes,
        "unread_imports": [{"by": by, "iri": iri} for by, iri in report.unread_imports],
        "results": [result.to_dict(lang) for result in report],
    }
    return coded(json.dumps(whole, ensure_ascii=False, indent=2)) + "\n"


def _to_csv(report: ShaclReport, lang: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADER)
    for result in report:
        writer.writerow(map(_cell, _row(result, lang)))
    return out.getvalue()


def _row(result: ShaclResult, lang: str) -> Sequence[object]:
    return (
        result.location.file,
        result.location.line,
        entry("shacl", "severities")[_SEVERITIES.get(result.severity, "Other")][lang],
        result.focus.n3(),
        None if result.path is None else result.path.n3(),
        None if result.value is None else result.value.n3(),
        result.component,
        result.shape.n3(),
        result.message(lang),
    )


def _cell(value: object) -> str:
    text = "" if value is None else plain(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _to_sarif(report: ShaclReport, lang: str) -> str:
    rules = sorted({_rule(result) for result in report})
    run = {
        "tool": {"driver": {"name": "bicentennial", "version": version(), "rules": [{"id": rule} for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif(result, rules, lang) for result in report],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return coded(json.dumps(log, ensure_ascii=False, indent=2)) + "\n"


def _rule(result: ShaclResult) -> str:
    return result.component if isinstance(result.shape, rdflib.BNode) else f"{result.shape} {result.component}"


def _sarif(result: ShaclResult, rules: list[str], lang: str) -> dict[str, Any]:
    where: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": plain(result.focus.n3())}]}
    if result.location.file:
        path = PurePath(result.location.file)
        uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
        where["physicalLocation"] = {"artifactLocation": {"uri": uri}}
        if result.location.line:
            where["physicalLocation"]["region"] = {"startLine": result.location.line}
    rule = _rule(result)
    return {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": _LEVELS.get(result.severity, ("note", "notice"))[0],
        "message": {"text": plain(result.message(lang))},
        "locations": [where],
    }


def _to_github(report: ShaclReport, lang: str) -> str:
    """Return commands of GitHub's workflows, one a result, which annotate the lines of files."""
    lines = []
    for result in report:
        place = {"file": result.location.file, "line": result.location.line, "title": local_name(result.constraint)}
        given = ",".join(f"{name}={_property(str(value))}" for name, value in place.items() if value)
        said = f"{result.focus.n3()}: {result.message(lang)}"
        lines.append(f"::{_LEVELS.get(result.severity, ('note', 'notice'))[1]} {given}::{_data(plain(said))}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")
