"""What can be saved of a submission: its file, its receipt, its report, and how it differs from another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

from bicentennial.core.errors import UsageError
from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.questions import answers
from bicentennial.service import access
from bicentennial.service.http.requests import language_of
from bicentennial.service.http.responses import attachment, kept
from bicentennial.service.office.common import crumbs, find
from bicentennial.service.office.components import (
    STYLE,
    link,
    office_page,
    say,
    submission_path,
)
from bicentennial.service.office.tables import difference_table

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["REPORTS", "file", "part", "receipt", "report", "report_links"]

REPORTS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "text": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "turtle": "text/turtle",
    "sarif": "application/sarif+json",
}
_ENDINGS: Final = {"text": "txt", "turtle": "ttl"}


def part(request: Request) -> Response:
    """Return the full difference of a submission from the one before it, or another of the same dataset."""
    lang = language_of(request)
    with access.opened(request) as registry:
        this = find(request, registry)
        asked = request.query_params.get("with", "")
        before = registry.before(this)
        if asked.isdecimal():
            try:
                before = registry.submission(f"{this.submitter}/{this.dataset}/{asked}")
            except UsageError:
                raise access.refusal(404, "no-submission") from None
        differences = registry.diff(before.id, this.id) if before else []
    view = answers.of_differences(differences)
    form = request.query_params.get("format")
    if form in ("csv", "json"):
        return download(view.render(form, lang), f"{this.name}-diff".replace("/", "-"), form)
    if before is None:
        raise access.refusal(404, "nothing-before")
    title = say("differs-from", lang, name=before.name)
    path = f"{submission_path(lang, this)}/diff"
    parts = [
        crumbs(request, this.submitter, this.dataset, this),
        element("h1", title),
        difference_table(request, differences, this, before, most=None),
        element("p", *_forms(request, path)),
    ]
    return office_page(request, title, *parts, section_name="progress", private=this.state != "accepted")


def _forms(request: Request, path: str) -> list[Markup]:
    return [
        link(request, "CSV", f"{path}?format=csv", class_="action"), Markup(" "),
        link(request, "JSON", f"{path}?format=json", class_="action"),
    ]  # fmt: skip


def download(text: str, name: str, form: str) -> Response:
    """Return a text as a file to save."""
    kind = {"csv": "text/csv; charset=utf-8", "json": "application/json", "svg": "image/svg+xml"}[form]
    return attachment(text.encode("utf-8", "replace"), f"{name}.{form}", kind)


def file(request: Request) -> Response:
    """Return the bytes that were handed in, as a file to save and never of a kind that a browser would show."""
    with access.opened(request) as registry:
        this = find(request, registry)
        with access.kept_of(registry, this):
            return kept(request, registry.file(this.id), this.file)


def receipt(request: Request) -> Response:
    """Return the receipt of a submission, by which it can be proved what was handed in and when."""
    with access.opened(request) as registry:
        this = find(request, registry)
        text = json.dumps(registry.receipt(this.id), ensure_ascii=False, indent=2) + "\n"
    return kept(request, text.encode(), f"receipt-{this.name.replace('/', '-')}.json", "application/json")


def report(request: Request) -> Response:
    """Return the report of a submission: as a page of the site, or in one of its formats as a file to save."""
    from bicentennial.report import render as rendered

    lang = language_of(request)
    form = request.query_params.get("format")
    if form is None and "text/html" in request.headers.get("accept", ""):
        return _report_page(request)
    form = form or "json"
    if form not in REPORTS:
        raise HTTPException(406)
    with access.opened(request) as registry:
        this = find(request, registry)
        with access.kept_of(registry, this):
            found = registry.report(this.id)
        data = (
            _marked(registry, this, lang)
            if form == "xlsx"
            else rendered([found], form, lang).encode("utf-8", "replace")
        )
    name = f"{this.name.replace('/', '-')}-report.{_ENDINGS.get(form, form)}"
    return kept(request, data, name, REPORTS[form])


def _report_page(request: Request) -> Response:
    from bicentennial.report.html.embedded import SLOT, embedded

    with access.opened(request) as registry:
        this = find(request, registry)
        with access.kept_of(registry, this):
            body = embedded(registry.report(this.id))
    offered = Markup(body.replace(str(SLOT), str(report_links(request, this)), 1))
    title = say("report-of", language_of(request), name=this.name)
    return office_page(
        request, title, crumbs(request, this.submitter, this.dataset, this), offered, section_name="progress",
        private=this.state != "accepted", styles=(STYLE, "/static/report.css"), scripts=["/static/report.js"],
    )  # fmt: skip


def report_links(request: Request, this: Submission) -> Markup:
    """Return links to the report of a submission in each of its formats."""
    lang = language_of(request)
    path = f"{submission_path(lang, this)}/report"
    links = (link(request, say(f"report-{form}", lang), f"{path}?format={form}") for form in REPORTS)
    return element("ul", *(element("li", each) for each in links), class_="downloads")


def _marked(registry: Registry, this: Submission, lang: Language) -> bytes:
    """Return the workbook of a submission, its faulty cells marked."""
    from bicentennial.core.files.workspace import Workspace
    from bicentennial.inputs import Input
    from bicentennial.report.workbook import SUFFIXES, write_workbook

    ending = PurePath(this.file).suffix.lower()
    source = Input(this.file, content=registry.file(this.id), suffix=ending)
    with Workspace() as folder:
        mapping = registry.mapping(this.id)
        if mapping is not None:
            (folder.path / "mapping.toml").write_bytes(mapping)
        rules = str(folder.path / "mapping.toml") if mapping is not None else None
        target = folder.path / f"marked{ending if ending in SUFFIXES else SUFFIXES[0]}"
        write_workbook(replace(registry.report(this.id), source=source, mapping=rules), target, lang)
        return target.read_bytes()
