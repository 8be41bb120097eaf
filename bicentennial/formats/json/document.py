"""JSON submissions: `{"actions": [...], "parties": [...]}`, a bare list, or one object a line.

Keys are recognised as column headers are, in English and Spanish. A value is a text, a number, or several in an
array; a text may also be given by language: `{"en": "...", "es-MX": "..."}`.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import InputError
from bicentennial.core.findings import Finding, Location
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.problems import make_finding, unreadable
from bicentennial.core.startup.records import field, record
from bicentennial.formats.invisible import first_invisible, visible
from bicentennial.formats.json.text import JsonText, Number, Repeated, fitting
from bicentennial.semantics.records import Field, Records, parts
from bicentennial.semantics.sheets.headers import Heading, recognise, synonyms
from bicentennial.semantics.values.typed import language_tag
from bicentennial.semantics.versions import Versions, unsaid
from bicentennial.storage.origins import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bicentennial.core.grid import Cell
    from bicentennial.core.limits import Limits
    from bicentennial.semantics.sheets.headers import Header
    from bicentennial.semantics.table_recognition import TableRecogniser
    from bicentennial.semantics.tables import Tables
    from bicentennial.vocabulary.index import Table

__all__ = ["JsonList", "document_of", "read_json"]

# Characters that no text may hold, or that are invisible, may be written as escapes.
_ESCAPES: Final = re.compile(r"\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|0000|00[aA][dD]|20|034|061|180|[fF]{2}|[fF][eE])")
_OBJECTS: Final = re.compile(r"\[\s*\{")
# What begins each text of a JSON text sequence (RFC 7464).
_SEPARATOR: Final = re.compile("(?:^|(?<=\n))\x1e")
_CONSTANTS: Final = {None: "null", True: "true", False: "false"}


@record
class JsonList:
    """A list of objects: where it stands, the objects as records, and where each begins."""

    pointer: str
    records: Records
    document: JsonText
    starts: list[int]
    header: Header
    also: dict[str, list[str]] = field(default_factory=dict)
    """Other keys of the same meaning that some objects have, by the first."""
    is_alone: bool = False
    """Whether there is one object and no list around it."""
    own: list[tuple[str, str, str, int]] = field(default_factory=list)
    """What the mapping file declares to be the partner's own: class, name, identifier, number of the object."""

    def place(self, record: int) -> str:
        """Return the pointer to a record."""
        return _place(self.pointer, record, is_alone=self.is_alone)

    def keys(self, record: int) -> dict[str, bool]:
        """Return the keys of a record, and whether each has an array."""
        text = self.document.text
        members = self.document.members(self.starts[record - 1])
        # Of several keys of one meaning, one that says nothing is not the one that was read.
        return {key: text[at] == "[" for key, at in members if not (self.also and text.startswith("null", at))}

    def key(self, given: dict[str, Any], first: str) -> str:
        """Return the key under which an object gives what the first of several keys of one meaning stands for."""
        return next((key for key in (first, *self.also.get(first, ())) if given.get(key) is not None), first)

    def line(self, record: int, key: str | None, item: int | None) -> int:
        """Return the line of a record (counted from 1), of one of its keys, or of an item there."""
        position = self.starts[record - 1]
        if key is not None:
            position = dict(self.document.members(position)).get(key, position)
            if item is not None and self.document.text[position] == "[":
                for count, (place, _) in enumerate(self.document.elements(position), start=1):
                    if count == item:
                        position = place
                        break
        return self.document.line(position)


