"""The Framework on one page, as a picture: goals, the pillars below them, what holds in every area.

Nothing in it depends on where or when it is drawn: no fonts from elsewhere, no scripts, no measuring of text but by a
table of widths.

>>> drawing = diagram("en")
>>> drawing.count("<rect"), "<title id=" in drawing, "font-face" in drawing
(27, True, False)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from bicentennial.core.messages import entry
from bicentennial.core.resources import version

if TYPE_CHECKING:
    from bicentennial.knowledge.facade import FrameworkData
    from bicentennial.models import Entity

__all__ = ["diagram", "wrapped"]

_WIDTH: Final = 1200
_MARGIN: Final = 40
_GAP: Final = 20
# A dark ground for white letters (contrast above 8 to 1) and a light one for dark letters, for each goal.
_COLORS: Final = (("#1f3864", "#e3e9f4"), ("#5f2336", "#f5e6ea"), ("#174a3c", "#e2f0eb"))
_INK: Final = "#1a1a1a"
_GRAY: Final = ("#3d3d3d", "#eeeeee")
_NARROW: Final = frozenset("iljtfrI.,:;'|()-· ")
_BROAD: Final = frozenset("mwMW")


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Return the lines of a text that fit a width in pixels, by the usual widths of sans-serif letters.

    >>> wrapped("Reduce Arms Trafficking", 120, 16)
    ['Reduce Arms', 'Trafficking']
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _wide(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _wide(text: str, size: float, *, bold: bool) -> float:
    em = sum(0.3 if c in _NARROW else 0.86 if c in _BROAD else 0.68 if c.isupper() else 0.54 for c in text)
    return em * size * (1.07 if bold else 1.0)


def diagram(lang: str) -> str:
    """Return the picture as SVG, in a language."""
    from bicentennial.knowledge.facade import load

    return _Drawing(load(), lang).svg()


class _Drawing:
    def __init__(self, fw: FrameworkData, lang: str) -> None:
        self.fw = fw
        self.lang = lang
        self.words = entry("exchange", "diagram")
        self.parts: list[str] = []

    def svg(self) -> str:
        title = self._name(self.fw.framework)
        y = self._heading(title)
        y = self._goals(y + 24)
        y = self._commitments(y + 28)
        foot = self.words["foot"][self.lang].format(version=version())
        self._text(_MARGIN, y + 34, [foot], 14, "#555555")
        height = round(y + 60)
        opening = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
            f' height="{height}" role="img" lang="{self.lang}" aria-labelledby="title description"'
            " font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">"
        )
        lines = [
            opening,
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="description">{escape(self._described())}</desc>',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            *self.parts,
            "</svg>",
        ]
        return "\n".join(lines) + "\n"

    def _name(self, thing: Entity) -> str:
        return str(thing.pref_label[self.lang])

    def _counted(self, one: str, count: int) -> str:
        text: str = self.words[one if count == 1 else f"{one}s"][self.lang]
        return text.format(count=count)

    def _described(self) -> str:
        sentences = [
            self.words["described"][self.lang].format(
                goal=self._name(goal), pillars="; ".join(self._name(pillar) for pillar in self.fw.parts_of(goal))
            )
            for goal in self.fw.goals
        ]
        across = "; ".join(map(self._name, self.fw.commitments))
        return " ".join([*sentences, self.words["across"][self.lang].format(commitments=across)])

    def _heading(self, title: str) -> float:
        lines = wrapped(title, _WIDTH - 4 * _MARGIN, 28, bold=True)
        y = self._text(_MARGIN, 58, lines, 28, _INK, bold=True)
        summary = self.words["summary"][self.lang].format(
            goals=len(self.fw.goals),
            pillars=len(self.fw.pillars),
            objectives=len(self.fw.objectives),
            actions=len(self.fw.actions),
        )
        return self._text(_MARGIN, y + 28, [summary], 17, "#444444")

    def _goals(self, y: float) -> float:
        width = (_WIDTH - 2 * _MARGIN - 2 * _GAP) / 3
        heads = [wrapped(self._name(goal), width - 100, 22, bold=True) for goal in self.fw.goals]
        head = 34 + 27 * max(map(len, heads))
        lowest = y
        for number, (goal, lines) in enumerate(zip(self.fw.goals, heads, strict=True)):
            x = _MARGIN + number * (width + _GAP)
            dark, light = _COLORS[number]
            self._box(x, y, width, head, dark)
            self._text(x + 20, y + 38, [goal.notation[0]], 22, "#ffffff")
            self._text(x + 66, y + 38, lines, 22, "#ffffff", bold=True)
            below = y + head + 14
            for pillar in self.fw.parts_of(goal):
                below = self._pillar(pillar, x, below, width, dark, light) + 12
            lowest = max(lowest, below - 12)
        return lowest

    def _pillar(self, pillar: Entity, x: float, y: float, width: float, dark: str, light: str) -> float:
        lines = wrapped(self._name(pillar), width - 100, 17, bold=True)
        height = 58 + 22 * len(lines)
        self._box(x, y, width, height, light)
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="6" height="{height:.1f}" fill="{dark}"/>')
        self._text(x + 20, y + 32, [pillar.notation[0]], 15, dark)
        end = self._text(x + 66, y + 32, lines, 17, _INK, bold=True)
        objectives = self._counted("objective", len(self.fw.parts_of(pillar)))
        actions = self._counted("action", len(self.fw.actions_for(pillar)))
        self._text(x + 66, end + 24, [f"{objectives} · {actions}"], 15, "#333333")
        return y + height

    def _commitments(self, y: float) -> float:
        dark, light = _GRAY
        y = self._text(_MARGIN, y + 12, [self.words["commitments"][self.lang]], 17, dark, bold=True) + 14
        width = (_WIDTH - 2 * _MARGIN - 2 * _GAP) / 3
        names = [wrapped(self._name(commitment), width - 100, 17) for commitment in self.fw.commitments]
        height = 34 + 22 * max(map(len, names))
        for number, (commitment, lines) in enumerate(zip(self.fw.commitments, names, strict=True)):
            x = _MARGIN + number * (width + _GAP)
            self._box(x, y, width, height, light)
            self._text(x + 20, y + 33, [commitment.notation[0]], 15, dark)
            self._text(x + 66, y + 33, lines, 17, _INK)
        return y + height

    def _box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="4" fill="{fill}"/>'
        )

    def _text(self, x: float, y: float, lines: list[str], size: int, fill: str, *, bold: bool = False) -> float:
        """Write lines and return where the last one stands."""
        weight = ' font-weight="700"' if bold else ""
        step = round(size * 1.3)
        for number, line in enumerate(lines):
            self.parts.append(
                f'<text x="{x:.1f}" y="{y + number * step:.1f}" font-size="{size}" fill="{fill}"{weight}>'
                f"{escape(line)}</text>"
            )
        return y + (len(lines) - 1) * step
