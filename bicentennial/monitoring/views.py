"""Answers of the registry for people and programs: as a table, CSV, JSON, a page or a plot, from the same rows.

>>> view = View("deadlines", ("subject", "due"), [("a/b/action/A-1", "2024-12-31")], {"deadlines": []})
>>> print(view.to_text("es"))
de qué se trata  fecha límite
---------------  ------------
a/b/action/A-1   2024-12-31
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.escape import cell
from bicentennial.core.messages import entry
from bicentennial.html.assets import base_style
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.text import aligned
from bicentennial.report.words import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.report.model import Language

__all__ = ["FORMATS", "Bar", "View"]

FORMATS: Final = ("table", "csv", "json", "html", "svg")
"""The forms in which an answer comes; `svg` only where there is something to plot."""
_WIDTH: Final = 640
_ROW: Final = 34
_LETTERS: Final = 70
_COLORS: Final = {
    "completed": "#1b6e53",
    "met": "#1b6e53",
    "ongoing": "#2f6690",
    "open": "#2f6690",
    "planned": "#7da7c4",
    "announced": "#b9cfdd",
    "suspended": "#b58900",
    "missed": "#b58900",
    "overdue": "#a33b20",
    "cancelled": "#6c6c6c",
    "not-stated": "#c9c9c9",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a plot: its label by language, and its parts by state."""

    label: Mapping[str, str]
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class View:
    """An answer: its name in the catalogue, the keys of its columns, its rows, and what JSON says of it.

    A cell may be a mapping of languages; `bars` are what can be plotted of it.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    plain: Mapping[str, Any]
    bars: Sequence[Bar] = field(default_factory=tuple)

    def render(self, form: str, lang: Language) -> str:
        """Return the answer in one of `FORMATS`."""
        made = {"table": self.to_text, "csv": self.to_csv, "html": self.to_html, "svg": self.to_svg}
        return self.to_json() if form == "json" else made[form](lang) + ("\n" if form == "table" else "")

    def to_json(self) -> str:
        """Return the answer for programs; it is the same in every language."""
        return json.dumps(self.plain, ensure_ascii=False, indent=2) + "\n"

    def to_text(self, lang: Language) -> str:
        """Return the answer as a table of columns for a terminal."""
        if not self.rows:
            return str(entry("registry", "none")[lang])
        return aligned(self.heads(lang), [[_text(value, lang) for value in row] for row in self.rows])

    def to_csv(self, lang: Language) -> str:
        """Return the answer as CSV, with headings in a language, and no cell that a spreadsheet would run."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.heads(lang))
        writer.writerows([cell(_text(value, lang)) for value in row] for row in self.rows)
        return out.getvalue()

    def to_html(self, lang: Language) -> str:
        """Return the answer as a page of its own: the plot, and the table that says the same."""
        import bicentennial.report.html as pages

        style = base_style() + Path(pages.__file__).with_name("page.css").read_text(encoding="utf-8")
        title = entry("registry", "titles")[self.name][lang]
        head = element("tr", *(element("th", text, scope="col") for text in self.heads(lang)))
        body = [element("tr", *(element("td", _text(value, lang)) for value in row)) for row in self.rows]
        table = element("table", element("thead", head), element("tbody", *body))
        plot = [element("figure", Markup(self.to_svg(lang)))] if self.bars else []
        main = element("main", element("h1", title), *plot, element("div", table, class_="scroll"))
        page_head = element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", title),
            Markup(f"<style>{style}</style>"),
        )
        page = element("html", page_head, element("body", main), lang=lang, data_lang=lang)
        return f"<!doctype html>\n{page}\n"

    def to_svg(self, lang: Language) -> str:
        """Return the answer as stacked bars whose description says every number."""
        title = entry("registry", "titles")[self.name][lang]
        most = max((sum(bar.parts.values()) for bar in self.bars), default=0) or 1
        marks: list[Markup] = []
        said = []
        for place, bar in enumerate(self.bars):
            top, left = place * _ROW, 0.0
            label = bar.label[lang]
            total = sum(bar.parts.values())
            marks.append(element("text", label[:_LETTERS], x=0, y=top + 13, font_size=13))
            marks.append(
                element("text", number(int(total), lang), x=_WIDTH, y=top + 13, font_size=13, text_anchor="end")
            )
            for state, count in bar.parts.items():
                width = round(_WIDTH * count / most, 1)
                name = state_label(state, lang)
                shape = element("title", f"{label}: {name} {number(int(count), lang)}")
                marks.append(
                    element(
                        "rect", shape, x=left, y=top + 18, width=width, height=9, fill=_COLORS.get(state, "#6c6c6c")
                    )
                )
                left = round(left + width, 1)
            parts = ", ".join(f"{state_label(state, lang)} {number(int(n), lang)}" for state, n in bar.parts.items())
            said.append(f"{label}: {number(int(total), lang)} ({parts})")
        height = max(len(self.bars) * _ROW, 1)
        drawing = element(
            "svg",
            element("title", title),
            element("desc", "; ".join(said)),
            *marks,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_WIDTH} {height}",
            role="img",
            font_family="system-ui, sans-serif",
        )
        return f"{drawing}\n"

    def heads(self, lang: Language) -> list[str]:
        """Return the headings of the columns in a language."""
        words = entry("registry", "columns")
        return [words[column][lang] for column in self.columns]


def state_label(state: str, lang: Language) -> str:
    """Return what a status, a state of a submission or of a deadline is called."""
    words = entry("registry", "states")
    if state in words:
        return str(words[state][lang])
    from bicentennial.core.namespaces import BICD
    from bicentennial.vocabulary.index import default_index

    return default_index().label(BICD[f"status-{state}"], lang)


def _text(value: Any, lang: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value.get(lang, ""))
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return str(value)
