"""Statements as RDF text, in their own order, with the prefixes that they use.

What would act on a reader of the text, such as characters that turn the direction of writing, is written by its
number, which changes no value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from bicentennial.core.errors import OutputError
from bicentennial.core.escape import coded, numbered
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.messages import UNSAFE, entry, render
from bicentennial.core.namespaces import PREFIXES, RDF, XSD
from bicentennial.core.problems import excerpt
from bicentennial.exchange.cells import UNWRITABLE
from bicentennial.exchange.source import ordered
from bicentennial.exchange.xml_document import referred
from bicentennial.formats.rdf.iris import is_well_formed
from bicentennial.storage.layout import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bicentennial.exchange.losses import Losses
    from bicentennial.exchange.source import Object
    from bicentennial.storage.dataset import Dataset

__all__ = ["lines", "mend", "quad", "write_rdf"]

_FORMATS: Final = {
    "turtle": "TURTLE",
    "trig": "TRIG",
    "ntriples": "N_TRIPLES",
    "nquads": "N_QUADS",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON_LD",
}

# What may name an XML element is what an IRI must end in to be one of its properties.
_NAME: Final = re.compile(
    "[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
    "[-.0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]*\\Z"
)
_RESERVED: Final = frozenset(
    RDF[name]
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_LABEL: Final = re.compile(r"_:[A-Za-z_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


def mend(dataset: Dataset) -> None:
    """Make texts of what looks like an IRI in a table but is none by the rules: RDF cannot hold it otherwise.

    Read from a table again it is what it was.
    """
    found = dataset.connection.execute(
        "SELECT DISTINCT o FROM statements WHERE kind = 0 AND sheet IS NOT NULL"
    ).fetchall()
    for (iri,) in found:
        if not is_well_formed(iri):
            dataset.connection.execute(
                "UPDATE statements SET kind = ?2, dt = ?3 WHERE kind = 0 AND o = ?1", [iri, LITERAL, XSD.string]
            )


def write_rdf(path: Path, dataset: Dataset, format_name: str, losses: Losses) -> None:
    """Write the statements of a dataset as RDF text.

    Raises:
        OutputError: the format has no way to write them.
    """
    import pyoxigraph as ox

    if format_name == "rdfxml":
        _check_names(dataset)
    # XML takes a carriage return for the end of a line, unless it is written by its number.
    risky = re.compile(f"{UNSAFE.pattern}|\\\\r") if format_name == "rdfxml" else UNSAFE
    acts = False
    types = _Types()
    with Workspace() as folder:
        spooled = folder.path / "lines"
        with spooled.open("w", encoding="utf-8", newline="\n") as out:
            for line in lines(dataset, losses if format_name == "rdfxml" else None):
                out.write(types.veiled(line) if format_name == "rdfxml" else line)
                acts = acts or risky.search(line, 0, len(line) - 1) is not None
        options: dict[str, Any] = {}
        if format_name == "rdfxml" or (format_name in ("turtle", "trig") and not acts):  # no escape fits a short name
            options["prefixes"] = used_prefixes(dataset) | types.prefixes
        try:
            ox.serialize(
                ox.parse(path=str(spooled), format=ox.RdfFormat.N_TRIPLES),
                output=str(path),
                format=getattr(ox.RdfFormat, _FORMATS[format_name]),
                **options,
            )
        except (ValueError, SyntaxError, OSError) as error:
            text = render(entry("exchange", "unwritable"), format=format_name, reason=str(error))
            raise OutputError(text) from error
    if types.prefixes:
        path.write_text(types.unveiled(path.read_bytes().decode()), encoding="utf-8", newline="")
    if acts:
        harmless = {"rdfxml": referred, "jsonld": coded}.get(format_name, numbered)
        path.write_text(harmless(path.read_bytes().decode()), encoding="utf-8", newline="")


class _Types:
    """Types after which no XML element can be named, on their way through a serializer that names elements after types.

    It sees another property in place of `rdf:type`, and its name is that of `rdf:type` again in what it has written.
    """

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        """What the serializer gets, if there are any."""

    def veiled(self, line: str) -> str:
        """Return a line of N-Triples as the serializer may see it."""
        subject, p, said = line.split(" ", 2)
        if p != f"<{RDF.type}>" or not said.startswith("<"):
            return line
        iri = said[1 : said.index(">")]
        if _NAME.search(iri) and iri not in _RESERVED:
            return line
        if not self.prefixes:
            self.prefixes["typed"] = f"{uuid4().urn}:"
        return f"{subject} <{self.prefixes['typed']}type> {said}"

    def unveiled(self, text: str) -> str:
        """Return what the serializer has written, as it is meant."""
        return text.replace(f'"{self.prefixes["typed"]}"', f'"{RDF}"', 1)


def _check_names(dataset: Dataset) -> None:
    """Do nothing if each property can be the name of an XML element.

    Raises:
        OutputError: one cannot: it ends in no name, or means something else in RDF/XML.
    """
    found = dataset.connection.execute("SELECT DISTINCT p FROM statements ORDER BY p").fetchall()
    for (iri,) in found:
        if not _NAME.search(iri) or iri in _RESERVED:
            text = render(entry("exchange", "no-xml-name"), property=excerpt(iri))
            raise OutputError(text)


def used_prefixes(dataset: Dataset) -> dict[str, str]:
    """Return those of the project's prefixes that make something shorter."""
    found: dict[str, str] = {}
    for prefix, namespace in PREFIXES.items():
        (is_used,) = dataset.connection.execute(
            "SELECT count(*) > 0 FROM statements WHERE starts_with(p, ?1) OR starts_with(s, ?1)"
            " OR (kind = 0 AND starts_with(o, ?1)) OR (lang = '' AND dt <> ?2 AND starts_with(dt, ?1))",
            [namespace, XSD.string],
        ).fetchone() or (False,)
        if is_used:
            found[prefix] = namespace
    return found


