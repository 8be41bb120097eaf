"""Sending a file to the registry, and the list of what one has sent."""

from __future__ import annotations

from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import ConflictError, UsageError
from bicentennial.core.files.workspace import Workspace
from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.questions.views import moment
from bicentennial.monitoring.store.audience import Audience
from bicentennial.monitoring.store.chain import events
from bicentennial.monitoring.workflow.receiving import safe_name
from bicentennial.service import access, forms
from bicentennial.service.checks.texts import megabytes
from bicentennial.service.http.logs import address_of
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.jobs import QueueFullError
from bicentennial.service.office import signin
from bicentennial.service.office.components import (
    button,
    field,
    form,
    link,
    notice,
    office_page,
    say,
    select,
    state_badge,
    submission_link,
    submission_path,
    table,
    textarea,
    with_query,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.workflow.submitting import Result

__all__ = ["mine", "send", "send_page"]

_NOTE: Final = 2000
_AGAIN: Final = 10


def send_page(request: Request) -> Response:
    """Return `/{l}/send`: the form, or for a visitor what it is and the form to sign in."""
    lang = language_of(request)
    user = access.user_of(request)
    if user.is_anonymous or not user.is_submitter:
        title = say("send", lang)
        parts = [element("h1", title), element("p", say("send-about", lang), class_="lead")]
        if user.is_anonymous:
            check = link(request, say("check-first", lang), f"/{lang}/")
            parts += [element("h2", say("sign-in-title", lang)), signin.login_form(request, f"/{lang}/send")]
            parts += [element("p", check, class_="alone")]
        else:
            parts.append(notice(say("no-scope-to-send", lang), kind="error"))
        return office_page(request, title, *parts, section_name="send")
    return _form_page(request, user, {})


def send(request: Request, data: FormData) -> Response:
    """Take a file, check it, keep it, and show its page; what cannot be taken is said beside the form."""
    lang = language_of(request)
    user = access.user_of(request)
    access.demand(user, allowed=user.is_submitter)
    names = ("submitter", "dataset", "issued", "note")
    given = {name: forms.text_of(data, name) for name in names}
    given["submitter"], given["dataset"] = _dataset_of(given)
    files = forms.files_of(data, "file")
    if len(files) != 1:
        return _form_page(request, user, given, say("several-files" if files else "no-file", lang))
    upload = files[0]
    if not given["dataset"]:
        return _form_page(request, user, given, say("no-dataset", lang))
    access.demand(user, allowed=user.may_submit(given["submitter"], given["dataset"]))
    chosen = next(iter(forms.files_of(data, "mapping")), None)
    rules, its_name = (chosen.file.read(), safe_name(chosen.filename or "mapping.toml")) if chosen else (b"", "")
    content, name = upload.file.read(), upload.filename or forms.NAMELESS

    context = context_of(request)

    def work() -> Result:
        with access.opened(request, user) as registry, Workspace() as folder:
            mapping = folder.path / its_name if its_name else None
            if mapping is not None:  # a file, since errors say what it is called
                mapping.write_bytes(rules)
            return registry.submit(
                content,
                name=name,
                submitter=given["submitter"],
                dataset=given["dataset"],
                issued=given["issued"] or None,
                note=_line(given["note"])[:_NOTE],
                mapping=mapping,
                actor=user.name,
                limits=context.settings.limits,
            )

    jobs = context.jobs
    job = jobs.submit(work, address_of(request.scope))
    try:
        result: Result = job.done.result()
    except (UsageError, ConflictError) as error:
        return _form_page(request, user, given, error.text[lang])
    except CancelledError:  # the service is ending
        raise QueueFullError(_AGAIN) from None
    finally:
        jobs.drop(job)
    assert result.submission is not None
    done = "sent" if result.is_new else "sent-before"
    return signin.see(request, with_query(submission_path(lang, result.submission), done=done))


def _line(text: str) -> str:
    r"""Return a note on as few lines as it has, and nothing in it that is no text.

    >>> _line("one\r\n\r\nX-Header: two")
    'one\n\nX-Header: two'
    """
    return "\n".join(text.splitlines())


def _dataset_of(given: Mapping[str, str]) -> tuple[str, str]:
    """Return submitter and dataset; a dataset may be written with its submitter."""
    whose, has_slash, name = given["dataset"].partition("/")
    return (whose, name) if has_slash else (given["submitter"], given["dataset"])


def _form_page(request: Request, user: access.User, given: Mapping[str, str], problem: str = "") -> Response:
    lang = language_of(request)
    with access.opened(request) as registry:
        submitters, known = _choices(registry, user)
    several = element("datalist", *(element("option", value=each) for each in known), id="known-datasets")
    limit = megabytes(context_of(request).settings.file_bytes)
    only = sorted(each.partition(":")[2] for each in user.scopes if each.startswith("submit:") and "/" in each)
    if len(submitters) == 0 and only:
        chosen = f"{given.get('submitter')}/{given.get('dataset')}"
        where = [select("dataset", say("dataset", lang), dict.fromkeys(only, "") | {e: e for e in only}, chosen)]
    else:
        where = [
            select("submitter", say("submitter", lang), submitters, given.get("submitter") or user.submitter),
            field(
                "dataset", say("dataset", lang), say("dataset-hint", lang), list="known-datasets", required=True,
                value=given.get("dataset", ""), autocomplete="off",
            ),
            several,
        ]  # fmt: skip
    fields = [
        *where,
        field("file", say("file", lang), say("file-hint", lang, limit=limit), type="file", required=True),
        field(
            "issued", say("issued", lang), say("issued-hint", lang), value=given.get("issued", ""), autocomplete="off"
        ),
        textarea("note", say("note", lang), say("note-hint", lang), value=given.get("note", ""), maxlength=_NOTE),
        field("mapping", say("mapping", lang), say("mapping-hint", lang), type="file", accept=".toml"),
        button(say("send-file", lang)),
    ]
    title = say("send", lang)
    parts = [
        element("h1", title),
        element("p", say("send-about-form", lang), class_="lead"),
        *([notice(problem, kind="error")] if problem else []),
        form(request, f"/{lang}/send", *fields, has_file=True),
    ]
    return office_page(request, title, *parts, section_name="send", status=422 if problem else 200)


def _choices(registry: Registry, user: access.User) -> tuple[dict[str, str], list[str]]:
    """Return the submitters in whose name a user may send, with their names, and the datasets that there are."""
    parties: dict[str, str] = {}
    known = []
    for each in registry.submitters():
        if user.may_submit(each.submitter, "*"):
            parties[each.submitter] = each.name if each.name == each.submitter else f"{each.name} ({each.submitter})"
            if each.dataset:
                known.append(each.dataset)
    for scope in user.scopes:
        kind, _, name = scope.partition(":")
        if kind == "submit" and "/" not in name:
            parties.setdefault(name, name)
    return parties, sorted(set(known))


def mine(request: Request) -> Response:
    """Return `/{l}/mine`: what one has sent, and where each stands."""
    lang = language_of(request)
    user = access.user_of(request)
    if user.is_anonymous:
        return signin.to_login(request)
    own = user.audience if not user.is_reviewer else _own(user)
    rows = []
    with access.opened(request) as registry:
        for each in reversed(registry.submissions()):
            if own.sees(each.submitter, each.dataset):
                last = list(events(registry.database, "WHERE submission = ?", [each.id]))[-1]
                reason = last.reason if each.state in ("returned", "withdrawn") else ""
                rows.append(
                    (
                        submission_link(request, each), each.issued, state_badge(each.state, lang),
                        moment(each.received_at), each.file, reason,
                    )
                )  # fmt: skip
    title = say("mine", lang)
    parts: list[Markup] = [element("h1", title), element("p", say("mine-about", lang), class_="lead")]
    if user.is_submitter:
        parts.append(element("p", link(request, say("send-another", lang), f"/{lang}/send", class_="action")))
    heads = [say(key, lang) for key in ("submission", "issued", "state", "received", "file", "reason")]
    parts.append(table(title, heads, rows, is_hidden=True) if rows else element("p", say("none-sent", lang)))
    return office_page(request, title, *parts, section_name="send", private=True)


def _own(user: access.User) -> Audience:
    names = {each.partition(":")[2] for each in user.scopes if ":" in each}
    return Audience(names=frozenset(names | ({user.submitter} if user.submitter else set())))
