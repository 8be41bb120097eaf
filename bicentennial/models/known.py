"""What the Framework knows by name, so that a model can be given `"OFAC"` or `"Protect our people"` for an IRI.

>>> resolve("Protect our people", ("Goal",))
'https://w3id.org/bicentennial/id/goal-protect-our-people'
>>> resolve("Protect our peeple", ("Goal",))
Traceback (most recent call last):
bicentennial.core.errors.UnknownNameError: nothing here is called “Protect our peeple”; did you mean Protect our people?
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from bicentennial.core.errors import UnknownNameError
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, BICD, expand, local_name
from bicentennial.core.resources import COMPILED
from bicentennial.core.similar import similar

__all__ = ["IRI_FORM", "find", "resolve"]

IRI_FORM: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")
"""What a full IRI looks like."""
_NEAR: Final = 70
_SUGGESTIONS: Final = 3
_FEW: Final = 12


def resolve(value: str, classes: Iterable[str] = ()) -> str:
    """Return the IRI that a text stands for.

    Args:
        value: an IRI, a compact IRI, or an identifier, acronym or name of something of the Framework in any language.
        classes: the names of the classes, of one of which it must be; any if there are none.

    Raises:
        UnknownNameError: nothing of these classes is called so, or has this IRI, which is one of the Framework's; the
            error carries the nearest names.
    """
    iri, classes = expand(value.strip()), tuple(classes)
    is_foreign = IRI_FORM.fullmatch(iri) is not None and not iri.startswith(str(BICD))
    # Others have things of their own of those classes that are open; of the closed ones only the Framework's count.
    if is_foreign and (not classes or any(_is_open(name) for name in classes)):
        return iri
    found = find(value, classes)
    if found is None:
        raise UnknownNameError(value, _suggestions(value, classes))
    return found


def find(value: str, classes: Iterable[str] = ()) -> str | None:
    """Return the IRI of what a text stands for among the Framework's individuals of some classes; None if nothing."""
    iri, folded, classes = expand(value.strip()), _folded(value), tuple(classes)
    members = _members(classes)
    if iri in members:
        return iri
    if IRI_FORM.fullmatch(iri):
        return None
    return _named(classes).get(folded) if folded else None


@cache
def _index() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((COMPILED / "index.json").read_text(encoding="utf-8"))
    return found


@cache
def _members(classes: tuple[str, ...]) -> dict[str, Any]:
    wanted = {BIC[name] for name in classes}
    known, individuals = _index()["classes"], _index()["individuals"]
    if not wanted:
        return dict(individuals)

    def is_one(iri: str) -> bool:
        return iri in wanted or any(map(is_one, known.get(iri, {}).get("superclasses", ())))

    return {iri: each for iri, each in individuals.items() if any(is_one(kind) for kind in each["types"])}


@cache
def _named(classes: tuple[str, ...]) -> dict[str, str]:
    """Return IRIs by folded name; what two things are called stands for neither, unless one is better known by it."""
    named: dict[str, str] = {}
    for tier in (_codes, _labels, _others):
        here: dict[str, set[str]] = {}
        for iri, each in _members(classes).items():
            for text in tier(iri, each):
                here.setdefault(_folded(text), set()).add(iri)
        for folded, iris in here.items():
            if len(iris) == 1:
                named.setdefault(folded, next(iter(iris)))
    return named


def _codes(iri: str, each: dict[str, Any]) -> Iterator[str]:
    yield from each["notations"]
    yield local_name(iri)
    if each["identifier"]:
        yield each["identifier"]


def _labels(iri: str, each: dict[str, Any]) -> Iterator[str]:  # noqa: ARG001 - as each tier is asked
    yield from each["label"].values()


def _others(iri: str, each: dict[str, Any]) -> Iterator[str]:
    yield local_name(iri).partition("-")[2]
    for texts in each["alternatives"].values():
        yield from texts


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _is_open(name: str) -> bool:
    return bool(_index()["classes"].get(BIC[name], {}).get("open"))


def _suggestions(value: str, classes: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the nearest names in each language, or all where there are few and none is near."""
    members = _members(classes)
    wanted = local_name(expand(value)).partition("-")[2] if expand(value).startswith(str(BICD)) else value
    suggestions: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        texts: dict[str, str] = {}
        for iri, each in members.items():
            shown = each["label"].get(lang) or next(iter(each["label"].values()), local_name(iri))
            for text in (*each["notations"], *each["label"].values(), local_name(iri).partition("-")[2]):
                texts.setdefault(_folded(text), text if text in each["notations"] else shown)
        names = [texts[found] for found in similar(_folded(wanted), texts, cutoff=_NEAR, limit=_SUGGESTIONS)]
        if not names and len(members) <= _FEW:
            names = [each["label"].get(lang, local_name(iri)) for iri, each in members.items()]
        suggestions[lang] = list(dict.fromkeys(names))
    return suggestions
