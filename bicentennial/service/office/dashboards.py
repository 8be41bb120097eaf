"""Dashboards: how far things are, as plot, table, CSV and JSON that say the same, with the list behind each number.

Each is a plain GET form. Numbers link to the same page with `part` and `id`, or `state`, which shows what they count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import LANGUAGES, entry, section, sentence
from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.questions.changes import KINDS
from bicentennial.monitoring.questions.gaps import KINDS as GAPS
from bicentennial.monitoring.questions.progress import DEADLINE_STATES, GROUPINGS
from bicentennial.monitoring.questions.views import Bar, Count, View, state_label
from bicentennial.monitoring.store.dates import earliest_day, times
from bicentennial.report.words import number
from bicentennial.service import access
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.office.components import button, field, link, notice, office_page, select, table, with_query
from bicentennial.service.office.downloads import download
from bicentennial.service.office.tables import view_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.registry import Registry

__all__ = ["DASHBOARDS", "dashboard"]

DASHBOARDS: Final = ("progress", "deadlines", "indicators", "changes", "gaps", "submitters")
_STATES: Final[Mapping[str, Sequence[str]]] = {
    "deadlines": DEADLINE_STATES,
    "indicators": answers.INDICATOR_STATES,
    "changes": KINDS,
    "gaps": GAPS,
    "submitters": answers.SUBMITTER_STATES,
}
_FORMS: Final = ("csv", "json", "svg")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the query of a dashboard asks for."""

    name: str
    as_of: str | None
    known: str | None
    since: str | None
    by: str
    over_time: bool
    part: str | None
    id: str | None
    state: str | None

    def address(self, lang: Language, **changed: str | None) -> str:
        """Return the address that asks for the same but for what is given."""
        given = {
            "by": self.by if self.name == "progress" else None,
            "as_of": self.as_of, "known": self.known, "since": self.since,
            "over": "time" if self.over_time else None, "state": self.state, "id": self.id, "part": self.part,
        }  # fmt: skip
        return with_query(f"/{lang}/{self.name}", **{**given, **changed})


@dataclass(frozen=True, slots=True)
class _Answer:
    """The numbers, with what is plotted of them, and the list behind the one that was chosen."""

    numbers: View
    rows: View | None = None
    more: Sequence[Markup] = ()


def dashboard(name: str) -> Callable[[Request], Response]:
    """Return the handler of one of `DASHBOARDS`."""

    def handler(request: Request) -> Response:
        lang = language_of(request)
        given = request.query_params
        texts = {key: given.get(key, "").strip() or None for key in ("as_of", "known", "since", "part", "id", "state")}
        over_time = given.get("over") == "time" and name == "progress"
        asked = _Asked(name, by=given.get("by") or "goal", over_time=over_time, **texts)
        form = given.get("format")
        try:
            _check(asked, form)
            with access.opened(request) as registry:
                answer = _ANSWERS[name](request, registry, asked)
        except UsageError as error:
            if form:
                raise
            return _page(request, asked, None, notice(error.text[lang], kind="error"))
        if form:
            return _saved(answer, asked, form, lang, only_numbers=given.get("of") == "numbers")
        return _page(request, asked, answer)

    return handler


def _check(asked: _Asked, form: str | None) -> None:
    for value, known in (
        (asked.state, _STATES.get(asked.name, ())),
        (form, _FORMS),
        (asked.by, GROUPINGS),
    ):
        if value and value not in known:
            raise UsageError(_bad(value, known))


def _bad(value: str, known: Any) -> dict[str, str]:
    return sentence("office", "bad-filter", value=value, known=", ".join(known))


def _progress(request: Request, registry: Registry, asked: _Asked) -> _Answer:
    dates = {"as_of": asked.as_of, "known": asked.known}
    if asked.over_time:
        return _over_time(request, registry, asked)
    found = registry.progress(by=asked.by, **dates)
    view = answers.of_progress(found, by=asked.by, **times(**dates))
    if asked.part is None:
        return _Answer(view)
    row = next((each for each in found if (each.id or "-") == asked.id), None)
    behind = set([] if row is None else row.subjects if asked.part == "actions" else row.behind.get(asked.part, []))
    return _Answer(view, answers.of_actions([each for each in registry.actions(**dates) if each.subject in behind]))


