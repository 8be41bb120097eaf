"""From what people write to the things that they mean.

A value is looked up as an IRI, then among what the submission itself declares, then among the labels, alternative
labels, acronyms, notations and identifiers of the Framework's individuals, whatever its case and accents, and only
among individuals of the classes that the property allows.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import BIC, expand
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.semantics.values.plain_text import words
from bicentennial.vocabulary.index import NAMED_BY_IDENTIFIER, default_index, normalize_key, written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bicentennial.vocabulary.index import Index

__all__ = ["WHERE", "Resolution", "Resolver", "in_language", "is_iri", "suggest"]

_ACRONYM: Final = 6
_CODE: Final = 2
_LETTERS: Final = 74.0
_TOKENS: Final = 85.0
_LONGEST: Final = 300
# From here on, two words are the same but for a slip or an ending.
_SAME_WORD: Final = 75.0
# A name that is suggested says at least half of what the value says.
_SHARED: Final = 0.5
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
_GOALS: Final = frozenset((BIC.Goal,))
_PLACES: Final = frozenset((BIC.Place,))
WHERE: Final = frozenset((BIC.takesPlaceIn, BIC.coversPlace))
"""Properties whose values are places of any kind: see `Resolver.resolve_place`."""
_NUMBERED: Final = lazy(r"(.*?)(?:(?<=.)(?:numero|number|num|no|n))?([1-9]|i{1,3})")
_DECIMALS: Final = re.compile(r"(?<=\d)\.0+$")  # with which programs write whole numbers of a column that lacks some
_BREAKS: Final = lazy(r"[\W_]+")
_REGION: Final = lazy(r"[A-Z]{2}-([A-Z]{2,3})", re.ASCII)  # of ISO 3166-2
_IRI: Final = re.compile(r"(?:https?|urn|ftp|mailto|tag|info|doi):[^\s<>\"{}|\\^`\x00-\x20]+$", re.IGNORECASE)


def is_iri(value: str) -> bool:
    """Return whether a value is written as an absolute IRI.

    >>> is_iri("https://example.org/a"), is_iri("Ministry: Health"), is_iri("bicd:agency-ofac")
    (True, False, False)
    """
    return _IRI.match(value) is not None


class Resolution(NamedTuple):
    """What a value turned out to mean: an IRI, or several between which there is no deciding, or nothing."""

    iri: str | None = None
    candidates: tuple[str, ...] = ()


_NOTHING: Final = Resolution()


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
        """Make the things of a class that the submission describes known by their identifiers, the first of several."""
        self._identified[class_iri] = subjects | self._identified[class_iri]

    def declare(self, class_iri: str, iri: str, names: Iterable[str]) -> None:
        """Make a thing that the submission itself describes known by its names."""
        known = self._declared[class_iri]
        for name in names:
            for key in dict.fromkeys((name, normalize_key(name))):
                if key and iri not in known[key]:
                    known[key].append(iri)

    def resolve(self, value: str, ranges: Collection[str]) -> Resolution:
        """Return what a value means where things of some classes are allowed (of any class, if none is named)."""
        allowed = frozenset(ranges)
        if ":" in value and (direct := self._direct(value)):
            return Resolution(direct)
        if self._identified and (identified := self._by_identifier(value, allowed)):
            return Resolution(identified)
        key = normalize_key(value)
        declared = [self._of_submission(each, allowed) for each in (value, key)] if self._declared else []
        for found in (*declared, self._of_framework(key, value, allowed)):
            if len(found) == 1:
                return Resolution(found[0])
            if found:
                exact = [iri for iri in found if value in self._texts(iri)]
                return Resolution(exact[0]) if len(exact) == 1 else Resolution(candidates=tuple(found))
        return Resolution(self._goal(normalize_key(_DECIMALS.sub("", value)))) if allowed == _GOALS else _NOTHING

    def resolve_place(self, value: str) -> Resolution:
        """Return what a value means where something happens: a code that a country and a state share, either of them.

        `CA` in a column of places is California in nearly every file from the United States; in one of countries, where
        `resolve` is asked, it is Canada.
        """
        found = self.resolve(value, _PLACES)
        country = self._index.individuals.get(found.iri or "")
        if len(value) != _CODE or country is None or value.upper() not in country["notations"]:
            return found
        states = self._index.named(normalize_key(f"US-{value}"), _PLACES)
        return Resolution(candidates=(found.iri or "", *states)) if states else found

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

    def _of_framework(self, key: str, value: str, allowed: frozenset[str]) -> list[str]:
        if not key:
            return []
        return [iri for iri in self._index.named(key, allowed) if not self._is_other(iri, key, value)]

    def _is_other(self, iri: str, key: str, value: str) -> bool:
        """Return whether a text that folds to an identifier of ours may be one of a partner's: `A-9` is not our A9."""
        individual = self._index.individuals[iri]
        ours: str = individual.get("identifier") or ""
        is_folded = normalize_key(ours) == key and "".join(value.split()).casefold() != ours.casefold()
        return is_folded and self._index.is_one(individual, NAMED_BY_IDENTIFIER)

    def _goal(self, key: str) -> str | None:
        """Return the goal that a number means, Roman or not, with or without a word before it: `II`, `Objetivo 2`."""
        texts, longest = _numbered()
        found = _NUMBERED.fullmatch(key) if len(key) <= longest else None
        if found is None or found[1] not in texts:
            return None
        number = found[2] if found[2].isdigit() else str(len(found[2]))
        return next(iter(self._index.named(f"g{number}", _GOALS)), None)

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
        named = [(iris, name) for known in self._declared.values() for name, iris in known.items() if iri in iris]
        # A name that others have too would distinguish it from nothing; its identifier does.
        own = [name for iris, name in named if iris == [iri]]
        own += [text for known in self._identified.values() for text, each in known.items() if each == iri]
        return next(iter([*own, *(name for _, name in named)]), iri)


