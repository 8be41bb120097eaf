"""Parts of the office's pages: fields of forms, tables, facts, notices, and the words of `[office.words]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from bicentennial.core.messages import section
from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.questions.views import state_label
from bicentennial.service import access, forms
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.http.responses import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import HTMLResponse

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.store.submissions import Submission

__all__ = [
    "STYLE",
    "button",
    "checkboxes",
    "facts",
    "field",
    "form",
    "link",
    "notice",
    "office_page",
    "say",
    "select",
    "state_badge",
    "submission_link",
    "table",
    "textarea",
]

STYLE: Final = "/static/office.css"


def say(key: str, lang: Language, **values: object) -> str:
    """Return a text of `[office.words]`, its placeholders filled."""
    text: str = section("office")["words"][key][lang]
    return text.format(**values) if values else text


def link(request: Request, text: str, path: str, /, **attributes: Any) -> Markup:
    """Return a link to a path of the site."""
    return element("a", text, href=context_of(request).site.base + path, **attributes)


def with_query(path: str, **values: str | None) -> str:
    """Return a path with a query of what is given.

    >>> with_query("/en/progress", by="goal", as_of=None)
    '/en/progress?by=goal'
    """
    given = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def submission_path(lang: Language, submission: Submission) -> str:
    """Return the path of the page of a submission."""
    return f"/{lang}/registry/{quote(submission.name)}"


def submission_link(request: Request, submission: Submission) -> Markup:
    """Return a link to the page of a submission."""
    return link(request, submission.name, submission_path(language_of(request), submission))


def subject_link(request: Request, subject: str, title: str) -> Markup:
    """Return a link to the page of a thing: `SUBMITTER/DATASET/KIND/NAME`, or one of the Framework's own."""
    lang = language_of(request)
    if subject.startswith("bicd:"):
        return link(request, title, f"/{lang}/id/{quote(subject.removeprefix('bicd:'))}")
    return link(request, title, f"/{lang}/registry/{quote(subject)}")


def office_page(request: Request, title: str, *body: Markup, section_name: str = "", **options: Any) -> HTMLResponse:
    """Return a page of the office, whose header says who is signed in."""
    user = access.user_of(request)
    options.setdefault("styles", (STYLE,))
    options.setdefault("user", _tools(request, user))
    return page(request, title, *body, section_name=section_name, **options)


def _tools(request: Request, user: access.User) -> Markup:
    """Return what the header says of who is signed in, with the pages that are theirs."""
    lang = language_of(request)
    if user.is_anonymous:
        return link(request, say("sign-in", lang), f"/{lang}/login")
    links = [link(request, say("mine", lang), f"/{lang}/mine")]
    if user.is_reviewer:
        links.append(link(request, say("review", lang), f"/{lang}/review"))
    if user.is_admin:
        links.append(link(request, say("admin", lang), f"/{lang}/admin"))
    leave = form(request, f"/{lang}/logout", button(say("sign-out", lang), class_="quiet"), class_="inline")
    name = element("span", user.name.partition("#")[0], class_="who")
    return element("div", name, *links, leave, class_="account")


def form(request: Request, path: str, *children: Markup, has_file: bool = False, class_: str = "form") -> Markup:
    """Return a form that is posted to a path of ours, with its token."""
    options: dict[str, Any] = {"enctype": "multipart/form-data"} if has_file else {}
    action = context_of(request).site.base + path
    return element("form", forms.hidden(request), *children, method="post", action=action, class_=class_, **options)


def button(text: str, **attributes: Any) -> Markup:
    """Return a button that sends its form."""
    return element("button", text, type="submit", **attributes)


def field(
    name: str, label: str, hint: str = "", *, error: str = "", offered: Iterable[str] = (), **attributes: Any
) -> Markup:
    """Return a labelled field of one line, which may offer values to choose from."""
    attributes.setdefault("type", "text")
    described, notes = _notes(name, hint, error)
    options = [element("option", value=each) for each in offered]
    if options:
        attributes["list"] = f"f-{name}-offered"
        notes.append(element("datalist", *options, id=f"f-{name}-offered"))
    return _labelled(name, label, element("input", id=f"f-{name}", name=name, **described, **attributes), notes)


