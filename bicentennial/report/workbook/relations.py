"""The relations of a part of a workbook to others."""

from __future__ import annotations

import posixpath
from typing import Final

from bicentennial.report.workbook.markup import attribute, escaped, inserted, prefix, tags

__all__ = ["STRICT", "USUAL", "Relations", "relations_of"]

_EMPTY: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
USUAL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of `r:id`, which begins the types of relations too."""
STRICT: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
"""The same in workbooks that are strict Office Open XML."""


def relations_of(part: str) -> str:
    """Return the name of the part that holds the relations of another.

    >>> relations_of("xl/worksheets/sheet1.xml")
    'xl/worksheets/_rels/sheet1.xml.rels'
    """
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


class Relations:
    """Relations that can be looked up and added to.

    >>> relations = Relations(b"")
    >>> relations.add("comments", "../comments1.xml"), relations.target("comments")
    ('rIdBic1', '../comments1.xml')
    """

    def __init__(self, xml: bytes, *, strict: bool = False) -> None:
        if not tags(xml, prefix(xml, "Relationships") + b"Relationships"):
            xml = _EMPTY
        self._ns = prefix(xml, "Relationships")
        self._xml = xml
        self.namespace = STRICT if strict or STRICT.encode() in xml else USUAL
        """The namespace of `r:id`, which begins the types of relations too."""

    def _each(self) -> list[bytes]:
        return tags(self._xml, self._ns + b"Relationship")

    def target(self, kind: str) -> str | None:
        """Return the target of the first relation of a kind."""
        for tag in self._each():
            if (attribute(tag, "Type") or "").endswith(f"/relationships/{kind}"):
                return attribute(tag, "Target")
        return None

    def by_id(self, name: str) -> str | None:
        """Return the target of a relation."""
        return next((attribute(tag, "Target") for tag in self._each() if attribute(tag, "Id") == name), None)

    def free(self) -> str:
        """Return an id that no relation has."""
        taken = {attribute(tag, "Id") for tag in self._each()}
        number = 1
        while f"rIdBic{number}" in taken:
            number += 1
        return f"rIdBic{number}"

    def add(self, kind: str, target: str, name: str | None = None) -> str:
        """Add a relation and return its id."""
        name = name or self.free()
        new = b'<%sRelationship Id="%s" Type="%s/%s" Target="%s"/>' % (
            self._ns, escaped(name), self.namespace.encode(), kind.encode(), escaped(target),
        )  # fmt: skip
        self._xml = inserted(self._xml, new, [], self._ns + b"Relationships")
        return name

    def xml(self) -> bytes:
        """Return the part."""
        return self._xml
