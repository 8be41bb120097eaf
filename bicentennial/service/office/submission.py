"""The page of a submission: where it stands and why, its report, and what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bicentennial.html.markup import element
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.questions.views import moment
from bicentennial.report.words import counted
from bicentennial.service import access
from bicentennial.service.http.requests import language_of
from bicentennial.service.office import rdf
from bicentennial.service.office.common import crumbs, find
from bicentennial.service.office.components import (
    facts,
    link,
    notice,
    office_page,
    say,
    state_badge,
    submission_link,
    submission_path,
)
from bicentennial.service.office.decisions import decision_forms
from bicentennial.service.office.downloads import report_links
from bicentennial.service.office.tables import difference_table, view_table

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.store.chain import Event
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["submission_page"]


def submission_page(request: Request) -> Response:
    """Return the page of a submission: where it stands and why, its report, and what it changed."""
    lang = language_of(request)
    user = access.user_of(request)
    with access.opened(request) as registry:
        this = find(request, registry)
        events = [each for each in registry.log(this.id) if each.submission == this.id]
        before = registry.before(this)
        is_redacted = any(each.what == "redacted" for each in events)
        is_checked = any(each.what == "checked" for each in events)
        outcome = registry.report(this.id) if is_checked and not is_redacted else None
        current = [each.name for each in registry.current()]
        differences = registry.diff(before.id, this.id) if before and before.root and this.root else []
        later = registry.not_carried(this.id)
    may_know = user.audience.sees(this.submitter, this.dataset)
    base = submission_path(lang, this)
    event = request.query_params.get("done", "")
    parts = [
        crumbs(request, this.submitter, this.dataset, this),
        element("h1", say("submission-of", lang, name=this.name, issued=this.issued)),
        *(
            [notice(say(event, lang), " ", say(f"result-{this.state}", lang), kind=_mood(this.state))]
            if _is_event(event)
            else []
        ),
        element(
            "p", state_badge(this.state, lang), " ", *_state_words(this, events, lang, is_current=this.name in current)
        ),
    ]
    about = [
        (say("issued", lang), this.issued),
        (say("received", lang), moment(this.received_at)),
        (say("file", lang), this.file),
        (say("sent-by", lang), this.sent_by if may_know else ""),
        (say("note", lang), this.note),
        (say("before", lang), submission_link(request, before) if before else ""),
        ("SHA-256", element("code", this.file_sha256)),
        (say("linked-data", lang), rdf.links(request, f"/registry/{quote(this.name)}") if this.root else ""),
    ]
    parts.append(facts(about))
    parts += [notice(each.message()[lang], " ", submission_link(request, each.submission)) for each in later]
    parts += decision_forms(request, user, this)
    if is_redacted:
        parts.append(notice(say("is-redacted", lang)))
    if outcome is not None:
        counts = ", ".join(counted(grade, n, lang) for grade, n in outcome.counts.items())
        parts.append(element("h2", say("report", lang)))
        parts.append(element("p", counts))
        parts.append(element("p", link(request, say("see-report", lang), f"{base}/report", class_="action second")))
        parts.append(report_links(request, this))
    downloads = [link(request, say("receipt", lang), f"{base}/receipt")]
    if not is_redacted:
        downloads.insert(0, link(request, say("original-file", lang), f"{base}/file"))
    parts.append(element("h2", say("downloads", lang)))
    parts.append(element("ul", *(element("li", each) for each in downloads), class_="downloads"))
    if before:
        parts.append(element("h2", say("differs-from", lang, name=before.name)))
        parts.append(difference_table(request, differences, this, before))
    if may_know:
        parts.append(element("h2", say("what-happened", lang)))
        parts.append(view_table(request, answers.of_events(events, {this.id: this.name})))
    title = say("submission-of", lang, name=this.name, issued=this.issued)
    return office_page(request, title, *parts, section_name="progress", private=this.state != "accepted")


def _is_event(event: str) -> bool:
    return event in ("sent", "sent-before", "decided")


def _mood(state: str) -> str:
    return {"accepted": "good", "returned": "error"}.get(state, "info")


def _state_words(this: Submission, events: list[Event], lang: Language, *, is_current: bool) -> list[str]:
    """Return what a state means, and the reason where one was given."""
    words = [say(f"means-{this.state}", lang)]
    if this.state == "accepted":
        words.append(" " + say("is-current" if is_current else "is-earlier", lang))
    last = next((each for each in reversed(events) if each.what == this.state), None)
    if last is not None and last.reason:
        words.append(element("span", say("reason", lang), ": ", element("q", last.reason), class_="reason"))
    return words
