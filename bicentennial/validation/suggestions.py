"""What a partner may have meant: the nearest known names, dates, numbers, or the goal that a pillar is part of.

For a required value that is missing, there are suggestions where only few are possible.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, SKOS, XSD
from bicentennial.semantics.resolver import suggest
from bicentennial.semantics.values import suggest_date, suggest_number
from bicentennial.shacl_engine.results import LITERAL
from bicentennial.vocabulary.index import fold, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.shacl_engine.results import Result, Term
    from bicentennial.validation.entity_lookup import Things
    from bicentennial.validation.finding_messages import Wording

__all__ = ["Suggestions"]

_MOST: Final = 3
# So many values to choose from are told where one is missing.
_FEW: Final = 5
_LIKENESS: Final = 70
_HERE: Final = frozenset(("MXN", "USD"))
_DATES: Final = frozenset((XSD.date, XSD.gYearMonth, XSD.gYear))
_NUMBERS: Final = frozenset((XSD.decimal, XSD.integer))
# Rules in which the remedy is the thing that the value is part of.
_PARENT: Final = frozenset(("Action-pillarBelongsToGoal", "Action-objectiveBelongsToPillar"))


class Suggestions:
    """Finds suggestions for results; each question is answered once.

    Args:
        things: what the submission says.
        wording: how results become findings.
    """

    def __init__(self, things: Things, wording: Wording) -> None:
        self._things = things
        self._wording = wording
        self._index = things.index
        self._answers: dict[tuple[str, str, Term | None], tuple[str, ...]] = {}
        self._near: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self._language: str | None = None
        self._declared: dict[tuple[str, ...], list[str]] = {}

    def of(self, result: Result) -> tuple[str, ...]:
        """Return what could be written for the value of a result, or where one is missing, the likeliest first."""
        question = (result.shape, result.component, result.value)
        if question not in self._answers:
            self._answers[question] = self._answer(result)
        return self._answers[question]

    def _answer(self, result: Result) -> tuple[str, ...]:
        described = self._wording.described(result)
        if result.value is None:
            is_missing = result.kind == "MinCount" and not self._wording.is_rule(result)
            return self._choices(tuple(described.get("ranges", ()))) if is_missing else ()
        value = result.value.lexical
        if self._wording.is_rule(result):
            return self._parents(value) if self._wording.code(result) in _PARENT else ()
        if result.kind == "In":
            return self._codes(value)
        if result.kind in ("Class", "Or") and described.get("ranges"):
            return self._names(value, tuple(described["ranges"])) if result.value.kind == LITERAL else ()
        if result.kind in ("Datatype", "Or"):
            datatypes = set(described.get("datatypes", ()))
            if datatypes & _DATES:
                return suggest_date(value)
            if datatypes & _NUMBERS:
                return suggest_number(value)
        return ()

    def _choices(self, ranges: tuple[str, ...]) -> tuple[str, ...]:
        """Return all values that a property can have, if they are few and ours alone, in the order of notations."""
        classes = {each for each in self._index.classes if self._index.within(each, set(ranges))}
        ours = self._index.individuals
        found = [iri for iri, each in ours.items() if not classes.isdisjoint(each["types"])]
        if len(found) > _FEW or any(map(self._index.is_open, classes)):
            return ()
        return self._labels(sorted(found, key=lambda iri: (ours[iri]["notations"], iri)))

    def _names(self, value: str, ranges: tuple[str, ...]) -> tuple[str, ...]:
        key = (value, ranges)
        if key not in self._near:
            near = [*_nearest(value, self._own_names(ranges)), *suggest(value, ranges, _MOST)]
            self._near[key] = tuple(dict.fromkeys(near))[:_MOST]
        return self._near[key]

    def _own_names(self, ranges: tuple[str, ...]) -> list[str]:
        """Return the names of what the submission itself declares."""
        if ranges not in self._declared:
            allowed = frozenset(ranges)
            classes = [class_iri for class_iri in self._index.classes if self._index.within(class_iri, allowed)]
            self._declared[ranges] = self._things.declared(SKOS.prefLabel, classes)
        return self._declared[ranges]

    def _codes(self, value: str) -> tuple[str, ...]:
        """Return the codes of the two countries' currencies that a value names, otherwise those most like it."""
        codes: dict[str, str] = {}
        for each in self._index.individuals.values():
            if BIC.Currency in each["types"] and each["notations"]:
                codes |= dict.fromkeys(map(fold, written(each)), each["notations"][0])
        words = [fold(word).rstrip("s") for word in re.findall(r"[^\W\d_]+", value)]
        named = [
            codes[name] for name in codes for word in words if len(word) > 1 and word in name and codes[name] in _HERE
        ]
        near = named or [codes[fold(name)] for name in suggest(value, [BIC.Currency], _MOST) if fold(name) in codes]
        return tuple(dict.fromkeys(near))

    def _parents(self, value: str) -> tuple[str, ...]:
        return self._labels(self._index.individuals.get(value, {}).get("parents", ()))

    def _labels(self, iris: Iterable[str]) -> tuple[str, ...]:
        """Return the names of things of ours in the language of the submission."""
        if self._language is None:
            self._language = self._things.language()
        return tuple(self._index.label(iri, self._language) for iri in iris)


def _nearest(value: str, names: list[str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    by_key = {fold(name): name for name in reversed(names)}
    found = process.extract(fold(value), list(by_key), scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=_MOST)
    return tuple(by_key[key] for key, _, _ in found)