@cache
def _numbered() -> tuple[frozenset[str], int]:
    """Return the words before the number of a goal, and how long a text with one is at most."""
    texts = frozenset(words("numbered-goals")["texts"])
    return texts, max(map(len, texts)) + len("numero" + "iii")


def suggest(
    value: str, classes: Iterable[str], n: int = 3, *, index: Index | None = None, language: str | None = None
) -> tuple[str, ...]:
    """Return the names most like a value among individuals of some classes.

    Args:
        value: what was written.
        classes: IRIs of the classes that are allowed.
        n: how many names at most.
        index: the compiled index, the package's own if None.
        language: the language of the names; that in which they are nearer if None.

    >>> suggest("OFACC", [BIC.Agency], 1), suggest("UFI", [BIC.Agency], 1, language="es")
    (('OFAC',), ('UIF',))
    """
    known = index or default_index()
    ranked = _ranked(known, value[:_LONGEST], frozenset(classes))[:n]
    if language is None:
        return tuple(text for _, text in ranked)
    return tuple(dict.fromkeys(_in_language(known, iri, text, language) for iri, text in ranked))


# The same value is asked about for each language, and for parts of it.
@lru_cache(maxsize=4096)
def _ranked(index: Index, value: str, allowed: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the individuals of some classes that a value is like, each with the name that it is most like."""
    names = _names(index, allowed)
    best: dict[str, tuple[float, str]] = {}
    meant = _words(value)
    is_elsewhere = any(f" {place} " in f" {meant} " for place in names.elsewhere)
    for written_as, score in _alike(meant, names):
        text, iri = names.texts[written_as]
        is_acronym = text in index.individuals[iri]["notations"]
        if len(text) <= _ACRONYM and not is_acronym and abs(len(text) - len(value)) > 1:
            continue  # a short word for a whole kind, such as ONG, is in the names of many
        if " " in meant and not is_acronym and (is_elsewhere or _shared(meant, written_as, names) < _SHARED):
            continue
        if score > best.get(iri, (0.0, ""))[0]:
            best[iri] = (score, text)
    ranked = sorted(best.items(), key=lambda each: (-each[1][0], len(each[1][1]), each[1][1]))
    return tuple((iri, text) for iri, (_, text) in ranked)


@lru_cache(maxsize=4096)
def _in_language(index: Index, iri: str, text: str, language: str) -> str:
    return in_language(index.individuals[iri], text, language)


def in_language(individual: dict[str, Any], text: str, language: str) -> str:
    """Return how an individual is written in a language: a text of that language as it is, an acronym by an acronym.

    Args:
        individual: its entry in the index.
        text: one of its names.
        language: `en` or `es`.
    """
    label: str = individual["label"].get(language) or text
    others = [each for each in individual["alternatives"].get(language, ()) if each.isupper() and " " not in each]
    acronyms = [each for each in (*individual["notations"], *others) if _is_in(individual, each, language)]
    if text in individual["notations"]:
        return text if text in acronyms else next(iter(acronyms), text)  # OFAC is OFAC in Spanish too
    is_there = text == label or text in individual["alternatives"].get(language, ())
    return text if is_there or text == individual.get("identifier") else label


def _is_in(individual: dict[str, Any], acronym: str, language: str) -> bool:
    """Return whether an acronym belongs to a language: its letters begin words of a name in it, or of none at all."""
    fitting = {
        each
        for each, label in individual["label"].items()
        if any(_begins(acronym, name) for name in (label, *individual["alternatives"].get(each, ())))
    }
    return not fitting or language in fitting


def _begins(acronym: str, name: str) -> bool:
    initials = iter(normalize_key(word)[:1] for word in re.split(r"[\W_]+", name) if normalize_key(word))
    return all(letter in initials for letter in normalize_key(acronym) if letter.isalpha())


class _Names(NamedTuple):
    """The ways to write individuals of some classes."""

    texts: dict[str, tuple[str, str]]
    """By its words, each way as it is written, and the individual."""
    acronyms: list[tuple[str, str]]
    """Those of few letters: the words, and the letters alone."""
    regions: dict[str, list[str]]
    """By the code of a state without its country, `TX` of `US-TX`, the words of the whole codes."""
    codes: frozenset[str]
    """The words of those whole codes: what is shorter is like one only if it is its end."""
    weights: dict[str, float]
    """How much each word of theirs distinguishes them: the logarithm of how rare it is."""
    elsewhere: tuple[str, ...]
    """The words of places that none of them names: the government of Sonora is none of ours."""


@lru_cache(maxsize=256)
def _names(index: Index, allowed: frozenset[str]) -> _Names:
    texts: dict[str, tuple[str, str]] = {}
    regions: dict[str, list[str]] = defaultdict(list)
    for iri in index.of_classes(allowed):
        notations = index.individuals[iri]["notations"]
        for text in written(index.individuals[iri]):
            texts.setdefault(_spoken(text) if text in notations else _words(text), (text, iri))
            if text in notations and (region := _REGION.fullmatch(text)):
                regions[region[1]].append(_spoken(text))
    letters = ((name, name.replace(" ", "")) for name in texts)
    codes = frozenset(name for names in regions.values() for name in names)
    acronyms = [(name, short) for name, short in letters if len(short) <= _ACRONYM and name not in codes]
    counts = Counter(word for name in texts for word in set(name.split()))
    weights = {word: math.log((len(texts) + 1) / (count + 1)) for word, count in counts.items()}
    places = {_words(text) for iri in index.of_classes(_PLACES) for text in index.individuals[iri]["label"].values()}
    every = "".join(f" {name} \n" for name in texts)
    elsewhere = tuple(sorted(place for place in places if f" {place} " not in every))
    return _Names(texts, acronyms, dict(regions), codes, weights, elsewhere)


def _alike(value: str, known: _Names) -> Iterator[tuple[str, float]]:
    # Letters show misspellings, and an acronym whose letters are swapped; words show names that are longer or shorter.
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    names, letters = list(known.texts), value.replace(" ", "")
    for name, score, _ in process.extract(value, names, scorer=fuzz.ratio, score_cutoff=_LETTERS, limit=20):
        if name not in known.codes or len(letters) >= len(name.replace(" ", "")):
            yield name, score
    for name in known.regions.get(letters.upper(), ()):
        yield name, 93.0
    for name, short in known.acronyms if len(letters) <= _ACRONYM else ():
        if len(letters) == len(short) == _CODE and letters.isalpha() and sorted(letters) != sorted(short):
            continue  # one of two letters is no slip: TX is not MX
        if OSA.distance(letters, short, score_cutoff=1) == 1:
            is_part = letters in short  # 2.1 of O2.1
            yield name, 92.0 if sorted(letters) == sorted(short) else (91.0 if is_part else 90.0) - len(short) / 10
    if " " in value or len(value) > _ACRONYM:
        for name, score, _ in process.extract(
            value, names, scorer=fuzz.token_set_ratio, score_cutoff=_TOKENS, limit=20
        ):
            yield name, score - 8


def _shared(value: str, name: str, known: _Names) -> float:
    """Return how much of what a value says a name says too, from 0 to 1: rare words say more than usual ones."""
    shared = whole = 0.0
    others = name.split()
    for word in value.split():
        weight = known.weights.get(word)
        if weight is None:  # `dept` says as little as `department`
            alike = (known.weights[other] for other in known.weights if _is_same(word, other))
            weight = min(alike, default=math.log(len(known.texts) + 1))
        whole += weight
        shared += weight if any(_is_same(word, other) for other in others) else 0.0
    return shared / whole if whole else 1.0


def _is_same(word: str, other: str) -> bool:
    """Return whether two words differ by a slip or an ending, or the first abbreviates the second: `sec`, `gral`."""
    from rapidfuzz import fuzz

    is_part = min(len(word), len(other)) > 3 and (word in other or other in word)
    if is_part or fuzz.ratio(word, other) >= _SAME_WORD:
        return True
    letters = iter(other)
    return word[0] == other[0] and all(letter in letters for letter in word)


def _words(text: str) -> str:
    # Words that carry no meaning would make any two names alike.
    return " ".join([word for word in _spoken(text).split(" ") if word and word not in _EMPTY])


def _spoken(text: str) -> str:
    """Return all words of a text, as in a code, of which none is without meaning: `US-AL` is not `US`."""
    # Of ASCII, what is left between the breaks is letters and digits alone, as the key of a word is.
    parts = _BREAKS.split(text.lower()) if text.isascii() else map(normalize_key, _BREAKS.split(text))
    return " ".join(filter(None, parts))
