"""Decisions on submissions: the queue of what waits for a reviewer, and accepting, returning and withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import ConflictError, UsageError
from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.questions.changes import between
from bicentennial.monitoring.questions.views import moment
from bicentennial.service import access, forms
from bicentennial.service.http.requests import language_of
from bicentennial.service.office import signin
from bicentennial.service.office.components import (
    button,
    facts,
    form,
    link,
    notice,
    office_page,
    say,
    submission_link,
    submission_path,
    textarea,
    with_query,
)
from bicentennial.service.office.tables import difference_table, view_table

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["decide", "decision_forms", "queue"]

_ALLOWED: Final = {
    "pending": ("accept", "return", "withdraw"),
    "accepted": ("return", "withdraw"),
    "returned": ("accept", "withdraw"),
    "received": ("withdraw",),
}
_REASON: Final = 2000


def queue(request: Request) -> Response:
    """Return `/{l}/review`: what waits, each with what it changes against the version before it."""
    lang = language_of(request)
    user = access.user_of(request)
    if user.is_anonymous:
        return signin.to_login(request)
    access.demand(user, allowed=user.is_reviewer)
    with access.opened(request) as registry:
        waiting = registry.submissions(state="pending")
        articles = [_waiting(request, registry, user, each) for each in waiting]
    title = say("review", lang)
    verb = request.query_params.get("done", "")
    parts = [
        element("h1", title),
        element("p", say("review-about", lang), class_="lead"),
        *([notice(say(f"did-{verb}", lang), kind="good")] if verb in _DOING else []),
        *(articles or [element("p", say("nothing-waits", lang), class_="empty")]),
    ]
    return office_page(request, title, *parts, section_name="send", private=True)


def _waiting(request: Request, registry: Registry, user: access.User, this: Submission) -> Markup:
    lang = language_of(request)
    before = registry.before(this)
    accepted = [
        each
        for each in registry.submissions(submitter=this.submitter, dataset=this.dataset, state="accepted")
        if each.issued_until < this.issued_until
    ]
    base = submission_path(lang, this)
    parts = [
        element("h2", submission_link(request, this), id=f"s{this.id}"),
        facts(
            [
                (say("issued", lang), this.issued),
                (say("received", lang), moment(this.received_at)),
                (say("sent-by", lang), this.sent_by),
                (say("file", lang), link(request, this.file, f"{base}/file")),
                (say("note", lang), this.note),
            ]
        ),
    ]
    if accepted and this.root:
        last = max(accepted, key=lambda each: (each.issued_until, each.number))
        if changed := list(between(registry.database, last, this, accepted)):
            parts.append(element("h3", say("changes-against", lang, name=last.name)))
            parts.append(view_table(request, answers.of_changes(changed)))
    if before and before.root and this.root:
        parts.append(element("h3", say("differs-from", lang, name=before.name)))
        parts.append(difference_table(request, registry.diff(before.id, this.id), this, before))
    else:
        parts.append(element("p", say("first-of-dataset", lang)))
    return element("article", *parts, *decision_forms(request, user, this), class_="waiting")


def decision_forms(request: Request, user: access.User, this: Submission) -> list[Markup]:
    """Return the form by which a user may decide on a submission; nothing where they may not."""
    lang = language_of(request)
    verbs = list(_ALLOWED.get(this.state, ()))
    if not user.is_reviewer:
        verbs = [each for each in verbs if each == "withdraw" and user.may_withdraw(this)]
    notes = []
    if "accept" in verbs and user.is_own(this):
        verbs.remove("accept")
        notes.append(notice(say("own-submission", lang)))
    if this.root is None and "accept" in verbs:
        verbs.remove("accept")
    if not verbs:
        return notes
    buttons = [
        button(
            say(f"do-{verb}", lang), name="decision", value=verb, class_=verb if verb == "accept" else f"second {verb}"
        )
        for verb in verbs
    ]
    hint = say("reason-hint" if verbs != ["withdraw"] else "reason-hint-withdraw", lang)
    reason = textarea("reason", say("reason", lang), hint, id=f"f-reason-{this.id}", maxlength=_REASON)
    fields = element(
        "fieldset",
        element("legend", say("decide", lang)),
        reason,
        element("p", *buttons, class_="buttons"),
    )
    return [*notes, form(request, f"/{lang}/review/{this.id}", fields, class_="form decide")]


_DOING: Final = ("accept", "return", "withdraw")


def decide(request: Request, data: FormData) -> Response:
    """Accept, return or withdraw a submission; what is missing is said on a page with the form."""
    lang = language_of(request)
    user = access.user_of(request)
    verb = forms.text_of(data, "decision")
    reason = "\n".join(forms.text_of(data, "reason").splitlines())[:_REASON]
    if verb not in _DOING:
        raise access.refusal(400, "no-decision")
    with access.opened(request) as registry:
        try:
            this = registry.submission(request.path_params["id"])
        except UsageError:
            raise access.refusal(404, "no-submission") from None
        try:
            act(registry, user, this, verb, reason)
        except (UsageError, ConflictError) as error:
            text = say("needs-reason", lang) if verb != "accept" and not reason else error.text[lang]
            parts = [
                element("h1", say("submission-of", lang, name=this.name, issued=this.issued)),
                notice(text, kind="error"),
                *decision_forms(request, user, this),
                element("p", submission_link(request, this)),
            ]
            return office_page(request, this.name, *parts, status=422, private=True, other="/{lang}/review")
    if user.is_reviewer:
        return signin.see(request, with_query(f"/{lang}/review", done=verb))
    return signin.see(request, with_query(submission_path(lang, this), done="decided"))


def act(registry: Registry, user: access.User, this: Submission, verb: str, reason: str) -> None:
    """Decide on a submission in the name of a user.

    Args:
        registry: where.
        user: who decides.
        this: the submission.
        verb: `accept`, `return` or `withdraw`.
        reason: why; needed for returning and withdrawing.

    Raises:
        HTTPException: 401 or 403 if the user may not; submissions of one's own cannot be signed off.
        UsageError: the reason is missing, or the state does not allow it.
    """
    access.demand(user, allowed=user.may_withdraw(this) if verb == "withdraw" else user.is_reviewer)
    if verb == "accept":
        if user.is_own(this):
            raise access.refusal(403, "own-submission")
        registry.accept(this.id, reason=reason, actor=user.name)
    elif verb == "return":
        registry.give_back(this.id, reason=reason, actor=user.name)
    else:
        registry.withdraw(this.id, reason=reason, actor=user.name)
