"""The findings on the page: what to fix first, then every kind with its places."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import SEVERITIES
from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.html.markup import Markup, bilingual, both, element
from bicentennial.report.codes.titles import title, written
from bicentennial.report.html.texts import say, texts
from bicentennial.report.words import guess, is_guess, more_kinds_below, number, place, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bicentennial.core.findings import Finding, Severity
    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["LISTED", "first", "groups"]

LISTED: Final = 200
"""How many findings of one code the page lists."""

_FIRST: Final = 6
_PLACES: Final = 3
_VALUE: Final = 300
_SHORT: Final = 16
_SIGNS: Final = {"violation": "✗", "warning": "!", "info": "i"}


def first(report: JudgedOutcome, nth: int) -> Markup:
    """Return what to fix first: the gravest kinds, each with its first places, as links to all of them."""
    heading = element("h2", both(texts("first" if report.counts["violation"] else "consider")))
    if not report.findings:
        return element("section", heading, element("p", both(texts("no-findings"))), class_="first")
    totals, grouped = report.by_code, report.grouped
    items = [_kind(grouped[code], total, _anchor(nth, code)) for code, total in list(totals.items())[:_FIRST]]
    parts = [heading, element("ol", *items)]
    if more := len(totals) - len(items):
        parts.append(element("p", bilingual(lambda lang: more_kinds_below(more, lang)), class_="hint"))
    return element("section", *parts, class_="first")


def _kind(findings: Sequence[Finding], total: int, anchor: str) -> Markup:
    """Return one line on a kind: what is wrong at the first place, where else, and what may have been meant."""

    def where(lang: Language) -> str:
        places = ", ".join(place(finding.location, lang, brief=True) for finding in findings[:_PLACES])
        more = total - min(len(findings), _PLACES)
        return places + (word("others", lang, number=number(more, lang)) if more > 0 else "")

    said: dict[str, str] = {lang: findings[0].brief(lang) for lang in LANGUAGES}
    parts = [element("b", bilingual(where)), element("a", both(said), href=f"#{anchor}")]
    short: dict[str, str] = {lang: guess(findings[0], lang) for lang in LANGUAGES}
    if any(short.values()):
        same = short["en"] if len(set(short.values())) == 1 else both(short)
        parts.append(element("span", same, class_="hope"))
    return element("li", _sign(findings[0]), element("div", *parts))


def groups(report: JudgedOutcome, nth: int) -> Markup:
    """Return all findings, grouped by code."""
    by_code, totals = report.grouped, report.by_code
    ordered = [
        _group(findings, totals[code], _anchor(nth, code))
        for severity in SEVERITIES
        for code, findings in by_code.items()
        if findings and findings[0].severity == severity
    ]
    if not ordered:
        return Markup("")
    return element(
        "section",
        element("h2", both(texts("findings"))),
        _filter(report, by_code),
        *ordered,
        class_="findings",
        id=f"findings-{nth}",
    )


def _filter(report: JudgedOutcome, by_code: Mapping[str, Sequence[Finding]]) -> Markup:
    """Return the controls; they are of use to scripts only, which bring them to light."""
    boxes = [_box(severity, report.counts[severity]) for severity in SEVERITIES if report.counts[severity]]
    every = {f"data_{lang}": texts("all-codes")[lang] for lang in LANGUAGES}
    hints = {f"data_{lang}": texts("search-hint")[lang] for lang in LANGUAGES}
    shown = {f"data_{lang}": texts("shown")[lang] for lang in LANGUAGES}
    options = [_option(code, findings[0]) for code, findings in by_code.items() if findings]
    return element(
        "form",
        element("fieldset", element("legend", both(texts("filter"))), *boxes),
        element("label", both(texts("code")), element("select", element("option", value="", **every), *options)),
        element("label", both(texts("search")), element("input", type="search", **hints)),
        element("output", **shown),
        class_="filter",
        hidden=True,
    )


def _option(code: str, finding: Finding) -> Markup:
    """Return a choice of the filter: the title in the page's language, and the code."""
    named = {f"data_{lang}": _choice(text, code) for lang, text in title(finding).items()}
    return element("option", _choice(title(finding)["en"], code), value=code, **named)


