"""The form, its limits, and what becomes of a file that is sent with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bicentennial.core.messages import sentence
from bicentennial.formats.registry import TITLES
from bicentennial.html.markup import Markup, element
from bicentennial.report.html.embedded import script, style
from bicentennial.service.api.uploads import received
from bicentennial.service.checks.checked import Given, check
from bicentennial.service.checks.texts import SCRIPT, STYLES, each_language, href, megabytes, say
from bicentennial.service.forms import check_origin
from bicentennial.service.http.logs import address_of
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.requests import context_of, language_of, preferred
from bicentennial.service.http.responses import page
from bicentennial.service.jobs import KEPT_SECONDS, QueueFullError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bicentennial.core.messages import Language
    from bicentennial.service.context import Context
    from bicentennial.service.jobs import Job

__all__ = ["check_page", "routes", "submitted"]

_AT_ONCE: Final = 1.5
_ACCEPTED: Final = ".csv,.tsv,.txt,.xlsx,.xlsm,.ods,.json,.jsonl,.ndjson,.jsonld,.ttl,.trig,.nt,.nq,.rdf,.xml,.owl"


def routes(context: Context) -> list[BaseRoute]:  # noqa: ARG001 - each part takes it
    """Return the routes of the first page, of the form, and of the report's style and script."""
    return [
        Route("/", _home),
        *each_language("/", check_page),
        *each_language("/", _send, methods=["POST"]),
        Route("/static/report.css", _style),
        Route("/static/report.js", _script),
    ]


async def _home(request: Request) -> Response:
    """Lead to the page in the language that the browser prefers."""
    lang = preferred(request.headers.get("accept-language"))
    return RedirectResponse(href(request, f"/{lang}/"), 303, {"Vary": "Accept-Language"})


async def _style(request: Request) -> Response:  # noqa: ARG001 - as Starlette calls it
    return PlainTextResponse(style(), media_type="text/css")


async def _script(request: Request) -> Response:  # noqa: ARG001 - as Starlette calls it
    return PlainTextResponse(script(), media_type="text/javascript")


async def check_page(request: Request) -> Response:
    """Show the form."""
    lang = language_of(request)
    body = [
        element("h1", say("title", lang)),
        element("p", say("lead", lang), class_="lead"),
        element("div", _form(request, lang), _aside(request, lang), class_="columns"),
    ]
    options: dict[str, Any] = {"section_name": "check", "styles": STYLES[:1], "scripts": [SCRIPT]}
    return page(request, say("title", lang), *body, description=say("lead", lang), **options)


def _form(request: Request, lang: Language) -> Markup:
    settings = context_of(request).settings
    limits = say("limits", lang, size=megabytes(settings.file_bytes), seconds=f"{settings.check_seconds:g}")
    formats = ", ".join(dict.fromkeys(TITLES.values()))
    file = element(
        "input",
        type="file",
        name="file",
        id="file",
        required=True,
        accept=_ACCEPTED,
        aria_describedby="limits formats",
    )
    mapping = element(
        "details",
        element("summary", say("with-mapping", lang)),
        element("label", say("mapping-file", lang), for_="mapping"),
        element("input", type="file", name="mapping", id="mapping", accept=".toml", aria_describedby="mapping-hint"),
        element("p", say("mapping-hint", lang), class_="hint", id="mapping-hint"),
        class_="mapping",
    )
    return element(
        "form",
        element(
            "div",
            element("label", say("file", lang), for_="file"),
            file,
            element("p", say("drop", lang), class_="hint for-script", hidden=True),
            element("p", limits, class_="hint", id="limits"),
            element("p", say("formats", lang, formats=formats), class_="hint", id="formats"),
            class_="drop field",
        ),
        mapping,
        element("p", element("button", say("check", lang), type="submit"), class_="buttons"),
        element("p", class_="notice violation", role="alert", hidden=True),
        element(
            "div",
            element("label", say("sending", lang), for_="sent"),
            element("progress", id="sent", max=100, value=0),
            class_="sending",
            role="status",
            hidden=True,
        ),
        class_="form check",
        method="post",
        action=href(request, f"/{lang}/"),
        enctype="multipart/form-data",
        data_most=settings.file_bytes,
        data_too_large=say("too-large", lang, size=megabytes(settings.file_bytes)),
        data_no_file=say("no-file", lang),
        data_failed=say("failed", lang),
    )


def _aside(request: Request, lang: Language) -> Markup:
    from bicentennial.service.checks.blanks import EXAMPLES, TEMPLATES

    templates = [
        element("li", element("a", say(f"template-{ending}", lang), href=href(request, f"/{lang}/template.{ending}")))
        for ending in TEMPLATES
    ]
    examples = [
        element("li", element("a", name, href=href(request, f"/{lang}/examples/{name}")), " ", say(key, lang))
        for name, key in EXAMPLES[lang]
    ]
    return element(
        "aside",
        element(
            "section",
            element("h2", say("private", lang)),
            element("p", say("private-text", lang, minutes=KEPT_SECONDS // 60)),
            class_="panel",
        ),
        element(
            "section",
            element("h2", say("begin", lang)),
            element("p", say("begin-text", lang)),
            element("ul", *templates),
            element("h3", say("examples", lang)),
            element("ul", *examples),
        ),
        element(
            "section",
            element("h2", say("own-computer", lang)),
            element("p", say("own-computer-text", lang)),
            element("pre", element("code", say("command", lang))),
        ),
    )


async def _send(request: Request) -> Response:
    """Take a file and lead to the page of its check."""
    check_origin(request)
    try:
        upload = await received(request, None, _refused)
    except Refusal:
        raise
    except HTTPException as error:
        if error.status_code == 400:  # of the parser of forms, and English
            raise _refused("no-file") from None
        raise
    lang = language_of(request)
    assert upload.folder is not None
    job = submitted(request, Given(upload.name, upload.path, upload.folder, upload.mapping))
    await job.wait(_AT_ONCE)  # most checks end within this, so that there is nothing to wait for on another page
    return RedirectResponse(href(request, f"/{lang}/check/{job.id}"), 303)


def _refused(key: str) -> Refusal:
    return Refusal(400, sentence("check", key))


def submitted(request: Request, given: Given) -> Job:
    """Put the check of a file into the queue.

    Raises:
        QueueFullError: too many wait already.
    """
    context, lang = context_of(request), language_of(request)
    client = address_of(request.scope)
    size = given.path.stat().st_size
    try:
        return context.jobs.submit(lambda: check(given, context, lang), client, on_drop=given.folder.close, size=size)
    except QueueFullError:
        given.folder.close()
        raise
