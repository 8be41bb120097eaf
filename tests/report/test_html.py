"""The page: nothing in it acts, both languages are whole, its totals are those of the JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

import bicentennial as bic
from bicentennial.core.findings import Finding, Location
from bicentennial.core.resources import directory
from bicentennial.report.html import to_html
from bicentennial.report.html.findings import LISTED
from bicentennial.report.model import Report
from bicentennial.validation.coverage import Bar, Coverage, Span
from bicentennial.validation.outcome import Outcome

FAULTY = directory("submissions") / "faulty.csv"
VOID = {"br", "input", "link", "meta"}


class Page(HTMLParser):
    """The elements of a page, with the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(tag for tag, _ in self.open), data))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.all if name == tag]

    def text_in(self, tag: str) -> str:
        return " ".join(text for tags, text in self.texts if tag in tags)


@pytest.fixture(scope="module")
def report() -> Report:
    return bic.validate(FAULTY)


def finding(**parts: object) -> Finding:
    problem, remedy = {"en": "Something is wrong.", "es": "Algo falla."}, {"en": "Mend it.", "es": "Corríjalo."}
    settings = {"code": "x", "severity": "violation", "problem": problem, "remedy": remedy, **parts}
    return Finding(**settings)  # type: ignore[arg-type]


def outcome(*findings: Finding, total: int | None = None, coverage: Coverage | None = None) -> Outcome:
    totals = {each.code: (str(each.severity), total or sum(f.code == each.code for f in findings)) for each in findings}
    return Outcome(file="a.csv", format="csv", actions=1, engine="compiled", findings=findings, totals=totals,
                   coverage=coverage)  # fmt: skip


