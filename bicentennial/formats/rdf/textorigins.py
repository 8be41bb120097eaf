"""The lines of RDF text, found by searching it and only for what there is a finding about.

No RDF parser tells positions. So the text is scanned once, when the first place is asked for: where the description
of each subject begins. A property or value is then looked for from there on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Location
from bicentennial.core.lines import Lines
from bicentennial.core.namespaces import RDF, local_name
from bicentennial.formats.rdf.reading import BASE
from bicentennial.formats.rdf.turtletext import LONG, TurtleText
from bicentennial.storage.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.storage.dataset import Dataset

__all__ = ["TextOrigins"]

_ABOUT: Final = re.compile(r"""\b(?:rdf:)?(about|ID|nodeID)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# One expression for each word, since Python is quick to find what always begins with the same letters.
_ABOUTS: Final = {
    word: re.compile(rf"""{word}(?<!\w{word})\s*=\s*(?:"([^"]*)"|'([^']*)')""") for word in ("about", "ID", "nodeID")
}
_NODES: Final = [re.compile(rf'"{key}"\s*:\s*"((?:[^"\\]|\\.)*)"') for key in ("@id", "id", "identifier")]
_ABSOLUTE: Final = re.compile(r"[A-Za-z][\w+.-]*:")
_PARENTS: Final = 16


