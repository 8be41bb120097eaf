"""Plots as SVG: marks that are put one below the other, a title, and a description that says every number.

A drawing has either a width of its own, and is scaled as a whole, or none: then lengths are percentages of the room
that there is, while letters keep their size, so that it can be read on a telephone.

>>> drawing = Drawing("Actions")
>>> drawing.text(0, 14, "Ports")
>>> drawing.rect("0%", 20, "50%", 8, fill="#2f6690")
>>> drawing.top = 40
>>> print(drawing.svg("Ports: 2"))  # doctest: +NORMALIZE_WHITESPACE
<svg role="img" width="100%" height="40"><title>Actions</title><desc>Ports: 2</desc><text x="0" y="14.0"
text-anchor="start">Ports</text><rect x="0%" y="20.0" width="50%" height="8" fill="#2f6690"></rect></svg>
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bicentennial.html.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Drawing", "Part", "Row", "shortened", "stacked"]

_LINE: Final = 18
_BAR: Final = 18
_GAP: Final = 14
_LETTERS: Final = 40
_LABEL_LINES: Final = 2
_ROOM_FOR_NUMBER: Final = 7.0
"""The share of the width, in per cent, from which on a number stands inside its part of a bar."""
_FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
# The fill of a kind of part, and of the number on it: their contrast is at least 4.5 to 1.
_FILLS: Final = {
    "good": ("#1b6e53", "#fff"),
    "going": ("#2f6690", "#fff"),
    "next": ("#9dbfd6", "#1d2a33"),
    "early": ("#d5e3ec", "#1d2a33"),
    "late": ("#a33b20", "#fff"),
    "warning": ("#e0b13c", "#1d2a33"),
    "over": ("#6c6c6c", "#fff"),
    "none": ("#e6e6e6", "#1d2a33"),
}


class Drawing:
    """Marks that are put one below the other; `top` is where the next one goes.

    Args:
        title: what it shows.
        width: its width in units of its own; None for as wide as there is room.
        ident: what the ids within it begin with, unlike that of any other drawing of the page; without one there are
            none, and nothing is hatched.
    """

    def __init__(self, title: str, width: float | None = None, ident: str = "") -> None:
        self.title, self.width, self.ident = title, width, ident
        self.top = 0.0
        self._marks: list[Markup] = []
        self._definitions: list[Markup] = []

    def text(self, x: float | str, y: float, text: str, anchor: str = "start", **attributes: Any) -> None:
        """Write a text at a distance below `top`."""
        self._marks.append(element("text", text, x=x, y=self.top + y, text_anchor=anchor, **attributes))

    def rect(
        self, x: float | str, y: float, width: float | str, height: float, *children: Markup, **attributes: Any
    ) -> None:
        """Draw a rectangle at a distance below `top`."""
        place = {"x": x, "y": self.top + y, "width": width, "height": height}
        self._marks.append(element("rect", *children, **place, **attributes))

    def mark(self, name: str, **attributes: str | float) -> None:
        """Draw any other mark, at a place in the whole drawing."""
        self._marks.append(element(name, **attributes))

    def hatching(self) -> str:
        """Return the fill that hatches."""
        if not self._definitions:
            line = element("path", d="M-1 1l2 -2M0 6l6 -6M5 7l2 -2", class_="hatch")
            self._definitions.append(
                element("pattern", line, id=f"{self.ident}-h", width=6, height=6, patternUnits="userSpaceOnUse")
            )
        return f"url(#{self.ident}-h)"

    def svg(self, said: str, **attributes: Any) -> Markup:
        """Return the drawing, with a description that says what it shows."""
        size: dict[str, Any] = {"width": "100%", "height": f"{self.top:g}"}
        if self.width is not None:
            size = {"viewBox": f"0 0 {self.width:g} {self.top:g}"}
        named = {what: f"{self.ident}-{what}" if self.ident else False for what in "td"}
        return element(
            "svg",
            element("title", self.title, id=named["t"]),
            element("desc", said, id=named["d"]),
            *([element("defs", *self._definitions)] if self._definitions else []),
            *self._marks,
            role="img",
            aria_labelledby=f"{named['t']} {named['d']}" if self.ident else False,
            **size,
            **attributes,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: what it is called, how much it is, how that is written, and which kind of thing it is."""

    label: str
    count: float
    written: str
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bar: its label, its total as it is written, and its parts."""

    label: str
    written: str
    parts: Sequence[Part]


def stacked(title: str, rows: Sequence[Row], *, most: float | None = None) -> Markup:
    """Return stacked bars, each below its label, with a legend where there are several kinds of parts.

    Args:
        title: what it shows.
        rows: the bars.
        most: how much the whole width is; the longest bar if None.
    """
    drawing = Drawing(title)
    whole = most or max((sum(part.count for part in row.parts) for row in rows), default=0) or 1
    _legend(drawing, rows)
    for row in rows:
        lines = textwrap.wrap(row.label, _LETTERS, max_lines=_LABEL_LINES, placeholder="…") or [""]
        for place, line in enumerate(lines):
            drawing.text(0, _LINE * place + 14, line, font_size=14, fill="#1d2a33")
        drawing.text("100%", _LINE * (len(lines) - 1) + 14, row.written, "end", font_size=14, fill="#1d2a33")
        top, left = _LINE * len(lines) + 2, 0.0
        drawing.rect("0%", top, "100%", _BAR, fill="#f0f3f3")
        for part in row.parts:
            share = 100 * part.count / whole
            fill, ink = _FILLS[part.kind]
            shown = element("title", f"{row.label} – {part.label}: {part.written}")
            drawing.rect(f"{left:.2f}%", top, f"{share:.2f}%", _BAR, shown, fill=fill, stroke="#fff")
            if share >= _ROOM_FOR_NUMBER:
                drawing.text(f"{left + share / 2:.2f}%", top + 13, part.written, "middle", font_size=12, fill=ink)
            left += share
        drawing.top += top + _BAR + _GAP
    return drawing.svg("; ".join(map(_said, rows)), xmlns="http://www.w3.org/2000/svg", font_family=_FONT)


def _said(row: Row) -> str:
    return f"{row.label}: {row.written} ({', '.join(f'{part.label} {part.written}' for part in row.parts)})"


def _legend(drawing: Drawing, rows: Sequence[Row]) -> None:
    """Write what the colours mean, two to a line, unless each bar says it itself."""
    if all(len(row.parts) == 1 and row.parts[0].label == row.label for row in rows):
        return
    kinds = list({part.label: part.kind for row in rows for part in row.parts}.items())
    for place, (label, kind) in enumerate(kinds):
        column = place % 2 * 50
        drawing.rect(f"{column}%", 3, 12, 12, fill=_FILLS[kind][0])
        drawing.text(f"{column}%", 14, label, dx=18, font_size=13, fill="#1d2a33")
        if column or place == len(kinds) - 1:
            drawing.top += 20
    drawing.top += 10 if kinds else 0


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many letters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
