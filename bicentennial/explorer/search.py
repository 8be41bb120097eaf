"""Search by name: an index that a script reads as one types, and the same search on the server.

>>> [hit.path for hit in find("OFAC", "en")][:1]
['/id/agency-ofac']
>>> find("proteger gente", "es")[0].name
'Proteger a nuestra gente'
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import coded
from bicentennial.explorer.catalogue import GROUPS, KINDS, address, kind_of, things
from bicentennial.explorer.listing import called
from bicentennial.explorer.view import capital
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.names import names
from bicentennial.knowledge.text import normalize_words
from bicentennial.report.codes.explanation import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.core.messages import Language
    from bicentennial.explorer.view import View

__all__ = ["Hit", "find", "index_script", "search_form", "search_page"]

_MOST: Final = 50
"""How many are shown."""
_UNLISTED: Final = frozenset({"names"})
"""Kinds whose things are found by what they are about."""
_LISTED: Final = tuple(kind for group in GROUPS.values() for kind in group if kind not in _UNLISTED)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that can be found: its address, what it is called, of which kind it is, and its other names.

    `tiers` are its names as they are compared: codes and acronyms, labels, other names.
    """

    path: str
    name: str
    code: str
    kind: str
    tiers: tuple[str, str, str]


@cache
def _hits(lang: Language) -> tuple[Hit, ...]:
    """Return all that can be found, in the order in which equally good hits are shown."""
    # A topic has all on its subject, so it goes before what is called the same.
    order = sorted(_LISTED, key=lambda kind: kind != "themes")
    found = {iri: None for kind in order for iri in things(kind) if kind_of(iri) == kind}
    return (*(_hit(iri, lang) for iri in found), *_code_hits(lang))


def _hit(iri: str, lang: Language) -> Hit:
    known = names()[iri]
    labels = [known.label[lang], *known.label.values()] if lang in known.label else []
    tiers = (
        _joined(known.notations),
        _joined(labels or [called(iri, lang)]),
        _joined(known.alternatives),
    )
    return Hit(address(iri) or "", called(iri, lang), next(iter(known.notations), ""), kind_of(iri) or "", tiers)


def _code_hits(lang: Language) -> Iterator[Hit]:
    for code, each in codes().items():
        yield Hit(
            f"/codes/{code}",
            each.title[lang],
            code,
            "codes",
            (_joined([code]), _joined([each.title[lang]]), ""),
        )


def _joined(texts: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(filter(None, map(normalize_words, texts))))


def find(asked: str, lang: Language, kind: str = "") -> list[Hit]:
    """Return what has all the words asked for at the start of words of its names, the best first.

    Best is a name that is just what was asked for, then one that begins with it, then any; among these, a code goes
    before a label and that before another name.

    Args:
        asked: some words, or the beginnings of some.
        lang: the language of the names.
        kind: only things of this kind.
    """
    wanted = normalize_words(asked)
    if not wanted:
        return []
    words = frozenset(wanted.split())  # an address may hold thousands of the same
    scored = [(_score(hit, wanted, words), hit) for hit in _hits(lang) if kind in ("", hit.kind)]
    return [hit for score, hit in sorted(((s, h) for s, h in scored if s is not None), key=lambda pair: pair[0])]


def _score(hit: Hit, wanted: str, words: frozenset[str]) -> int | None:
    for quality, fits in enumerate((_is, _begins)):
        for tier, text in enumerate(hit.tiers):
            if any(fits(name, wanted) for name in text.split("|")):
                return 3 * quality + tier
    every = " ".join(hit.tiers).replace("|", " ")
    padded = f" {every}"
    return 6 if all(f" {word}" in padded for word in words) else None


def _is(name: str, wanted: str) -> bool:
    return name == wanted


def _begins(name: str, wanted: str) -> bool:
    return name.startswith(wanted)


@cache
def index_script(lang: Language) -> str:
    """Return the index as a script, which a page that is a file can load too, unlike data."""
    kinds = {kind: _kind_name(kind, lang) for kind in (*KINDS, "codes")}
    entries = [[hit.path, hit.name, hit.code, hit.kind, *hit.tiers] for hit in _hits(lang)]
    text = json.dumps({"kinds": kinds, "entries": entries}, ensure_ascii=False, separators=(",", ":"))
    return f"window.bicentennialIndex = {coded(text)};\n"