class _Reader:
    def __init__(
        self, document: JsonText, file: str, tables: Tables, limits: Limits, versions: Versions | None
    ) -> None:
        self.document = document
        self.versions = versions
        self.file = file
        self.tables = tables
        self.limits = limits
        self.findings: list[Finding] = []
        self.lists: list[JsonList] = []
        self._is_unknown = False
        self._unread: list[tuple[list[str], str, int]] = []
        self._check = _ESCAPES.search(document.text) is not None or first_invisible(document.text) is not None

    def list_(
        self,
        pointer: str,
        table: Table | None,
        elements: list[tuple[int, Any]],
        name: str | None = None,
        *,
        repeated: bool = False,
        is_alone: bool = False,
    ) -> None:
        """Read a list of objects of a table, which the keys tell if it is None.

        Args:
            pointer: where the list stands.
            table: what its objects are.
            elements: where each begins, and the value.
            name: the key of the list.
            repeated: whether another list of the same table came before.
            is_alone: whether there is one object and no list around it.
        """
        starts = [position for position, _ in elements]
        numbers, objects = self._objects(pointer, elements, is_alone=is_alone)
        keys = _keys(objects)
        self.limits.check("columns", len(keys), pointer)
        if table is None:
            chosen = self.tables.recogniser.choose([keys], None)
            if chosen is None:
                self._unrecognised(keys, pointer, starts[0] if starts else 0)
                return
            table = chosen[0]
        at = Location(file=self.file, line=self.document.line(starts[0]) if starts else None, pointer=pointer)
        header, also = self._header(table, name, keys, objects, at)

        def place(record: int, heading: Heading | None) -> Location:
            key = made.key(objects[record], heading.text) if heading else None
            number = numbers[record]
            pointer = made.place(number) + (f"/{escaped(key)}" if key is not None else "")
            return Location(file=self.file, header=key, line=made.line(number, key, None), pointer=pointer)

        records = Records(table, len(self.lists) + 1, numbers, [], header.language, place)
        records.prefix = f"sheet:{records.sheet}:" if repeated else ""
        made = JsonList(pointer, records, self.document, starts, header, also, is_alone)
        self.lists.append(made)
        for key in also:
            self._same(made, objects, key)
        for heading in header.headings:
            read = self._fields(heading, made, objects)
            if heading.column.about:
                texts = ((text, n) for n, value in enumerate(read[0].values) for text in parts(value) if text)
                self.tables.submission_date.of_column(heading, ((text, place(n, heading)) for text, n in texts))
            else:
                records.fields += read

        def firsts(column: int) -> Iterator[tuple[str, int]]:
            values = {text: None for each in records.fields if each.heading.number == column for text in each.values}
            yield from ((text, 0) for value in values for text in parts(value) if text)

        header.findings += self.tables.of_other_currency(header, table, at, firsts)
        records.fields += self.tables.constants(table, len(objects))
        made.own = [
            *self.tables.declared.own(keys, lambda key, record: _names(objects[record].get(keys[key])), numbers)
        ]

    def _objects(
        self, pointer: str, elements: list[tuple[int, Any]], *, is_alone: bool
    ) -> tuple[list[int], list[dict[str, Any]]]:
        """Return the objects among the elements of a list with their numbers; say what is none."""
        numbers: list[int] = []
        objects: list[dict[str, Any]] = []
        for number, (position, value) in enumerate(elements, start=1):
            self.limits.check("rows", number)
            here = _place(pointer, number, is_alone=is_alone)
            if not isinstance(value, dict):
                said = "[…]" if isinstance(value, list) else _CONSTANTS.get(value, str(value))
                self.note("record-not-object", here, position, value=said, quoted=said)
                continue
            if isinstance(value, Repeated):
                for key in value.keys_repeated:
                    self.note("key-repeated", f"{here}/{escaped(key)}", position, header=key, key=key)
            numbers.append(number)
            objects.append(value)
        return numbers, objects

    def _header(
        self, table: Table, name: str | None, keys: list[str], objects: list[dict[str, Any]], at: Location
    ) -> tuple[Header, dict[str, list[str]]]:
        """Return what the keys of a list mean, and which further keys mean the same as one of these."""
        recogniser = self.tables.recogniser.headers_of(table, name)
        also = synonyms(recogniser, keys)
        others = {key for several in also.values() for key in several}
        first = [key for key in keys if key not in others]
        header = recognise(recogniser, first, at, given=self.tables.given(table))
        for key in filter(Versions.is_key, keys):
            stated = (each[key] for each in objects if isinstance(each.get(key), str))
            if self.versions is not None and self.versions.of_values(stated, "key", at):
                unsaid(header, key)
        if not objects:
            header.findings.clear()
        return header, also

    def _same(self, made: JsonList, objects: list[dict[str, Any]], first: str) -> None:
        """Say which objects give one thing under two keys."""
        path = next(each.column.iri for each in made.header.headings if each.text == first)
        for number, each in zip(made.records.numbers, objects, strict=True):
            given = [key for key in (first, *made.also[first]) if each.get(key) is not None]
            for key in given[1:]:
                here, position = made.place(number), made.starts[number - 1]
                alike = f"{here}/{escaped(key)}"
                self.note("keys-alike", alike, position, header=key, path=path, key=key, other=given[0])

    def _fields(self, heading: Heading, made: JsonList, objects: list[dict[str, Any]]) -> list[Field]:
        key = heading.text
        others = made.also.get(key)
        keys = [made.key(each, key) for each in objects] if others else [key] * len(objects)
        found = [each.get(own) for own, each in zip(keys, objects, strict=True)]
        if not self._check and set(map(type, found)) <= {str, type(None)}:
            texts = [text.strip() if text else "" for text in found]
            if max(map(len, texts), default=0) <= self.limits.cell_characters:
                return [Field(heading, texts)]
        plain: list[Cell] = [""] * len(objects)
        by_language: dict[str, list[Cell]] = {}
        for position, value in enumerate(found):
            if value is None:
                continue
            at = partial(self._place_of, made, made.records.numbers[position], keys[position])
            if isinstance(value, dict) and heading.column.is_text and _is_by_language(value):
                for tag, text in value.items():
                    several = by_language.setdefault(language_tag(tag), [""] * len(objects))
                    if several[position]:
                        self._note("key-repeated", at(tag), key=tag)
                    several[position] = self._scalar(text, partial(at, tag))
                    if several[position] and language_tag(tag).partition("-")[0] not in LANGUAGES:
                        self._note("language-other", at(tag), value=tag, language=tag)
            elif isinstance(value, list):
                plain[position] = tuple(self._scalar(item, partial(at, n)) for n, item in enumerate(value))
            else:
                plain[position] = self._scalar(value, at)
        fields = [Field(heading, plain)]
        fields += [
            Field(Heading(heading.number, key, heading.column, language), texts)
            for language, texts in by_language.items()
        ]
        return fields

    def _place_of(self, made: JsonList, number: int, key: str, step: int | str | None = None) -> Location:
        """Return the place of a value of a record, or of an item or a language there."""
        pointer = f"{made.place(number)}/{escaped(key)}" + ("" if step is None else f"/{step}")
        line = made.line(number, key, step + 1 if isinstance(step, int) else None)
        return Location(file=self.file, header=key, line=line, pointer=pointer)

    def _scalar(self, value: Any, at: Callable[[], Location]) -> str:
        if isinstance(value, Number):
            if not value.is_finite:
                self._note("number-special", at(), value=value, quoted=value)
            return value.plain(self.limits.digits)
        if isinstance(value, str):
            if len(value) > self.limits.cell_characters:
                self.limits.check("literal_characters", len(value), at().pointer or "")
            if self._check and (fit := fitting(value)) != value:
                self._note("character-refused", at(), value=value, quoted=value)
                value = fit
            return self._visible(str(value), at).strip()
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        self._note("value-nested", at())
        return ""

    def _visible(self, text: str, at: Callable[[], Location]) -> str:
        """Return a text without invisible characters; the first is said."""
        if first_invisible(text) is None:
            return text
        if not any(each.code == "invisible-characters" for each in self.findings):
            self._note("invisible-characters", at())
        return visible(text)

    def document_(self, start: int) -> None:
        """Read the value that the whole document is."""
        text = self.document.text
        if text[start] == "[":
            self.list_("", None, list(self.document.elements(start)))
        elif text[start] == "{":
            seen: dict[str, str] = {}  # what table each list is, by its key
            for key, position in self.document.members(start):
                self._member(key, position, seen)
        if not self.lists and not self._is_unknown:
            if not self._unread:
                raise unreadable("json-no-actions")
            known = (each for each in self._unread if self.tables.recogniser.known([each[0]]))
            self._unrecognised(*next(known, self._unread[0]))

    def _unrecognised(self, keys: list[str], pointer: str, position: int) -> None:
        """Say that the objects of a list could be anything.

        Raises:
            UnreadableInputError: they have no key at all that a table of ours has.
        """
        known = self.tables.recogniser.known([keys])
        if not known:
            raise unreadable("json-no-actions")
        self._is_unknown = True
        headers = {lang: [column.header[lang] for column in self.tables.recogniser.main.required] for lang in LANGUAGES}
        self.note("table-unrecognised", pointer, position, seen=known, headers=headers)

    def _member(self, key: str, position: int, seen: dict[str, str]) -> None:
        table = self.tables.recogniser.named(key)
        pointer = f"/{escaped(key)}"
        if table is None and self.versions is not None and self.versions.is_key(key):
            at = Location(file=self.file, line=self.document.line(position), pointer=pointer)
            if self.versions.of_value(self.document.value(position)[0], at):
                return
        if table is None and self.of_submission(key, position):
            return
        if table is not None and self.document.text.startswith("null", position):
            return  # a list that says that there is none
        elements, is_alone = self._elements(position, table)
        if table is None and elements:
            # As with sheets, the name does not matter if the objects can be nothing else.
            keys = _keys(value for _, value in elements)
            if len(keys) <= self.limits.columns:
                chosen = self.tables.recogniser.choose([keys], key)
                if chosen is None:
                    self._unread.append((keys, pointer, elements[0][0]))
                else:
                    table = chosen[0]
        if table is None or elements is None:
            self.note("key-unknown", pointer, position, header=key, key=key)
        elif key in seen:
            self.note("key-repeated", pointer, position, header=key, key=key)
        else:
            other = next((each for each, iri in seen.items() if iri == table.iri), None)
            if other is not None:
                self.note("sheet-repeated", pointer, position, sheet=key, table=table.name, other=other)
            self.list_(pointer, table, elements, key, repeated=other is not None, is_alone=is_alone)
            seen[key] = table.iri

    def _elements(self, position: int, table: Table | None) -> tuple[list[tuple[int, Any]] | None, bool]:
        """Return what a list holds, and whether it is one object alone; None where the value is neither."""
        begins = self.document.text[position]
        if begins == "[":
            return list(self.document.elements(position)), False
        value = self.document.value(position)[0]
        if isinstance(value, dict) and (table is None or self.tables.recogniser.headers_of(table).count([*value])):
            return [(position, value)], True
        return None, False

    def of_submission(self, key: str, position: int) -> bool:
        """Take note of what a key of the document says of the submission itself; return whether it is such a key."""
        found = self.tables.submission_date.match(key)
        if found is None:
            return False
        pointer = f"/{escaped(key)}"
        value = self.document.value(position)[0]
        place = Location(file=self.file, line=self.document.line(position), header=key, pointer=pointer)
        for each in value if isinstance(value, list) else [value]:
            self.tables.submission_date.state(found[0], self._scalar(each, lambda: place), place)
        return True

    def note(self, code: str, pointer: str, position: int, *, header: str | None = None, **words: Any) -> None:
        at = Location(file=self.file, header=header, line=self.document.line(position), pointer=pointer)
        self._note(code, at, **words)

    def _note(self, code: str, at: Location, *, value: str | None = None, **words: Any) -> None:
        self.findings.append(make_finding(code, at, value=value, **words))


