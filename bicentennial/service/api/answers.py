"""The registry's answers over HTTP: progress, changes, deadlines, indicators, gaps, datasets, parties, history."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.questions.changes import KINDS
from bicentennial.monitoring.store.dates import times
from bicentennial.service.access import opened, program_of
from bicentennial.service.api import models
from bicentennial.service.api.parameters import Date, Drawn, Listed, Name, Times, Window, shown

__all__ = ["of_service", "router"]

router = APIRouter()
of_service = APIRouter()
"""What needs no registry."""

By = Literal["goal", "pillar", "agency", "partner", "status", "place", "theme"]
Kind = Literal["dropped", "added", "moved-deadline", "reopened", "retargeted", "rebudgeted", "status"]
When = Annotated[Times, Depends()]


@router.get("/progress", response_model=models.Progress)
def progress(request: Request, when: When, by: By = "goal", over_time: bool = False, form: Drawn = "json") -> Response:
    """Count actions by goal, agency and the like, with the list behind each number."""
    with opened(request, program_of(request)) as registry:
        if over_time:
            view = answers.of_over_time(registry.progress_over_time(by=by, **when.to_dict()), by=by)
        else:
            found = registry.progress(by=by, **when.to_dict())
            view = answers.of_progress(found, by=by, **times(**when.to_dict()))
    return shown(request, view, form)


@router.get("/changes", response_model=models.Page[models.Change])
def changes(
    request: Request,
    when: When,
    window: Window,
    since: Date = None,
    kind: Annotated[list[Kind] | None, Query()] = None,
    form: Listed = "json",
) -> Response:
    """Return what became different between submissions."""
    with opened(request, program_of(request)) as registry:
        found = registry.changes(since=since, kinds=kind or KINDS, **when.to_dict())
        return shown(request, answers.of_changes(found), form, window)


@router.get("/deadlines", response_model=models.Page[models.Deadline])
def deadlines(request: Request, when: When, window: Window, form: Drawn = "json") -> Response:
    """Return deadlines: met, missed, overdue, open, cancelled, and how often each was moved."""
    with opened(request, program_of(request)) as registry:
        return shown(request, answers.of_deadlines(registry.deadlines(**when.to_dict())), form, window)


@router.get("/indicators", response_model=models.Page[models.Indicator])
def indicators(request: Request, when: When, window: Window, form: Listed = "json") -> Response:
    """Return indicators against their targets."""
    with opened(request, program_of(request)) as registry:
        return shown(request, answers.of_indicators(registry.indicators(**when.to_dict())), form, window)


@router.get("/gaps", response_model=models.Page[models.Gap])
def gaps(request: Request, when: When, window: Window, form: Drawn = "json") -> Response:
    """Return what is missing."""
    with opened(request, program_of(request)) as registry:
        return shown(request, answers.of_gaps(registry.gaps(**when.to_dict())), form, window)


@router.get("/datasets", response_model=models.Page[models.Reporting])
def datasets(request: Request, when: When, window: Window, form: Listed = "json") -> Response:
    """Return who reports what, for which date last, and when the next submission is due."""
    with opened(request, program_of(request)) as registry:
        found = [each for each in registry.submitters(**when.to_dict()) if each.dataset]
        return shown(request, answers.of_submitters(found), form, window)


@router.get("/parties", response_model=models.Page[models.Party])
def parties(request: Request, window: Window) -> Response:
    """Return those who submit."""
    with opened(request, program_of(request)) as registry:
        visible = {each.submitter for each in registry.submitters()}
        rows = registry.database.all("SELECT id, name, kind, iri FROM submitter ORDER BY id")
    names = ("id", "name", "kind", "iri")
    return window.page(request, [dict(zip(names, row, strict=True)) for row in rows if row[0] in visible])


@router.get("/history", response_model=models.Page[models.Step])
def history(
    request: Request,
    name: Annotated[str, Query(min_length=1, max_length=200)],
    window: Window,
    submitter: Name = None,
    dataset: Name = None,
    form: Listed = "json",
) -> Response:
    """Return what accepted submissions said of one thing, date by date."""
    with opened(request, program_of(request)) as registry:
        found = registry.history(name, submitter=submitter, dataset=dataset)
        return shown(request, answers.of_history(found), form, window)


@of_service.get("/limits", response_model=models.Limits)
def limits(request: Request) -> Response:
    """Return what the service takes."""
    settings = request.app.state.context.settings
    return JSONResponse({name: getattr(settings, name) for name in models.Limits.model_fields})
