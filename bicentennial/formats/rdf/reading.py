"""RDF submissions in any of the usual syntaxes, measured before a parser sees them.

Nesting and prefixes are counted in the text, for the parser would not survive an extreme of them. JSON-LD may use our
own context, which is in the package, or contexts of its own within the file; nothing is ever fetched.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import resources
from bicentennial.core.limits import reached
from bicentennial.core.namespaces import BIC, XSD
from bicentennial.core.nesting import refuse_deep
from bicentennial.core.notices import unreadable
from bicentennial.formats import xmltext
from bicentennial.formats.json.text import JsonText, Number
from bicentennial.formats.registry import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph

    from bicentennial.core.errors import UnreadableInputError
    from bicentennial.core.limits import Limits
    from bicentennial.storage.dataset import Dataset

__all__ = ["BASE", "CONTEXTS", "FORMATS", "read_rdf"]

FORMATS: Final = ("turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld")
"""The syntaxes that are read."""
BASE: Final = "urn:x-bicentennial:file/"
"""What relative IRIs are resolved against: nowhere that anybody else could mean."""
CONTEXTS: Final = (
    "https://w3id.org/bicentennial/context.jsonld",
    "https://w3id.org/bicentennial/context",
)
"""The addresses of our own JSON-LD context."""

_LINES: Final = ("ntriples", "nquads")
_HUGE: Final = 200_000_000
_CHUNK: Final = 10_000_000
# What may hold brackets that mean nothing: strings, IRIs, comments; and escaped characters in names.
_OPAQUE: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r'|<[^<>"{}|^`\\\s]*>'
    r"|#[^\n\r]*"
    r"|\\[^\n]",
    re.DOTALL,
)
_NO_BRACKETS: Final = re.compile(r"[^\[\](){}]+")
_PREFIX: Final = re.compile(r"\bprefix\b\s+([^\s:]*):", re.IGNORECASE)
_NUMBERS: Final = (
    *("decimal", "integer", "double", "float", "long", "int", "short", "byte"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
)
# A term of 16 MB has at least so many characters, should each be written as an escape.
_TERM: Final = 1_600_000
_XMLNS: Final = re.compile(r"""xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*+"|'[^'<]*+')?""")


def read_rdf(text: str, format_name: str, dataset: Dataset, limits: Limits) -> int:
    """Load what an RDF text says into a dataset, and tell how many graphs it had: 0 if none had a name.

    Args:
        text: the document.
        format_name: `turtle`, `trig`, `ntriples`, `nquads`, `rdfxml` or `jsonld`.
        dataset: where the statements go.
        limits: see `Limits`.

    Raises:
        UnreadableInputError: it is broken, has a DOCTYPE, or wants a context that is not ours.
        LimitReachedError: it nests too deeply, or something in it is too long.
    """
    if format_name == "rdfxml":
        text = _measured_xml(text, limits)
    elif format_name == "jsonld":
        text = _own_contexts(text, limits)
    elif format_name in _LINES:
        if text.count("<<") > limits.depth:  # nothing else nests there, and there are no prefixes
            _measure_depth(text, limits)
    else:
        _measure(text, limits)
    with _given(text, dataset) as given:
        graphs = _parsed(given, format_name, dataset, limits)
    _measure_terms(dataset, limits)
    return graphs


