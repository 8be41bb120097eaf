"""The report as a W3C SHACL validation report, for tools that read those.

Each result names the shape and the component, carries the message in both languages, and, where it is known, the
place in the file in `sh:detail`'s stead as `dcterms:source` text. What reading the file found has no focus node of
its own: there a blank node stands for the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import numbered
from bicentennial.core.messages import UNSAFE
from bicentennial.core.namespaces import BICSH, PREFIXES, SH, XSD
from bicentennial.report.words import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["to_turtle"]

_SEVERITY: Final = {"violation": "Violation", "warning": "Warning", "info": "Info"}
_IRI: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\ud800-\udfff]*\Z")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LANGUAGE: Final = re.compile(r"@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*\Z")
_LABEL: Final = re.compile(r"_:[A-Za-z0-9]+\Z")


def to_turtle(reports: Sequence[JudgedOutcome]) -> str:
    """Return one validation report on all that was validated; it conforms if every submission does."""
    head = [f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("bicsh", "dcterms", "sh")]
    conforms = "true" if all(report.conforms for report in reports) else "false"
    results = [
        _result(report.file, number, finding)
        for number, report in enumerate(reports, start=1)
        for finding in report.findings
    ]
    body = f"[]\n    a sh:ValidationReport ;\n    sh:conforms {conforms}"
    for result in results:
        body += f" ;\n    sh:result {result}"
    return "".join(head) + "\n" + body + " .\n"


def _result(file: str, number: int, finding: Finding) -> str:
    lines = "".join(f"\n        {line} ;" for line in _properties(file, number, finding))
    return f"[{lines}\n    ]"


def _properties(file: str, number: int, finding: Finding) -> Iterator[str]:
    yield "a sh:ValidationResult"
    yield f"sh:resultSeverity sh:{_SEVERITY[finding.severity]}"
    yield f"sh:focusNode {_node(finding.focus, number) if finding.focus else f'_:file{number}'}"
    if finding.path and _IRI.match(finding.path):
        yield f"sh:resultPath {_iri(finding.path)}"
    if finding.value is not None:
        yield f"sh:value {_value(finding.value, finding.datatype, number)}"
    if finding.shape:
        yield f"sh:sourceShape {_iri(finding.shape if _IRI.match(finding.shape) else BICSH[finding.shape])}"
    component = SH[finding.constraint] if finding.constraint else BICSH["ReadingConstraintComponent"]
    yield f"sh:sourceConstraintComponent <{component}>"
    for language, message in finding.message.items():
        yield f"sh:resultMessage {_text(message)}@{language}"
    where = f"{file} {place(finding.location, 'en')}"
    yield f"dcterms:source {_text(where)}"


def _value(value: str, datatype: str | None, number: int) -> str:
    if datatype is None:
        # For what reading the file found, no constraint component is known.
        return _node(value, number)
    if _LANGUAGE.match(datatype):
        return _text(value) + datatype
    return _text(value) if datatype == XSD.string or not _IRI.match(datatype) else f"{_text(value)}^^{_iri(datatype)}"


def _node(term: str, number: int) -> str:
    if _IRI.match(term):
        return _iri(term)
    return f"_:f{number}{term[2:]}" if _LABEL.match(term) else _text(term)


def _iri(iri: str) -> str:
    return f"<{numbered(iri)}>"


def _text(text: str) -> str:
    # A lone surrogate is no character, so Turtle has no way to write it.
    whole = "".join(_ESCAPES.get(c, c) for c in text.encode("utf-8", "replace").decode())
    return '"' + UNSAFE.sub(lambda match: f"\\U{ord(match.group()):08X}", whole) + '"'
