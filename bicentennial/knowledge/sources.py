r"""Are the citations true? Every passage looked for in the documents that a user holds.

A passage names a document, the number of a paragraph (the n-th line that is not blank), perhaps an item of a list and
a sentence, and carries the SHA-256 of its text, the sentence's where it names one and else the paragraph's, in Unicode
NFC with white space collapsed. A quotation must stand word for word in that text. Documents are recognised by those
fingerprints, never by the names of files.

A paragraph is cut into sentences after each full stop, question or exclamation mark that white space and a capital or
an opening parenthesis follow, unless the full stop ends “U.S.”, “D.C.” or “grants.” or stands alone after another mark.
The mark of a list item (“•”, “2.”) belongs to no sentence.

>>> fingerprint("  Two\tspaces ") == fingerprint("Two spaces")
True
>>> sentences("The U.S. Government met in Washington, D.C. on Friday. It agreed.")
['The U.S. Government met in Washington, D.C. on Friday.', 'It agreed.']
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.errors import InputNotFoundError, UnreadableInputError
from bicentennial.core.escape import plain
from bicentennial.core.messages import entry, render
from bicentennial.core.namespaces import compact
from bicentennial.core.reasons import reason
from bicentennial.knowledge.names import names
from bicentennial.knowledge.store import select

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

__all__ = ["Citation", "Document", "SourceCheck", "check", "citations", "cited_at", "fingerprint", "sentences"]

_ITEM: Final = re.compile(r"(?:•|\d+\.) ")
# A sentence ends before a capital, unless what ended is an abbreviation or a stray full stop.
_SENTENCE_END: Final = re.compile(r"(?<=[.?!])(?<!U\.S\.)(?<!grants\.)(?<!D\.C\.)(?<![. ]\.)\s+(?=[A-Z(])")
_TEXTS: Final = frozenset({".txt", ".md", ".text", ""})


class Citation(NamedTuple):
    """A passage as our data cite it."""

    passage: str
    document: str
    paragraph: int
    sentence: int | None
    bullet: int | None
    sha256: str
    quotation: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A paragraph or one sentence of it: its text and where it stands, `sentence` being None for a paragraph."""

    number: int
    bullet: int | None
    sentence: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What became of the passages of one document: in which file they are, and which are not, each with the reason."""

    document: str
    file: str | None
    found: int
    missing: tuple[tuple[Citation, dict[str, str]], ...]


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What a check of all citations found; `complete` is true when no passage is missing."""

    documents: tuple[Document, ...]

    @property
    def found(self) -> int:
        """How many passages were found."""
        return sum(document.found for document in self.documents)

    @property
    def missing(self) -> int:
        """How many were not."""
        return sum(len(document.missing) for document in self.documents)

    @property
    def complete(self) -> bool:
        """Whether every passage was found, and there was one."""
        return self.found > 0 and not self.missing

    def to_text(self, lang: str = "en") -> str:
        """Return the check as lines for a person: each document, the passages not found, the total."""
        lines = []
        for document in self.documents:
            everything = document.found + len(document.missing)
            key = "document" if document.file else "no-document"
            lines.append(
                entry("sources", key)[lang].format(
                    document=names()[document.document].name(lang),
                    found=document.found,
                    all=everything,
                    file=plain(document.file or ""),
                )
            )
            if document.file:
                lines += [
                    entry("sources", "missing")[lang].format(
                        passage=compact(citation.passage), place=_place(citation, lang), reason=reason[lang]
                    )
                    for citation, reason in document.missing
                ]
        total = entry("sources", "total")[lang]
        return "\n".join([*lines, total.format(found=self.found, all=self.found + self.missing)])


def _normalised(text: str) -> str:
    """Return a text as it is fingerprinted: Unicode NFC, white space collapsed, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a paragraph or a sentence, in hexadecimal digits."""
    return hashlib.sha256(_normalised(text).encode()).hexdigest()


def sentences(paragraph: str) -> list[str]:
    """Cut a paragraph into its sentences, the mark of a list item left out."""
    text = _normalised(paragraph)
    item = _ITEM.match(text)
    return _SENTENCE_END.split(text[item.end() :] if item else text)


def citations() -> list[Citation]:
    """Return every passage of our data, by document and position."""
    rows = select(
        """SELECT ?passage ?document ?paragraph ?sentence ?bullet ?sha256 ?quotation WHERE {
          ?passage a bic:Passage ; bic:isPartOf ?document ; bic:paragraph ?paragraph ; bic:sha256 ?sha256 .
          OPTIONAL { ?passage bic:sentence ?sentence } OPTIONAL { ?passage bic:bullet ?bullet }
          OPTIONAL { ?passage bic:quotation ?quotation } }
        ORDER BY ?document ?paragraph ?sentence"""
    )
    return [
        Citation(
            row["passage"]["value"],
            row["document"]["value"],
            int(row["paragraph"]["value"]),
            int(row["sentence"]["value"]) if "sentence" in row else None,
            int(row["bullet"]["value"]) if "bullet" in row else None,
            row["sha256"]["value"],
            row["quotation"]["value"] if "quotation" in row else None,
        )
        for row in rows
    ]