def _over_time(request: Request, registry: Registry, asked: _Asked) -> _Answer:
    """Return the actions for each date, each once and by status, and by the grouping that is asked for."""
    lang = language_of(request)
    dates = {"as_of": asked.as_of, "known": asked.known}
    points = registry.progress_over_time(by="status", **dates)
    bars, rows = [], []
    for point in points:
        parts = {(row["id"] or "not-stated").removeprefix("bicd:status-"): row["actions"] for row in point["rows"]}
        ids = {(row["id"] or "not-stated").removeprefix("bicd:status-"): row["id"] or "-" for row in point["rows"]}
        bars.append(Bar(dict.fromkeys(LANGUAGES, point["as_of"]), parts))
        counts = answers.counted_by_state(
            {
                state: Count(n, by="status", as_of=point["as_of"], over="", id=ids[state], part="actions")
                for state, n in parts.items()
            }
        )
        rows.append((point["as_of"], sum(parts.values()), counts))
    groups = points if asked.by == "status" else registry.progress_over_time(by=asked.by, **dates)
    view = View("over-time", ("issued", "actions", "by-status"), rows, {"by": asked.by, "over_time": groups}, bars)
    more = [] if asked.by == "status" else [_matrix(request, asked, groups)]
    return _Answer(view, None, [element("p", _say("over-time-note", lang), class_="hint"), *more])


def _matrix(request: Request, asked: _Asked, points: Sequence[Mapping[str, Any]]) -> Markup:
    """Return a table with a row for each goal, agency or the like and a column for each date."""
    lang = language_of(request)
    labels = {row["id"]: row["label"][lang] for point in points for row in point["rows"]}
    numbers = {(row["id"], point["as_of"]): row["actions"] for point in points for row in point["rows"]}
    rows = []
    for key, label in sorted(labels.items(), key=lambda each: (each[0] is None, each[1])):
        cells = []
        for point in points:
            n = numbers.get((key, point["as_of"]), 0)
            there = asked.address(lang, over=None, as_of=point["as_of"], id=key or "-", part="actions") + "#behind"
            cells.append(link(request, number(n, lang), there) if n else "0")
        rows.append((label, *cells))
    grouping = entry("registry", "columns")[asked.by][lang]
    title = _say("over-time-groups", lang, by=grouping)
    heads = [grouping, *(point["as_of"] for point in points)]
    return Markup(element("h2", title) + table(title, heads, rows, is_hidden=True))


def _deadlines(request: Request, registry: Registry, asked: _Asked) -> _Answer:  # noqa: ARG001 - as all are called
    found = registry.deadlines(as_of=asked.as_of, known=asked.known)
    chosen = [each for each in found if asked.state in (None, each.state)]
    return _Answer(answers.of_counts(answers.of_deadlines(found)), answers.of_deadlines(chosen))


def _indicators(request: Request, registry: Registry, asked: _Asked) -> _Answer:  # noqa: ARG001
    found = registry.indicators(as_of=asked.as_of, known=asked.known)
    chosen = [each for each in found if asked.state in (None, answers.indicator_state(each))]
    return _Answer(answers.of_counts(answers.of_indicators(found)), answers.of_indicators(chosen))


def _changes(request: Request, registry: Registry, asked: _Asked) -> _Answer:  # noqa: ARG001
    found = registry.changes(since=asked.since, as_of=asked.as_of, known=asked.known)
    found.sort(key=lambda each: each.issued[1], reverse=True)
    chosen = [each for each in found if asked.state in (None, each.kind)]
    return _Answer(answers.of_counts(answers.of_changes(found)), answers.of_changes(chosen))


def _gaps(request: Request, registry: Registry, asked: _Asked) -> _Answer:  # noqa: ARG001
    found = registry.gaps(as_of=asked.as_of, known=asked.known)
    chosen = [each for each in found if asked.state in (None, each.kind)]
    return _Answer(answers.of_counts(answers.of_gaps(found)), answers.of_gaps(chosen))


def _submitters(request: Request, registry: Registry, asked: _Asked) -> _Answer:  # noqa: ARG001
    # Nothing is late but on a day, and today nothing is for which the day is not over everywhere.
    today = earliest_day() if asked.as_of is None else None
    found = registry.submitters(as_of=asked.as_of, known=asked.known, today=today)
    chosen = [each for each in found if asked.state in (None, answers.submitter_state(each))]
    return _Answer(answers.of_counts(answers.of_submitters(found)), answers.of_submitters(chosen))


_ANSWERS: Final[Mapping[str, Callable[[Request, Registry, _Asked], _Answer]]] = {
    "progress": _progress,
    "deadlines": _deadlines,
    "indicators": _indicators,
    "changes": _changes,
    "gaps": _gaps,
    "submitters": _submitters,
}


def _saved(answer: _Answer, asked: _Asked, form: str, lang: Language, *, only_numbers: bool) -> Response:
    """Return an answer as a file: the list if there is one, in JSON with the numbers; or the numbers alone."""
    view = answer.numbers
    if form != "svg" and answer.rows is not None and not only_numbers:
        view = answer.rows
        if form == "json":
            view = replace(view, plain={**answer.numbers.plain, **view.plain})
    return download(view.render(form, lang), asked.name, form)


