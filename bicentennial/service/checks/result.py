"""The page of a check: where it stands, then the report, every format of it to save, and an end to it at once."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from bicentennial.core.messages import sentence
from bicentennial.html.markup import Markup, element
from bicentennial.report.formats import BINARY, FORMATS
from bicentennial.report.html.embedded import SLOT
from bicentennial.report.stored import EMBEDDED
from bicentennial.service.checks.checked import Checked
from bicentennial.service.checks.texts import SCRIPT, STYLES, button_form, each_language, href, say
from bicentennial.service.forms import posted
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.http.responses import attachment, page
from bicentennial.service.jobs import KEPT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bicentennial.core.messages import Language
    from bicentennial.service.context import Context
    from bicentennial.service.jobs import Job

__all__ = ["DAYS", "OFFERED", "checked_of", "downloads", "report_page", "routes", "saved"]

OFFERED: Final = ("xlsx", "html", "csv", "json", "text", "turtle", "sarif")
"""The formats that the page offers, the most useful first."""
DAYS: Final = (7, 30)
"""For how long a link to a report may be kept."""
_NO_STORE: Final = {"Cache-Control": "no-store"}
_MOST_GONE: Final = 10_000
_WAIT: Final = "2"

# Hashes of the addresses that were deleted, so that they are answered with 410 and not as if they had never been.
_gone: OrderedDict[str, None] = OrderedDict()
_lock = threading.Lock()


def routes(context: Context) -> list[BaseRoute]:  # noqa: ARG001 - each part takes it
    """Return the routes of one check."""
    return [
        *each_language("/check/{id}", _page),
        *each_language("/check/{id}/state", _state),
        *each_language("/check/{id}/report/{format}", _save),
        *each_language("/check/{id}/delete", posted(_delete, has_token=False), methods=["POST"], max_body_size=1 << 16),
    ]


def _job(request: Request) -> Job:
    """Return the check that an address names.

    Raises:
        HTTPException: 410 for one that was deleted or is not kept any more, 404 for what never was an address.
    """
    name = request.path_params["id"]
    job = context_of(request).jobs.find(name)
    if job is None:
        with _lock:
            is_deleted = _hash(name) in _gone
        key = "deleted" if is_deleted else "not-kept"
        text = sentence("check", key, minutes=KEPT_SECONDS // 60)
        raise Refusal(410 if is_deleted else 404, text)
    return job


def checked_of(request: Request) -> Checked | None:
    """Return what came of the check that an address names; None if it is still to be waited for.

    Raises:
        HTTPException: there is no such check.
        BicentennialError: the check failed.
    """
    job = _job(request)
    if not job.done.done():
        return None
    found = job.done.result()
    if not isinstance(found, Checked):  # a job of another part of the service
        raise HTTPException(404)
    return found


def _page(request: Request) -> Response:
    checked = checked_of(request)
    if checked is None:
        return _waiting(request, _job(request))
    lang, here = language_of(request), f"/{language_of(request)}/check/{request.path_params['id']}"
    parts = [
        downloads(request, checked, here, lang),
        _mapping(request, checked, here, lang),
        element(
            "div",
            element("p", say("kept-for", lang, minutes=KEPT_SECONDS // 60), class_="hint"),
            _keep(request, here, lang),
            button_form(href(request, f"{here}/delete"), say("delete", lang), class_="quiet small"),
            class_="row keep",
        ),
        element("p", element("a", say("another", lang), href=href(request, f"/{lang}/"))),
    ]
    return report_page(request, checked, parts)


def report_page(request: Request, checked: Checked, offers: Sequence[Markup]) -> Response:
    """Return the page of a report, with what is offered beside it after the verdict."""
    lang = language_of(request)
    text = checked.text(EMBEDDED, lang, context_of(request).checks)
    offered = element("section", *(each for each in offers if each), class_="offers", aria_label=say("offers", lang))
    body = Markup(text.replace(str(SLOT), str(offered), 1))
    title = say("report-title", lang, file=checked.name)
    options: dict[str, Any] = {"section_name": "check", "styles": STYLES, "scripts": ["/static/report.js", SCRIPT]}
    return page(request, title, body, private=True, headers=_NO_STORE, **options)


def _waiting(request: Request, job: Job) -> Response:
    """Return the page that is shown meanwhile: without scripts it asks again by itself."""
    lang = language_of(request)
    here = f"/{lang}/check/{job.id}"
    again = element("noscript", element("meta", http_equiv="refresh", content=_WAIT))
    body = [
        element("h1", say("waiting-title", lang)),
        element(
            "p",
            _standing(request, job, lang),
            role="status",
            class_="lead waiting",
            data_state=href(request, f"{here}/state"),
        ),
        element("p", say("waiting-hint", lang), class_="hint"),
        button_form(href(request, f"{here}/delete"), say("cancel", lang)),
    ]
    options: dict[str, Any] = {"section_name": "check", "styles": STYLES[:1], "scripts": [SCRIPT], "head": [again]}
    return page(request, say("waiting-title", lang), *body, private=True, headers=_NO_STORE, **options)


def _standing(request: Request, job: Job, lang: Language) -> str:
    ahead = context_of(request).jobs.ahead(job)
    if job.state != "waiting":
        return say("running", lang)
    return say("next", lang) if ahead == 0 else say("ahead", lang, number=ahead)


async def _state(request: Request) -> Response:
    """Answer a script that asks whether the report is there."""
    job, lang = _job(request), language_of(request)
    body = {"state": job.state, "ahead": context_of(request).jobs.ahead(job), "text": _standing(request, job, lang)}
    return JSONResponse(body, headers=_NO_STORE)


def downloads(request: Request, checked: Checked, here: str, lang: Language) -> Markup:
    """Return the links to every format of a report; a file that could not be read has no marked workbook."""
    forms = [each for each in OFFERED if checked.format is not None or each not in BINARY]
    first, *others = [
        element(
            "a",
            say(f"format-{form}", lang),
            href=href(request, f"{here}/report/{form}"),
            download=True,
            class_="button" if place == 0 else "button quiet small",
        )
        for place, form in enumerate(forms)
    ]
    return Markup(
        element("p", first, class_="buttons")
        + element(
            "div",
            element("p", say("other-formats", lang), class_="hint"),
            element("p", *others, class_="row"),
            class_="formats",
        )
    )


def _save(request: Request) -> Response:
    checked = checked_of(request)
    if checked is None:
        here = f"/{language_of(request)}/check/{request.path_params['id']}"
        return RedirectResponse(href(request, here), 303)
    return saved(request, checked)


def saved(request: Request, checked: Checked) -> Response:
    """Return a report as a file to save, in the format that the address names.

    Raises:
        HTTPException: there is no such format.
    """
    form, lang, context = request.path_params["format"], language_of(request), context_of(request)
    if form not in FORMATS:
        raise HTTPException(404)
    if form in BINARY:
        content = checked.workbook(lang, context.settings)
    else:
        content = checked.text(form, lang, context.checks).encode("utf-8", "backslashreplace")
    answer = attachment(content, checked.saved_as(form))
    answer.headers.update(_NO_STORE)
    return answer


def _delete(request: Request, form: FormData) -> Response:  # noqa: ARG001 - it has no fields
    job = _job(request)
    context_of(request).jobs.drop(job)
    with _lock:
        _gone[_hash(job.id)] = None
        while len(_gone) > _MOST_GONE:
            _gone.popitem(last=False)
    return RedirectResponse(href(request, f"/{language_of(request)}/check/{job.id}"), 303)


def _keep(request: Request, here: str, lang: Language) -> Markup:
    """Return the form that asks for a link."""
    choices = [element("option", say("keep-days", lang, days=days), value=days) for days in DAYS]
    return element(
        "form",
        element("label", say("keep-label", lang), for_="days"),
        element("select", *choices, name="days", id="days"),
        element("button", say("keep", lang), type="submit", class_="quiet small"),
        method="post",
        action=href(request, f"{here}/keep"),
        class_="row",
    )


def _mapping(request: Request, checked: Checked, here: str, lang: Language) -> Markup:
    """Return the way to say what the columns mean, where the file is one that has columns or keys of its own."""
    if not checked.is_mappable:
        return Markup("")
    link = element("a", say("map", lang), href=href(request, f"{here}/mapping"))
    parts = [element("p", say("map-hint", lang), " ", link)]
    if checked.given.mapping is not None:
        saved_as = element("a", say("mapping-save", lang), href=href(request, f"{here}/mapping.toml"), download=True)
        parts.append(element("p", say("mapped", lang), " ", saved_as))
    return element("div", *parts)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
