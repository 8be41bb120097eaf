"""Answers of the registry as tables of a page, whose numbers link to the list behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import entry
from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.questions.comparing import readable
from bicentennial.monitoring.questions.views import About, Count, Parts, moment, shown
from bicentennial.report.words import number
from bicentennial.service.http.requests import language_of
from bicentennial.service.office.components import link, say, subject_link, submission_path, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from bicentennial.monitoring.questions.comparing import Difference
    from bicentennial.monitoring.questions.views import View
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["difference_table", "view_table"]

_MOST: Final = 100
"""How many differences a page shows before it links to all of them."""


def view_table(
    request: Request, view: View, to: Callable[[Count], str] | None = None, caption: str | None = None
) -> Markup:
    """Return an answer as a table.

    Args:
        request: what is answered.
        view: the answer; what its column `subject` names becomes a link.
        to: the address of the list behind a number.
        caption: what the table is called; the title of the answer if None.
    """
    lang = language_of(request)
    places = {name: place for place, name in enumerate(view.columns)}

    def cell(row: Sequence[Any], place: int) -> str:
        value = row[place]
        if isinstance(value, Count):
            return link(request, number(value, lang), to(value)) if to and value else number(value, lang)
        if isinstance(value, Parts):
            each = (element("li", value.labels[key][lang], " ", cell([count], 0)) for key, count in value.items())
            return element("ul", *each, class_="parts")
        if isinstance(value, About):
            return subject_link(request, value.subject, shown(value, lang))
        if place == places.get("subject") and "/" in str(value):
            return subject_link(request, str(value), readable(str(value).rpartition("/")[2]))
        return moment(value) if isinstance(value, str) else shown(value, lang)

    # The names of things by which programs know them stand in CSV and JSON.
    kept = [place for place, name in enumerate(view.columns) if name != "id" or place == 0]
    heads = [view.heads(lang)[place] for place in kept]
    rows = [[cell(row, place) for place in kept] for row in view.rows]
    return table(caption or entry("registry", "titles")[view.name][lang], heads, rows, is_hidden=True)


def difference_table(
    request: Request, found: Sequence[Difference], this: Submission, before: Submission, *, most: int | None = _MOST
) -> Markup:
    """Return what two submissions say differently, each value with its cell in either file."""
    lang = language_of(request)
    if not found:
        return element("p", say("no-differences", lang))
    view = answers.of_differences(found[:most])
    rows = []
    for subject, prop, old, old_place, new, new_place in view.rows:
        name = f"{this.submitter}/{this.dataset}/{subject}"
        values = [
            element(
                "div",
                element(tag, shown(value, lang)),
                *([element("small", place)] if place else []),
                class_="side",
            )
            for tag, value, place in (("del", old, old_place), ("ins", new, new_place))
        ]
        rows.append((subject_link(request, name, readable(subject)), shown(prop, lang), *values))
    heads = [
        say("thing", lang),
        say("property", lang),
        f"{before.number} · {before.file}",
        f"{this.number} · {this.file}",
    ]
    parts = [table(say("differs-from", lang, name=before.name), heads, rows, is_hidden=True)]
    if most is not None and len(found) > most:
        path = f"{submission_path(lang, this)}/diff"
        parts.append(element("p", link(request, say("all-differences", lang, number=number(len(found), lang)), path)))
    return element("div", *parts, class_="difference")
