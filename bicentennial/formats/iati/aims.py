"""What the activities of an IATI file are for: goals, pillars, commitments and themes, from their sectors and tags.

A sector or tag whose `vocabulary-uri` is ours states them. Any other is looked up in the ontology's alignments, and
what follows from those is marked as inferred, in the name of the editors who drew them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, BICD
from bicentennial.storage.dataset import Statement
from bicentennial.vocabulary.index import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.formats.iati.codes import Codes
    from bicentennial.formats.xmltext import Element
    from bicentennial.semantics.mapping import Mapping
    from bicentennial.semantics.resolver import Resolver
    from bicentennial.vocabulary.index import Index

__all__ = ["EDITOR", "OURS", "Aims"]

EDITOR: Final = BICD["party-editors-of-bicentennial"]
"""Whose judgement an inference by the alignments is."""
OURS: Final = "https://w3id.org/bicentennial"
"""How the address of a vocabulary of ours begins."""

# The properties that link an action to a thing of a class, and those that mark the link as inferred.
_LINKS: Final = {
    BIC.Goal: (BIC.advancesGoal, BIC.infersGoal),
    BIC.Pillar: (BIC.advancesPillar, BIC.infersPillar),
    BIC.Objective: (BIC.advancesObjective, BIC.infersObjective),
    BIC.GuidingCommitment: (BIC.honorsCommitment, BIC.infersCommitment),
    BIC.Theme: (BIC.hasTheme, ""),
}
# Of each group a code stands for the nearest alone; a near theme does not make a far pillar less worth saying.
_GROUPS: Final = ({BIC.Goal, BIC.Pillar, BIC.Objective}, {BIC.GuidingCommitment}, {BIC.Theme})

_Link = tuple[str, str, str]


class Aims:
    """Finds out what activities are for.

    Args:
        codes: what others' codes stand for.
        index: the compiled index.
        resolver: what names mean.
        mapping: a mapping file, whose `[values.sector]` gives sector codes of one's own a meaning here.
        given: whether a goal is given for all activities, so that none need be inferred.
    """

    def __init__(self, codes: Codes, index: Index, resolver: Resolver, mapping: Mapping, *, given: bool) -> None:
        self._codes = codes
        self._index = index
        self._resolver = resolver
        self._given = given
        self._meanings = {
            theirs: ours
            for column, values in mapping.values.items()
            if fold(column) == "sector"
            for theirs, ours in values.items()
        }
        self._known: dict[tuple[str, str], list[_Link]] = {}

    def of(self, activity: Element, subject: str) -> Iterator[tuple[Element, Statement]]:
        """Yield the links of an activity, each with the element that it comes from."""
        coded = [each for each in activity.children if each.name in ("sector", "tag")]
        stated = [(element, value) for element in coded if (value := self._stated(element))]
        for element, value in stated:
            for link, iri in self._of_stated(value):
                yield element, Statement.iri(subject, link, iri) if iri else Statement.literal(subject, link, value)
        inferred = False
        for element in coded:
            if any(element is each for each, _ in stated):
                continue
            for link, mark, iri in self._alignment(element):
                # What somebody states needs no inference, and is not to be diluted by one.
                if mark not in ("", BIC.infersCommitment) and (self._given or stated):
                    continue
                yield element, Statement.iri(subject, link, iri)
                if mark:
                    inferred = True
                    yield element, Statement.iri(subject, mark, iri)
        if inferred:
            yield activity, Statement.iri(subject, BIC.hasEditor, EDITOR)

    def _stated(self, element: Element) -> str:
        code = element.get("code")
        if element.get("vocabulary-uri").startswith(OURS):
            return code
        return self._meanings.get(code) or self._meanings.get(element.text) or ""

    def _of_stated(self, value: str) -> Iterator[tuple[str, str]]:
        found = self._resolver.resolve(value, tuple(_LINKS)).iri or ""
        for class_iri in self._index.individuals.get(found, {}).get("types", ()):
            if class_iri in _LINKS:
                yield _LINKS[class_iri][0], found
                # That a pillar is part of a goal is no inference: the Framework says so.
                yield from ((BIC.advancesGoal, goal) for goal in self._codes.goals(found) if goal != found)
                return
        yield BIC.advancesGoal, ""

    def _alignment(self, element: Element) -> list[_Link]:
        key = _vocabulary(element), element.get("code")
        if key not in self._known:
            self._known[key] = list(self._of_code(*key))
        return self._known[key]

    def _of_code(self, notation: str, code: str) -> Iterator[_Link]:
        for classes in _GROUPS:
            for iri in self._codes.nearest(notation, code, classes):
                for class_iri in self._index.individuals[iri]["types"]:
                    if class_iri in _LINKS:
                        yield *_LINKS[class_iri], iri
                goals: Iterable[str] = self._codes.goals(iri)
                yield from ((*_LINKS[BIC.Goal], goal) for goal in goals if goal != iri)


def _vocabulary(element: Element) -> str:
    # Sectors without a vocabulary are those of the OECD-DAC; tags always name theirs.
    if element.name == "tag":
        return f"TagVocabulary:{element.get('vocabulary')}"
    return f"SectorVocabulary:{element.get('vocabulary') or '1'}"