def _kind_name(kind: str, lang: Language) -> str:
    from bicentennial.core.messages import section

    words = section("explorer")
    text: str = words["codes"]["title"][lang] if kind == "codes" else words["kind"][kind][lang]
    return text


def search_form(view: View, asked: str = "", kind: str = "", *, choose: bool = False) -> Markup:
    """Return the form that asks; with a script it answers while one types."""
    field = element(
        "label",
        view.word("search", "label"),
        element("input", type="search", name="q", value=asked, autocomplete="off", aria_describedby="search-hint"),
        class_="wide",
    )
    parts = [field]
    if choose:
        options = [element("option", view.word("any"), value="")]
        options += [
            element("option", _kind_name(each, view.lang), value=each, selected=each == kind)
            for each in (*_LISTED, "codes")
        ]
        parts.append(element("label", capital(view.word("kind-head")), element("select", *options, name="kind")))
    return element(
        "form",
        *parts,
        element("button", view.word("search", "button")),
        element(
            "p", f"{view.word('search', 'lead')} {view.word('search', 'example')}.", class_="hint", id="search-hint"
        ),
        class_="filter search",
        role="search",
        method="get",
        action=view.href("/explore/search"),
        data_root=view.href("/explore").removesuffix("explore.html").removesuffix("explore"),
        data_suffix=".html" if view.site.files else "",
        data_found=view.word("search", "found", count="{count}"),
        data_first=view.word("search", "first", count="{count}", shown="{shown}"),
        data_nothing=view.word("search", "nothing"),
    )


def search_page(view: View, asked: str = "", kind: str = "") -> str:
    """Return the page of the search, with what was found, or with all names for those who read without a script."""
    hits = find(asked, view.lang, kind)
    body = [
        element("h1", view.word("search", "title")),
        search_form(view, asked, kind, choose=True),
        element("div", *(_results(view, hits) if asked.strip() else []), id="found", aria_live="polite"),
    ]
    if not asked.strip():
        body.append(_everything(view))
    return view.page(
        view.word("search", "title"),
        view.crumbs(("/explore", view.word("explore"))),
        *body,
        description=view.word("search", "lead"),
        scripts=(f"/static/search-{view.lang}.js", "/static/explorer.js"),
    )


def _results(view: View, hits: list[Hit]) -> list[Markup]:
    if not hits:
        return [element("p", view.word("search", "nothing"), class_="notice")]
    counts = {"count": view.number(len(hits)), "shown": view.number(_MOST)}
    key = "first" if len(hits) > _MOST else "found"
    return [
        element("p", view.word("search", key, **counts), class_="muted"),
        element("ul", *(_found(view, hit) for hit in hits[:_MOST]), class_="list results"),
    ]


def _found(view: View, hit: Hit) -> Markup:
    name = element("a", hit.name, href=view.href(hit.path))
    code = [element("span", hit.code, class_="code")] if hit.code and hit.code != hit.name else []
    return element("li", name, *code, element("span", _kind_name(hit.kind, view.lang), class_="count"))


def _everything(view: View) -> Markup:
    """Return every name by kind, which a browser's own search finds things in."""
    groups: dict[str, list[Hit]] = {}
    for hit in _hits(view.lang):
        groups.setdefault(hit.kind, []).append(hit)
    blocks = []
    for kind, hits in groups.items():
        if kind in ("passages", "codes"):  # too many to be read; their lists are a step away
            continue
        items = [element("li", element("a", hit.name, href=view.href(hit.path)),
                         f" ({hit.code})" if hit.code and hit.code != hit.name else "") for hit in hits]  # fmt: skip
        count = element("span", f" · {view.number(len(hits))}", class_="count")
        summary = element("summary", element("strong", _kind_name(kind, view.lang)), count)
        blocks.append(element("details", summary, element("ul", *items, class_="bullets columned"), id=f"all-{kind}"))
    return element("section", element("h2", view.word("search", "all")), *blocks, id="all")