def checkboxes(name: str, legend: str, options: Mapping[str, str]) -> Markup:
    """Return boxes of which any number can be ticked; each sends its value under the one name."""
    boxes = (
        element(
            "p", element("input", type="checkbox", id=f"f-{name}-{value}", name=name, value=value), " ",
            element("label", text, for_=f"f-{name}-{value}"),
        )
        for value, text in options.items()
    )  # fmt: skip
    return element("fieldset", element("legend", legend), *boxes, class_="boxes")


def textarea(name: str, label: str, hint: str = "", *, value: str = "", error: str = "", **attributes: Any) -> Markup:
    """Return a labelled field of several lines."""
    described, notes = _notes(name, hint, error)
    ident = attributes.pop("id", f"f-{name}")
    area = element("textarea", value, id=ident, name=name, rows=attributes.pop("rows", 3), **described, **attributes)
    return _labelled(name, label, area, notes, ident)


def select(name: str, label: str, options: Mapping[str, str], chosen: str | None, hint: str = "") -> Markup:
    """Return a labelled choice of several values."""
    described, notes = _notes(name, hint, "")
    choices = (element("option", text, value=value, selected=value == chosen) for value, text in options.items())
    return _labelled(name, label, element("select", *choices, id=f"f-{name}", name=name, **described), notes)


def _notes(name: str, hint: str, error: str) -> tuple[dict[str, Any], list[Markup]]:
    notes = []
    if hint:
        notes.append(element("small", hint, id=f"f-{name}-hint", class_="hint"))
    if error:
        notes.append(element("strong", error, id=f"f-{name}-error", class_="error"))
    named = [f"f-{name}-{what}" for what, text in (("hint", hint), ("error", error)) if text]
    described: dict[str, Any] = {"aria_describedby": " ".join(named)} if named else {}
    return described | ({"aria_invalid": "true"} if error else {}), notes


def _labelled(name: str, label: str, control: Markup, notes: Iterable[Markup], ident: str = "") -> Markup:
    return element("p", element("label", label, for_=ident or f"f-{name}"), control, *notes, class_="field")


def notice(*children: str, kind: str = "info") -> Markup:
    """Return a notice: `info`, `good` or `error`."""
    role = "alert" if kind == "error" else "status"
    return element("div", *children, class_=f"notice {kind}", role=role)


def state_badge(state: str, lang: Language) -> Markup:
    """Return the state of a submission, its words and not its colour alone."""
    return element("span", state_label(state, lang), class_=f"badge {state}")


def facts(rows: Iterable[tuple[str, str]]) -> Markup:
    """Return pairs of a name and a value; those without a value are left out."""
    return element(
        "dl",
        *(element("div", element("dt", name), element("dd", value)) for name, value in rows if value),
        class_="particulars",
    )


_DATE: Final = re.compile(r"\d{4}-\d\d(-\d\d)?( .*UTC)?", re.ASCII)


def _class(cell: str) -> str | bool:
    return "date" if _DATE.fullmatch(cell) else False


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, is_hidden: bool = False) -> Markup:
    """Return a table that scrolls by itself where it is wider than the page."""
    head = element("tr", *(element("th", text, scope="col") for text in heads))
    body = [
        element(
            "tr", *(element("td" if n else "th", c, class_=_class(c), scope=not n and "row") for n, c in enumerate(row))
        )
        for row in rows
    ]
    name = element("caption", caption, class_="unseen" if is_hidden else False)
    whole = element("table", name, element("thead", head), element("tbody", *body))
    width = "scroll narrow" if len(heads) == 2 else "scroll wide" if len(heads) > 3 else "scroll"
    return element("div", whole, class_=width, role="region", aria_label=caption, tabindex="0")
