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
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.escape import cell
from bicentennial.core.messages import entry
from bicentennial.html.assets import base_style
from bicentennial.html.markup import Markup, element
from bicentennial.html.plots import Part, Row, stacked
from bicentennial.knowledge.text import aligned
from bicentennial.monitoring.questions.comparing import readable
from bicentennial.report.words import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from bicentennial.core.messages import Language

__all__ = ["FORMATS", "About", "Bar", "Count", "Parts", "View", "moment", "money", "shown", "state_label"]

FORMATS: Final = ("table", "csv", "json", "html", "svg")
"""The forms in which an answer comes; `svg` only where there is something to plot."""
_KINDS: Final = {
    "completed": "good",
    "met": "good",
    "reached": "good",
    "on-time": "good",
    "ongoing": "going",
    "open": "going",
    "on-the-way": "going",
    "planned": "next",
    "announced": "early",
    "suspended": "warning",
    "missed": "warning",
    "behind": "warning",
    "overdue": "late",
    "late": "late",
    "dropped": "late",
    "cancelled": "over",
    "not-stated": "none",
    "not-measured": "none",
    "no-cadence": "none",
    "never": "over",
}
"""How the parts of a plot look that stand for a state; any other looks like what goes on."""


_ORDER: Final = tuple(_KINDS)
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)(?::(\d\d))?(?::\d\d(?:\.\d+)?)?Z?", re.ASCII)


def _place(state: str) -> int:
    """Return where a state stands among the parts of a bar, which is the same place in each bar."""
    return _ORDER.index(state) if state in _ORDER else len(_ORDER)


class Count(int):
    """A number with the list behind it: `behind` says by which values of a query that list is asked for."""

    behind: Mapping[str, str]

    def __new__(cls, value: int, /, **behind: str) -> Self:
        """Return a number; what is behind it are names and values of a query."""
        made = super().__new__(cls, value)
        made.behind = behind
        return made


class About(dict[str, str]):
    """A text by language that is about a thing: `subject` is its name, such as `SUBMITTER/DATASET/action/A-001`."""

    def __init__(self, texts: Mapping[str, str], subject: str) -> None:
        super().__init__(texts)
        self.subject = subject


class Parts(dict[Any, Count]):
    """Numbers of one cell, each under its key; `labels` say by language what the keys are."""

    def __init__(self, counts: Mapping[str, Count], labels: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(counts)
        self.labels = labels

    def written(self, lang: Language) -> str:
        """Return the numbers as one text."""
        return ", ".join(f"{self.labels[key][lang]} {count}" for key, count in self.items())


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
        return aligned(self.heads(lang), self._for_people(lang))

    def _for_people(self, lang: Language) -> list[list[str]]:
        """Return the rows as texts, the names of things as people write them."""
        named = self.columns.index("subject") if "subject" in self.columns else None
        return [
            [readable(shown(value, lang)) if place == named else shown(value, lang) for place, value in enumerate(row)]
            for row in self.rows
        ]

    def to_csv(self, lang: Language) -> str:
        """Return the answer as CSV, with headings in a language, and no cell that a spreadsheet would run."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.heads(lang))
        writer.writerows([cell(shown(value, lang)) for value in row] for row in self.rows)
        return out.getvalue()

    def to_html(self, lang: Language) -> str:
        """Return the answer as a page of its own: the plot, and the table that says the same."""
        import bicentennial.report.html as pages

        style = base_style() + Path(pages.__file__).with_name("page.css").read_text(encoding="utf-8")
        title = entry("registry", "titles")[self.name][lang]
        head = element("tr", *(element("th", text, scope="col") for text in self.heads(lang)))
        body = [element("tr", *(element("td", text) for text in row)) for row in self._for_people(lang)]
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
        rows = [
            Row(
                bar.label[lang],
                number(int(sum(bar.parts.values())), lang),
                [
                    Part(state_label(state, lang), count, number(int(count), lang), _KINDS.get(state, "going"))
                    for state, count in sorted(bar.parts.items(), key=lambda each: _place(each[0]))
                ],
            )
            for bar in self.bars
        ]
        return f"{stacked(entry('registry', 'titles')[self.name][lang], rows)}\n"

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


def shown(value: Any, lang: Language) -> str:
    """Return the text of a cell in a language."""
    if value is None:
        return ""
    if isinstance(value, Parts):
        return value.written(lang)
    if isinstance(value, dict):
        return str(value.get(lang, ""))
    if isinstance(value, float):
        return _quantity(value)
    return str(value)


def moment(text: str) -> str:
    """Return a time of day, as the registry notes it to the second or to the hour, for people; any other text as it is.

    >>> moment("2026-11-29T09:52:48"), moment("2026-11-29T10"), moment("2026-11-29")
    ('2026-11-29 09:52 UTC', '2026-11-29 10:00 UTC', '2026-11-29')
    """
    found = _MOMENT.fullmatch(text)
    return f"{found[1]} {found[2]}:{found[3] or '00'} UTC" if found else text


def _quantity(value: float) -> str:
    """Return a number with every digit that it has: what is shown is what was reported.

    >>> _quantity(12500.0), _quantity(0.004), _quantity(1000.5), _quantity(-3e10)
    ('12,500', '0.004', '1,000.5', '-30,000,000,000')
    """
    whole, _, part = f"{Decimal(str(value)):,f}".partition(".")
    return f"{whole}.{part.rstrip('0')}" if part.strip("0") else whole


def money(amount: float, currency: str | None) -> str:
    """Return an amount with its currency, and with two decimals at least where it is no whole number.

    >>> money(1000.5, "MXN"), money(250000.0, "USD"), money(0.0, None)
    ('1,000.50 MXN', '250,000 USD', '0')
    """
    whole, _, part = _quantity(amount).partition(".")
    return f"{whole}.{part:0<2} {currency or ''}".strip() if part else f"{whole} {currency or ''}".strip()
