"""Handing in, looking at and deciding on submissions over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bicentennial.core.errors import UsageError
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.store.submissions import Submission
from bicentennial.service.access import User, demand, kept_of, opened, program_of
from bicentennial.service.api import models
from bicentennial.service.api.checks import REPORTS, Format, queued, rendered, waited
from bicentennial.service.api.parameters import Listed, Name, Window, refuse, shown
from bicentennial.service.api.uploads import BODY, Upload, received
from bicentennial.service.http.requests import context_of, language_of, reached_at
from bicentennial.service.http.responses import kept

__all__ = ["router"]

router = APIRouter()

Id = Annotated[int, Path(alias="id", ge=1, lt=1 << 31)]
Reason = Annotated[models.Decision | None, Body()]
Issued = Annotated[str | None, Query(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Note = Annotated[str | None, Query(max_length=4000)]


@router.get("/submissions", response_model=models.Page[models.Submission])
def listed(
    request: Request,
    window: Window,
    submitter: Name = None,
    dataset: Name = None,
    state: models.State | None = None,
    form: Listed = "json",
) -> Response:
    """List the submissions that the one who asks may see, in the order in which they came."""
    asked: dict[str, Any] = {"submitter": submitter, "dataset": dataset, "state": state}
    with opened(request, program_of(request)) as registry:
        if form != "json":
            return shown(request, answers.of_submissions(registry.submissions(**asked)), form)
        found = registry.submissions(**asked, after=window.start(), limit=window.limit + 1)
    entries = [each.to_dict() for each in found[: window.limit]]
    return window.part(request, entries, after=entries[-1]["id"] if len(found) > window.limit else None)


@router.post(
    "/submissions",
    status_code=201,
    response_model=models.Handed,
    responses={200: {"model": models.Handed}},
    openapi_extra={"requestBody": BODY},
)
async def hand_in(
    request: Request,
    name: Name = None,
    dataset: Name = None,
    submitter: Name = None,
    issued: Issued = None,
    note: Note = None,
) -> Response:
    """Hand a file in: it is kept, checked, and accepted, returned or laid before a reviewer."""
    user = await run_in_threadpool(program_of, request)
    demand(user, allowed=user.is_submitter)
    upload = await received(request, name)
    given = {"name": name, "dataset": dataset, "submitter": submitter, "issued": issued, "note": note}
    fields = upload.fields | {key: value for key, value in given.items() if value is not None}
    fields.setdefault("submitter", user.submitter or "")
    for each in ("submitter", "dataset"):
        if not fields.get(each):
            upload.close()
            raise refuse(422, "needs", what=each)
    demand(user, allowed=user.may_submit(fields["submitter"], fields["dataset"]))
    job = queued(request, lambda: _handed_in(request, user, upload, fields), upload)
    try:
        return await waited(request, job, None)
    finally:
        context_of(request).jobs.drop(job)


def _handed_in(request: Request, user: User, upload: Upload, fields: dict[str, str]) -> Response:
    with opened(request, user) as registry:
        done = registry.submit(
            upload.path,
            submitter=fields["submitter"],
            dataset=fields["dataset"],
            issued=fields.get("issued"),
            note=fields.get("note", "")[:4000],
            mapping=upload.mapping,
            name=upload.name,
            actor=user.name,
            limits=context_of(request).settings.limits,
        )
    assert done.submission is not None
    address = reached_at(request, f"/submissions/{done.submission.id}")
    return JSONResponse(done.to_dict(), 201 if done.is_new else 200, {"Location": address})


def _find(registry: Any, number: int) -> Submission:
    """Return a submission that the one who asks may see; of any other it is not said that there is one."""
    try:
        found: Submission = registry.submission(number)
    except UsageError:
        raise refuse(404, "no-submission", id=number) from None
    return found


@router.get("/submissions/{id}", response_model=models.Submission)
def one(request: Request, number: Id) -> Response:
    """Return one submission and where it stands."""
    with opened(request, program_of(request)) as registry:
        return JSONResponse(_find(registry, number).to_dict())


@router.get("/submissions/{id}/report", responses={200: REPORTS[200]})
def report(request: Request, number: Id, form: Format = "json") -> Response:
    """Return the report that a submission got when it was handed in."""
    if form == "xlsx":
        raise refuse(406, "no-workbook")
    with opened(request, program_of(request)) as registry:
        found = _find(registry, number)
        with kept_of(registry, found):
            return rendered(registry.report(found.id), form, language_of(request))


@router.get(
    "/submissions/{id}/file",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
def file(request: Request, number: Id) -> Response:
    """Return the file that was handed in, byte for byte, to be saved."""
    with opened(request, program_of(request)) as registry:
        found = _find(registry, number)
        with kept_of(registry, found):
            return kept(request, registry.file(found.id), found.file)


@router.get("/submissions/{id}/receipt", response_model=models.Receipt)
def receipt(request: Request, number: Id) -> Response:
    """Return the receipt of a submission, which proves what was handed in and when."""
    user = program_of(request)
    with opened(request, user) as registry:
        return JSONResponse(registry.receipt(_find(registry, number).id))


@router.get("/submissions/{id}/events", response_model=models.Page[models.Event])
def events(request: Request, number: Id, window: Window) -> Response:
    """Return what happened to a submission."""
    with opened(request, program_of(request)) as registry:
        found = registry.log(_find(registry, number).id)
    return window.page(request, [each.to_dict() for each in found])


@router.get("/submissions/{id}/diff", response_model=models.Page[models.Difference])
def diff(
    request: Request,
    number: Id,
    window: Window,
    before: Annotated[int | None, Query(ge=1, lt=1 << 31)] = None,
    form: Listed = "json",
) -> Response:
    """Return what a submission says otherwise than the one before it, or than another one, by cell."""
    with opened(request, program_of(request)) as registry:
        this = _find(registry, number)
        found = registry.diff(this.id) if before is None else registry.diff(_find(registry, before).id, this.id)
        return shown(request, answers.of_differences(found), form, window)


@router.post("/submissions/{id}/accept", response_model=models.Submission)
def accept(request: Request, number: Id, decision: Reason = None) -> Response:
    """Sign a submission off; never one's own where the dataset asks for approval."""
    return _decide(request, number, "accept", decision)


@router.post("/submissions/{id}/return", response_model=models.Submission)
def give_back(request: Request, number: Id, decision: Reason = None) -> Response:
    """Return a submission to its sender; the reason is what they read."""
    return _decide(request, number, "return", decision)


@router.post("/submissions/{id}/withdraw", response_model=models.Submission)
def withdraw(request: Request, number: Id, decision: Reason = None) -> Response:
    """Take a submission back; it stays in the registry and counts no more."""
    return _decide(request, number, "withdraw", decision)


def _decide(request: Request, number: int, what: str, decision: models.Decision | None) -> Response:
    user = program_of(request)
    with opened(request, user) as registry:
        found = _find(registry, number)
        demand(user, allowed=user.may_withdraw(found) if what == "withdraw" else user.is_reviewer)
        if what == "accept" and user.is_own(found):
            raise refuse(403, "own-submission")
        reason = (decision.reason if decision else "").strip()
        if what != "accept" and not reason:
            raise refuse(422, "needs-reason")
        act = {"accept": registry.accept, "return": registry.give_back, "withdraw": registry.withdraw}[what]
        try:
            act(found.id, reason=reason, actor=user.name)
        except UsageError as error:
            raise refuse(409, "other", why=error.text) from None
        return JSONResponse(registry.submission(found.id).to_dict())