def _place(pointer: str, number: int, *, is_alone: bool) -> str:
    return pointer if is_alone else f"{pointer}/{number - 1}"


def _keys(objects: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(key for each in objects if isinstance(each, dict) for key in each))


def _is_by_language(value: dict[str, Any]) -> bool:
    """Return whether an object gives a text by language: its keys are tags such as `en`, `es-MX` or `fr`.

    >>> _is_by_language({"en-US": "x", "fr": "y"}), _is_by_language({"id": "x"}), _is_by_language({"name": "x"})
    (True, False, False)
    """
    is_text = all(text is None or isinstance(text, str) for text in value.values())
    tags = [language_tag(key).partition("-")[0] for key in value]
    return is_text and all(2 <= len(tag) <= 3 for tag in tags) and ("id" not in value or "en" in tags or "es" in tags)


def _names(value: Any) -> Cell:
    if isinstance(value, list):
        return tuple(str(each) for each in value if isinstance(each, str))
    return value if isinstance(value, str) else ""


def document_of(text: str, recogniser: TableRecogniser, limits: Limits, *, lines: bool) -> tuple[JsonText, bool]:
    """Return a JSON text, and whether it holds one object a line.

    Args:
        text: what it holds.
        recogniser: knows which keys name lists of ours.
        limits: see `Limits`.
        lines: whether it is said to hold one object a line, which a JSON text sequence always is; if it begins with a
            list, or an object that holds lists of ours, it is one document all the same. An object alone that is a
            record of ours is one line.

    Raises:
        UnreadableInputError: it is no JSON.
        LimitReachedError: it nests too deeply.
    """
    if text.startswith("\x1e"):
        text, lines = _SEPARATOR.sub(" ", text), True
    document = JsonText(text, limits)
    start = document.start()
    if text[start : start + 1] not in ("{", "["):
        line = document.line(start)
        raise unreadable("no-json", line=line, row=line, near=text[start : start + 20].partition("\n")[0].strip())
    if lines and text[start] == "[":
        lines = False
    elif lines:
        lines = not any(text[at] in "[{" and recogniser.named(key) for key, at in document.members(start))
    elif text[start] == "{":
        lines = _is_record(document, start, recogniser, limits.columns)
    return document, lines