def _labels() -> Callable[[str], str]:
    """Return a function that returns the name of a blank node, which any format can hold.

    Names beyond letters and digits are made anew: some formats do not have them, and some hold invisible characters.
    """
    made: dict[str, str] = {}

    def labelled(name: str) -> str:
        if _LABEL.fullmatch(name) and not name.startswith("_:renamed"):
            return name
        return made.setdefault(name, f"_:renamed{len(made)}x")

    return labelled


def lines(dataset: Dataset, losses: Losses | None = None) -> Iterator[str]:
    """Yield the lines of N-Triples that say what a dataset does.

    Args:
        dataset: after `mend`.
        losses: if the lines are on their way to XML, which does not have every character, it records what that loses.
    """
    labelled = _labels()
    for s, p, said in ordered(dataset):
        value = (labelled(said[0]), *said[1:]) if said[1] == BLANK else said
        if losses is not None and value[1] == LITERAL and UNWRITABLE.search(value[0]):
            losses.note("character", value=value[0])
            written = _object((UNWRITABLE.sub("\ufffd", value[0]), *value[1:]))
        else:
            written = _object(value)
        yield f"{labelled(s) if s.startswith('_:') else f'<{s}>'} <{p}> {written} .\n"


def quad(s: str, p: str, value: Object, graph: str) -> str:
    r"""Return the line of N-Quads for a statement whose blank nodes have plain names.

    >>> quad("_:b0", "urn:p", ("x", LITERAL, XSD.string, ""), "urn:g")
    '_:b0 <urn:p> "x" <urn:g> .\n'
    """
    subject, name = (each if each.startswith("_:") else f"<{each}>" for each in (s, graph))
    return f"{subject} <{p}> {_object(value)} {name if graph else ''} .\n"


def _object(value: Object) -> str:
    o, kind, dt, language = value
    if kind == BLANK:
        return o
    if kind == IRI:
        return f"<{o}>"
    import json

    text = json.dumps(o, ensure_ascii=False)
    if language:
        return f"{text}@{language}"
    return text if dt == XSD.string else f"{text}^^<{dt}>"
