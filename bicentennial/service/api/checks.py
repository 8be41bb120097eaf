"""Checking a file over HTTP: at once, or as a job whose address answers with the report once it is there."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import JSONResponse, Response

from bicentennial.report import BINARY, FORMATS, render
from bicentennial.service.api import models
from bicentennial.service.api.parameters import Name, refuse
from bicentennial.service.api.uploads import BODY, Upload, received
from bicentennial.service.http.logs import address_of
from bicentennial.service.http.requests import context_of, language_of, reached_at
from bicentennial.service.http.responses import attachment
from bicentennial.service.http.security import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.core.messages import Language
    from bicentennial.report import Report
    from bicentennial.service.jobs import Job
    from bicentennial.service.settings import Settings

__all__ = ["REPORTS", "Format", "queued", "rendered", "router", "waited"]

router = APIRouter()

if TYPE_CHECKING:
    Format = str
else:
    Format = Annotated[Literal[tuple(FORMATS)], Query(alias="format")]
Prefer = Annotated[str | None, Header(max_length=200)]
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,4})", re.ASCII | re.IGNORECASE)
_MOST_SECONDS: Final = 60
_POLICY: Final = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')
_TYPES: Final = {
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "turtle": "text/turtle; charset=utf-8",
    "sarif": "application/sarif+json",
    "github": "text/plain; charset=utf-8",
    "concise": "text/plain; charset=utf-8",
}
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPORTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": models.Report,
        "content": {
            **{
                kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in _TYPES.values() if "json" not in kind
            },
            _WORKBOOK: {"schema": {"type": "string", "format": "binary"}},
            "application/sarif+json": {"schema": {"type": "object"}},
        },
    },
    202: {"model": models.Check},
}
"""How OpenAPI describes a report in one of the formats, and a check that has not ended."""


@router.post("/check", responses=REPORTS, openapi_extra={"requestBody": BODY})
async def check(request: Request, name: Name = None, form: Format = "json", prefer: Prefer = None) -> Response:
    """Check a file; nothing of it is kept."""
    upload = await received(request, name)
    settings, language = context_of(request).settings, language_of(request)
    job = queued(request, lambda: _checked(upload, settings, form, language), upload)
    return await waited(request, job, _seconds(prefer))


@router.get("/checks/{id}", responses=REPORTS)
async def status(
    request: Request, name: Annotated[str, Path(alias="id", max_length=64)], prefer: Prefer = None
) -> Response:
    """Return the report of a check, or where it stands."""
    job = context_of(request).jobs.find(name)
    if job is None:
        raise refuse(404, "no-check")
    return await waited(request, job, _seconds(prefer))


def queued(request: Request, work: Callable[[], Response], upload: Upload) -> Job:
    """Put the work on an upload into the queue of the one who asks; the file goes with the job.

    Raises:
        QueueFullError: too many wait already.
    """
    try:
        size = upload.path.stat().st_size
        return context_of(request).jobs.submit(work, address_of(request.scope), on_drop=upload.close, size=size)
    except BaseException:
        upload.close()
        raise


def _seconds(prefer: str | None) -> int:
    """Return how many seconds a client waits for a report before it gets the address of it.

    >>> _seconds("respond-async, wait=10"), _seconds("wait=100000"), _seconds(None)
    (10, 60, 0)
    """
    found = _WAIT.search(prefer or "")
    return min(int(found[1]), _MOST_SECONDS) if found else 0


async def waited(request: Request, job: Job, seconds: float | None) -> Response:
    """Return what came of a job within some seconds, else where it stands.

    Args:
        request: what is answered.
        job: the job.
        seconds: how long to wait; None for as long as it takes.
    """
    ending = asyncio.wrap_future(job.done)
    ending.add_done_callback(lambda each: each.cancelled() or each.exception())  # or asyncio would complain of it
    await asyncio.wait([ending], timeout=seconds)
    if ending.cancelled():
        raise refuse(503, "given-up", {"Retry-After": "10"})
    if ending.done():
        found: object = ending.result()
        if not isinstance(found, Response):  # a job of another part of the service
            raise refuse(404, "no-check")
        return found
    address = reached_at(request, f"/checks/{job.id}")
    body = {"id": job.id, "state": job.state, "ahead": context_of(request).jobs.ahead(job), "report": address}
    return JSONResponse(body, 202, {"Location": address, "Retry-After": "1"})


def _checked(upload: Upload, settings: Settings, form: str, lang: Language) -> Response:
    from bicentennial.api import validate

    try:
        report = validate(
            upload.path, name=upload.name, mapping=upload.mapping, limits=settings.limits, coverage=form == "html"
        )
        return rendered(report, form, lang)
    finally:
        upload.close()


def rendered(report: Report, form: str, lang: Language) -> Response:
    """Return a report as an answer in one of the formats of the command line."""
    headers = {"Content-Language": lang, "Cache-Control": "no-store"}
    if form in BINARY:
        return _workbook(report, lang)
    text = render([report], form, lang)
    content = text.encode("utf-8", "backslashreplace")
    if form == "html":
        # The report is a page of its own, whose style and script are named by their hashes.
        found = _POLICY.search(text)
        headers["Content-Security-Policy"] = (
            f"{found[1].replace('&#x27;', chr(39))}; frame-ancestors 'none'" if found else POLICY
        )
    return Response(content, media_type=_TYPES[form], headers=headers)


def _workbook(report: Report, lang: Language) -> Response:
    from pathlib import PurePath

    from bicentennial.core.files.workspace import Workspace
    from bicentennial.report.workbook import write_workbook

    suffix = ".xlsm" if report.outcome.file.lower().endswith(".xlsm") else ".xlsx"
    with Workspace() as folder:
        path = folder.path / f"marked{suffix}"
        write_workbook(report, path, lang)
        return attachment(path.read_bytes(), f"{PurePath(report.outcome.file).stem}{suffix}", _WORKBOOK)
