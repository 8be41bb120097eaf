"""The landing page: the goals and what is below them, the ways in, and everything by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, BICD
from bicentennial.explorer.catalogue import GROUPS, address, things
from bicentennial.explorer.search import search_form
from bicentennial.explorer.view import capital
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.names import names
from bicentennial.knowledge.show import overview
from bicentennial.report.codes.explanation import codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.explorer.view import View
    from bicentennial.knowledge.pages import Branch

__all__ = ["landing_page", "term_list"]

_COUNTED: Final = ("goals", "pillars", "objectives", "actions", "documents", "passages")
_FRAMEWORK: Final = BICD["framework-bicentennial"]


def landing_page(view: View) -> str:
    """Return the landing page."""
    [root] = overview(view.lang).roots
    goals = [branch for branch in root.parts if branch.notation.startswith("G")]
    others = [branch for branch in root.parts if branch not in goals]
    counts = {"pillars": sum(len(goal.parts) for goal in goals)}
    stats = [
        element(
            "div",
            element("dt", element("a", view.word("kind", kind), href=view.href(f"/explore/{kind}"))),
            element("dd", view.number(counts.get(kind, len(things(kind))))),
        )
        for kind in _COUNTED
    ]
    return view.page(
        view.word("title"),
        element(
            "header",
            element("p", view.link(_FRAMEWORK, root.label), class_="kicker"),
            element("h1", view.word("title")),
            element("p", view.word("lead"), class_="lead"),
            search_form(view),
            class_="opening",
        ),
        element("dl", *stats, class_="stats"),
        element(
            "section",
            element("h2", view.word("tree")),
            element("div", *(_goal(view, goal) for goal in goals), class_="goals"),
            *([_others(view, others)] if others else []),
        ),
        _ways(view),
        _topics(view),
        _kinds(view),
        description=view.word("lead"),
        scripts=(f"/static/search-{view.lang}.js", "/static/explorer.js"),
    )


def _count(view: View, branch: Branch) -> Markup:
    return element("span", view.counted("actions-of", "action-of", branch.actions), class_="count")


def _goal(view: View, goal: Branch) -> Markup:
    pillars = [_pillar(view, each) for each in goal.parts]
    return element(
        "article",
        element("p", goal.notation, class_="kicker"),
        element("h3", view.link(goal.iri, goal.label)),
        element("p", _count(view, goal)),
        element("ul", *pillars, class_="pillars"),
        class_="goal",
    )


def _pillar(view: View, pillar: Branch) -> Markup:
    name = element("p", element("span", pillar.notation, class_="code"), " ", view.link(pillar.iri, pillar.label))
    parts = [element("li", element("span", each.notation, class_="code"), " ", view.link(each.iri, each.label))
             for each in pillar.parts]  # fmt: skip
    below = element(
        "details",
        element("summary", f"{view.word('kind', 'objectives')} ({len(parts)})"),
        element("ul", *parts, class_="objectives"),
    )
    return element("li", name, *([below] if parts else []))


def _others(view: View, others: Iterable[Branch]) -> Markup:
    items = [
        element("li", element("span", element("span", each.notation, class_="code"), " ",
                              view.link(each.iri, each.label)), _count(view, each))
        for each in others
    ]  # fmt: skip
    return element("div", element("h3", view.word("kind", "commitments")), element("ul", *items, class_="list"))


def _ways(view: View) -> Markup:
    ways = [
        ("/explore/timeline", view.word("timeline", "title"), view.word("timeline", "lead")),
        ("/explore/map", view.word("map", "title"), view.word("map", "lead")),
        ("/codes", view.word("codes", "title"), view.word("codes", "lead")),
        ("/ontology", view.word("terms", "title"), view.word("terms", "lead")),
    ]
    cards = [
        element("article", element("h3", element("a", name, href=view.href(path))), element("p", text), class_="card")
        for path, name, text in ways
    ]
    return element("section", element("h2", view.word("ways")), element("div", *cards, class_="cards four"))


def _topics(view: View) -> Markup:
    named = sorted(
        ((names()[iri].name(view.lang), iri) for iri in things("themes")), key=lambda pair: pair[0].casefold()
    )
    items = [element("li", view.link(iri, capital(name))) for name, iri in named]
    return element(
        "section",
        element("h2", view.word("themes")),
        element("p", view.word("themes-lead"), class_="hint"),
        element("ul", *items, class_="columned topics"),
    )


def _kinds(view: View) -> Markup:
    blocks = []
    for group, kinds in GROUPS.items():
        items = [
            element(
                "li",
                element("a", view.word("kind", kind), href=view.href(f"/explore/{kind}")),
                element("span", view.number(len(things(kind))), class_="count"),
            )
            for kind in kinds
        ]
        if group == "words":
            link = element("a", view.word("codes", "title"), href=view.href("/codes"))
            items.append(element("li", link, element("span", view.number(len(codes())), class_="count")))
        blocks.append(element("div", element("h3", view.word("group", group)), element("ul", *items, class_="list")))
    return element("section", element("h2", view.word("kinds")), element("div", *blocks, class_="groups"))


def term_list(view: View) -> str:
    """Return the page of the ontology: its classes and properties with their definitions."""
    sections = []
    for kind in ("classes", "properties"):
        own = [iri for iri in things(kind) if iri.startswith(str(BIC))]
        reused = [iri for iri in things(kind) if not iri.startswith(str(BIC))]
        rows = [_term(view, iri) for iri in (*own, *reused)]
        title = view.word("kind", kind)
        heads = [view.word("name"), view.word("code"), view.word("said")]
        sections.append(element("section", element("h2", title), view.table(title, heads, rows), id=kind))
    return view.page(
        view.word("terms", "title"),
        view.crumbs(("/explore", view.word("explore"))),
        element("h1", view.word("terms", "title")),
        element("p", view.word("terms", "lead"), class_="lead"),
        *sections,
        description=view.word("terms", "lead"),
    )


def _term(view: View, iri: str) -> Markup:
    from bicentennial.core.namespaces import SKOS
    from bicentennial.knowledge.citing import texts

    name = element("a", names()[iri].name(view.lang), href=view.href(address(iri) or ""))
    definition = " ".join(texts(iri, SKOS.definition, view.lang))
    return element("tr", element("th", name, scope="row"), element("td", view.code(iri)), element("td", definition))
