"""What a kind of finding is called, in words, for headings over its places.

>>> from bicentennial.core.findings import Finding
>>> from bicentennial.core.namespaces import BIC
>>> title(Finding("Action-endsAfterItStarts", "violation", {}, shape="Action-endsAfterItStarts"))["en"]
'Ends before it starts'
>>> title(Finding("Action-advancesGoal.missing", "violation", {}, shape="x", path=BIC.advancesGoal))["es"]
'Meta: falta un valor obligatorio'
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bicentennial.core.messages import LANGUAGES, entry, section
from bicentennial.core.namespaces import SH, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bicentennial.core.findings import Finding
    from bicentennial.core.messages import Language

__all__ = ["demand", "title", "written"]


def title(finding: Finding) -> Mapping[str, str]:
    """Return what the kind of a finding is called in each language; the code itself where it has no other name."""
    code = finding.code
    if finding.shape is None:
        known = {**section("intake"), "nothing-checked": entry("report", "nothing-checked")}
        known |= {f"version-{kind}": texts for kind, texts in section("change").items()}
        return known[code]["title"] if code in known else dict.fromkeys(LANGUAGES, code)
    kind = code.rpartition(".")[2]
    if kind != code and kind in section("component"):
        spoken = entry("component", kind)
        texts: Mapping[str, str] = spoken.get(_sort(finding.path), spoken["title"])
        names = _property(finding.path)
        return {lang: _headed(names[lang], texts[lang]) if names else texts[lang] for lang in LANGUAGES}
    return section("rule")["titles"].get(code) or demand(code) or dict.fromkeys(LANGUAGES, code)


def written(finding: Finding, lang: Language) -> str:
    """Return the value of a finding as people would write it: the name of what is ours, else the value itself."""
    from bicentennial.vocabulary.index import default_index

    value = finding.value or ""
    return default_index().label(value, lang) if value in default_index().individuals else value


def _headed(name: str, text: str) -> str:
    return f"{name[:1].upper()}{name[1:]}: {text[:1].lower()}{text[1:]}"


@cache
def _property(path: str | None) -> Mapping[str, str]:
    """Return the noun for a property of ours; others have none."""
    from bicentennial.vocabulary.index import default_index

    found: Mapping[str, str] = default_index().properties.get(path or "", {}).get("noun", {})
    return found


@cache
def _sort(path: str | None) -> str:
    """Return whether the values of a property of ours are dates or numbers: `date`, `number` or nothing."""
    from bicentennial.vocabulary.index import default_index

    of = default_index().properties.get(path or "", {}).get("of", {})
    datatypes = {datatype for each in of.values() for datatype in each["datatypes"]}
    if XSD.date in datatypes:
        return "date"
    return "number" if datatypes & {XSD.decimal, XSD.integer} else ""


@cache
def _rules() -> Mapping[str, Path]:
    """Return the file of each rule."""
    from bicentennial.core import resources

    return {file.stem: file for file in resources.directory("shapes").glob("rules/*.ttl")}


@cache
def demand(code: str) -> Mapping[str, str]:
    """Return what a rule demands, from its own file; nothing for a code that is no rule's."""
    file = _rules().get(code)
    if file is None:
        return {}
    import pyoxigraph

    names = {}
    for quad in pyoxigraph.parse(file.read_bytes(), pyoxigraph.RdfFormat.TURTLE):
        if quad.predicate.value == SH.name and isinstance(quad.object, pyoxigraph.Literal) and quad.object.language:
            names[quad.object.language] = quad.object.value
    return names if names.keys() >= set(LANGUAGES) else {}