def _choice(title: str, code: str) -> str:
    return f"{title} · {code}" if title != code else code


def _box(severity: Severity, count: int) -> Markup:
    names = entry("report", "severity")[severity]["many"]
    return element(
        "label",
        element("input", type="checkbox", value=severity, checked=True, class_="severity"),
        element("span", _SIGNS[severity], aria_hidden="true", class_=f"sign {severity}"),
        bilingual(lambda lang: f"{names[lang]} ({number(count, lang)})"),
    )


def _group(findings: Sequence[Finding], total: int, anchor: str) -> Markup:
    code, listed = findings[0].code, findings[:LISTED]
    common = len(listed) > 1 and all(finding.remedy == listed[0].remedy for finding in listed)
    head = [
        element("h3", _sign(findings[0]), both(title(findings[0]))),
        element("p", element("code", code), element("b", bilingual(lambda lang: number(total, lang))), class_="code"),
    ]
    if common:
        head += _remedy(listed[0])
    items = [_finding(finding, common=common) for finding in listed]
    body = [element("header", *head), element("ol", *items)]
    if total > len(listed):
        amounts = {lang: {"listed": number(len(listed), lang), "all": number(total, lang)} for lang in LANGUAGES}
        body.append(element("p", bilingual(lambda lang: say("not-listed", lang, **amounts[lang])), class_="hint"))
    return element(
        "section",
        *body,
        class_=f"group {findings[0].severity}",
        id=anchor,
        data_code=code,
        data_severity=findings[0].severity,
    )


def _remedy(finding: Finding) -> list[Markup]:
    return [element("p", both(finding.remedy), class_="remedy")] if any(finding.remedy.values()) else []


def _finding(finding: Finding, *, common: bool) -> Markup:
    where = [bilingual(lambda lang: place(finding.location, lang))]
    if finding.location.header:
        where.append(element("small", finding.location.header))
    parts = [element("p", both(finding.problem), class_="problem")]
    if not common:
        parts += _remedy(finding)
    facts = []
    if finding.value:
        value = bilingual(lambda lang: _shortened(written(finding, lang)), "bdi")
        facts.append(element("div", element("dt", both(texts("written"))), element("dd", value)))
    if finding.suggestions:
        values = [element("dd", each) for each in _suggested(finding)]
        said_as = "suggested" if is_guess(finding) else "possible"
        facts.append(element("div", element("dt", both(texts(said_as))), *values, class_="suggested"))
    if facts:
        parts.append(element("dl", *facts))
    # A short place stands on one line, on paper too; only a long one may be broken.
    short = max(len(place(finding.location, lang)) for lang in LANGUAGES) <= _SHORT
    placed = element("p", *where, class_="place short" if short else "place")
    return element("li", placed, element("div", *parts), class_="finding")


def _suggested(finding: Finding) -> Iterator[Markup]:
    """Yield the suggestions, one text where they are the same in each language."""
    several = {lang: finding.suggestions_in(lang) for lang in LANGUAGES}
    if len(set(several.values())) == 1:
        yield from (element("bdi", each) for each in finding.suggestions_in(LANGUAGES[0]))
        return
    for row in zip_longest(*several.values(), fillvalue=""):
        yield both(dict(zip(LANGUAGES, row, strict=True)), "bdi")


def _shortened(value: str) -> str:
    return value if len(value) <= _VALUE else value[: _VALUE - 1] + "…"


def _sign(finding: Finding) -> Markup:
    severity = finding.severity
    name = both(entry("report", "severity")[severity]["one"])
    return element(
        "span",
        element("span", _SIGNS[severity], aria_hidden="true"),
        element("span", name, class_="name"),
        class_=f"sign {severity}",
    )


def _anchor(nth: int, code: str) -> str:
    return f"r{nth}-" + re.sub(r"[^A-Za-z0-9_.-]", "_", code)