def _parsed(given: dict[str, Any], format_name: str, dataset: Dataset, limits: Limits) -> int:
    """Load what the parser makes of what it is given, and tell how many graphs that had; see `read_rdf`."""
    import pyoxigraph

    formats = {
        "turtle": pyoxigraph.RdfFormat.TURTLE,
        "trig": pyoxigraph.RdfFormat.TRIG,
        "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
        "nquads": pyoxigraph.RdfFormat.N_QUADS,
        "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
        "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    }
    base = None if format_name in _LINES else BASE

    def parsed(*, plain: bool) -> Iterator[pyoxigraph.Quad]:
        return pyoxigraph.parse(**given, format=formats[format_name], base_iri=base, without_named_graphs=plain)

    try:
        return _load(parsed(plain=True), dataset, limits, numbered=format_name == "ntriples", named=False)
    except MemoryError as error:
        # The parser has a limit of its own for one term, which no setting of ours raises.
        if "buffer maximal size" not in str(error):
            raise
        if limits.literal_characters < _TERM:
            raise reached("literal_characters", found=f"> {_TERM:,}", allowed=limits.literal_characters) from error
        raise unreadable("term-too-long", format=TITLES[format_name]) from error
    except SyntaxError as error:
        if "Named graphs are not allowed" not in str(error):
            raise _broken(error, format_name) from error
        try:
            return _load(parsed(plain=False), dataset, limits, numbered=False, named=True)
        except SyntaxError as again:
            raise _broken(again, format_name) from again


@contextmanager
def _given(text: str, dataset: Dataset) -> Iterator[dict[str, Any]]:
    """Give the parser the text, but a huge one by way of a private file, lest memory hold it twice."""
    if len(text) < _HUGE:
        yield {"input": text.encode()}
        return
    with dataset.file("document") as path:
        with path.open("wb") as out:
            for start in range(0, len(text), _CHUNK):
                out.write(text[start : start + _CHUNK].encode())
        yield {"path": str(path)}


def _measure_terms(dataset: Dataset, limits: Limits) -> None:
    *iris, literal, digits = dataset.connection.execute(
        "SELECT max(length(s)), max(length(p)), max(CASE WHEN kind = 0 THEN length(o) ELSE length(dt) END),"  # noqa: S608 - no value in it
        " max(length(o)) FILTER (WHERE kind = 2),"
        # A filter would not keep the expression from being worked out for all.
        " max(CASE WHEN kind = 2 AND strlen(o) > ?1 AND dt IN"
        f" ({dataset.texts('?2')}) THEN length(regexp_replace(o, '[^0-9]', '', 'g')) END) FROM statements",
        [limits.digits, [XSD[name] for name in _NUMBERS]],
    ).fetchone()
    limits.check("iri_characters", max(each or 0 for each in iris))
    limits.check("literal_characters", literal or 0)
    limits.check("digits", digits or 0)


def _load(quads: Iterable[pyoxigraph.Quad], dataset: Dataset, limits: Limits, *, numbered: bool, named: bool) -> int:
    graphs = dataset.load_quads(islice(quads, limits.statements + 1), numbered=numbered, named=named)
    limits.check("statements", len(dataset))
    return graphs


def _broken(error: SyntaxError, format_name: str) -> UnreadableInputError:
    reason = re.sub(r"^Parser error at (?:line \d+ .*?|between .*?): ", "", str(error.msg))
    return unreadable(
        "broken-rdf", line=error.lineno, format=TITLES[format_name], row=error.lineno or "?", reason=reason
    )


def _measure(text: str, limits: Limits) -> None:
    if text.lower().count("prefix") > limits.prefixes:
        bare = _OPAQUE.sub("", text)
        limits.check("prefixes", len(set(_PREFIX.findall(bare))))
    if sum(map(text.count, "[({")) > limits.depth:
        _measure_depth(text, limits)


def _measure_depth(text: str, limits: Limits) -> None:
    refuse_deep(_NO_BRACKETS.sub("", _OPAQUE.sub("", text)), limits)


def _measured_xml(text: str, limits: Limits) -> str:
    text = xmltext.measured(text, limits, levels=2)  # things and properties take turns
    # Some programs declare the same ones in each element.
    declared: set[str] = set()
    for match in _XMLNS.finditer(text):
        declared.add(match[0])
        if len(declared) > limits.prefixes:
            limits.check("prefixes", len(declared))
    return text


def _own_contexts(text: str, limits: Limits) -> str:
    document = JsonText(text, limits)
    start = document.start()
    value = document.whole(start)
    try:
        return json.dumps(_plain(value, limits, 0))
    except RecursionError as error:  # the parser takes deeper values than can be walked through here
        raise unreadable("too-deep", line=document.line(start), row=document.line(start)) from error


def _plain(value: Any, limits: Limits, depth: int) -> Any:
    # Contexts become ours; numbers keep the digits they were written with, where JSON-LD would make doubles of them.
    # Objects and arrays are changed where they are: most of what they hold stays.
    limits.check("depth", depth)
    if isinstance(value, Number):
        limits.check("digits", sum(character.isdigit() for character in value))
        if not value.is_finite:
            raise unreadable("broken-rdf", format=TITLES["jsonld"], row="?", reason=str(value))
        if value.lstrip("-").isdigit():
            return int(value)
        return float(value) if "e" in value.lower() else {"@value": str(value), "@type": XSD.decimal}
    if isinstance(value, list):
        for number, item in enumerate(value):
            if type(item) is not str:
                value[number] = _plain(item, limits, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "@context":
                value[key] = _context(item, limits, depth + 1)
            elif type(item) is not str and not (key == "@value" and isinstance(item, Number)):
                value[key] = _plain(item, limits, depth + 1)
        if isinstance(written := value.get("@value"), Number):
            value["@value"] = str(written)
            value.setdefault("@type", XSD.integer if written.lstrip("-").isdigit() else XSD.decimal)
    return value


def _context(value: Any, limits: Limits, depth: int) -> Any:
    limits.check("depth", depth)
    if isinstance(value, str):
        if value not in CONTEXTS:
            raise unreadable("foreign-context", context=value)
        # What our context does not know becomes a term of ours that does not exist: reported instead of dropped.
        return {"@vocab": str(BIC)} | json.loads((resources.COMPILED / "context.jsonld").read_bytes())["@context"]
    if isinstance(value, list):
        return [_context(item, limits, depth + 1) for item in value]
    if isinstance(value, Number):
        return float(value)
    if isinstance(value, dict):
        if "@import" in value:
            raise unreadable("foreign-context", context=value["@import"])
        limits.check(
            "prefixes", sum(isinstance(item, str) and item.endswith(("#", "/", ":")) for item in value.values())
        )
        return {
            key: _context(item, limits, depth + 1) if key == "@context" or isinstance(item, dict) else _kept(item)
            for key, item in value.items()
        }
    return value


def _kept(item: Any) -> Any:
    return float(item) if isinstance(item, Number) else item
