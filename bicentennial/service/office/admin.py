"""Administration: who may do what, which parties submit, and how their datasets are treated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import sentence
from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.access import tokens
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.questions.gaps import CADENCES
from bicentennial.monitoring.questions.views import moment
from bicentennial.service import access, forms
from bicentennial.service.http.requests import language_of
from bicentennial.service.office import signin
from bicentennial.service.office.components import (
    button,
    checkboxes,
    field,
    form,
    notice,
    office_page,
    say,
    select,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.questions.gaps import SubmitterState

__all__ = ["admin_page", "change"]

_RIGHTS: Final = ("submit", "read", "review", "admin")


def admin_page(request: Request) -> Response:
    """Return `/{l}/admin`."""
    user = access.user_of(request)
    if user.is_anonymous:
        return signin.to_login(request)
    access.demand(user, allowed=user.is_admin)
    return _page(request)


def change(request: Request, data: FormData) -> Response:
    """Add a token, revoke one, add a party, or set a dataset up."""
    lang = language_of(request)
    user = access.user_of(request)
    access.demand(user, allowed=user.is_admin)
    task = forms.text_of(data, "task")
    try:
        with access.opened(request) as registry:
            if task == "add-token":
                scopes = _scopes(forms.texts_of(data, "may"), forms.text_of(data, "of"))
                holder, expires = forms.text_of(data, "holder"), forms.text_of(data, "expires")
                _, text = registry.add_token(scopes, submitter=holder or None, expires=expires or None, actor=user.name)
                secret = element("p", element("code", text, class_="token"))
                return _page(request, notice(element("p", say("token-once", lang)), secret, kind="good"))
            if task == "revoke-token":
                registry.revoke_token(forms.text_of(data, "id"), actor=user.name)
            elif task == "add-party":
                registry.add_party(
                    forms.text_of(data, "party"), name=forms.text_of(data, "name") or None,
                    kind=forms.text_of(data, "kind") or None, actor=user.name,
                )  # fmt: skip
            elif task == "set-dataset":
                registry.set_dataset(
                    forms.text_of(data, "dataset"), title=forms.text_of(data, "title") or None,
                    approval={"on": True, "off": False}.get(forms.text_of(data, "approval")),
                    cadence=forms.text_of(data, "cadence") or None,
                    embargo=forms.text_of(data, "embargo") or None, actor=user.name,
                )  # fmt: skip
            else:
                raise access.refusal(400, "no-decision")
    except UsageError as error:
        return _page(request, notice(error.text[lang], kind="error"), status=422)
    return signin.see(request, f"/{lang}/admin")


def _scopes(rights: Sequence[str], of: str) -> list[str]:
    """Return the scopes that a form asks for: to send for a submitter or one dataset of it, to read for a submitter.

    Raises:
        UsageError: nothing is allowed, or the form does not say of which submitter.

    >>> _scopes(["submit", "read", "review"], "ngo/ports")
    ['submit:ngo/ports', 'read:ngo', 'review']
    """
    if not rights:
        raise UsageError(sentence("office", "token-for-nothing"))
    names = {"submit": f"submit:{of}", "read": f"read:{of.partition('/')[0]}"}
    scopes = [names.get(right, right) for right in rights]
    if not all(map(tokens.is_scope, scopes)):
        raise UsageError(sentence("office", "token-of-whom"))
    return scopes


def _scope_label(scope: str, lang: Language) -> str:
    """Return what a scope allows, for people."""
    right, _, of = scope.partition(":")
    return f"{say(f'scope-{right}', lang)} {of}".strip()


def _page(request: Request, message: Markup | None = None, *, status: int = 200) -> Response:
    lang = language_of(request)
    with access.opened(request) as registry:
        made = registry.tokens()
        parties = registry.submitters()
    title = say("admin", lang)
    parts = [
        element("h1", title),
        *([message] if message else []),
        element("h2", say("tokens", lang)),
        _table_of_tokens(request, made),
        _form_for_tokens(request, parties),
        element("h2", say("parties", lang)),
        *_parties(request, parties),
    ]
    return office_page(request, title, *parts, status=status, private=True)


def _table_of_tokens(request: Request, made: Sequence[tokens.Token]) -> Markup:
    lang = language_of(request)
    view = answers.of_tokens(made)
    rows = []
    for token, row in zip(made, view.rows, strict=True):
        last = element("span", say("revoked", lang), f" {moment(token.revoked)}") if token.revoked else form(
            request, f"/{lang}/admin",
            element("input", type="hidden", name="task", value="revoke-token"),
            element("input", type="hidden", name="id", value=token.id),
            button(say("revoke", lang), class_="second", aria_label=f"{say('revoke', lang)} {token.id}"),
            class_="inline",
        )  # fmt: skip
        may = "; ".join(_scope_label(scope, lang) for scope in token.scopes)
        shown = {"scopes": may} | {
            name: moment(str(value or "–")) for name, value in zip(view.columns, row, strict=True) if name != "scopes"
        }
        rows.append((*(shown[name] for name in view.columns[:-1]), last))
    return table(say("tokens", lang), view.heads(lang), rows, is_hidden=True)


def _form_for_tokens(request: Request, parties: Sequence[SubmitterState]) -> Markup:
    lang = language_of(request)
    senders = sorted({each.submitter for each in parties})
    return _task(
        request, "add-token", say("add-token", lang),
        field("holder", say("holder", lang), say("holder-hint", lang), offered=senders, autocomplete="off"),
        checkboxes("may", say("scopes", lang), {each: say(f"may-{each}", lang) for each in _RIGHTS}),
        field(
            "of", say("token-of", lang), say("token-of-hint", lang),
            offered=senders + _datasets(parties), autocomplete="off",
        ),
        field("expires", say("expires", lang), say("expires-hint", lang), type="date"),
    )  # fmt: skip


def _datasets(parties: Sequence[SubmitterState]) -> list[str]:
    return sorted({f"{each.submitter}/{each.dataset}" for each in parties if each.dataset})


def _parties(request: Request, parties: Sequence[SubmitterState]) -> Iterator[Markup]:
    """Yield the table of parties and their datasets, and the forms that add a party and set up a dataset."""
    lang = language_of(request)
    known = [(each.submitter, each.name, each.dataset or "–") for each in parties]
    yield table(say("parties", lang), [say(k, lang) for k in ("short-name", "name", "dataset")], known, is_hidden=True)
    yield _task(
        request, "add-party", say("add-party", lang),
        field("party", say("short-name", lang), say("short-name-hint", lang), required=True, autocomplete="off"),
        field("name", say("name", lang), autocomplete="off"),
        field("kind", say("kind", lang), say("kind-hint", lang), autocomplete="off"),
    )  # fmt: skip
    yield _task(
        request, "set-dataset", say("set-dataset", lang),
        field(
            "dataset", say("dataset", lang), say("dataset-full-hint", lang),
            offered=_datasets(parties), required=True, autocomplete="off",
        ),
        field("title", say("title", lang), autocomplete="off"),
        select(
            "approval", say("approval", lang),
            {"": say("as-it-is", lang), "on": say("approval-on", lang), "off": say("approval-off", lang)}, "",
        ),
        select(
            "cadence", say("cadence", lang),
            {"": say("as-it-is", lang)} | {each: say(f"cadence-{each}", lang) for each in CADENCES}, "",
        ),
        field("embargo", say("embargo", lang), say("embargo-hint", lang), type="date"),
    )  # fmt: skip


def _task(request: Request, task: str, title: str, *fields: Markup) -> Markup:
    inner = element("fieldset", element("legend", title), *fields, button(title))
    named = element("input", type="hidden", name="task", value=task)
    return form(request, f"/{language_of(request)}/admin", named, inner)
