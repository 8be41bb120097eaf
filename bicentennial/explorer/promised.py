"""What was promised, how firmly and by whom, and what came of it: as a table of actions, or for one action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.explorer.sources import brief, cited
from bicentennial.html.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.explorer.view import View
    from bicentennial.knowledge.topic import Outcome, Promise

__all__ = ["outcome_list", "promise_table"]


def promise_table(view: View, promises: Iterable[Promise]) -> Iterator[Markup]:
    """Yield a table of actions with what came of each, after a note on what is not reported."""
    promises = list(promises)
    if any(not each.outcomes and not each.is_begun for each in promises):
        yield element("p", view.word("unreported-note"), class_="hint")
    heads = [view.word("heads", key) for key in ("action", "modality", "parties", "outcome")]
    yield view.table(view.word("promised"), heads, (_row(view, each) for each in promises), ident="promises")


def _row(view: View, promise: Promise) -> Markup:
    return element(
        "tr",
        element("th", view.link(promise.iri, promise.text), scope="row"),
        element("td", promise.modality),
        element("td", promise.parties),
        element("td", *_outcome(view, promise)),
    )


def _outcome(view: View, promise: Promise) -> Iterator[Markup]:
    if promise.is_begun:
        yield element("span", promise.status, class_="tag good")
    if promise.outcomes:
        reports = [part for each in promise.outcomes for part in (_report(view, each), brief(view, each.cited))]
        count = view.counted("reports", "report-one", len(promise.outcomes))
        yield element("details", element("summary", count), *reports, class_="reports")
    elif not promise.is_begun:
        yield element("span", view.word("unreported"), class_="muted")


def _report(view: View, outcome: Outcome) -> Markup:
    date = [element("span", view.time(outcome.date), class_="date"), Markup(" ")] if outcome.date else []
    return element("p", *date, view.link(outcome.iri, outcome.said))


def outcome_list(view: View, promise: Promise) -> Markup:
    """Return what is reported of one action, each report with its sources."""
    items = [element("li", _report(view, each), cited(view, each.cited)) for each in promise.outcomes]
    if not items and not promise.is_begun:
        return element("p", view.word("outcome-none"), class_="muted")
    return element("ul", *items, class_="outcomes") if items else Markup("")