def _page(request: Request, asked: _Asked, answer: _Answer | None, error: Markup | None = None) -> Response:
    lang = language_of(request)
    words = section("dashboards")
    title = words["titles"][asked.name][lang]
    parts = [
        _views(request, asked),
        element("h1", title),
        element("p", words["about"][asked.name][lang], class_="lead"),
        *([error] if error else []),
        _filters(request, asked),
    ]
    if answer is not None:
        parts += _numbers(request, asked, answer)
        if answer.rows is not None:
            parts.append(_list(request, asked, answer.rows))
    parts.append(element("p", link(request, _say("registry", lang), f"/{lang}/registry")))
    query = f"?{request.url.query}" if request.url.query else ""
    return office_page(
        request, title, *parts, section_name="progress", other=f"/{{lang}}/{asked.name}{query}",
        description=words["about"][asked.name][lang], status=400 if error else 200,
    )  # fmt: skip


def _views(request: Request, asked: _Asked) -> Markup:
    lang = language_of(request)
    kept = {"as_of": asked.as_of, "known": asked.known}
    items = [
        element(
            "li",
            link(
                request, section("dashboards")["titles"][each][lang], with_query(f"/{lang}/{each}", **kept),
                aria_current="page" if each == asked.name else False,
            ),
        )
        for each in DASHBOARDS
    ]  # fmt: skip
    return element("nav", element("ul", *items), aria_label=_say("views", lang), class_="views")


def _filters(request: Request, asked: _Asked) -> Markup:
    lang = language_of(request)
    fields = []
    if asked.name == "progress":
        columns = entry("registry", "columns")
        fields.append(select("by", _say("by", lang), {each: columns[each][lang] for each in GROUPINGS}, asked.by))
        over = {"": _say("at-one-date", lang), "time": _say("over-time", lang)}
        fields.append(select("over", _say("over-time", lang), over, "time" if asked.over_time else ""))
    else:
        states = {each: state_label(each, lang) for each in _STATES[asked.name]}
        fields.append(select("state", _say("state", lang), {"": _say("all", lang), **states}, asked.state or ""))
    if asked.name == "changes":
        fields.append(field("since", _say("since", lang), _say("since-hint", lang), value=asked.since or ""))
    fields.append(field("as_of", _say("as-of", lang), _say("as-of-hint", lang), value=asked.as_of or ""))
    fields.append(field("known", _say("known", lang), _say("known-hint", lang), value=asked.known or ""))
    action = f"{context_of(request).site.base}/{lang}/{asked.name}"
    return element("form", *fields, button(_say("show", lang)), method="get", action=action, class_="filters")


def _numbers(request: Request, asked: _Asked, answer: _Answer) -> list[Markup]:
    lang = language_of(request)
    view = answer.numbers
    if not view.rows:
        text = "nothing" if asked.as_of or asked.known or asked.since else "nothing-yet"
        return [element("p", _say(text, lang), class_="empty")]

    def to(count: Count) -> str:
        return asked.address(lang, **{"id": None, "part": None, **count.behind}) + "#behind"

    title = entry("registry", "titles")[view.name][lang]
    if view.name == "progress":
        title = _say("over-time-groups", lang, by=entry("registry", "columns")[asked.by][lang])
    parts = [
        element("figure", element("figcaption", title), Markup(view.to_svg(lang)), class_="figure"),
        view_table(request, view, to),
    ]
    if asked.name == "progress" and not asked.over_time and asked.by != "status":
        parts.append(element("p", _say("multiple", lang), class_="hint"))
    plain = {"id": None, "part": None, "state": None}
    forms = [
        link(request, each.upper(), asked.address(lang, **plain, format=each, of="numbers"), class_="action second")
        for each in _FORMS
    ]
    parts.append(element("p", element("span", _say("save-numbers", lang)), *forms, class_="saves"))
    return [*parts, *answer.more]


def _list(request: Request, asked: _Asked, rows: View) -> Markup:
    lang = language_of(request)
    if asked.name == "progress":
        title = _say("behind", lang, number=number(len(rows.rows), lang))
    elif asked.state:
        title = _say("list-of", lang, state=state_label(asked.state, lang))
    else:
        title = _say("list", lang)
    if not rows.rows:
        return element(
            "section", element("h2", title), element("p", _say("nothing", lang)), id="behind", class_="behind"
        )
    forms = [
        link(request, each.upper(), asked.address(lang, format=each), class_="action second") for each in _FORMS[:2]
    ]
    saves = element("p", element("span", _say("save-list", lang)), *forms, class_="saves")
    return element(
        "section", element("h2", title), view_table(request, rows, caption=title), saves, id="behind", class_="behind"
    )


def _say(key: str, lang: Language, **values: object) -> str:
    text: str = section("dashboards")["words"][key][lang]
    return text.format(**values) if values else text
