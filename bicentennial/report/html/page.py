"""The page as a whole: its head with the policy, its verdicts, facts and plots."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.core.resources import version
from bicentennial.report.html.findings import first, groups
from bicentennial.report.html.markup import Markup, bilingual, both, element
from bicentennial.report.html.plots import figures
from bicentennial.report.html.texts import say, texts
from bicentennial.report.words import judged_by, made_for, number, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bicentennial.report.html.plots import Figure
    from bicentennial.report.model import Language, Report

__all__ = ["page"]

_NAMES: Final = {"en": "English", "es": "Español"}
_SIGNS: Final = {"conforms": "✓", "fails": "✗", "unread": "?"}


def page(reports: Sequence[Report], lang: Language) -> str:
    """Return the page."""
    style, script = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    files = ", ".join(report.file for report in reports)
    titles = {language: text.format(file=files) for language, text in texts("title").items()}
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"bicentennial {version()}"),
        element("title", titles[lang]),
        Markup(f"<style>{style}</style>"),
    )
    main = element("main", *(_report(report, place) for place, report in enumerate(reports, start=1)), id="main")
    foot = element("footer", bilingual(lambda each: say("made-by", each, version=version()), "p"))
    script_element = Markup(f"<script>{script}</script>")
    start = "findings-1" if reports and reports[0].findings else "main"
    body = element("body", _top(lang, start), main, foot, script_element)
    attributes = {f"data_title_{language}": title for language, title in titles.items()}
    return f"<!doctype html>\n{element('html', head, body, lang=lang, data_lang=lang, **attributes)}\n"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _top(lang: Language, start: str) -> Markup:
    choices = [
        element(
            "label",
            element("input", type="radio", name="lang", id=f"lang-{each}", value=each, checked=each == lang),
            element("span", _NAMES[each], lang=each, class_="always"),
        )
        for each in LANGUAGES
    ]
    return element(
        "header",
        element("a", both(texts("skip")), href=f"#{start}", class_="skip"),
        element("p", both(texts("kicker")), class_="kicker"),
        element("fieldset", element("legend", both(texts("language"))), *choices, class_="languages"),
        class_="top",
    )


def _report(report: Report, place: int) -> Markup:
    state = "conforms" if report.conforms else "fails" if report.outcome.checked else "unread"
    parts = [
        element("p", element("span", _SIGNS[state], aria_hidden="true"), both(texts(state)), class_=f"state {state}"),
        element("h1", bilingual(lambda lang: verdict(report, lang))),
        element("div", first(report, place), _facts(report), class_="split"),
    ]
    if report.outcome.coverage is not None and report.outcome.coverage.actions:
        parts.append(_coverage(report, f"r{place}"))
    parts.append(groups(report, place))
    return element("article", *parts)


def _facts(report: Report) -> Markup:
    from bicentennial.formats.registry import TITLES

    outcome = report.outcome
    severities = entry("report", "severity")
    facts: list[tuple[str, Mapping[str, str] | str]] = [
        ("file", outcome.file),
        ("format", TITLES.get(outcome.format or "", "")),
        ("actions", {lang: number(outcome.actions, lang) for lang in LANGUAGES}),
        ("statements", {lang: number(outcome.statements, lang) for lang in LANGUAGES}),
        ("engine", outcome.engine or ""),
        ("threshold", severities[report.fail_on]["one"]),
        ("made-for", {lang: made_for(report, lang) for lang in LANGUAGES} if outcome.made_for else ""),
        ("profile", {lang: judged_by(report, lang) for lang in LANGUAGES} if report.profile else ""),
        ("version", f"bicentennial {version()}"),
    ]
    rows = [
        element("div", element("dt", both(texts(key))), element("dd", value if isinstance(value, str) else both(value)))
        for key, value in facts
        if value
    ]
    return element("section", element("h2", both(texts("facts"))), element("dl", *rows), class_="facts")


def _coverage(report: Report, prefix: str) -> Markup:
    coverage = report.outcome.coverage
    assert coverage is not None
    drawn: dict[str, list[Figure]] = {lang: list(figures(coverage, lang, prefix)) for lang in LANGUAGES}
    pairs = list(zip(*(drawn[lang] for lang in LANGUAGES), strict=True))
    # Two columns of about the same height: goals and statuses, parties and time.
    columns = [element("div", *(_figure(pair) for pair in pairs[start::2]), class_="column") for start in range(2)]
    return element(
        "section",
        element("h2", both(texts("coverage"))),
        element("p", both(texts("coverage-note")), class_="hint"),
        element("div", *columns, class_="figures"),
        class_="coverage",
    )


def _figure(pair: Sequence[Figure]) -> Markup:
    both_drawn = dict(zip(LANGUAGES, pair, strict=True))
    drawings = [element("div", figure.svg, lang=lang) for lang, figure in both_drawn.items()]
    tables = [element("div", _table(figure), lang=lang) for lang, figure in both_drawn.items()]
    return element(
        "figure",
        element("figcaption", element("h3", both(texts(pair[0].name)))),
        *drawings,
        element("details", element("summary", both(texts("as-table"))), *tables),
    )


def _table(figure: Figure) -> Markup:
    def rows() -> Iterator[Markup]:
        for row in figure.rows:
            yield element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:]))

    heads = (element("th", cell, scope="col") for cell in figure.head)
    return element("table", element("thead", element("tr", *heads)), element("tbody", *rows()))
