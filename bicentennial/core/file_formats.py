"""The formats of files, one entry each: what they are called, their suffixes, and what reads them.

A new format is an entry here; one of a family of its own is also a reader (`intake.reader`), and a sniffer
(`formats.registry`) if its content does not say more than its suffix.

>>> FILE_FORMATS["xlsm"].family, FORMAT_OF_SUFFIX[".nt"], FILE_FORMATS["nquads"].title
(<Family.WORKBOOK: 'workbook'>, 'ntriples', 'N-Quads')
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from bicentennial.core.startup.named_tuples import NamedTuple

__all__ = ["FILE_FORMATS", "FORMAT_OF_SUFFIX", "Family", "FileFormat", "of_family"]


class Family(Enum):
    """What reads a format, and so what its places are: cells, keys, elements or statements."""

    DELIMITED = "delimited"
    WORKBOOK = "workbook"
    JSON = "json"
    RDF = "rdf"
    IATI = "iati"


class FileFormat(NamedTuple):
    """A format.

    `alike` names formats that differ by more than their beginnings show: among them the suffix decides. `is_written`
    says whether a conversion can write it, under the first of its suffixes; `is_xml`, whether the text states its
    encoding.
    """

    name: str
    title: str
    family: Family
    suffixes: tuple[str, ...]
    alike: str
    is_written: bool = True
    is_xml: bool = False


FILE_FORMATS: Final = {
    each.name: each
    for each in (
        FileFormat("csv", "CSV", Family.DELIMITED, (".csv",), "delimited"),
        FileFormat("tsv", "TSV", Family.DELIMITED, (".tsv", ".tab"), "delimited"),
        FileFormat("xlsx", "XLSX", Family.WORKBOOK, (".xlsx",), "excel"),
        FileFormat("xlsm", "XLSM", Family.WORKBOOK, (".xlsm",), "excel", is_written=False),
        FileFormat("ods", "ODS", Family.WORKBOOK, (".ods", ".fods"), "opendocument", is_written=False),
        FileFormat("json", "JSON", Family.JSON, (".json",), "json"),
        FileFormat("jsonl", "JSON Lines", Family.JSON, (".jsonl", ".ndjson"), "json", is_written=False),
        FileFormat("jsonld", "JSON-LD", Family.RDF, (".jsonld",), "json"),
        FileFormat("turtle", "Turtle", Family.RDF, (".ttl", ".turtle"), "turtle"),
        FileFormat("trig", "TriG", Family.RDF, (".trig",), "turtle"),
        FileFormat("ntriples", "N-Triples", Family.RDF, (".nt",), "turtle"),
        FileFormat("nquads", "N-Quads", Family.RDF, (".nq",), "turtle"),
        FileFormat("rdfxml", "RDF/XML", Family.RDF, (".rdf", ".owl", ".xml"), "xml", is_xml=True),
        FileFormat("iati", "IATI XML", Family.IATI, (), "xml", is_written=False, is_xml=True),
    )
}
"""The formats that are read, by name."""

FORMAT_OF_SUFFIX: Final = {suffix: each.name for each in FILE_FORMATS.values() for suffix in each.suffixes}
"""The format that a suffix promises."""


def of_family(*families: Family) -> tuple[str, ...]:
    """Return the names of the formats of some families.

    >>> of_family(Family.DELIMITED, Family.WORKBOOK)
    ('csv', 'tsv', 'xlsx', 'xlsm', 'ods')
    """
    return tuple(each.name for each in FILE_FORMATS.values() if each.family in families)
