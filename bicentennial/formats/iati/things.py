"""The parties and places that an IATI file names: ours where they are known, otherwise its own, declared once.

A party is known by its identifier (`XM-DAC-41128`) or by a name that is ours; a place by its country code or name.
What is neither becomes the submission's own, for an IATI file says of every organisation who it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, XSD, make_iri
from bicentennial.storage.statement import Statement
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from bicentennial.formats.iati.codes import Codes
    from bicentennial.formats.xmltext import Element
    from bicentennial.semantics.values.resolver import Resolver

__all__ = ["Things"]

# An organisation identifier: the agency that registers, then the number that it gave.
_REGISTERED: Final = re.compile(r"([A-Z]{2,3}-[A-Z0-9_]+)-(\S+)")


class Things:
    """Finds or declares the parties and places of one file.

    Args:
        codes: what others' codes stand for.
        resolver: what names mean; it learns of what is declared.
    """

    def __init__(self, codes: Codes, resolver: Resolver) -> None:
        self._codes = codes
        self._resolver = resolver
        self._parties: dict[tuple[str, ...], str] = {}
        self._identified: dict[str, str] = {}
        self._places: dict[tuple[str, ...], str] = {}
        self.made: list[tuple[Element, Statement]] = []
        """What was declared and is not taken yet, each statement with the element that it comes from."""

    def party(self, element: Element, reference: str, texts: dict[str, str]) -> str | None:
        """Return the party that an element speaks of, or None if it says neither who nor what.

        Args:
            element: the element.
            reference: the organisation's identifier, empty if none is given.
            texts: its names by language.
        """
        key = _key(reference, texts)
        if key and key not in self._parties:
            self._parties[key] = self._party(element, reference, texts)
        return self._parties.get(key)

    def _party(self, element: Element, reference: str, texts: dict[str, str]) -> str:
        known = self._codes.party(reference) or self._identified.get(reference.upper()) if reference else None
        if known:
            return known
        for name in texts.values():
            found = self._resolver.resolve(name, (BIC.Party,)).iri
            # A namesake that has another identifier is another party.
            if found is not None and not (reference and found in self._identified.values()):
                if reference:
                    self._identified[reference.upper()] = found
                return found
        subject = make_iri(BIC.Party, reference or next(iter(texts.values())))
        self._declare(element, subject, BIC.Party, texts or {"": reference})
        if reference:
            self._identified[reference.upper()] = subject
            self._say(element, Statement.literal(subject, DCTERMS.identifier, reference))
            if registered := _REGISTERED.fullmatch(reference):
                code = f"{registered[1]}:{registered[2]}"
                self._say(element, Statement.literal(subject, BIC.externalIdentifier, code))
        return subject

    def place(self, element: Element, code: str, texts: dict[str, str]) -> str | None:
        """Return the place that an element speaks of, or None if it names none.

        Args:
            element: the element.
            code: the place's code, empty if none is given.
            texts: its names by language.
        """
        key = _key(code, texts)
        if key and key not in self._places:
            self._places[key] = self._place(element, code, texts)
        return self._places.get(key)

    def _place(self, element: Element, code: str, texts: dict[str, str]) -> str:
        for name in (code, *texts.values()):
            found = self._resolver.resolve(name, (BIC.Place,)).iri if name else None
            if found is not None:
                return found
        subject = make_iri(BIC.Place, code or next(iter(texts.values())))
        self._declare(element, subject, BIC.Place, texts or {"": code})
        if code:
            self._say(element, Statement.literal(subject, SKOS.notation, code))
            self._resolver.declare(BIC.Place, subject, [code])
        return subject

    def _declare(self, element: Element, subject: str, class_iri: str, texts: dict[str, str]) -> None:
        self._say(element, Statement.iri(subject, RDF.type, class_iri))
        for language, text in texts.items():
            self._say(element, Statement.literal(subject, SKOS.prefLabel, text, XSD.string, language))
        self._resolver.declare(class_iri, subject, texts.values())

    def _say(self, element: Element, statement: Statement) -> None:
        self.made.append((element, statement))


def _key(code: str, texts: dict[str, str]) -> tuple[str, ...]:
    """Return the key of a party or place: its code and first name; nothing if it has neither."""
    if not code and not texts:
        return ()
    return (code.upper(), normalize_key(next(iter(texts.values()))) if texts else "")
