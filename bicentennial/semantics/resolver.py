"""From what people write to the things that they mean.

A value is looked up as an IRI, then among what the submission itself declares, then among the labels, alternative
labels, acronyms, notations and identifiers of the Framework's individuals, whatever its case and accents, and only
among individuals of the classes that the property allows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.namespaces import BIC, expand
from bicentennial.vocabulary.index import fold, own, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.vocabulary.index import Index

__all__ = ["Resolution", "Resolver", "is_iri", "suggest"]

_ACRONYM: Final = 6
_LETTERS: Final = 74.0
_TOKENS: Final = 85.0
_LONGEST: Final = 300
_EMPTY: Final = frozenset(
    (
        "a",
        "al",
        "and",
        "de",
        "del",
        "e",
        "el",
        "en",
        "for",
        "in",
        "la",
        "las",
        "los",
        "of",
        "para",
        "por",
        "the",
        "to",
        "y",
    )
)
_IRI: Final = re.compile(r"(?:https?|urn|ftp|mailto|tag|info|doi):[^\s<>\"{}|\\^`\x00-\x20]+$", re.IGNORECASE)


def is_iri(value: str) -> bool:
    """Tell whether a value is written as an absolute IRI.

    >>> is_iri("https://example.org/a"), is_iri("Ministry: Health"), is_iri("bicd:agency-ofac")
    (True, False, False)
    """
    return _IRI.match(value) is not None


class Resolution(NamedTuple):
    """What a value turned out to mean: an IRI, or several between which there is no deciding, or nothing."""

    iri: str | None = None
    candidates: tuple[str, ...] = ()


class Resolver:
    """Finds the individuals that values name.

    Args:
        index: the compiled index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._identified: dict[str, dict[str, str]] = defaultdict(dict)
        self._declared: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def identify(self, class_iri: str, subjects: dict[str, str]) -> None:
        """Make the things of a class that the submission describes known by their identifiers."""
        self._identified[class_iri] |= subjects

    def declare(self, class_iri: str, iri: str, names: Iterable[str]) -> None:
        """Make a thing that the submission itself describes known by its names."""
        known = self._declared[class_iri]
        for name in names:
            for key in {name, fold(name)}:
                if key and iri not in known[key]:
                    known[key].append(iri)

    def resolve(self, value: str, ranges: Sequence[str]) -> Resolution:
        """Return what a value means where things of some classes are allowed (of any class, if none is named)."""
        allowed = frozenset(ranges)
        if direct := self._direct(value):
            return Resolution(direct)
        if identified := self._by_identifier(value, allowed):
            return Resolution(identified)
        key = fold(value)
        for found in (
            self._of_submission(value, allowed),
            self._of_submission(key, allowed),
            self._of_framework(key, allowed),
        ):
            if len(found) == 1:
                return Resolution(found[0])
            if found:
                exact = [iri for iri in found if value in self._texts(iri)]
                return Resolution(exact[0]) if len(exact) == 1 else Resolution(candidates=tuple(found))
        return Resolution()

    def currency(self, value: str) -> str:
        """Return the code of a currency that is given by name or in small letters; anything else as it is."""
        found = self.resolve(value, (BIC.Currency,)).iri
        notations = self._index.individuals.get(found or "", {}).get("notations", ())
        return notations[0] if notations else value

    def _direct(self, value: str) -> str | None:
        iri = expand(value)
        if iri in self._index.individuals or is_iri(iri):
            return iri
        return None

    def _of_submission(self, key: str, allowed: frozenset[str]) -> list[str]:
        found: list[str] = []
        for class_iri, known in self._declared.items():
            if key in known and (not allowed or self._index.within(class_iri, allowed)):
                found += known[key]
        return found

    def _of_framework(self, key: str, allowed: frozenset[str]) -> list[str]:
        if not key:
            return []
        return self._index.named(allowed).get(key, [])

    def _by_identifier(self, value: str, allowed: frozenset[str]) -> str | None:
        for class_iri, subjects in self._identified.items():
            if value in subjects and (not allowed or self._index.within(class_iri, allowed)):
                return subjects[value]
        return None

    def _texts(self, iri: str) -> set[str]:
        individual = self._index.individuals.get(iri)
        return set(written(individual)) if individual else set()

    def label(self, iri: str, language: str) -> str:
        """Return a label of a thing of ours or of the submission, in a language."""
        if iri in self._index.individuals:
            return self._index.label(iri, language)
        for known in self._declared.values():
            for name, iris in known.items():
                if iri in iris:
                    return name
        return iri


def suggest(value: str, classes: Iterable[str], n: int = 3, *, index: Index | None = None) -> tuple[str, ...]:
    """Return the names most like a value among individuals of some classes, in whichever language they are nearer.

    Args:
        value: what was written.
        classes: IRIs of the classes that are allowed.
        n: how many names at most.
        index: the compiled index, the package's own if None.

    >>> suggest("OFACC", [BIC.Agency], 1)
    ('OFAC',)
    """
    texts = _texts(index or own(), frozenset(classes))
    best: dict[str, tuple[float, str]] = {}
    for words, score in _alike(_words(value[:_LONGEST]), list(texts)):
        text, iri = texts[words]
        if score > best.get(iri, (0.0, ""))[0]:
            best[iri] = (score, text)
    ranked = sorted(best.values(), key=lambda pair: (-pair[0], len(pair[1]), pair[1]))
    return tuple(text for _, text in ranked[:n])


@lru_cache(maxsize=256)
def _texts(index: Index, allowed: frozenset[str]) -> dict[str, tuple[str, str]]:
    """Return each way to write an individual of some classes, by its words: a text and the individual."""
    texts: dict[str, tuple[str, str]] = {}
    for iri, individual in index.individuals.items():
        if not allowed or any(index.within(each, allowed) for each in individual["types"]):
            for text in written(individual):
                texts.setdefault(_words(text), (text, iri))
    return texts


def _alike(value: str, names: list[str]) -> Iterator[tuple[str, float]]:
    # Letters tell misspellings, and an acronym whose letters are swapped; words tell names that are longer or shorter.
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    letters = value.replace(" ", "")
    for name, score, _ in process.extract(value, names, scorer=fuzz.ratio, score_cutoff=_LETTERS, limit=20):
        yield name, score
    for name in names:
        short = name.replace(" ", "")
        if len(letters) <= _ACRONYM and len(short) <= _ACRONYM and OSA.distance(letters, short, score_cutoff=1) == 1:
            yield name, 92.0 if sorted(letters) == sorted(short) else 90.0 - len(short) / 10
    if " " in value or len(value) > _ACRONYM:
        for name, score, _ in process.extract(
            value, names, scorer=fuzz.token_set_ratio, score_cutoff=_TOKENS, limit=20
        ):
            yield name, score - 8


def _words(text: str) -> str:
    # Words that carry no meaning would make any two names alike.
    return " ".join(word for word in map(fold, re.split(r"[\W_]+", text)) if word and word not in _EMPTY)
