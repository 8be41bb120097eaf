"""Codes of others and what they stand for here, as the ontology's alignments say it.

>>> from bicentennial.vocabulary.index import default_index
>>> codes = Codes(default_index())
>>> codes.matches("ActivityStatus", "2")
[['closeMatch', 'https://w3id.org/bicentennial/id/status-ongoing']]
>>> codes.party("xm-dac-41128")
'https://w3id.org/bicentennial/id/agency-unodc'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.core.namespaces import BIC

if TYPE_CHECKING:
    from collections.abc import Collection

    from bicentennial.vocabulary.index import Index

__all__ = ["Codes"]


class Codes:
    """The code lists that the index carries, by the names that others have for them.

    Args:
        index: the compiled index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lists: dict[str, dict[str, dict[str, Any]]] = {}
        for each in index.codelists:
            codes = {code.lower(): described for code, described in each["codes"].items()}
            for notation in each["notations"]:
                self._lists[notation] = codes
        self._parties = {
            _plain(code): iri
            for code, iris in index.external.items()
            for iri in iris
            if any(index.within(each, {BIC.Party}) for each in index.individuals[iri]["types"])
        }

    def known(self, notation: str) -> list[str]:
        """Return the codes of a list, none if there is no such list."""
        return list(self._lists.get(notation, ()))

    def label(self, notation: str, code: str) -> dict[str, str]:
        """Return what a code is called, by language; nothing if it is not known."""
        named: dict[str, str] = self._lists.get(notation, {}).get(code.lower(), {}).get("label", {})
        return named

    def matches(self, notation: str, code: str) -> list[list[str]]:
        """Return how near things of ours are to a code, the nearest first: grade and IRI."""
        found: list[list[str]] = self._lists.get(notation, {}).get(code.lower(), {}).get("matches", [])
        return found

    def nearest(self, notation: str, code: str, classes: Collection[str]) -> list[str]:
        """Return those things of some classes that are nearest to a code: all of the best grade that there is.

        A pillar counts only as one of a goal's, for there are others'.
        """
        fitting = [(grade, iri) for grade, iri in self.matches(notation, code) if self._fits(iri, set(classes))]
        return [iri for grade, iri in fitting if grade == fitting[0][0]]

    def _fits(self, iri: str, classes: set[str]) -> bool:
        types = self._index.individuals.get(iri, {}).get("types", ())
        return any(self._index.within(each, classes) for each in types) and (
            BIC.Pillar not in types or bool(self.goals(iri))
        )

    def goals(self, iri: str) -> list[str]:
        """Return the goals that a pillar or objective of ours is part of; a goal is its own."""
        described = self._index.individuals.get(iri, {})
        if BIC.Goal in described.get("types", ()):
            return [iri]
        return [goal for parent in described.get("parents", ()) for goal in self.goals(parent)]

    def named(self, iri: str, language: str) -> str:
        """Return what a goal or pillar of ours is called, its code before it."""
        return " ".join(filter(None, [self.code(iri), self._index.label(iri, language)]))

    def code(self, iri: str) -> str:
        """Return the code of a goal or pillar of ours."""
        return next(iter(self._index.individuals.get(iri, {}).get("notations", ())), "")

    def party(self, code: str) -> str | None:
        """Return the party of ours that has an identifier such as `XM-DAC-41128`."""
        return self._parties.get(_plain(code))


def _plain(code: str) -> str:
    return code.replace(":", "-").upper()
