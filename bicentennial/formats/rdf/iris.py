"""IRIs: references resolved by RFC 3986, and what is none made one.

>>> resolve("http://a/bb/ccc/./d;p?q", "../g")
'http://a/bb/g'
>>> mended("https://example.org/a b"), mended("no scheme")
('https://example.org/a%20b', None)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote

__all__ = ["BASE", "has_scheme", "is_language_tag", "is_well_formed", "mended", "resolve"]

BASE: Final = "urn:x-bicentennial:file/"
"""What relative IRIs are resolved against: a base that no other file uses."""

_PARTS: Final = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# What most IRIs are made of: no parser objects to any of them.
_USUAL: Final = re.compile(r"(?:https?://[A-Za-z0-9.-]+(?=[/?#]|\Z)|urn:)[A-Za-z0-9/?#._~:=&@!$'()*+,;-]*")
_ALLOWED: Final = "/?#:@!$&'()*+,;=~%"


def has_scheme(text: str) -> bool:
    """Return whether a text begins as an absolute IRI does."""
    return _SCHEME.match(text) is not None


def is_well_formed(text: str) -> bool:
    """Return whether a text is an absolute IRI (RFC 3987).

    >>> is_well_formed("urn:a"), is_well_formed("a"), is_well_formed("https://example.org/a[b")
    (True, False, False)
    """
    if _USUAL.fullmatch(text) and text.count("#") < 2:
        return True
    import pyoxigraph

    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True


def mended(text: str) -> str | None:
    """Return an absolute IRI whose forbidden characters are percent-encoded, or None if that makes none.

    >>> mended("https://example.org/niño"), mended("https://example.org/100%")
    ('https://example.org/niño', 'https://example.org/100%25')
    """
    if is_well_formed(text):
        return text
    if not has_scheme(text):
        return None
    scheme, _, rest = text.partition(":")
    rest = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", rest)
    # Letters beyond ASCII are allowed in an IRI, if they are letters.
    encoded = "".join(each if each.isalnum() else quote(each, safe=_ALLOWED, errors="replace") for each in rest)
    for candidate in (encoded, encoded.replace("#", "%23"), quote(rest, safe=_ALLOWED, errors="replace")):
        if is_well_formed(f"{scheme}:{candidate}"):
            return f"{scheme}:{candidate}"
    return None


def resolve(base: str, reference: str) -> str:
    """Return the IRI that a reference stands for in a document with a base (RFC 3986, section 5.2).

    Args:
        base: an absolute IRI.
        reference: an absolute or relative one.

    >>> [resolve("http://a/b/c/d?q", each) for each in ("", "#s", "?y", "g", "../../../g", "//h", "urn:x")]
    ['http://a/b/c/d?q', 'http://a/b/c/d?q#s', 'http://a/b/c/d?y', 'http://a/b/c/g', 'http://a/g', 'http://h', 'urn:x']
    """
    scheme, authority, path, query, fragment = _split(reference)
    if scheme is not None and has_scheme(reference):
        return reference
    base_scheme, base_authority, base_path, base_query, _ = _split(base)
    if authority is not None:
        path = _without_dots(path)
    else:
        authority = base_authority
        if not path:
            path, query = base_path, base_query if query is None else query
        elif path.startswith("/"):
            path = _without_dots(path)
        else:
            path = _without_dots(_merged(base_authority, base_path, path))
    return (
        f"{base_scheme}:"
        + (f"//{authority}" if authority is not None else "")
        + path
        + (f"?{query}" if query is not None else "")
        + (f"#{fragment}" if fragment is not None else "")
    )


def _split(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    match = _PARTS.fullmatch(iri)
    assert match is not None  # the expression matches any text
    scheme, authority, path, query, fragment = match.groups()
    if scheme is not None and not has_scheme(iri):  # such as `1:2`, which has no scheme
        return None, None, f"{scheme}:" + (f"//{authority}" if authority is not None else "") + path, query, fragment
    return scheme, authority, path, query, fragment


def _merged(authority: str | None, base: str, path: str) -> str:
    if authority is not None and not base:
        return f"/{path}"
    return base[: base.rfind("/") + 1] + path


def _without_dots(path: str) -> str:
    # Section 5.2.4, segment by segment.
    if "." not in path:
        return path
    segments = path.split("/")
    kept: list[str] = []
    for number, segment in enumerate(segments):
        is_last = number == len(segments) - 1
        if segment == "..":
            if len(kept) > 1 or (kept and kept[0] != ""):
                kept.pop()
            if is_last:
                kept.append("")
        elif segment == ".":
            if is_last:
                kept.append("")
        else:
            kept.append(segment)
    return "/".join(kept)


@lru_cache(1_000)
def is_language_tag(tag: str) -> bool:
    """Return whether a text is a language tag (BCP 47).

    >>> is_language_tag("es-MX"), is_language_tag("en_US")
    (True, False)
    """
    import pyoxigraph

    try:
        pyoxigraph.Literal("", language=tag)
    except ValueError:
        return False
    return True
