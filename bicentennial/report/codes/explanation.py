"""What a code means: what it demands and why, with an example that breaks it and one that keeps it.

Everything comes from the shapes, the catalogue of texts and the examples; nothing is typed a second time.

>>> explanation = explain("Action-endsAfterItStarts")[0]
>>> explanation.severity, explanation.title["es"]
('violation', 'Una acción termina después de empezar')
>>> "2023-01-31" in explanation.breaks, "2023-01-31" in explanation.keeps
(True, False)
>>> [each.code for each in explain("Action-budgetCurrency")]
['Action-budgetCurrency.repeated', 'Action-budgetCurrency.unknown']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import resources
from bicentennial.core.errors import UnknownNameError
from bicentennial.core.findings import Finding, Severity
from bicentennial.core.messages import entry, section
from bicentennial.core.namespaces import BICSH, DCTERMS, RDF, SH
from bicentennial.core.similar import similar
from bicentennial.report.codes.titles import demand, title
from bicentennial.validation.codes import code as code_of
from bicentennial.validation.codes import name_for
from bicentennial.validation.finding_messages import severity
from bicentennial.validation.own_shapes import rule_texts
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Explanation", "codes", "explain"]

Texts = dict[str, str]

_FILLED: Final = re.compile(r"\{[$?]?\w+\}")
_COMPONENTS: Final = {
    "minCount": "MinCount",
    "maxCount": "MaxCount",
    "class": "Class",
    "in": "In",
    "datatype": "Datatype",
    "pattern": "Pattern",
    "minInclusive": "MinInclusive",
    "maxInclusive": "MaxInclusive",
    "minLength": "MinLength",
    "maxLength": "MaxLength",
    "uniqueLang": "UniqueLang",
    "nodeKind": "NodeKind",
}
"""The parameters by which a structural shape demands something, with the component that each belongs to."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code and all that there is to say about it.

    `breaks` and `keeps` are examples: Turtle for a shape, a file or a part of one for a code of reading. In `says`,
    what a message fills in is an ellipsis. `sources` are the IRIs of the passages and documents that the demand comes
    from, `shape` is the local name of the shape. Parts that do not apply are None.
    """

    code: str
    severity: Severity
    title: Mapping[str, str]
    says: Mapping[str, str]
    why: Mapping[str, str] | None = None
    remedy: Mapping[str, str] | None = None
    breaks: str | None = None
    keeps: str | None = None
    sources: tuple[str, ...] = ()
    shape: str | None = None


def explain(name: str) -> list[Explanation]:
    """Return what there is to say about a code, or about each code of a shape, or of a property of a class.

    Raises:
        UnknownNameError: there is no such code; it carries the nearest.
    """
    known = codes()
    if name in known:
        return [known[name]]
    of_shape = [each for code, each in known.items() if code.startswith(f"{name}.") or each.shape == name]
    if of_shape:
        return of_shape
    raise UnknownNameError(name, similar(name, known))


@cache
def codes() -> dict[str, Explanation]:
    """Return every code with its explanation: of reading, of changes between versions, of structure, of rules."""
    reading = {
        code: _of_reading(code, known) for code, known in sorted(section("intake").items()) if "severity" in known
    }
    reading["nothing-checked"] = _of_reading("nothing-checked", entry("report", "nothing-checked"))
    versions = {f"version-{kind}": _of_reading(f"version-{kind}", each) for kind, each in section("change").items()}
    structure = _of_shapes("structural/*.ttl", is_rule=False)
    return reading | versions | structure | _of_shapes("rules/*.ttl", is_rule=True)


def _of_reading(code: str, known: Mapping[str, Any]) -> Explanation:
    says, remedy = _readable(known["message"]), _readable(known["remedy"])
    example = known.get("example", {})
    return Explanation(
        code,
        known["severity"],
        known["title"],
        says,
        remedy=remedy,
        breaks=example.get("breaks"),
        keeps=example.get("keeps"),
    )


def _readable(message: Mapping[str, str]) -> Texts:
    return {language: _FILLED.sub("…", text) for language, text in message.items()}


def _of_shapes(pattern: str, *, is_rule: bool) -> dict[str, Explanation]:
    found = {}
    for path in resources.files("shapes", pattern):
        shapes = _shapes(path)
        classes = [iri for said in shapes.values() for iri in said.get("targetClass", ())]
        for name, said in shapes.items():
            if "message" not in said:
                continue
            for explanation in [_of_rule(name, said)] if is_rule else _of_structure(name, said, classes):
                found[explanation.code] = explanation
    return dict(sorted(found.items()))


_Said = dict[str, Any]


def _shapes(path: Path) -> dict[str, _Said]:
    """Return what is said of each shape of a file: texts by language, other objects as lists."""
    import pyoxigraph

    found: dict[str, _Said] = {}
    inner: dict[tuple[str, str], Any] = {}
    for quad in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE):
        predicate, value = quad.predicate.value.removeprefix(str(SH)), quad.object
        if not isinstance(quad.subject, pyoxigraph.NamedNode):
            inner[str(quad.subject), quad.predicate.value] = quad.object
            continue
        said = found.setdefault(quad.subject.value.removeprefix(str(BICSH)), {})
        if isinstance(value, pyoxigraph.Literal) and value.language:
            said.setdefault(predicate, {})[value.language] = value.value
        else:
            said.setdefault(predicate, []).append(str(value) if predicate == "path" else getattr(value, "value", ""))
    for said in found.values():
        # Of alternative properties, findings name the first.
        listed = (inner.get((path, SH.alternativePath), path) for path in said.get("path", ()))
        said["path"] = [str(inner.get((str(path), RDF.first), path)).strip("<>") for path in listed]
    return found


def _components(said: _Said) -> list[str]:
    found = [component for parameter, component in _COMPONENTS.items() if parameter in said]
    return [*found, "Or"] if "or" in said else found


def _of_rule(name: str, said: _Said) -> Explanation:
    return _of_shape(name, name, said, tuple(said.get(DCTERMS.source, ())))


def _of_structure(shape: str, said: _Said, classes: list[str]) -> Iterator[Explanation]:
    """Yield what there is to say about each code of a property shape: it has codes of its own for each class."""
    [path] = said["path"]
    for class_iri in classes:
        for component in _components(said):
            named = "Class" if component == "Or" and default_index().field(path, class_iri).get("ranges") else component
            code = code_of(name_for(path, class_iri), named, is_rule=False)
            yield _of_shape(code, shape, said, _sources_of_properties().get(path, ()))


def _of_shape(code: str, shape: str, said: _Said, sources: tuple[str, ...]) -> Explanation:
    grade = severity(said["severity"][0])
    kind = code.removeprefix(code.partition(".")[0])
    rule = rule_texts().get(str(BICSH) + shape)
    says, remedy = (_readable(rule.problem), _readable(rule.remedy)) if rule else (_readable(said["message"]), None)
    named = title(Finding(code, grade, {}, shape=shape, path=next(iter(said.get("path", ())), None)))
    return Explanation(
        code,
        grade,
        demand(code) or named,
        says,
        said["description"],
        remedy,
        breaks=_example("invalid", f"{shape}{kind}"),
        keeps=_example("valid", shape),
        sources=sources,
        shape=shape,
    )


@cache
def _sources_of_properties() -> dict[str, tuple[str, ...]]:
    """Return where the demand for a property comes from; its structural shapes are compiled without that."""
    import pyoxigraph

    found: dict[str, list[str]] = {}
    [path] = resources.files("ontology", "terms/properties.ttl")
    for quad in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE):
        if quad.predicate.value == DCTERMS.source and isinstance(quad.object, pyoxigraph.NamedNode):
            found.setdefault(str(getattr(quad.subject, "value", "")), []).append(quad.object.value)
    return {iri: tuple(sources) for iri, sources in found.items()}


def _example(kind: str, name: str) -> str | None:
    path = resources.directory("cases") / kind / f"{name}.ttl"
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    return text[text.index("\n\n") + 2 :]
