"""The page as a whole: its head with the policy, its verdicts, facts and plots."""

from __future__ import annotations

import base64
import hashlib
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.core.resources import version
from bicentennial.html.assets import base_style
from bicentennial.html.markup import Markup, bilingual, both, element
from bicentennial.report.html.findings import first, groups
from bicentennial.report.html.plots import figures
from bicentennial.report.html.texts import say, texts
from bicentennial.report.overview import SIGNS, headline, heads, row, state
from bicentennial.report.words import counted, engine, judged_by, made_for, number, read_as, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bicentennial.core.messages import Language
    from bicentennial.report.html.plots import Figure
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["article", "page"]


def page(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    """Return the page."""
    style, script = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    style = _other_languages_hidden() + base_style() + style
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    titles = {each: texts("title")[each].format(file=_named(reports, each)) for each in LANGUAGES}
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"bicentennial {version()}"),
        element("title", titles[lang]),
        Markup(f"<style>{style}</style>"),
    )
    articles = [article(report, place, several=len(reports) != 1) for place, report in enumerate(reports, start=1)]
    main = element("main", *([] if len(reports) == 1 else [_overview(reports)]), *articles, id="main")
    foot = element("footer", bilingual(lambda each: say("made-by", each, version=version()), "p"))
    script_element = Markup(f"<script>{script}</script>")
    start = "findings-1" if len(reports) == 1 and reports[0].findings else "main"
    body = element("body", _top(lang, start), main, foot, script_element)
    attributes = {f"data_title_{language}": title for language, title in titles.items()}
    attributes |= {f"data_thousands_{each}": mark for each, mark in entry("report", "thousands").items()}
    return f"<!doctype html>\n{element('html', head, body, lang=lang, data_lang=lang, **attributes)}\n"


def _other_languages_hidden() -> str:
    """Return the rules that hide what is not in the language chosen, or in that of the page where CSS cannot tell."""
    chosen, fixed = [], []
    for lang, other in permutations(LANGUAGES, 2):
        hidden = f'body [lang="{other}"]:not(.always) {{ display: none; }}'
        chosen.append(f"html:has(#lang-{lang}:checked) {hidden}")
        fixed.append(f'html[data-lang="{lang}"] {hidden}')
    return "\n".join([*chosen, "@supports not selector(:has(*)) {", *fixed, "}", ""])


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _top(lang: Language, start: str) -> Markup:
    choices = [
        element(
            "label",
            element("input", type="radio", name="lang", id=f"lang-{each}", value=each, checked=each == lang),
            element("span", entry("report", "language")[each], lang=each, class_="always"),
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


def _named(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    return reports[0].file if len(reports) == 1 else counted("file", len(reports), lang)


def _overview(reports: Sequence[JudgedOutcome]) -> Markup:
    """Return what stands before several reports: the verdict on all, and a line for each file with a link to it."""
    conforms = bool(reports) and all(report.conforms for report in reports)
    titles: dict[Language, list[str]] = {lang: heads(lang) for lang in LANGUAGES}
    columns = [element("th", both({lang: titles[lang][n] for lang in LANGUAGES}), scope="col") for n in range(5)]
    parts = [
        _state("conforms" if conforms else "fails"),
        element("h1", bilingual(lambda lang: headline(reports, lang))),
        element(
            "table",
            element("thead", element("tr", *columns)),
            element("tbody", *(_line(report, place) for place, report in enumerate(reports, start=1))),
            class_="files",
        ),
    ]
    if skipped := ", ".join(getattr(reports, "skipped", ())):
        said = entry("inputs", "passed-over")
        parts.append(element("p", both({lang: said[lang].format(files=skipped) for lang in LANGUAGES}), class_="hint"))
    return element("section", *parts, class_="overview")


def _line(report: JudgedOutcome, place: int) -> Markup:
    cells: dict[Language, list[str]] = {lang: row(report, lang) for lang in LANGUAGES}
    return element(
        "tr",
        element("th", _sign(state(report)), element("a", report.file, href=f"#report-{place}"), scope="row"),
        *(element("td", both({lang: cells[lang][n] for lang in LANGUAGES})) for n in range(4)),
    )


def _sign(state: str) -> Markup:
    name = element("span", both(texts(state)), class_="name")
    return element("span", element("span", SIGNS[state], aria_hidden="true"), name, class_=f"mark {state}")


def _state(state: str) -> Markup:
    return element("p", element("span", SIGNS[state], aria_hidden="true"), both(texts(state)), class_=f"state {state}")


def article(report: JudgedOutcome, place: int = 1, *, several: bool = False, slot: Markup | None = None) -> Markup:
    """Return one report: its verdict, what to fix first, what it covers, and every finding; both languages are in it.

    Args:
        report: the report.
        place: which of the reports on the page it is.
        several: whether there are others.
        slot: what follows the verdict.
    """
    parts = [
        _state(state(report)),
        element("h2" if several else "h1", bilingual(lambda lang: verdict(report, lang)), class_="verdict"),
        *([slot] if slot else []),
        element("div", first(report, place), _facts(report), class_="split"),
    ]
    if report.outcome.coverage is not None and report.outcome.coverage.actions:
        parts.append(_coverage(report, f"r{place}"))
    parts.append(groups(report, place))
    return element("article", *parts, id=f"report-{place}")


def _facts(report: JudgedOutcome) -> Markup:
    from bicentennial.formats.registry import TITLES

    outcome = report.outcome
    severities = entry("report", "severity")
    facts: list[tuple[str, Mapping[str, str] | str]] = [
        ("file", outcome.file),
        ("format", TITLES.get(outcome.format or "", "")),
        ("actions", {lang: number(outcome.actions, lang) for lang in LANGUAGES}),
        ("sheets", {lang: read_as(report, lang) for lang in LANGUAGES} if read_as(report, "en") else ""),
        ("statements", {lang: number(outcome.statements, lang) for lang in LANGUAGES}),
        ("engine", engine(report)),
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


def _coverage(report: JudgedOutcome, prefix: str) -> Markup:
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
        for first_cell, *others in figure.rows:
            yield element("tr", element("th", first_cell, scope="row"), *(element("td", cell) for cell in others))

    heads = (element("th", cell, scope="col") for cell in figure.head)
    return element("table", element("thead", element("tr", *heads)), element("tbody", *rows()))