def _is_record(document: JsonText, start: int, recogniser: TableRecogniser, most: int) -> bool:
    keys: list[str] = []
    for key, at in document.members(start):
        if recogniser.named(key) or _OBJECTS.match(document.text, at) or len(keys) == most:
            return False
        keys.append(key)
    return recogniser.choose([keys], None) is not None


def read_json(
    document: JsonText, file: str, tables: Tables, limits: Limits, *, lines: bool, versions: Versions | None = None
) -> tuple[list[JsonList], list[Finding]]:
    """Return the lists of records that a JSON text holds, and what is to be said about it.

    Args:
        document: the text.
        file: its name, for places.
        tables: what its lists may be.
        limits: see `Limits`.
        lines: whether it holds one object a line (JSON Lines).
        versions: collects the versions that the text names.

    Raises:
        UnreadableInputError: it is no JSON, or holds no list of ours.
        LimitReachedError: it nests too deeply, or is too long.
    """
    reader = _Reader(document, file, tables, limits, versions)
    start = document.start()
    if lines:
        reader.list_("", None, list(document.lines()))
        return reader.lists, reader.findings
    try:
        reader.document_(start)
    except InputError:
        if document.text[start] in "[{":
            document.finish(start)  # whatever else is wrong with it, that it is no JSON comes first
        raise
    document.finish(start)
    return reader.lists, reader.findings
