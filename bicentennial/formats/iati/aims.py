"""What the activities of an IATI file are for: goals, pillars, commitments and themes, from their sectors and tags.

A sector or tag whose `vocabulary-uri` is ours states them. What the ontology's alignments have near any other is a
suggestion to the file's author, and never a statement: the file does not say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC
from bicentennial.storage.statement import Statement
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.formats.iati.codes import Codes
    from bicentennial.formats.xmltext import Element
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.values.resolver import Resolver
    from bicentennial.vocabulary.index import Index

__all__ = ["OURS", "Aims"]

OURS: Final = "https://w3id.org/bicentennial"
"""How the address of a vocabulary of ours begins."""

# The properties that link an action to a thing of a class.
_LINKS: Final = {
    BIC.Goal: BIC.advancesGoal,
    BIC.Pillar: BIC.advancesPillar,
    BIC.Objective: BIC.advancesObjective,
    BIC.GuidingCommitment: BIC.honorsCommitment,
    BIC.Theme: BIC.hasTheme,
}
_AIMS: Final = frozenset({BIC.Goal, BIC.Pillar, BIC.Objective})


class Aims:
    """Finds out what activities are for.

    Args:
        codes: what others' codes stand for.
        index: the compiled index.
        resolver: what names mean.
        mapping: a mapping file, whose `[values.sector]` gives sector codes of one's own a meaning here.
        given: whether a goal is given for all activities, so that none need be suggested.
    """

    def __init__(self, codes: Codes, index: Index, resolver: Resolver, mapping: MappingFile, *, given: bool) -> None:
        self._codes = codes
        self._index = index
        self._resolver = resolver
        self._given = given
        self._meanings = {
            theirs: ours
            for column, values in mapping.values.items()
            if normalize_key(column) == "sector"
            for theirs, ours in values.items()
        }
        self._known: dict[tuple[str, str], list[str]] = {}

    def of(self, activity: Element, subject: str) -> Iterator[tuple[Element, Statement]]:
        """Yield the links that an activity states, each with the element that it comes from."""
        for element in _coded(activity):
            if value := self._stated(element):
                for link, iri in self._of_stated(value):
                    yield element, Statement.iri(subject, link, iri) if iri else Statement.literal(subject, link, value)

    def unstated(self, activity: Element) -> list[Element]:
        """Return the sectors and tags of an activity that state nothing of ours."""
        return [element for element in _coded(activity) if not self._stated(element)]

    def suggested(self, activity: Element) -> list[str]:
        """Return goals, pillars and objectives that the alignments have near the sectors and tags of an activity."""
        if self._given:
            return []
        return [iri for element in self.unstated(activity) for iri in self._near(element)]

    def _stated(self, element: Element) -> str:
        code = element.get("code")
        if element.get("vocabulary-uri").startswith(OURS):
            return code
        return self._meanings.get(code) or self._meanings.get(element.text) or ""

    def _of_stated(self, value: str) -> Iterator[tuple[str, str]]:
        found = self._resolver.resolve(value, tuple(_LINKS)).iri or ""
        for class_iri in self._index.individuals.get(found, {}).get("types", ()):
            if class_iri in _LINKS:
                yield _LINKS[class_iri], found
                # That a pillar is part of a goal is no inference: the Framework says so.
                yield from ((BIC.advancesGoal, goal) for goal in self._codes.goals(found) if goal != found)
                return
        yield BIC.advancesGoal, ""

    def _near(self, element: Element) -> list[str]:
        key = _vocabulary(element), element.get("code")
        if key not in self._known:
            self._known[key] = self._codes.nearest(*key, _AIMS)
        return self._known[key]


def _coded(activity: Element) -> list[Element]:
    return [each for each in activity.children if each.name in ("sector", "tag")]


def _vocabulary(element: Element) -> str:
    # Sectors without a vocabulary are those of the OECD-DAC; tags always name theirs.
    if element.name == "tag":
        return f"TagVocabulary:{element.get('vocabulary')}"
    return f"SectorVocabulary:{element.get('vocabulary') or '1'}"
