"""The findings on the page: what to mend first, then every kind with its places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import SEVERITIES
from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.report.html.markup import Markup, bilingual, both, element
from bicentennial.report.html.texts import say, texts
from bicentennial.report.titles import title, written
from bicentennial.report.words import guess, is_guess, number, place, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.core.findings import Finding, Severity
    from bicentennial.report.model import Language, Report

__all__ = ["LISTED", "first", "groups"]

LISTED: Final = 200
"""How many findings of one code the page lists."""

_FIRST: Final = 6
_PLACES: Final = 3
_VALUE: Final = 300
_SIGNS: Final = {"violation": "✗", "warning": "!", "info": "i"}
_TITLE: Final = re.compile(r" \([“«][^”»]*[”»]\)")
_SENTENCE: Final = re.compile(r"[“«]|[”»]|(?<=[.;])\s+(?=[A-ZÁÉÍÓÚÑ¿¡])")


def first(report: Report, nth: int) -> Markup:
    """Return what to mend first: the gravest kinds, each with its first places, as links to all of them."""
    heading = element("h2", both(texts("first" if report.counts["violation"] else "consider")))
    if not report.findings:
        return element("section", heading, element("p", both(texts("no-findings"))), class_="first")
    codes = list(report.by_code)
    items = [_kind(report.of_code(code), report.by_code[code], _anchor(nth, code)) for code in codes[:_FIRST]]
    parts = [heading, element("ol", *items)]
    if more := len(codes) - len(items):
        parts.append(element("p", bilingual(lambda lang: word("more-kinds", lang, number=more)), class_="hint"))
    return element("section", *parts, class_="first")


def _kind(findings: Sequence[Finding], total: int, anchor: str) -> Markup:
    """Return one line on a kind: what is wrong at the first place, where else, and what may have been meant."""

    def where(lang: Language) -> str:
        places = ", ".join(place(finding.location, lang, brief=True) for finding in findings[:_PLACES])
        more = total - min(len(findings), _PLACES)
        return places + (word("others", lang, number=number(more, lang)) if more > 0 else "")

    said = {lang: _TITLE.sub("", _split(findings[0].message[lang])[0], count=1) for lang in LANGUAGES}
    parts = [element("b", bilingual(where)), element("a", both(said), href=f"#{anchor}")]
    if short := guess(findings[0]):
        parts.append(element("span", short, class_="hope"))
    return element("li", _sign(findings[0]), element("div", *parts))


def groups(report: Report, nth: int) -> Markup:
    """Return all findings, grouped by code."""
    by_code = {code: report.of_code(code) for code in report.by_code}
    ordered = [
        _group(report, nth, code, findings)
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


def _filter(report: Report, by_code: Mapping[str, Sequence[Finding]]) -> Markup:
    """Return the controls; they are of use to scripts only, which bring them to light."""
    boxes = [_box(severity, report.counts[severity]) for severity in SEVERITIES if report.counts[severity]]
    every = {f"data_{lang}": texts("all-codes")[lang] for lang in LANGUAGES}
    hints = {f"data_{lang}": texts("search-hint")[lang] for lang in LANGUAGES}
    shown = {f"data_{lang}": texts("shown")[lang] for lang in LANGUAGES}
    options = [element("option", code, value=code) for code, findings in by_code.items() if findings]
    return element(
        "form",
        element("fieldset", element("legend", both(texts("filter"))), *boxes),
        element("label", both(texts("code")), element("select", element("option", value="", **every), *options)),
        element("label", both(texts("search")), element("input", type="search", **hints)),
        element("output", **shown),
        class_="filter",
        hidden=True,
    )


def _box(severity: Severity, count: int) -> Markup:
    names = entry("report", "severity")[severity]["many"]
    return element(
        "label",
        element("input", type="checkbox", value=severity, checked=True, class_="severity"),
        element("span", _SIGNS[severity], aria_hidden="true", class_=f"sign {severity}"),
        bilingual(lambda lang: f"{names[lang]} ({number(count, lang)})"),
    )


def _group(report: Report, nth: int, code: str, findings: Sequence[Finding]) -> Markup:
    total = report.by_code[code]
    said = [{lang: _split(finding.message[lang]) for lang in LANGUAGES} for finding in findings[:LISTED]]
    remedies = {tuple(parts[lang][1] for lang in LANGUAGES) for parts in said}
    common = len(remedies) == 1 and len(said) > 1
    head = [
        element("h3", _sign(findings[0]), both(title(findings[0]))),
        element("p", element("code", code), element("b", bilingual(lambda lang: number(total, lang))), class_="code"),
    ]
    if common:
        head.append(element("p", both({lang: said[0][lang][1] for lang in LANGUAGES}), class_="remedy"))
    items = [_finding(finding, parts, common=common) for finding, parts in zip(findings, said, strict=False)]
    body = [element("header", *head), element("ol", *items)]
    if total > len(said):
        amounts = {lang: {"listed": number(len(said), lang), "all": number(total, lang)} for lang in LANGUAGES}
        body.append(element("p", bilingual(lambda lang: say("not-listed", lang, **amounts[lang])), class_="hint"))
    return element(
        "section",
        *body,
        class_=f"group {findings[0].severity}",
        id=_anchor(nth, code),
        data_code=code,
        data_severity=findings[0].severity,
    )


def _finding(finding: Finding, said: Mapping[str, tuple[str, str]], *, common: bool) -> Markup:
    where = [bilingual(lambda lang: place(finding.location, lang))]
    if finding.location.header:
        where.append(element("small", finding.location.header))
    parts = [element("p", both({lang: said[lang][0] for lang in LANGUAGES}), class_="problem")]
    if not common and any(said[lang][1] for lang in LANGUAGES):
        parts.append(element("p", both({lang: said[lang][1] for lang in LANGUAGES}), class_="remedy"))
    facts = []
    if finding.value:
        value = bilingual(lambda lang: _shortened(written(finding, lang)), "bdi")
        facts.append(element("div", element("dt", both(texts("written"))), element("dd", value)))
    if finding.suggestions:
        values = [element("dd", element("bdi", each)) for each in finding.suggestions]
        said_as = "suggested" if is_guess(finding) else "possible"
        facts.append(element("div", element("dt", both(texts(said_as))), *values, class_="suggested"))
    if facts:
        parts.append(element("dl", *facts))
    return element("li", element("p", *where, class_="place"), element("div", *parts), class_="finding")


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


def _split(message: str) -> tuple[str, str]:
    """Return a message as what is wrong and what to do; a full stop within a quoted value divides nothing.

    >>> _split("A “U.S. Army” has no goal. Write one.")
    ('A “U.S. Army” has no goal.', 'Write one.')
    """
    depth = 0
    for match in _SENTENCE.finditer(message):
        if match.group() in ("“", "«"):
            depth += 1
        elif match.group() in ("”", "»"):
            depth = max(0, depth - 1)
        elif depth == 0:
            return message[: match.start()], message[match.end() :]
    return message, ""
