"""Pictures of the data model, drawn from the compiled index: a class, what is said of it, and what it is linked to.

Nothing is measured or fetched, so the same ontology always gives the same picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from bicentennial.core.namespaces import compact
from bicentennial.exchange.publications.diagram import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.vocabulary.index import Index

__all__ = ["class_picture"]

_ROW: Final = 26
_LEFT: Final = 20
_BOX: Final = 300
_GAP: Final = 250
_SIZE: Final = 14
_LINE: Final = 18
_STYLE: Final = (
    "text{font:14px system-ui,sans-serif;fill:#1a1a1a}.head{font-weight:700;fill:#fff}"
    ".link{fill:#3d3d3d;font-style:italic}path{fill:none;stroke:#4a6b6b;stroke-width:1.5}"
)


def class_picture(index: Index, iri: str, lang: str, title: str) -> str:
    """Return the picture of a class as SVG.

    Args:
        index: the compiled index.
        iri: the class.
        lang: the language of all labels.
        title: what the picture is called, for those who do not see it.
    """
    said, links = _properties(index, iri, lang)
    right = _LEFT + _BOX + _GAP
    parts, y = _box(_LEFT, 20, index.classes[iri]["label"][lang], said), 20.0
    for targets, labels in links:
        middle = y + _LINE * len(labels) + 8
        bend = min(middle, 20 + _ROW * (len(said) + 1))
        way = f"M{_LEFT + _BOX} {bend:g}C{_LEFT + _BOX + 50} {bend:g} {_LEFT + _BOX + 10} {middle:g}"
        parts.append(f'<path d="{way} {_LEFT + _BOX + 60} {middle:g}H{right}" marker-end="url(#to)"/>')
        parts += [
            f'<text class="link" x="{right - 12}" y="{place:g}" text-anchor="end">{escape(label)}</text>'
            for place, label in ((y + 13 + _LINE * number, label) for number, label in enumerate(labels))
        ]
        parts += _box(right, middle - 15, targets, ())
        y = middle + 22
    height = max(y, 60 + _ROW * (len(said) + 1))
    ground = f'<rect width="{right + _BOX + _LEFT}" height="{height:g}" fill="#fff"/>'
    marker = (
        '<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" style="fill:#4a6b6b;stroke:none"/></marker></defs>'
    )
    size = f"{right + _BOX + _LEFT} {height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" aria-labelledby="title">'
        f'<title id="title">{escape(title)}</title><style>{_STYLE}</style>{marker}{ground}{"".join(parts)}</svg>\n'
    )


def _properties(index: Index, iri: str, lang: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return what is said of a class in values, and what it is linked to, each with the labels of the properties."""
    said: list[str] = []
    links: dict[str, list[str]] = {}
    for name, about in index.properties.items():
        structure = about.get("of", {}).get(iri)
        if structure is None or not compact(name).startswith("bic:"):
            continue
        label = about["label"][lang]
        ranges: Sequence[str] = structure.get("ranges") or ()
        targets = [index.classes[each]["label"][lang] for each in ranges if each in index.classes]
        if targets:
            links.setdefault(" · ".join(targets), []).append(label)
        else:
            said.append(label)
    return sorted(said), [(targets, sorted(labels)) for targets, labels in sorted(links.items())]


def _box(x: float, y: float, head: str, rows: Sequence[str]) -> list[str]:
    shown = wrapped(head, _BOX - 20, _SIZE, bold=True)
    text = shown[0] if len(shown) == 1 else f"{shown[0]} …"
    parts = [
        f'<rect x="{x:g}" y="{y:g}" width="{_BOX}" height="30" rx="4" fill="#174a3c"/>',
        f'<text class="head" x="{x + 10:g}" y="{y + 20:g}">{escape(text)}</text>',
    ]
    if rows:
        parts.append(f'<rect x="{x:g}" y="{y + 30:g}" width="{_BOX}" height="{_ROW * len(rows) + 8}" fill="#e2f0eb"/>')
    parts += [
        f'<text x="{x + 10:g}" y="{y + 50 + _ROW * number:g}">{escape(row)}</text>' for number, row in enumerate(rows)
    ]
    return parts
