"""What is wrong with Turtle and its kin, said by kind: the parser's own words are English, and for programmers.

>>> import pyoxigraph
>>> text = "<urn:a> <urn:b> e:c ."
>>> try:
...     list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))
... except SyntaxError as error:
...     str(broken_text(error, text, "Turtle"))
'The Turtle cannot be read beyond line 1, column 17: the prefix “e:” is not declared. \
Add a line such as @prefix e: <https://…> .'
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from bicentennial.core.problems import broken

if TYPE_CHECKING:
    from bicentennial.core.errors import UnreadableInputError

__all__ = ["broken_text"]

# The first expression that a message meets names the kind; `word` is what the sentence quotes besides the text.
_KINDS: Final = [
    (re.compile(expression, re.DOTALL), kind)
    for expression, kind in [
        (r"The prefix (?P<word>\S*) has not been declared", "undeclared"),
        (r"PREFIX|is not a valid prefix|beginning of a prefix name", "prefix"),
        (r"BASE keyword", "base"),
        (r"VERSION", "version"),
        (r"GRAPH keyword|is not a valid graph name|end of a graph block", "graph"),
        (r"No scheme found|IRI code point ':'", "relative"),  # or none that a scheme may be: 2024:00
        (r"escape|hexadecimal|surrogate", "escape"),
        (r"IRI code point|Invalid IRI|IRI (?:authority|scheme|path|host|port)|parsing IRI|in an? IRI\b|port", "iri"),
        (r"language|[Ss]ubtag|base directions", "language"),
        (r"datatype of a literal", "datatype"),
        (r"blank node ID", "blank"),
        (r"integer|decimal|double|exponent|number", "number"),
        (r"Unexpected end", "end"),
        (r"must be followed by a dot|dot is expected|'\.'", "dot"),
        (r"subject of a triple|is not a valid (?:subject|RDF subject)|quoted triple subject", "subject"),
        (r"predicate of a triple|is not a valid predicate", "predicate"),
        (r"object of a triple|is not a valid (?:RDF object|object)|quoted triple object", "object"),
        (r"should end with|to close|collection", "bracket"),
    ]
]
_WORD: Final = re.compile(r"<[^<>\s]*>?|\"[^\"\n]*\"?|[^\s;,<>\"\[\](){}]+|\S", re.DOTALL)
_PLACE: Final = re.compile(r"line (\d+) column (\d+)(?=:)")
_LONG: Final = 40
# What word processors make of the quotation marks that were typed.
_QUOTATION: Final = tuple("“”„‟‘’‚«»")


def broken_text(error: SyntaxError, text: str, title: str) -> UnreadableInputError:
    """Return the error that says what is wrong with a text, and where.

    Args:
        error: the parser's.
        text: the document.
        title: what people call its syntax.
    """
    message = str(error.msg)
    row, column = error.lineno or 1, error.offset or 1
    kind, word = _kind(re.sub(r"^Parser error (?:at|between) .*?: ", "", message))
    if kind == "end" and (until := _PLACE.search(message)):
        # The end of the file says nothing; what was begun before it does.
        row, column = error.lineno or int(until[1]), error.offset or int(until[2])
    near = _near(text, row, column)
    if near.startswith(_QUOTATION):
        kind = "quotation"
    return broken("broken-rdf", kind, line=row, format=title, row=row, column=column, near=near, word=word)


def _kind(message: str) -> tuple[str, str]:
    for expression, kind in _KINDS:
        if match := expression.search(message):
            return kind, match.groupdict().get("word") or ""
    return "other", ""


def _near(text: str, row: int, column: int) -> str:
    """Return the word that stands at a place, with as much around it as makes sense."""
    line = next(islice(text.split("\n", row), row - 1, None), "")
    found = _WORD.search(line, max(column - 1, 0)) or _WORD.search(line)
    word = found[0] if found else line.strip()
    if len(word) < 3 and found:
        word = line[found.start() :].strip()
    return word[:_LONG] or "…"
