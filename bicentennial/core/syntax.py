"""What parsers say of a text that they cannot read, in words of our own and in both languages.

Parsers speak English only, and of grammars; each thing that they say is known here by its beginning. What is
not known is said in general, with the place, which is what counts.

>>> fault("toml", "Expected '=' after a key in a key/value pair (at line 1, column 5)")["es"]
'falta el signo = después de la clave'
>>> fault("turtle", "The prefix ex: has not been declared")["en"]
'the prefix “ex:” is not declared; write @prefix ex: <…> . at the beginning'
"""

from __future__ import annotations

import re
from typing import Final
from xml.parsers.expat import errors as codes

from bicentennial.core.messages import entry, render
from bicentennial.core.notices import shown

__all__ = ["fault", "toml_fault", "xml_fault"]

# What a parser's message looks like, and the sentence of `messages.toml` that stands for it.
_KNOWN: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "toml": (
        (r"Expected '='", "equals"),
        (r"(?:Unterminated string|Expected '\"|Illegal character '\\[nr]')", "string"),
        (r"(?:Unclosed array|Expected '\]'|Unclosed inline)", "bracket"),
        (r"(?:Cannot (?:overwrite|declare|mutate|redefine)|Duplicate)", "twice"),
        (r"Expected newline", "newline"),
        (r"(?:Unescaped|Invalid escape)", "backslash"),
        (r"Invalid value", "value"),
        (r"(?:Invalid statement|Invalid initial character)", "statement"),
        (r"'utf-?8' codec", "encoding"),
    ),
    "turtle": (
        (r"The prefix (?P<what>\S*) has not been declared", "prefix"),
        (r"Unexpected end", "end"),
        (r"(?:A dot is expected|Triples must be followed by a dot)", "dot"),
        (r"Invalid IRI percent encoding '(?P<what>[^']*)", "percent"),
        (r"(?:error while parsing IRI|Invalid IRI|Invalid character '.' in|Invalid port)", "iri"),
        (r"No scheme found", "relative"),
        (r"(?:(?P<what>.+?) is not a valid predicate|The predicate)", "predicate"),
        (r"(?:(?P<what>.+?) is not a valid subject|The subject)", "subject"),
        (r"(?:(?P<what>.+?) is not a valid RDF object|The object)", "object"),
        (r"blank node property lists", "bracket"),
        (r"(?:A language code|A subtag|Invalid language)", "language"),
        (r"Expecting a datatype", "datatype"),
        (r"Line jumps", "line-break"),
        (r"(?:Unexpected escape|Invalid escape)", "backslash"),
        (r"'(?P<what>.)' is not allowed at the beginning", "character"),
        (r"The (?P<what>PREFIX|BASE|GRAPH) keyword", "keyword"),
        (r"Unexpected text event: '(?P<what>.*)'", "text"),
        (r"XML namespaces are required", "namespace"),
        (r".*[Uu]nknown (?:namespace )?prefix:? ?'?(?P<what>[\w.-]+)", "xmlns"),
        (r"(?P<what>.*) is not a valid rdf:ID", "name"),
        (r"Not both", "attributes"),
    ),
}  # fmt: skip
_BARE: Final = re.compile(r"&(?!(?:[A-Za-z_][\w.-]*|#\d+|#x[0-9A-Fa-f]+);)")
_LESS: Final = re.compile(r"<(?![A-Za-z_:/?!])")
_NAMED: Final = re.compile(r"&([A-Za-z_][\w.-]*);")
_XML: Final = {
    codes.XML_ERROR_NO_ELEMENTS: "end",
    codes.XML_ERROR_UNCLOSED_TOKEN: "unclosed",
    codes.XML_ERROR_PARTIAL_CHAR: "unclosed",
    codes.XML_ERROR_TAG_MISMATCH: "mismatch",
    codes.XML_ERROR_DUPLICATE_ATTRIBUTE: "attribute",
    codes.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "after",
    codes.XML_ERROR_UNDEFINED_ENTITY: "entity",
    codes.XML_ERROR_BAD_CHAR_REF: "character",
    codes.XML_ERROR_MISPLACED_XML_PI: "declaration",
    codes.XML_ERROR_UNCLOSED_CDATA_SECTION: "unclosed",
    codes.XML_ERROR_UNBOUND_PREFIX: "prefix",
}


def fault(parser: str, message: str) -> dict[str, str]:
    """Return what is wrong with a text, in each language.

    Args:
        parser: `toml` or `turtle`; the latter for all syntaxes of RDF.
        message: what the parser said.
    """
    for pattern, key in _KNOWN[parser]:
        if found := re.match(pattern, message):
            what = found.groupdict().get("what")
            return _said(parser, key if what or "what" not in found.groupdict() else "other", what or "")
    return _said(parser, "other", "")


def toml_fault(error: Exception) -> dict[str, str]:
    """Return what is wrong with a TOML file, and on which line if the parser says so, in each language."""
    line = re.search(r"line (\d+)", str(error))
    said = fault("toml", str(error))
    if line is None:
        return said
    place = render(entry("intake", "mapping-unreadable")["line"], line=line[1])
    return {language: f"{place[language]}, {text}" for language, text in said.items()}


def xml_fault(message: str, line: str, position: int) -> tuple[dict[str, str], int]:
    """Return what is wrong with an XML document, in each language, and in which column.

    Args:
        message: what expat said.
        line: the line that it stopped in.
        position: where in it, from 0.

    >>> xml_fault("not well-formed (invalid token)", "<title>R&D</title>", 10)[0]["en"]
    'an ampersand stands alone; write & as &amp;'
    """
    key = _XML.get(message, "other")
    if key == "other":
        start = max(line.rfind(">", 0, position), line.rfind("<", 0, position)) + 1
        if ampersand := _BARE.search(line, start, position + 1):
            key, position = "ampersand", ampersand.start()
        elif less := _LESS.match(line, position) or _LESS.match(line, max(position - 1, 0)):
            key, position = "less-than", less.start()
        elif line[position : position + 1] and not line[position].isprintable():
            key = "control"
    named = _NAMED.match(line, position)
    return _said("xml", key, named[1] if named else ""), position + 1


def _said(parser: str, key: str, what: str) -> dict[str, str]:
    texts = entry("syntax", parser)[key]
    return render(texts, what=shown(what))