def cited_at(source: str, lang: str = "en") -> str:
    """Return the name of a document of ours, or that of the document that a passage stands in and where it does.

    >>> cited_at("https://w3id.org/bicentennial/id/passage-fact-sheet-p08-s2", "es").rpartition(", párrafo ")[2]
    '8, oración 2'
    """
    citation = next((each for each in citations() if each.passage == source), None)
    if citation is None:
        return plain(names()[source].name(lang))
    return plain(f"{names()[citation.document].name(lang)}, {_place(citation, lang)}")


def check(folder: str | os.PathLike[str], cited: Iterable[Citation] | None = None) -> SourceCheck:
    """Look for every passage that our data cite in the text files of a folder.

    Args:
        folder: holds the documents as UTF-8 text, a paragraph a line.
        cited: the passages to look for, all of ours if None.

    Raises:
        InputNotFoundError: there is no such folder, or it cannot be read.
        UnreadableInputError: it holds no text file.
    """
    files = _read(Path(folder))
    by_document: dict[str, list[Citation]] = {}
    for citation in citations() if cited is None else cited:
        by_document.setdefault(citation.document, []).append(citation)
    return SourceCheck(
        tuple(_document(document, passages, files) for document, passages in sorted(by_document.items()))
    )


def _read(folder: Path) -> dict[str, dict[str, list[Location]]]:
    """Return, for each text file of a folder, its paragraphs and their sentences by fingerprint."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in _TEXTS)
        texts = {path.name: path.read_bytes() for path in paths}
    except OSError as error:
        message = render(entry("sources", "unreadable")["message"], folder=folder, reason=reason(error))
        raise InputNotFoundError(message) from None
    files: dict[str, dict[str, list[Location]]] = {}
    for name, content in texts.items():
        try:
            files[name] = _locations(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            continue
    if not any(files.values()):
        message = render(entry("sources", "empty")["message"], folder=folder)
        raise UnreadableInputError(message)
    return files


def _locations(text: str) -> dict[str, list[Location]]:
    """Return the paragraphs of a text and their sentences by fingerprint."""
    found: dict[str, list[Location]] = {}
    number = bullet = 0
    for line in text.split("\n"):
        paragraph = _normalised(line)
        if paragraph:
            number += 1
            bullet = bullet + 1 if _ITEM.match(paragraph) else 0
            texts = {None: paragraph} | dict(enumerate(sentences(paragraph), 1))
            for sentence, part in texts.items():
                found.setdefault(fingerprint(part), []).append(Location(number, bullet or None, sentence, part))
    return found


def _document(document: str, passages: list[Citation], files: dict[str, dict[str, list[Location]]]) -> Document:
    """Look for the passages of one document in the file that has most of them."""

    def missing(name: str) -> list[tuple[Citation, dict[str, str]]]:
        reasons = [(citation, _reason(citation, files[name])) for citation in passages]
        return [(citation, reason) for citation, reason in reasons if reason is not None]

    # The first file by name wins where several hold as much.
    name = min(files, key=lambda name: (len(missing(name)), name))
    lacking = missing(name)
    known = any(citation.sha256 in files[name] for citation in passages)
    return Document(document, name if known else None, len(passages) - len(lacking), tuple(lacking))


def _reason(citation: Citation, locations: dict[str, list[Location]]) -> dict[str, str] | None:
    """Return why a passage is not in a file, or None if it is."""
    part = "paragraph" if citation.sentence is None else "sentence"
    same = [each for each in locations.get(citation.sha256, []) if (each.sentence is None) == (part == "paragraph")]
    if not same:
        return dict(entry("sources", f"unknown-{part}"))
    near = [each for each in same if each.number == citation.paragraph]
    if not near:
        return render(entry("sources", f"{part}-elsewhere"), found=same[0].number)
    here = next((each for each in near if each.sentence == citation.sentence), None)
    if here is None:
        return render(entry("sources", "other-sentence"), found=near[0].sentence)
    if citation.bullet is not None and citation.bullet != here.bullet:
        return render(entry("sources", "no-bullet" if here.bullet else "no-list"), found=here.bullet)
    if citation.quotation is not None and _normalised(citation.quotation) not in here.text:
        return dict(entry("sources", "no-quotation"))
    return None


def _place(citation: Citation, lang: str) -> str:
    parts = {"paragraph": citation.paragraph, "bullet": citation.bullet, "sentence": citation.sentence}
    return ", ".join(
        entry("show", part)[lang].format(number=number) for part, number in parts.items() if number is not None
    )