class TextOrigins(Origins):
    """Places in RDF text: lines.

    Args:
        file: the file's name.
        text: what it holds.
        format_name: its syntax.
        dataset: its statements, by which nodes without a name are found.
    """

    def __init__(self, file: str, text: str, format_name: str, dataset: Dataset) -> None:
        super().__init__(file)
        self._text = text
        self._lines = Lines(text)
        self._format = format_name
        self._dataset = dataset
        self._turtle = TurtleText(text) if format_name in ("turtle", "trig", "ntriples", "nquads") else None
        self._starts: dict[str, int] | None = None
        # In a long file of one statement a line, the numbers of the statements are those of the lines.
        self._is_numbered = (
            format_name == "ntriples"
            and len(text) > LONG
            and len(dataset) == text.count("\n") + (not text.endswith("\n"))
        )
        self._numbered: dict[str, dict[tuple[str | None, str | None], int]] = {}

    def learn(self, subjects: Iterable[str]) -> None:
        """Look up at once on which lines the statements about many things are."""
        wanted = [subject for subject in subjects if subject not in self._numbered]
        if not (self._is_numbered and wanted):
            return
        self._numbered.update((subject, {}) for subject in wanted)
        found = self._dataset.connection.execute(
            f"SELECT s, p, o, row FROM statements WHERE s IN ({self._dataset.texts('?1')}) AND row IS NOT NULL"  # noqa: S608 - no value in it
            " ORDER BY row DESC",
            [wanted],
        )
        for s, p, o, row in found.fetchall():
            self._numbered[s].update({(None, None): row, (p, None): row, (p, o): row})

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return the line of a value, of a property, or at least of where the thing's description begins."""
        if self._is_numbered:
            self.learn([s])
            lines = self._numbered[s]
            line = lines.get((p, o)) or lines.get((p, None)) or lines.get((None, None))
            return Location(file=self.file, line=line)
        position = self._position(s, p, o, 0)
        if position is None:
            return Location(file=self.file)
        return Location(file=self.file, line=self._lines.of(position))

    def _position(self, s: str, p: str | None, o: str | None, depth: int) -> int | None:
        if self._turtle is not None:
            found = self._turtle.position(s, p, o)
        elif self._format == "rdfxml":
            found = self._in_xml(s, p, o)
        else:
            found = self._in_json(s, p, o)
        if found is None and s.startswith("_:") and depth < _PARENTS:
            return self._without_name(s, depth)
        return found

    def _without_name(self, s: str, depth: int) -> int | None:
        # A node without a name stands within another's description, or can be told by what is said of it.
        parent = self._dataset.connection.execute(
            "SELECT s, p FROM statements WHERE o = ? AND kind = 1 LIMIT 1", [s]
        ).fetchone()
        text = self._dataset.connection.execute(
            "SELECT o FROM statements WHERE s = ? AND kind = 2 ORDER BY length(o) DESC LIMIT 1", [s]
        ).fetchone()
        start = self._position(parent[0], parent[1], None, depth + 1) if parent else None
        if text:
            found = self._text.find(text[0], start or 0)
            if found >= 0 and (parent or self._text.find(text[0], found + 1) < 0):
                return found
        return start

    def _in_xml(self, s: str, p: str | None, o: str | None) -> int | None:
        if self._starts is None:
            self._starts = {}
            for kind, expression in _ABOUTS.items():
                for match in expression.finditer(self._text):
                    value = _unescaped_xml(match[1] if match[1] is not None else match[2])
                    if kind == "nodeID":
                        subject = f"_:{value}"
                    elif kind == "ID":
                        subject = f"{BASE}#{value}"
                    else:
                        subject = value if _ABSOLUTE.match(value) else BASE + value
                    self._starts[subject] = min(match.start(), self._starts.get(subject, match.start()))
        start = self._starts.get(s)
        if start is None or p is None or p == RDF.type:
            return start
        following = _ABOUT.search(self._text, self._text.find("=", start))
        end = following.start() if following else len(self._text)
        name = re.escape(local_name(p))
        first: int | None = None
        for match in re.compile(rf"<(?:[\w.-]+:)?{name}[\s/>]|\s(?:[\w.-]+:)?{name}\s*=").finditer(
            self._text, start, end
        ):
            first = match.start() + 1 if first is None else first
            stop = self._text.find(f"{local_name(p)}>", match.end(), end)
            if (
                o is not None
                and (local_name(o) or o) in self._text[match.start() : stop if stop >= 0 else match.end() + len(o) + 40]
            ):
                return match.start() + 1
        return first if first is not None else start

    def _in_json(self, s: str, p: str | None, o: str | None) -> int | None:
        if self._starts is None:
            self._starts = {}
            for expression in _NODES:
                for match in expression.finditer(self._text):
                    subject = match[1].replace("\\/", "/")
                    self._starts[subject] = min(match.start(), self._starts.get(subject, match.start()))
        start = self._starts.get(s, self._starts.get(s.removeprefix(BASE)))
        if start is None:
            # A compact IRI ends as the whole one does.
            name = local_name(s)
            start = next((place for iri, place in self._starts.items() if name and local_name(iri) == name), None)
        if start is None or p is None:
            return start
        begin, end = self._object_around(start)
        names = {p, local_name(p), "@type" if p == RDF.type else local_name(p)}
        keys = "|".join(rf"(?:[\w.-]+:)?{re.escape(name)}" for name in sorted(names, key=len))
        key = re.compile(rf'"(?:{keys})"\s*:').search(self._text, begin, end)
        if key is None:
            return start
        if o is not None:
            value = self._text.find(f'{local_name(o) or o}"', key.end(), end)
            if value >= 0 and '":' not in self._text[key.end() : value].replace('"@', ""):
                return value
        return key.start()

    def _object_around(self, position: int) -> tuple[int, int]:
        # From the brace that opens the object to the one that closes it; strings hardly ever hold braces.
        depth, begin = 0, position
        while begin > 0:
            begin -= 1
            character = self._text[begin]
            depth += (character == "}") - (character == "{")
            if depth < 0:
                break
        depth, end = 0, position
        while end < len(self._text):
            character = self._text[end]
            depth += (character == "{") - (character == "}")
            end += 1
            if depth < 0:
                break
        return begin, end


def _unescaped_xml(text: str) -> str:
    from xml.sax.saxutils import unescape

    return unescape(text, {"&quot;": '"', "&apos;": "'"})
