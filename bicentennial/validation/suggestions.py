"""What a partner may have meant: the nearest known names, dates, numbers, or the goal that a pillar is part of.

For a required value that is missing, there are suggestions where only few are possible. Names are given in each
language; nothing is suggested for a text that stands for “nothing”, such as `N/A`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, BICD, OWL, SKOS, XSD, local_name
from bicentennial.core.problems import excerpt
from bicentennial.core.similar import similar
from bicentennial.semantics.values.amounts import currency_named, names_other_currency, suggest_number
from bicentennial.semantics.values.currencies import suggest_currency
from bicentennial.semantics.values.dates import suggest_date
from bicentennial.semantics.values.joined_values import are_acronyms, pieces, separated
from bicentennial.semantics.values.plain_text import is_error, is_placeholder
from bicentennial.semantics.values.resolver import WHERE, Resolver, is_iri, suggest
from bicentennial.semantics.values.typed import date_type, decimal_type
from bicentennial.shacl_engine.results import IRI, LITERAL
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bicentennial.shacl_engine.results import Result, Term
    from bicentennial.validation.entity_lookup import EntityLookup
    from bicentennial.validation.finding_messages import FindingMessages

__all__ = ["Suggestions"]

_MOST: Final = 3
# So many values to choose from are listed where one is missing.
_FEW: Final = 5
_LIKENESS: Final = 70
_SLIP: Final = 85
_DATES: Final = frozenset((XSD.date, XSD.gYearMonth, XSD.gYear))
_NUMBERS: Final = frozenset((XSD.decimal, XSD.integer))
# Whether a part of a year, written for one of these, is meant by its end.
_ENDS: Final = {"startDate": False, "dueDate": True, "endDate": True, "date": True}
_OF_A_UNIT: Final = frozenset((BIC.numericValue, BIC.baselineValue, BIC.targetValue))
_AMOUNTS: Final = frozenset((BIC.budgetAmount, BIC.amount))
# By these a file says that a thing is one of ours.
_SAME: Final = (local_name(SKOS.exactMatch), local_name(OWL.sameAs))
# Rules in which the remedy is the thing that the value is part of.
_PARENT: Final = frozenset(("Action-pillarBelongsToGoal", "Action-objectiveBelongsToPillar"))

_NEAREST: Final = ""
_WAYS: Final = (_NEAREST, *LANGUAGES)

Suggested = dict[str, tuple[str, ...]]
"""What could be written in each language; at `""`, in the one that is nearest to what is written there."""

_NONE: Final[Suggested] = dict.fromkeys(_WAYS, ())


class Suggestions:
    """Finds suggestions for results; each question is answered once.

    Args:
        things: what the submission says.
        wording: how results become findings.
    """

    def __init__(self, things: EntityLookup, wording: FindingMessages) -> None:
        self._things = things
        self._wording = wording
        self._index = things.index
        self._resolver = Resolver(things.index)
        self._answers: dict[tuple[str, str, Term | None], Suggested] = {}
        self._near: dict[tuple[str, tuple[str, ...], bool], Suggested] = {}
        self._partly: dict[tuple[str, tuple[str, ...]], bool] = {}
        self._declared: dict[tuple[str, ...], dict[str, str]] = {}
        self._naming: dict[str, bool] = {}
        self._language: str | None = None

    def of(self, result: Result) -> Suggested:
        """Return what could be written for the value of a result, or where one is missing, the likeliest first."""
        if self.foreign(result):
            return _NONE
        question = (result.shape, result.component, result.value)
        if question not in self._answers:
            self._answers[question] = self._answer(result)
        return self._answers[question]

    def foreign(self, result: Result) -> bool:
        """Return whether the value of a result is an amount that names another currency than the one beside it."""
        value = result.value
        if value is None or result.path not in _AMOUNTS or result.kind not in ("Datatype", "Or"):
            return False
        if value.lexical not in self._naming:
            self._naming[value.lexical] = bool(currency_named(value.lexical)[0] and suggest_number(value.lexical))
        if not self._naming[value.lexical]:
            return False
        beside = self._things.named_like(result.focus.lexical, local_name(BIC.budgetCurrency))
        return any(names_other_currency(value.lexical, self._resolver.currency(each.lexical)) for each in beside)

    def partly(self, result: Result) -> bool:
        """Return whether the value of a result seems to hold several names: some are known, or all are acronyms."""
        value = result.value
        if (
            result.kind not in ("Class", "Or")
            or value is None
            or value.kind != LITERAL
            or self._wording.is_rule(result)
            or is_iri(value.lexical)
        ):
            return False
        described = self._wording.described(result)
        ranges = tuple(described.get("ranges", ()))
        key = (value.lexical, ranges)
        if key not in self._partly:
            several = bool(ranges) and described.get("max") != 1
            known = pieces(value.lexical, self._known(ranges))
            named = len(self._named_alone(known, ranges)) > 1 if len(known) > 1 else known
            self._partly[key] = several and bool(named or are_acronyms(value.lexical))
        return self._partly[key]

    def _answer(self, result: Result) -> Suggested:
        described = self._wording.described(result)
        if result.value is None:
            is_missing = result.kind == "MinCount" and not self._wording.is_rule(result)
            return self._choices(tuple(described.get("ranges", ()))) if is_missing else _NONE
        value = result.value.lexical
        if self._wording.is_rule(result):
            return self._parents(value) if self._wording.code(result) in _PARENT else _NONE
        if is_placeholder(value) or is_error(value):
            return _NONE
        if result.kind == "In":
            return dict.fromkeys(_WAYS, suggest_currency(value, index=self._index))
        if result.kind in ("Class", "Or") and described.get("ranges"):
            return self._things_named(result, described)
        if result.kind in ("Datatype", "Or"):
            datatypes = set(described.get("datatypes", ()))
            found = _literals(value, datatypes, result.path, described.get("least"))
            if self._wording.remedies.is_rdf:
                found = self._typed(result.value, found or (value,), datatypes) or found
            return dict.fromkeys(_WAYS, found)
        return _NONE

    def _things_named(self, result: Result, described: Mapping[str, Any]) -> Suggested:
        assert result.value is not None
        value = result.value.lexical
        remedies, is_text = self._wording.remedies, result.value.kind == LITERAL
        if remedies.is_rdf and (iris := self._iris(result.value, tuple(described["ranges"]))):
            return dict.fromkeys(_WAYS, tuple(remedies.reference(iri, is_text=is_text) for iri in iris))
        if result.value.kind != LITERAL or is_iri(value):
            return _NONE
        is_where = result.path in WHERE
        found = self._resolver.resolve_place(value) if is_where else self._resolver.resolve(value, described["ranges"])
        if found.candidates:
            return self._labels(found.candidates)
        key = (value, tuple(described["ranges"]), described.get("max") != 1)
        if key not in self._near:
            own = self._nearest(value, key[1])
            self._near[key] = {language: self._names(*key, own, language or None) for language in _WAYS}
        return self._near[key]

    def _iris(self, value: Term, ranges: tuple[str, ...]) -> list[str]:
        """Return the IRIs of ours that a text names, that an IRI is like, or that the file says a thing to be."""
        text = value.lexical
        if value.kind == LITERAL:
            found = self._resolver.resolve(text, ranges)
            if found.iri or found.candidates:
                return [found.iri] if found.iri else list(found.candidates)[:_MOST]
            text = "" if is_iri(text) else text
        elif value.kind == IRI and _is_like_ours(text):
            ours = {local_name(iri).lower(): iri for iri in self._index.of_classes(frozenset(ranges))}
            if same := ours.get(local_name(text).lower()):
                return [same]
            # Behind the name of their class, our IRIs have the acronym or the name.
            name = local_name(text)
            if same := self._resolver.resolve(name, ranges).iri:
                return [same]
            text = (name.partition("-")[2] or name).replace("-", " ")
        else:
            return self._stated(text, ranges)
        near = (self._resolver.resolve(name, ranges).iri for name in suggest(text, ranges, _MOST, index=self._index))
        return [iri for iri in dict.fromkeys(near) if iri]

    def _stated(self, node: str, ranges: tuple[str, ...]) -> list[str]:
        """Return the things of ours that a thing of the partner's is stated to be, or otherwise the one of its name."""
        same = dict.fromkeys(term.lexical for name in _SAME for term in self._things.named_like(node, name))
        ours = self._index.of_classes(frozenset(ranges)) if same else []
        if stated := [iri for iri in same if iri in ours]:
            return stated[:_MOST]
        labels = self._things.named_like(node, local_name(SKOS.prefLabel))
        named = {self._resolver.resolve(label.lexical, ranges).iri for label in labels} - {None}
        return [iri for iri in named if iri] if len(named) == 1 else []

    def _typed(self, value: Term, texts: tuple[str, ...], datatypes: set[str]) -> tuple[str, ...]:
        """Return the literals of the right datatype of some texts, if that of a value is wrong, which can be copied."""
        found = []
        for text in texts:
            right = next((each for each in _datatypes_of(text) if each in datatypes and each != value.datatype), None)
            if right and text == excerpt(text) and not any(each in text for each in '"\\'):
                found.append(self._wording.remedies.literal(text, right))
        return tuple(found)

    def _choices(self, ranges: tuple[str, ...]) -> Suggested:
        """Return all values that a property can have, if they are few and ours alone, in the order of notations."""
        allowed = frozenset(ranges)
        classes = {each for each in self._index.classes if self._index.within(each, allowed)}
        ours = self._index.individuals
        found = self._index.of_classes(allowed) if allowed else []
        if len(found) > _FEW or any(map(self._index.is_open, classes)):
            return _NONE
        return self._labels(sorted(found, key=lambda iri: (ours[iri]["notations"], iri)))

    def _names(
        self, value: str, ranges: tuple[str, ...], several: bool, own: Sequence[str], language: str | None
    ) -> tuple[str, ...]:
        """Return several names that stand in one cell, separated by semicolons, or the names most like the value.

        `own` are those of the partner's names that are most like it, in whatever language.
        """
        if several and (parts := self._parted(value, ranges, language)):
            return ("; ".join(self._named_alone(parts, ranges)),)
        if several and pieces(value, self._known(ranges)):
            return ()  # to take one of several names for all of them would lose the others
        near = [*own, *suggest(value, ranges, _MOST, index=self._index, language=language)]
        return tuple(each for each in dict.fromkeys(near) if each != value)[:_MOST]

    def _nearest(self, value: str, ranges: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names that the submission declares and that are most like a value."""
        own = self._own(ranges)
        return tuple(own[key] for key in similar(normalize_key(value), own, cutoff=_LIKENESS, limit=_MOST))

    def _named_alone(self, parts: Sequence[str], ranges: tuple[str, ...]) -> list[str]:
        """Return names that stand in one cell without those that add nothing.

        `G1 - Protect our people` and `SRE (Secretaría de Relaciones Exteriores)` name one thing twice, and of
        `Puerto de Manzanillo, Colima` the second says where the first is.
        """
        things = {self._resolver.resolve(part, ranges).iri or part: part for part in reversed(parts)}
        within = set()
        if BIC.Place in ranges:
            within = {parent for thing in things for parent in self._above(thing)}
        return [part for thing, part in reversed(things.items()) if thing not in within]

    def _above(self, iri: str) -> set[str]:
        parents = self._index.individuals.get(iri, {}).get("parents", ())
        return {*parents, *(each for parent in parents for each in self._above(parent))}

    def _parted(self, value: str, ranges: tuple[str, ...], language: str | None) -> tuple[str, ...]:
        known = self._known(ranges)

        def nearly(part: str) -> str:
            near = suggest(part, ranges, 1, index=self._index, language=language)
            return known(part) or (near[0] if near and _is_slip(part, near[0]) else "")

        return separated(value, known) or separated(value, nearly)

    def _known(self, ranges: tuple[str, ...]) -> Callable[[str], str]:
        """Return what returns a name as it is if it is known or declared, otherwise nothing."""
        own = self._own(ranges)

        def known(part: str) -> str:
            is_ours = self._resolver.resolve(part, ranges).iri is not None and not is_iri(part)
            return own.get(normalize_key(part)) or (part if is_ours else "")

        return known

    def _own(self, ranges: tuple[str, ...]) -> dict[str, str]:
        """Return the names of what the submission itself declares, by their folded forms."""
        if ranges not in self._declared:
            allowed = frozenset(ranges)
            classes = [class_iri for class_iri in self._index.classes if self._index.within(class_iri, allowed)]
            names = self._things.declared(classes)
            by_key = {normalize_key(name): name for name in reversed(names)}
            self._declared[ranges] = dict(reversed(by_key.items()))  # of equally near names, the first goes first
        return self._declared[ranges]

    def _parents(self, value: str) -> Suggested:
        return self._labels(self._index.individuals.get(value, {}).get("parents", ()))

    def _labels(self, iris: Iterable[str]) -> Suggested:
        listed = list(iris)
        if self._language is None:
            self._language = self._things.language()
        ways: dict[str, str] = {_NEAREST: self._language, **{each: each for each in LANGUAGES}}
        return {way: tuple(self._index.label(iri, language) for iri in listed) for way, language in ways.items()}


def _literals(value: str, datatypes: set[str], path: str | None, least: float | None) -> tuple[str, ...]:
    """Return the dates or numbers that a value may mean, where its property has such values."""
    if datatypes & _DATES:
        return suggest_date(value, ends=_ENDS.get(local_name(path or "")))
    if datatypes & _NUMBERS:
        # A value is a number of a unit, which has a column of its own; an amount of money has none.
        text = value.rstrip(" %") if path in _OF_A_UNIT else value
        number = (text,) if text != value and decimal_type(text) else suggest_number(text)
        found = tuple(each for each in number if least is None or float(each) >= least)
        return found if XSD.decimal in datatypes else tuple(each for each in found if each.lstrip("-").isdigit())
    return ()


def _datatypes_of(text: str) -> Iterator[str]:
    if text in ("true", "false"):
        yield XSD.boolean
    for datatype in (date_type(text), decimal_type(text), XSD.anyURI if is_iri(text) else None):
        if datatype:
            yield datatype
    if text.lstrip("+-").isdigit() and text.isascii():
        yield XSD.integer
    yield XSD.string


def _is_like_ours(iri: str) -> bool:
    return iri.removeprefix("http").lstrip("s").startswith(str(BICD).removeprefix("https").rpartition("/id/")[0])


def _is_slip(part: str, name: str) -> bool:
    """Return whether a name is misspelt, rather than another one that shares words with it."""
    from rapidfuzz import fuzz

    given, meant = normalize_key(part), normalize_key(name)
    return sorted(given) == sorted(meant) or fuzz.ratio(given, meant) >= _SLIP
