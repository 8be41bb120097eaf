"""What the submission says about the things that results are about, and what a message calls them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.core.namespaces import DCTERMS, OWL, RDF, SKOS, local_name
from bicentennial.core.problems import excerpt
from bicentennial.core.startup.patterns import lazy
from bicentennial.shacl_engine.results import LITERAL, Term

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.layout import SqlColumn
    from bicentennial.vocabulary.index import Index

__all__ = ["EntityLookup", "Texts"]

Texts = dict[str, str]
"""A text in each language."""

_Values = dict[str, list[Term]]
"""The values of a thing by property."""

_TITLE: Final = 48
_TYPE: Final = RDF.type
_LABEL: Final = SKOS.prefLabel
_IDENTIFIER: Final = DCTERMS.identifier
# The local names of what is asked of each thing.
_NAMES: Final = frozenset(map(local_name, (_TYPE, _LABEL, _IDENTIFIER, RDF.first, SKOS.exactMatch, OWL.sameAs)))
# The IRI that a row gets which gives neither identifier nor name.
_ROW: Final = lazy(r"urn:x-bicentennial:\w+::(?:sheet:\d+:)?row:(\d+)", re.ASCII)


class EntityLookup:
    """What the submission says about the things that results are about, and about those they point to.

    Args:
        dataset: the submission.
        index: the compiled index.
    """

    def __init__(self, dataset: Dataset, index: Index) -> None:
        self._dataset = dataset
        self.index = index
        self._values: dict[str, _Values] = {}
        self._further: dict[str, dict[str, _Values]] = {}
        self._class_of: dict[str, str] = {}
        self._most_specific: dict[tuple[str, ...], str] = {}
        self._class_names: dict[str, Texts] = {}
        self._asides: dict[str, Texts] = {}
        self._called: dict[tuple[str, bool], Texts] = {}
        self._stated: set[str] | None = None

    def prefetch(self, subjects: Iterable[str]) -> None:
        """Look up at once the types, labels and identifiers of many things."""
        wanted = list(set(subjects) - self._values.keys())
        self._values.update((subject, {}) for subject in wanted)
        self._look_up(wanted, _NAMES)

    def foresee(self, subjects: Collection[str], names: Collection[str]) -> None:
        """Look up at once what many things have under certain local names, see `named_like`."""
        further = set(names) - _NAMES
        for name in further:
            self._further.setdefault(name, {}).update((subject, {}) for subject in subjects)
        self._look_up(list(subjects), further)

    def _look_up(self, subjects: list[str], names: Collection[str]) -> None:
        properties = sorted(iri for iri in self._dataset.properties() if local_name(iri) in names)
        if not subjects or not properties:
            return
        targets = {iri: self._further.get(local_name(iri), self._values) for iri in properties}
        relation, given = "statements", properties
        if self._dataset.is_tabular:
            if (cells := self._dataset.layout().cells(properties)) is not None:
                for table, columns in cells.items():
                    self._read_rows(table, columns, subjects, targets)
                return
            relation, given = self._dataset.statements_of(*properties), []
        wanted = ", ".join(f"?{number}" for number, _ in enumerate(given, start=2))
        rows = self._dataset.connection.execute(
            f"SELECT s, p, o, kind, dt, lang FROM {relation} WHERE s IN ({self._dataset.texts('?1')})"  # noqa: S608 - no value in it
            + (f" AND p IN ({wanted})" if given else "")
            + " ORDER BY s, p, col NULLS LAST, item NULLS LAST, lang, o",
            [subjects, *given],
        ).fetchall()
        for s, p, o, kind_, dt, lang in rows:
            values, term = targets[p][s], Term(o, kind_, dt, lang)
            if p not in values:
                values[p] = [term]
            elif term not in values[p]:
                values[p].append(term)

    def _read_rows(
        self, table: str, columns: Sequence[SqlColumn], subjects: list[str], targets: Mapping[str, dict[str, _Values]]
    ) -> None:
        """Look up what the columns of a sheet say of some subjects of its rows: one query reads them all."""
        parts = ", ".join(f"{column.o}, {column.dt}, {column.lang}" for column in columns)
        rows = self._dataset.connection.execute(
            f"SELECT s, {parts} FROM {table} WHERE s IN ({self._dataset.texts('?1')})",  # noqa: S608 - no value in it
            [subjects],
        ).fetchall()
        for s, *cells in rows:
            for column, o, dt, lang in zip(columns, cells[::3], cells[1::3], cells[2::3], strict=True):
                if o:
                    values, term = targets[column.p][s], Term(o, int(column.kind), dt, lang)
                    if term not in values.setdefault(column.p, []):
                        values[column.p].append(term)

    def named_like(self, subject: str, name: str) -> list[Term]:
        """Return the values of whichever property has a local name."""
        if name in _NAMES:
            return [term for iri, terms in self._of(subject).items() if local_name(iri) == name for term in terms]
        if name not in self._further:  # it was not foreseen: from now on it is
            self.foresee({subject, *self._values}, [name])
        elif subject not in self._further[name]:
            self.foresee([subject], [name])
        return [term for terms in self._further[name][subject].values() for term in terms]

    def _of(self, subject: str) -> _Values:
        if subject not in self._values:
            self.prefetch([subject])
        return self._values[subject]

    def class_of(self, subject: str) -> str:
        """Return the most specific class of a thing that we know, empty if there is none."""
        if subject not in self._class_of:
            ours = self.index.individuals.get(subject, {}).get("types", ())
            types = (*[term.lexical for term in self._of(subject).get(_TYPE, ())], *ours)
            if types not in self._most_specific:
                known = [each for each in dict.fromkeys(types) if each in self.index.classes]
                known.sort(key=lambda each: -len(self.index.classes[each]["superclasses"]))
                self._most_specific[types] = known[0] if known else ""
            self._class_of[subject] = self._most_specific[types]
        return self._class_of[subject]

    def title(self, subject: str, language: str) -> str | None:
        """Return the label of a thing, in the language where it has one."""
        if subject in self.index.individuals:
            return self.index.label(subject, language)
        labels = self._of(subject).get(_LABEL, [])
        if len(labels) > 1:
            labels = [term for term in labels if term.language.split("-")[0] == language] or labels
        return labels[0].lexical if labels else None

    def is_list(self, node: str) -> bool:
        """Return whether a node is a list of RDF."""
        return node == RDF.nil or RDF.first in self._of(node)

    def declared(self, classes: Iterable[str]) -> list[str]:
        """Return the names that the submission gives its own things of some classes, acronyms first."""
        if self._stated is None:
            of_class = self._dataset.connection.execute(f"SELECT DISTINCT o FROM {self._dataset.statements_of(_TYPE)}")  # noqa: S608 - no value in it
            self._stated = {name for (name,) in of_class.fetchall()}
        wanted = sorted(self._stated.intersection(classes))
        if not wanted:
            return []
        things = f"SELECT s FROM {self._dataset.statements_of(_TYPE)} WHERE o IN ({self._dataset.texts('?1')})"  # noqa: S608 - no value in it
        named = self._dataset.statements_of(SKOS.notation, _LABEL)
        query = f"SELECT DISTINCT p, o FROM {named} WHERE s IN ({things}) ORDER BY p, o"  # noqa: S608 - no value in it
        rows = self._dataset.connection.execute(query, [wanted])
        return [name for _, name in rows.fetchall()]

    def language(self) -> str:
        """Return the language in which the submission has the most texts."""
        relation = f"({self._dataset.layout().languages})" if self._dataset.is_tabular else "statements"
        found = self._dataset.connection.execute(
            f"SELECT regexp_extract(lang, '^[^-]*') AS primary_tag FROM {relation} WHERE lang <> ''"  # noqa: S608 - no value in it
            " GROUP BY primary_tag ORDER BY count(*) DESC, primary_tag LIMIT 1"
        ).fetchone()
        return str(found[0]) if found and found[0] in LANGUAGES else LANGUAGES[0]

    def subject(self, subject: str, *, article: bool = False) -> Texts:
        """Return what a message calls a thing: its class, its identifier, its title.

        Args:
            subject: the thing.
            article: whether a sentence goes on from there, which in Spanish asks for the article.
        """
        if (subject, article) not in self._called:
            self._called[subject, article] = self._named(subject, article=article)
        return self._called[subject, article]

    def _named(self, subject: str, *, article: bool) -> Texts:
        identifiers = self._of(subject).get(_IDENTIFIER, ())
        identifier = excerpt(identifiers[0].lexical) if identifiers else ""
        aside = self._aside(subject)
        said = {}
        for language, class_name in self._class_name(subject).items():
            if identifiers:
                name = identifier + aside[language]
            else:
                name = aside[language][2:-1] or self._unnamed(subject, language)
            said[language] = f"{class_name} {name}".rstrip()
            if article and language == "es":
                said[language] = f"{_article(class_name)} {said[language][:1].lower()}{said[language][1:]}"
        return said

    def aside(self, subject: str) -> Texts:
        """Return how `subject` adds the title of a thing to its identifier; nothing where it has only one of them."""
        return self._aside(subject) if _IDENTIFIER in self._of(subject) else {}

    def _aside(self, subject: str) -> Texts:
        """Return the title of a thing in quotation marks and brackets, nothing where it has none."""
        if subject not in self._asides:
            said: Texts = {}
            title = shown = ""
            for each in LANGUAGES:
                if (other := self.title(subject, each) or "") != title:
                    title, shown = other, excerpt(_cut(other, _TITLE))
                said[each] = f" ({_quoted(each, shown)})" if title else ""
            self._asides[subject] = said
        return self._asides[subject]

    def _class_name(self, subject: str) -> Texts:
        class_iri = self.class_of(subject)
        if class_iri not in self._class_names:
            labels = self.index.labels(class_iri) if class_iri else entry("report", "unknown-class")
            self._class_names[class_iri] = {each: labels[each][:1].upper() + labels[each][1:] for each in LANGUAGES}
        return self._class_names[class_iri]

    def _unnamed(self, subject: str, language: str) -> str:
        """Return what stands for the name of a thing that has none: its row, or else its IRI."""
        if row := _ROW.fullmatch(subject):
            return str(entry("report", "unnamed-row")[language].format(row=row[1]))
        return "" if subject in self.index.itself else excerpt(subject)

    def term(self, term: Term, language: str) -> str:
        """Return a value as a message quotes it: a thing by its label, a text in quotation marks."""
        if term.kind != LITERAL:
            title = self.title(term.lexical, language)
            return _quoted(language, excerpt(title)) if title else excerpt(term.lexical)
        plain = not term.language and re.fullmatch(r"[\w.+-]+", term.lexical)
        return excerpt(term.lexical) if plain else _quoted(language, excerpt(term.lexical))


def _quoted(language: str, text: str) -> str:
    before, after = _marks(language)
    return f"{before}{text}{after}"


@cache
def _marks(language: str) -> tuple[str, str]:
    """Return what stands before and after what is quoted in a language."""
    before, _, after = entry("report", "quoted")[language].partition("{text}")
    return before, after


def _article(noun: str) -> str:
    """Return the Spanish article that begins a sentence with the name of a class.

    >>> [_article(each) for each in ("Acción", "Indicador", "Parte", "Programa técnico", "Red criminal", "Moneda")]
    ['La', 'El', 'La', 'El', 'La', 'La']
    """
    head = noun.split(maxsplit=1)[0].lower()
    feminine = head.endswith(("a", "ción", "sión", "dad")) and not head.endswith(("grama", "tema"))
    return "La" if feminine or head in ("parte", "red") else "El"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
