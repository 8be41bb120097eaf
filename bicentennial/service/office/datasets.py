"""The datasets of the registry: all of them, and each with its submissions and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bicentennial.html.markup import element
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.questions.views import moment
from bicentennial.report.words import number
from bicentennial.service import access
from bicentennial.service.http.requests import language_of
from bicentennial.service.office import rdf
from bicentennial.service.office.common import crumbs
from bicentennial.service.office.components import (
    facts,
    link,
    office_page,
    say,
    state_badge,
    submission_link,
    table,
)
from bicentennial.service.office.tables import view_table

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


__all__ = ["dataset_page", "index_page"]


def index_page(request: Request) -> Response:
    """Return `/{l}/registry`: the datasets of which anything may be seen."""
    lang = language_of(request)
    with access.opened(request) as registry:
        several = [each for each in registry.submitters() if each.dataset]
        seen = {(each.submitter, each.dataset) for each in registry.submissions()}
    rows = [
        (
            link(request, f"{each.submitter}/{each.dataset}", f"/{lang}/registry/{each.submitter}/{each.dataset}"),
            each.name, each.last_issued or "–", number(each.accepted, lang),
        )
        for each in several
        if (each.submitter, each.dataset) in seen
    ]  # fmt: skip
    title = say("registry", lang)
    heads = [say(key, lang) for key in ("dataset", "submitter", "last-issued", "accepted")]
    parts = [element("h1", title), element("p", say("registry-about", lang), class_="lead")]
    parts.append(table(title, heads, rows, is_hidden=True) if rows else element("p", say("no-datasets", lang)))
    parts.append(element("p", link(request, "DCAT", "/catalog.ttl"), " · ", link(request, "Atom", "/feed.atom")))
    return office_page(request, title, *parts, section_name="progress")


def dataset_page(request: Request) -> Response:
    """Return the page of a dataset: what holds now, all its submissions, and what changed between them."""
    lang = language_of(request)
    submitter, dataset = request.path_params["submitter"], request.path_params["dataset"]
    user = access.user_of(request)
    with access.opened(request) as registry:
        several = registry.submissions(submitter=submitter, dataset=dataset)
        if not several:
            raise access.refusal(404, "no-dataset")
        current = [each for each in registry.current() if (each.submitter, each.dataset) == (submitter, dataset)]
        state = next(each for each in registry.submitters() if (each.submitter, each.dataset) == (submitter, dataset))
        changes = registry.changes(submitter=submitter, dataset=dataset)
        title, approval, embargo = registry.database.one(
            "SELECT title, approval, embargo FROM dataset WHERE submitter = ? AND name = ?", [submitter, dataset]
        ) or ("", 0, None)
    name = f"{submitter}/{dataset}"
    cadence = say(f"cadence-{state.cadence}", lang) if state.cadence else ""
    rows = [
        (
            submission_link(request, each), each.issued, state_badge(each.state, lang), moment(each.received_at),
            element("span", each.file),
        )
        for each in reversed(several)
    ]  # fmt: skip
    heads = [say(key, lang) for key in ("submission", "issued", "state", "received", "file")]
    parts = [
        crumbs(request, submitter, dataset),
        element("h1", title or name),
        facts(
            [
                (say("submitter", lang), f"{state.name} ({submitter})" if state.name != submitter else submitter),
                (say("holds-now", lang), submission_link(request, current[0]) if current else say("nothing-yet", lang)),
                (say("cadence", lang), cadence),
                (say("next-due", lang), state.next_due or ""),
                (say("approval", lang), say("approval-on" if approval else "approval-off", lang)),
                (say("embargo", lang), embargo or ""),
                (say("follow", lang), link(request, "Atom", f"/feed/{quote(name)}.atom")),
                (say("linked-data", lang), rdf.links(request, f"/registry/{quote(name)}")),
            ]
        ),
        element("h2", say("submissions", lang)),
        table(say("submissions", lang), heads, rows, is_hidden=True),
        element("h2", say("changes", lang)),
        view_table(request, answers.of_changes(changes[::-1])) if changes else element("p", say("no-changes", lang)),
    ]
    return office_page(request, title or name, *parts, section_name="progress", private=user.is_reviewer)
