"""Which property a column header, or a key of a JSON object, stands for.

Headers are looked up in the tables of the ontology first (`goal`, `meta`), then among the labels and alternative
labels of the properties, then as IRIs, whatever their case, accents and spaces. A text column may say its language:
`title_es`, `Título (en)`. Notes of a form (`goal (required)`, `fecha_inicio [dd/mm/aaaa]`) and numbers
before it (`4. goal`) do not matter, and a header in two languages (`Goal / Meta`, `meta (goal)`) is one header.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, SKOS
from bicentennial.core.problems import make_finding
from bicentennial.core.similar import similar
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.core.startup.records import field, record
from bicentennial.semantics.values.amounts import is_currency, scale
from bicentennial.semantics.values.plain_text import words
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bicentennial.vocabulary.index import Column, Index, Table

__all__ = ["Header", "Heading", "Recogniser", "at_column", "recognise", "synonyms"]

_SUFFIX: Final = lazy(
    r"^(?P<name>.+?)[\s_@:./(\[-]+(?P<language>(?:en|es)(?:[-_](?:[a-z]{2}|419))?|eng|spa|english|spanish|ingl[eé]s|"
    r"espa[nñ]ol)[)\]]?\s*$",
    re.IGNORECASE,
)
# What forms add to a header in brackets: that it is needed or not, how a date is written, a currency, a symbol.
# Each begins where a run of what it may begin with does: elsewhere a long run would be gone through again and again.
_REMARK: Final = lazy(
    r"(?<![\s*])[\s*]*[(\[{]\s*"
    r"(?:\*|(?:campo |dato |field )?(?:required|mandatory|optional|obligatori[oa]|requerid[oa]|opcional)"
    r"(?: field)?|iso(?:[ -]?8601)?|[dmya]{1,4}([-/. ])[dmya]{1,4}(?:\1[dmya]{1,4})?|(?!m[dm]|mil)[A-Z]{3}|[$€%#£]"
    r"|siglas?|acr[oó]nimos?|acronyms?)\s*(?:\*\s*)?[)\]}][\s*]*$",
    re.IGNORECASE,
)
_BRACKETED: Final = lazy(r"(?<![\s*])[\s*]*[(\[{]([^()\[\]{}]*)[)\]}][\s*]*$")
_IN: Final = lazy(r"(?:en|in)\s+", re.IGNORECASE)
# Where the currency of an amount begins that has no brackets: `Budget USD`, `Monto en pesos`, `monto_en_pesos`.
_GAP: Final = lazy(r"(?<![\s_:,-])(?:[\s_-]+(?:en|in))?[\s_:,-]+(?=[^\s_:,-])", re.IGNORECASE)
_MOST_WORDS: Final = 3
_JOINED: Final = lazy(r"\s*[/|\n(\[]\s*|\s+[-\u2013\u2014]\s+|[)\]]\s*$")
_ORDINAL: Final = lazy(r"\s*(?:\d{1,2}\s*[.)-]{1,2}|[a-zA-Z][.)])\s*(?=\w{2})")
# What stands between the name of a column and its unit: `Budget in USD millions`, `Monto (en millones)`.
_BEFORE_UNIT: Final = lazy(r"(?:[\W_]+(?:en|in|de|of|cifras|expresado|us|[A-Z]{3}))*[\W_]*$", re.IGNORECASE)
_ALIKE: Final = 78.0
_SHORTEST: Final = 4
_LONGEST: Final = 120
_LONGEST_JOINED: Final = 80
_MOST_JOINED: Final = 3


class Heading(NamedTuple):
    """A column that was recognised: where it stands (counted from 1), as it was written, and what it stands for.

    `language` is that of the words of the header, empty where it has none.
    """

    number: int
    text: str
    column: Column
    language: str


@record
class Header:
    """A header row read: what was recognised and what is to be said about the rest."""

    headings: list[Heading]
    findings: list[Finding] = field(default_factory=list)
    suppressed: set[tuple[str, str]] = field(default_factory=set)

    @property
    def language(self) -> str:
        """The language that most headers are in; English where there is no telling."""
        languages = [heading.language for heading in self.headings]
        return max(LANGUAGES, key=languages.count)  # the first of several


class _Forms(NamedTuple):
    """Ways to look a header up: whole, without its language, without a note, without a currency, in parts."""

    key: str
    stem: str = ""
    language: str = ""
    bare: str = ""
    amount: str = ""
    parts: tuple[str, ...] = ()


@lru_cache(maxsize=10_000)
def _forms(text: str) -> _Forms:
    # The cells of the first rows of a sheet are looked up in every table, and most of them are no headers.
    key = normalize_key(text)
    if len(text) > _LONGEST:
        return _Forms(key)
    stem = language = ""
    if suffixed := _SUFFIX.match(text.rstrip(" *:")):
        said = suffixed["language"].lower()
        stem, language = normalize_key(suffixed["name"]), "en" if said.startswith("en") or "ngl" in said else "es"
    bare = _without_remark(text) if any(bracket in text for bracket in ")]}") else text
    bare = _ORDINAL.sub("", bare, count=1) if _ORDINAL.match(bare) else bare
    if 0 < len(bare) < len(text):
        return _Forms(key, stem, language, bare)
    amount = _without_currency(text)
    parts = tuple(filter(None, _JOINED.split(text))) if len(text) <= _LONGEST_JOINED else ()
    whole = len(amount) == len(text)
    return _Forms(key, stem, language, "", "" if whole else amount, parts if 1 < len(parts) <= _MOST_JOINED else ())


def _without_remark(text: str) -> str:
    if bracketed := _BRACKETED.search(text):
        said = bracketed[1].strip()
        while said.endswith("*"):
            said = said.rstrip("*").rstrip()
        if is_currency(_IN.sub("", said, count=1) if _IN.match(said) else said):
            return text[: bracketed.start()]
    return _REMARK.sub("", text)


def _without_currency(text: str) -> str:
    """Return a header without its last words if those name a currency.

    >>> [_without_currency(each) for each in ("Monto en pesos mexicanos", "budget_usd", "Monto MX", "Presupuesto SSP")]
    ['Monto', 'budget', 'Monto MX', 'Presupuesto SSP']
    """
    gaps = [*_GAP.finditer(text)][-_MOST_WORDS:]
    return next((text[: gap.start()] for gap in gaps if is_currency(text[gap.end() :])), text)


class Recogniser:
    """The headers that one table knows.

    Args:
        index: where the properties' names are.
        table: the table.
        renamed: a partner's own headers and the ones that they stand for, from a mapping file.
        declared: headers that a mapping file reads otherwise than as a column of the table.
        multiplied: headers whose amounts a mapping file multiplies, so that they may be in thousands or millions.
    """

    def __init__(
        self,
        index: Index,
        table: Table,
        renamed: Mapping[str, str] | None = None,
        declared: Iterable[str] = (),
        multiplied: Iterable[str] = (),
    ) -> None:
        self.table = table
        self._headers = index.headers(table)
        self._matched: dict[str, tuple[Column, str] | None] = {}
        self._declared = frozenset(map(normalize_key, declared))
        self._multiplied = frozenset(map(normalize_key, multiplied))
        self._renamed: dict[str, str] = {normalize_key(theirs): ours for theirs, ours in (renamed or {}).items()}

    def leaves_out(self, text: str) -> bool:
        """Return whether the mapping file leaves a column out on purpose, or reads it for something else alone."""
        return self._renamed.get(normalize_key(text)) == "" or (
            normalize_key(text) in self._declared and self.match(text) is None
        )

    def match(self, text: str) -> tuple[Column, str] | None:
        """Return the column that a header stands for and the language it says, or None.

        The mapping file goes first: it may give a header that we know another meaning.
        """
        if text not in self._matched:
            found = self._match(text)
            if found is None and self._multiplied and normalize_key(text) in self._multiplied:
                found = self.scaled(text)
            # `Avance (%)` is a number, and no status.
            self._matched[text] = None if found and "%" in text and not self._may_be_share(text, found[0]) else found
        return self._matched[text]

    def _may_be_share(self, text: str, column: Column) -> bool:
        return column.is_number or normalize_key(text) in self._renamed

    def _match(self, text: str) -> tuple[Column, str] | None:
        if len(text) > _LONGEST:
            return None
        forms = _forms(text)
        if (ours := self._renamed.get(forms.key)) is not None:
            forms = _forms(ours)
        if found := self._known(forms.key):
            return found
        if forms.stem and (found := self._known(forms.stem)) and found[0].is_text:
            return found[0], forms.language
        if forms.bare:
            return self._match(forms.bare)
        if forms.amount and (found := self._match(forms.amount)) and found[0].is_number:
            return found
        return self._joined(forms.parts) if forms.parts else None

    def _known(self, key: str) -> tuple[Column, str] | None:
        found = self._headers.get(key)
        return (self.table.columns[found[0]], found[1]) if found else None

    def _joined(self, parts: Sequence[str]) -> tuple[Column, str] | None:
        # `Goal / Meta`: parts that all stand for the same column; the language of the values is not said then.
        found = [match for part in parts if (match := self.match(part)) is not None]
        if not found or len(found) < len(parts) or len({column.iri for column, _ in found}) > 1:
            return None
        languages = {language for _, language in found}
        return found[0][0], languages.pop() if len(languages) == 1 else ""

    def scaled(self, text: str) -> tuple[Column, str] | None:
        """Return the column of numbers whose thousands or millions a header names, and its language, or None.

        `Presupuesto (mdp)`: 1.5 is no budget of 1.5 pesos.
        """
        power, before = scale(text) if len(text) <= _LONGEST else (0, "")
        found = self._match(_BEFORE_UNIT.sub("", before)) if power else None
        return found if found and found[0].is_number else None

    def nearest(self, text: str) -> tuple[Column, str] | None:
        """Return the column whose header is nearly the same and that header, or None."""
        key = normalize_key(text)
        if len(key) < 2:
            return None
        from rapidfuzz.distance import OSA

        templates = {
            normalize_key(text): (column, text) for column in self.table.columns for text in column.header.values()
        }
        if best := similar(key, templates, cutoff=_ALIKE, limit=1):
            return templates[best[0]]
        # One slip, two swapped letters included, weighs much in a short word.
        alike = (each for each in templates if each[0] == key[0] and len(key) >= _SHORTEST)
        slip = next((each for each in alike if OSA.distance(key, each, score_cutoff=1) <= 1), None)
        return templates[slip] if slip else None

    def count(self, texts: Sequence[str], *, nearly: bool = False) -> int:
        """Return how many of the texts of a row stand, or nearly stand, for different columns."""
        matches = [self.match(text) or (self.nearest(text) if nearly else None) for text in texts if text]
        return len({match[0].iri for match in matches if match})

    def found(self, texts: Sequence[str], *, nearly: bool = False) -> dict[str, str]:
        """Return the properties that the texts of a row stand, or nearly stand, for, each with the first such text."""
        properties: dict[str, str] = {}
        for text in filter(None, texts):
            if match := self.match(text) or (self.nearest(text) if nearly else None):
                properties.setdefault(match[0].iri, text)
        return properties

    def weight(self, texts: Sequence[str]) -> int:
        """Return how well a row fits this table: a header of its own counts twice as much as another name."""
        own = {normalize_key(text): column.iri for column in self.table.columns for text in column.header.values()}
        found: dict[str, int] = {}
        for text in texts:
            if text and (match := self.match(text)):
                found[match[0].iri] = max(
                    found.get(match[0].iri, 0), 2 if own.get(normalize_key(text)) == match[0].iri else 1
                )
        return sum(found.values())


def recognise(recogniser: Recogniser, texts: Sequence[str], at: Location, *, given: Sequence[str] = ()) -> Header:
    """Return what the headers of a row, or the keys of the objects of a list, stand for.

    Args:
        recogniser: of the table.
        texts: the headers in order.
        at: the place of the row, with its file, sheet and row or pointer; columns are added to it.
        given: properties whose values come from elsewhere, such as the constants of a mapping file.
    """
    header = Header([])
    taken: dict[tuple[str, str], Heading] = {}
    unknown: list[tuple[int, str]] = []
    for number, text in enumerate(texts, start=1):
        if not text.strip() or recogniser.leaves_out(text):
            continue
        match = recogniser.match(text)
        if match is None:
            unknown.append((number, text))
            continue
        column, language = match
        heading = Heading(number, text, column, language)
        key = (column.iri, language if column.is_text else "")
        if key in taken:
            header.findings.append(_repeated(at, taken[key], heading))
        else:
            taken[key] = heading
            header.headings.append(heading)
    present = {heading.column.iri for heading in header.headings} | set(given)
    _explain(recogniser, unknown, present, at, header)
    for column in recogniser.table.required:
        if not present & {column.iri, column.either}:
            header.suppressed.add((recogniser.table.iri, column.iri))
            header.findings.append(
                make_finding(
                    "header-missing",
                    at,
                    header=column.header,
                    path=column.iri,
                )
            )
            present.add(column.iri)
    return header


def synonyms(recogniser: Recogniser, keys: Sequence[str]) -> dict[str, list[str]]:
    """Return those keys of the objects of a list that stand for what another does, by the first of them.

    Args:
        recogniser: of the table.
        keys: the keys of all objects, each once.
    """
    same: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        if key.strip() and not recogniser.leaves_out(key) and (match := recogniser.match(key)):
            column, language = match
            same.setdefault((column.iri, language if column.is_text else ""), []).append(key)
    return {first: others for first, *others in same.values() if others}


def _explain(
    recogniser: Recogniser, unknown: list[tuple[int, str]], present: set[str], at: Location, header: Header
) -> None:
    # A header that nearly is one which is not there is misspelt; any other is merely none of ours.
    titled = _titled(recogniser, unknown, present, header.language)
    for number, text in unknown:
        place = at_column(at, number, text)
        scaled = recogniser.scaled(text)
        if scaled is not None and scaled[0].iri not in present:
            header.findings.append(_scaled(place, text, scaled[0]))
            present.add(scaled[0].iri)
            continue
        near = recogniser.nearest(text) or titled.get(number)
        if near is None or near[0].iri in present:
            header.findings.append(make_finding("header-unknown", place, header=text, value=text))
            continue
        column, suggestion = near
        code = "header-misspelt" if column.required else "header-near"
        header.findings.append(
            make_finding(
                code,
                place,
                header=text,
                suggestion=suggestion,
                suggestions=[suggestion],
                value=text,
                path=column.iri,
            )
        )
        present.add(column.iri)
        if column.required:
            header.suppressed.add((recogniser.table.iri, column.iri))


def _titled(
    recogniser: Recogniser, unknown: list[tuple[int, str]], present: set[str], language: str
) -> dict[int, tuple[Column, str]]:
    """Return the one header that names the actions themselves, by its number, as their title if nothing else is that.

    In a list whose rows are projects, the column `Project` says what each is called.
    """
    named = [number for number, text in unknown if normalize_key(text) in words("titles")["texts"]]
    title = next((column for column in recogniser.table.columns if column.iri == SKOS.prefLabel), None)
    if recogniser.table.iri != BIC.Action or title is None or title.iri in present or len(named) != 1:
        return {}
    if any(near[0].iri == title.iri for _, text in unknown if (near := recogniser.nearest(text))):
        return {}
    return {named[0]: (title, title.header[language])}


def _repeated(at: Location, first: Heading, second: Heading) -> Finding:
    return make_finding(
        "header-repeated",
        at_column(at, second.number, second.text),
        header=second.text,
        other=first.text,
        other_column=column_letter(first.number) if at.row else first.text,
        path=first.column.iri,
        value=second.text,
    )


def _scaled(place: Location, text: str, column: Column) -> Finding:
    # Another header alone would not do: nothing is suggested that could be taken for a remedy.
    return make_finding("header-scaled", place, header=text, named=column.header, value=text, path=column.iri)


def at_column(at: Location, number: int, text: str) -> Location:
    """Return the place of a column's header, given that of all headers."""
    letter = column_letter(number) if at.row else None
    return Location(at.file, at.sheet, at.row, letter, text, at.line, at.pointer)
