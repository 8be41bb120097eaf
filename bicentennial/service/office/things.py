"""The things that submissions speak of, and the addresses without a language."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.questions.comparing import readable
from bicentennial.monitoring.questions.history import stored_name
from bicentennial.monitoring.store.facts import parsed
from bicentennial.service import access
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.office import rdf
from bicentennial.service.office.common import crumbs, find
from bicentennial.service.office.components import (
    facts,
    office_page,
    say,
    subject_link,
    submission_link,
    submission_path,
)
from bicentennial.service.office.tables import view_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.store.facts import Value
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["neutral", "thing_page"]


def thing_page(request: Request) -> Response:
    """Return the page of an action, an indicator or another thing of a dataset: what is said of it, and what was."""
    lang = language_of(request)
    path = request.path_params
    submitter, dataset = path["submitter"], path["dataset"]
    with access.opened(request) as registry:
        name = stored_name(registry.database, submitter, dataset, path["name"])
        if path.get("number"):
            this: Submission | None = find(request, registry)
        else:
            its = [each for each in registry.current() if (each.submitter, each.dataset) == (submitter, dataset)]
            this = its[0] if its else None
        body = rdf.record(registry.database, this, name) if this else None
        if body is None and path.get("number"):
            raise access.refusal(404, "no-thing")
        subject = f"{submitter}/{dataset}/{name}"
        steps = [each for each in registry.history(subject) if each.subject == subject]
        if body is None and not steps:
            spoke = _last_that_speaks(registry, submitter, dataset, name)
            if spoke is None:
                raise access.refusal(404, "no-thing")
            there = f"{submission_path(lang, spoke)}/{quote(name)}"
            return RedirectResponse(context_of(request).site.base + there, 303)
        changes = [each for each in registry.changes(submitter=submitter, dataset=dataset) if each.subject == name]
    said: dict[str, list[Value]] = {}
    for value in parsed(body or ""):
        said.setdefault(value.property, []).append(value)
    title = _title(said, lang) or readable(name)
    about = [
        (answers.property_label(prop, lang), _values(request, submitter, dataset, values))
        for prop, values in said.items()
        if prop != "rdf:type"
    ]
    spoken = submission_link(request, this) if this and body is not None else ""
    parts = [
        crumbs(request, submitter, dataset, this if path.get("number") else None),
        element("h1", title),
        element("p", say("as-said-by", lang), " ", spoken, class_="lead") if spoken else element("p"),
        facts(about),
        element("h2", say("changes", lang)),
        view_table(request, answers.of_changes(changes[::-1])) if changes else element("p", say("no-changes", lang)),
        element("h2", say("history", lang)),
        view_table(request, answers.of_history(steps)) if steps else element("p", say("no-history", lang)),
    ]
    return office_page(request, title, *parts, section_name="progress")


def _last_that_speaks(registry: Registry, submitter: str, dataset: str, name: str) -> Submission | None:
    """Return the last submission that speaks of a thing, of those that the one who asks may see, accepted or not."""
    speak = registry.database.all(
        "SELECT m.submission FROM member m JOIN subject u ON u.id = m.subject JOIN dataset d ON d.id = u.dataset"
        " WHERE d.submitter = ? AND d.name = ? AND u.name = ?",
        [submitter, dataset, name],
    )
    its = registry.submissions(submitter=submitter, dataset=dataset)
    return next((each for each in reversed(its) if (each.id,) in speak), None)


def _title(said: Mapping[str, Sequence[Value]], lang: Language) -> str:
    titles = {each.kind: each.value for each in said.get("skos:prefLabel", ())}
    return titles.get(f"@{lang}") or next(iter(titles.values()), "")


def _values(request: Request, submitter: str, dataset: str, values: Sequence[Value]) -> Markup:
    lang = language_of(request)
    shown: list[Markup] = []
    for each in values:
        text = answers.value_label(each.value, lang)
        if each.kind is not None:
            its = each.kind.removeprefix("@") if each.kind.startswith("@") else False
            shown.append(element("span", text, lang=its))
        elif each.value.startswith("bicd:"):
            shown.append(subject_link(request, each.value, text))
        elif ":" not in each.value:
            shown.append(subject_link(request, f"{submitter}/{dataset}/{each.value}", readable(text)))
        else:
            shown.append(element("span", text))
    return Markup("<br>".join(shown))


def neutral(request: Request) -> Response:
    """Answer an address without a language: RDF for programs that ask for it, else the page in a language."""
    form = rdf.asked(request)
    if form is None:
        there = f"/{language_of(request)}{request.url.path.removeprefix(request.scope.get('root_path', ''))}"
        return RedirectResponse(context_of(request).site.base + there, 303, {"Vary": "Accept, Accept-Language"})
    path = request.path_params
    with access.opened(request) as registry:
        if path.get("number"):
            this = find(request, registry)
        else:
            its = [e for e in registry.current() if (e.submitter, e.dataset) == (path["submitter"], path["dataset"])]
            if not its:
                raise access.refusal(404, "no-dataset")
            this = its[0]
        name = path.get("name")
        if name is not None:
            name = stored_name(registry.database, path["submitter"], path["dataset"], name)
        return rdf.answer(request, registry.database, this, name, form)
