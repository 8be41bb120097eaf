"""XML literals: what stands within `rdf:parseType="Literal"`, in exclusive canonical form with comments.

https://www.w3.org/TR/xml-exc-c14n/, as RDF 1.1 asks for it.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["Literal", "parts"]

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_TEXT: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_ATTRIBUTE: Final = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}


def parts(name: str) -> tuple[str, str, str]:
    r"""Return namespace, local name and prefix of a name as expat gives it.

    >>> parts("urn:e:\x01p\x01e"), parts("urn:e:\x01p"), parts("p")
    (('urn:e:', 'p', 'e'), ('urn:e:', 'p', ''), ('', 'p', ''))
    """
    named = name.split("\x01")
    if len(named) == 1:
        return "", name, ""
    return named[0], named[1], named[2] if len(named) > 2 else ""


class Literal:
    """Collects the canonical form of the nodes that an element holds."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._declared: list[dict[str, str]] = [{}]
        self._names: list[str] = []

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._names)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Add the start of an element."""
        namespace, local, prefix = parts(name)
        used = {prefix: namespace}
        named = []
        for key, value in attributes.items():
            space, attribute, its_prefix = parts(key)
            its_prefix = "xml" if space == _XML else its_prefix
            if space and space != _XML:
                used[its_prefix] = space
            named.append((space, attribute, its_prefix, value))
        known = self._declared[-1]
        declared = {each: uri for each, uri in used.items() if known.get(each, "") != uri and (uri or each in known)}
        self._declared.append(known | declared)
        qualified = f"{prefix}:{local}" if prefix else local
        self._names.append(qualified)
        self._written.append(f"<{qualified}")
        for each, uri in sorted(declared.items()):
            self._written.append(f' xmlns{f":{each}" if each else ""}="{_escaped(uri, _ATTRIBUTE)}"')
        for _, attribute, its_prefix, value in sorted(named):
            full = f"{its_prefix}:{attribute}" if its_prefix else attribute
            self._written.append(f' {full}="{_escaped(value, _ATTRIBUTE)}"')
        self._written.append(">")

    def end(self) -> None:
        """Add the end of the element that was opened last."""
        self._declared.pop()
        self._written.append(f"</{self._names.pop()}>")

    def text(self, text: str) -> None:
        """Add text."""
        self._written.append(_escaped(text, _TEXT))

    def comment(self, text: str) -> None:
        """Add a comment."""
        self._written.append(f"<!--{text}-->")

    def instruction(self, target: str, data: str) -> None:
        """Add a processing instruction."""
        self._written.append(f"<?{target}{f' {data}' if data else ''}?>")

    def __str__(self) -> str:
        return "".join(self._written)


def _escaped(text: str, characters: dict[str, str]) -> str:
    return re.sub(f"[{''.join(characters)}]", lambda match: characters[match[0]], text)