def hash_of(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_every_element_is_closed_and_ids_are_unique(report: Report) -> None:
    page = Page(report.to_html())
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.all if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"] for attributes in page.named("a")}
    assert targets <= {f"#{name}" for name in ids}


def test_the_policy_allows_its_own_style_and_script_and_nothing_else(report: Report) -> None:
    text = report.to_html()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert style is not None
    assert script is not None
    policy = next(each["content"] for each in Page(text).named("meta") if "http-equiv" in each)
    assert policy == (
        f"default-src 'none'; style-src '{hash_of(style[1])}'; script-src '{hash_of(script[1])}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_loaded_and_no_element_carries_code_or_style(report: Report) -> None:
    for tag, attributes in Page(report.to_html()).all:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        assert not {"src", "style", "srcset", "action"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"url\((?!#)|@import|https?://(?!w3id\.org)", report.to_html())


HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</script>",
    "\x1b[2J\x1b[31mConforms",
    "safe\u202egnp.exe\u2066",
    "&lt;b&gt;",
    "line\nbreak\x00",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_values_cannot_act(value: str) -> None:
    made = finding(
        code=value,
        value=value,
        problem={"en": value, "es": value},
        suggestions=(value,),
        location=Location(file=value, sheet=value, row=1, column="A", header=value),
    )
    labels = {"en": value, "es": value}
    coverage = Coverage(
        1,
        (Bar(labels, 1),),
        (Bar(labels, 1, "unresolved"),),
        statuses=(Bar(labels, 1),),
        spans=(Span(value, "2023", None, due=False),),
    )
    hostile = Outcome(file=value, format="csv", actions=1, engine="compiled", findings=(made,),
                      totals={value: ("violation", 1)}, coverage=coverage)  # fmt: skip
    harmless = Outcome(file="v", format="csv", actions=1, engine="compiled", findings=(finding(
        code="v", value="v", problem={"en": "v", "es": "v"}, suggestions=("v",),
        location=Location(file="v", sheet="v", row=1, column="A", header="v")),),
        totals={"v": ("violation", 1)}, coverage=Coverage(
            1, (Bar({"en": "v", "es": "v"}, 1),), (Bar({"en": "v", "es": "v"}, 1, "unresolved"),),
            statuses=(Bar({"en": "v", "es": "v"}, 1),), spans=(Span("v", "2023", None, due=False),)))  # fmt: skip
    text = to_html([Report(hostile)], "en")
    page, plain = Page(text), Page(to_html([Report(harmless)], "en"))
    assert [tag for tag, _ in page.all] == [tag for tag, _ in plain.all]
    assert [sorted(attributes) for _, attributes in page.all] == [sorted(attributes) for _, attributes in plain.all]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


def test_both_languages_are_whole_and_the_page_opens_in_the_given_one(report: Report) -> None:
    for lang in ("en", "es"):
        page = Page(report.to_html(lang))
        assert page.named("html")[0]["lang"] == lang
        assert [each["value"] for each in page.named("input") if each.get("type") == "radio" and "checked" in each] == [
            lang
        ]
        for each in report.findings:
            for text in each.message.values():
                first = text.split(". ")[0]
                assert any(first in shown for _, shown in page.texts), first
    assert "Qué corregir primero" in Page(report.to_html("en")).text_in("h2")
    assert "What to fix first" in Page(report.to_html("es")).text_in("h2")


def test_totals_are_those_of_the_json(report: Report) -> None:
    summary = json.loads(report.to_json())["summary"]
    page = report.to_html()
    groups = re.findall(r'data-code="([^"]*)" data-severity="(\w+)"', page)
    assert {code for code, _ in groups} == set(summary["by_code"])
    for code, total in summary["by_code"].items():
        assert f'<code>{code}</code><b><span lang="en">{total}</span>' in page
    for severity, name in (("violation", "violations"), ("warning", "warnings"), ("info", "notes")):
        assert f"{name} ({summary[severity]})" in page
    assert page.count('<li class="finding">') == sum(summary["by_code"].values())


def test_what_is_not_listed_is_counted_and_said() -> None:
    many = tuple(finding(location=Location(row=row)) for row in range(1, LISTED + 51))
    page = to_html([Report(outcome(*many, total=12_345))], "en")
    assert page.count('<li class="finding">') == LISTED
    assert "The page lists the first 200 of 12,345" in page
    assert "La página enumera los primeros 200 de 12\u00a0345" in page


def test_a_common_remedy_is_said_once_and_others_each_time() -> None:
    same = [finding(location=Location(row=row)) for row in (1, 2)]
    other = [finding(code="y", remedy={"en": f"Do {n}.", "es": f"Haga {n}."}, location=Location(row=n)) for n in (3, 4)]
    page = to_html([Report(outcome(*same, *other))], "en")
    assert page.count(">Mend it.<") == 1
    assert page.count(">Do 3.<") == 1
    assert page.count(">Do 4.<") == 1
    alone = to_html([Report(outcome(same[0]))], "en")
    assert alone.index(">Mend it.<") > alone.index('<li class="finding"')


def test_places_are_cells_lines_and_pointers() -> None:
    places = [
        Location(sheet="actions", row=7, column="C", header="goal"),
        Location(line=12),
        Location(line=3, pointer="/actions/0/goal"),
        Location(),
    ]
    page = Page(to_html([Report(outcome(*(finding(location=each) for each in places)))], "es"))
    found = [text for tags, text in page.texts if tags[-2:] == ("p", "span")]
    for place in ("actions!C7", "línea 12", "todo el archivo"):
        assert place in found


def test_coverage_is_drawn_with_a_title_a_description_and_a_table(report: Report) -> None:
    page = Page(report.to_html("en"))
    drawings = page.named("svg")
    assert len(drawings) == 8  # four plots in two languages
    ids = {attributes.get("id") for _, attributes in page.all}
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set((drawing["aria-labelledby"] or "").split()) <= ids
    assert len(page.named("table")) == 8
    coverage = report.outcome.coverage
    assert coverage is not None
    described = [text for tags, text in page.texts if tags[-1:] == ("desc",)]
    assert described[0].startswith("Protect our people: 2, Public Health: 0, Support Safe Communities: 1")
    cells = [text for tags, text in page.texts if tags[-2:] == ("tr", "td")]
    for bar in (*coverage.goals, *coverage.parties, *coverage.statuses):
        assert str(bar.count) in cells


def test_many_dated_actions_are_drawn_by_year() -> None:
    coverage = Coverage(900, years=tuple((year, 900 - year % 100) for year in range(1950, 2030)), undated=3)
    page = Page(to_html([Report(outcome(coverage=coverage))], "en"))
    assert "Actions under way in each year" in page.text_in("h3")
    rows = [text for tags, text in page.texts if tags[-2:] == ("tr", "th")]
    assert "1950–1954" in rows
    assert "Actions without a date: 3" in page.text_in("svg")


def test_the_same_report_gives_the_same_page(report: Report) -> None:
    assert report.to_html() == bic.validate(FAULTY).to_html()


def test_a_page_holds_several_reports_and_what_could_not_be_read(report: Report) -> None:
    page = Page(to_html([report, bic.validate("no-such-file.csv")], "en"))
    assert page.open == []
    assert len(page.named("article")) == 2
    assert "2 of 2 files do not conform: 13 violations, 4 warnings, 3 notes in 7 actions." in page.text_in("h1")
    assert "no-such-file.csv could not be checked." in page.text_in("h2")
    links = [each["href"] for each in page.named("a") if str(each["href"]).startswith("#report-")]
    assert links == ["#report-1", "#report-2"]
    assert {each["id"] for each in page.named("article")} == {"report-1", "report-2"}
    ids = [attributes["id"] for _, attributes in page.all if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_what_conforms_says_so(report: Report) -> None:
    page = Page(to_html([Report(Outcome(file="a.csv", format="csv", actions=2, engine="compiled"))], "es"))
    assert "a.csv es conforme: 2 acciones, nada que corregir." in page.text_in("h1")
    assert "Nothing was found." in page.text_in("section")
    assert [each["href"] for each in page.named("a")] == ["#main"]
