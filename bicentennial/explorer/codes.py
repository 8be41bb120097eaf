"""The pages of codes: what a finding means, with a row of a table that breaks the rule and one that keeps it.

>>> codes_on("https://w3id.org/bicentennial/ontology#budgetCurrency")[0]
'Action-budgetCurrency.repeated'
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC, BICSH, local_name
from bicentennial.explorer.catalogue import address
from bicentennial.explorer.sources import cited
from bicentennial.explorer.view import capital
from bicentennial.html.markup import Markup, element, lines
from bicentennial.knowledge.citing import citation
from bicentennial.knowledge.names import names
from bicentennial.report.codes.explanation import Explanation, codes
from bicentennial.report.codes.pages import example_table, written_examples
from bicentennial.report.codes.table_examples import table_examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.explorer.view import View

__all__ = ["code_list", "code_page", "codes_on"]

_READING = ""
_VERSIONS = "version"


def _subject(code: str) -> tuple[str, str]:
    """Return the names of the class and of the property that a code is on, as far as it is named after them."""
    owner, _, rest = code.partition("-")
    return (owner, rest.partition(".")[0]) if owner[:1].isupper() else (_READING, "")


@cache
def _by_term() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code in codes():
        for name in _subject(code):
            if name and address(BIC[name]):
                found.setdefault(BIC[name], []).append(code)
    return {iri: tuple(listed) for iri, listed in found.items()}


@cache
def _by_subject() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for code in codes():
        found.setdefault(_subject(code), []).append(code)
    return {subject: tuple(listed) for subject, listed in found.items()}


def codes_on(iri: str) -> tuple[str, ...]:
    """Return the codes of findings on a class or a property."""
    return _by_term().get(iri, ())


def code_page(view: View, code: str) -> str:
    """Return the page of a code.

    Args:
        view: the page's language and address.
        code: one of `bicentennial.report.codes.explanation.codes()`.
    """
    explanation = codes()[code]
    title = explanation.title[view.lang]
    parts = [section for key in ("why", "says", "remedy") if (section := _said(view, explanation, key)) is not None]
    parts += _examples(view, explanation)
    if explanation.sources:
        found = [citation(source, view.lang) for source in explanation.sources]
        parts.append(element("section", element("h2", view.word("sources")), cited(view, found)))
    return view.page(
        f"{title} ({code})",
        view.crumbs(("/explore", view.word("explore")), ("/codes", view.word("codes", "title"))),
        element("p", element("code", code), class_="kicker"),
        element("h1", title),
        element("div", _aside(view, explanation), element("div", *parts), class_="columns thing"),
        description=(explanation.why or explanation.says)[view.lang],
    )


def _said(view: View, explanation: Explanation, key: str) -> Markup | None:
    texts = getattr(explanation, key)
    if not texts:
        return None
    return element("section", element("h2", view.word("codes", key)), element("p", texts[view.lang]))


def _examples(view: View, explanation: Explanation) -> Iterator[Markup]:
    """Yield rows of the form's tables, which most readers know, then the same in RDF, folded away."""
    shown = table_examples(explanation.code, view.lang)
    if shown is not None:
        for key, sheets in (("breaks", shown.breaks), ("keeps", shown.keeps)):
            title = view.word("codes", f"{key}-row")
            tables = [_scrolling(f"{title}: {each.name}", "div", example_table(each, view.lang)) for each in sheets]
            yield element("section", element("h2", title), *tables, class_="example")
    written = [
        element(
            "section",
            element("h3" if shown else "h2", heading[view.lang]),
            _scrolling(heading[view.lang], "pre", element("code", lines(text.rstrip()))),
        )
        for heading, text in written_examples(explanation, view.lang, after_table=shown is not None)
    ]
    if shown is not None and written:
        yield element("details", element("summary", view.word("codes", "rdf")), *written)
    else:
        yield from written


def _scrolling(label: str, name: str, content: Markup) -> Markup:
    return element(name, content, tabindex="0", role="region", aria_label=label, class_="scroll")


def _aside(view: View, explanation: Explanation) -> Markup:
    grade = entry("report", "severity")[explanation.severity]["one"][view.lang]
    rows: list[tuple[str, list[Markup]]] = [
        (view.word("codes", "severity"), [element("span", grade, class_=f"tag {explanation.severity}")])
    ]
    on = [view.link(BIC[name], names()[BIC[name]].name(view.lang)) for name in _subject(explanation.code)
          if name and address(BIC[name])]  # fmt: skip
    if on:
        rows.append((view.word("codes", "about"), on))
    if explanation.shape:
        rows.append((view.word("codes", "shape"), [view.code(BICSH[explanation.shape])]))
    if others := [each for each in _siblings(explanation) if each != explanation.code]:
        links = [element("a", each, href=view.href(f"/codes/{each}")) for each in others]
        rows.append((view.word("codes", "siblings"), links))
    entries = [
        element("div", element("dt", capital(head)), *(element("dd", each) for each in shown)) for head, shown in rows
    ]
    return element("aside", element("h2", view.word("at-a-glance")), element("dl", *entries), class_="panel")


def _siblings(explanation: Explanation) -> tuple[str, ...]:
    owner, about = _subject(explanation.code)
    return _by_subject()[owner, about] if about else ()


def code_list(view: View) -> str:
    """Return the page that lists all codes, by what they are on."""
    groups: dict[str, list[Explanation]] = {}
    for code, explanation in codes().items():
        owner = _subject(code)[0]
        groups.setdefault(owner or (_VERSIONS if code.startswith("version-") else _READING), []).append(explanation)
    order = sorted(groups, key=lambda owner: (owner not in (_READING, _VERSIONS), _named(view, owner).casefold()))
    toc = [element("li", element("a", _named(view, owner), href=f"#{owner or 'reading'}")) for owner in order]
    return view.page(
        view.word("codes", "title"),
        view.crumbs(("/explore", view.word("explore"))),
        element("h1", view.word("codes", "title")),
        element("p", view.word("codes", "lead"), class_="lead"),
        element("nav", element("ul", *toc, class_="inline"), aria_label=view.word("codes", "about")),
        *(_group(view, owner, groups[owner]) for owner in order),
        description=view.word("codes", "lead"),
    )


def _named(view: View, owner: str) -> str:
    if owner in (_READING, _VERSIONS):
        return view.word("codes", "versions" if owner else "reading")
    text = names()[BIC[owner]].name(view.lang)
    return local_name(text) if text.startswith("bic:") else capital(text)


def _group(view: View, owner: str, listed: list[Explanation]) -> Markup:
    heads = [view.word("code"), view.word("name"), view.word("codes", "severity")]
    severities = entry("report", "severity")
    rows = [
        element(
            "tr",
            element("th", element("a", each.code, href=view.href(f"/codes/{each.code}")), scope="row"),
            element("td", each.title[view.lang]),
            element("td", element("span", severities[each.severity]["one"][view.lang], class_=f"tag {each.severity}")),
        )
        for each in listed
    ]
    name = _named(view, owner)
    return element(
        "section", element("h2", name), view.table(name, heads, rows), id=owner or "reading", class_="code-group"
    )
