"""The parts of the page for questions: the list, the form of one question, the editor, the answer, files to save."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from bicentennial.core.messages import entry, section
from bicentennial.core.namespaces import PREFIXES
from bicentennial.html.markup import Markup, element, safe
from bicentennial.knowledge.sparql.guard import tokenise
from bicentennial.knowledge.sparql.library import by_topic
from bicentennial.knowledge.sparql.misspelt import is_reading_graphs
from bicentennial.service.asking.parameters import fields
from bicentennial.service.asking.table import answer
from bicentennial.service.sparql.forms import offered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bicentennial.core.messages import Language
    from bicentennial.knowledge.sparql.library import NamedQuery
    from bicentennial.knowledge.sparql.results import QueryResult

__all__ = ["PATH", "Answered", "Maker", "declared", "noted"]

PATH: Final = "/query"
_EXAMPLE: Final = """\
SELECT ?goal ?label (COUNT(?action) AS ?actions) WHERE {{
  ?goal a bic:Goal ; skos:prefLabel ?label .
  FILTER(LANG(?label) = "{lang}")
  OPTIONAL {{ ?action bic:advancesGoal ?goal }}
}}
GROUP BY ?goal ?label
ORDER BY ?goal
"""
# Longer addresses are not taken by every program between a browser and a service.
_LONGEST_ADDRESS: Final = 4_000


def declared(text: str) -> str:
    """Return a query that declares those of our prefixes that it uses, so that it can be read anywhere.

    >>> print(declared("ASK { ?x a bic:Goal }"))
    PREFIX bic: <https://w3id.org/bicentennial/ontology#>
    ASK { ?x a bic:Goal }
    """
    tokens = list(tokenise(text))
    known = {
        after.text.partition(":")[0]
        for before, after in pairwise(tokens)
        if before.kind == "word" and before.text.upper() == "PREFIX"
    }
    used = {each.text.partition(":")[0] for each in tokens if each.kind == "name"}
    missing = [name for name in PREFIXES if name in used - known]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in missing) + text


class Answered(NamedTuple):
    """What came of a question: the answer or a sentence on why there is none, and notes to print with it."""

    query: str
    form: str = ""
    found: QueryResult | None = None
    is_cut: bool = False
    notes: Sequence[Mapping[str, str]] = ()
    error: Mapping[str, str] | None = None


class Maker(NamedTuple):
    """Makes the parts of a page in one language.

    Args:
        lang: the language.
        href: makes an address of a path, which begins with a slash and has no language unless it is none of a page.
        has_registry: whether there are graphs of partners to ask.
    """

    lang: Language
    href: Callable[[str], str]
    has_registry: bool

    def word(self, key: str, **fields: object) -> str:
        """Return a text of `[ask]`."""
        text: str = section("ask")[key][self.lang]
        return text.format(**fields) if fields else text

    def page(self, path: str) -> str:
        """Return the address of a page in this language."""
        return self.href(f"/{self.lang}{path}")

    def questions(self) -> Markup:
        """Return the named questions by topic; those about partners' data where there are such data."""
        topics = []
        for topic, queries in by_topic().items():
            items = [
                element("li", element("a", each.title[self.lang], href=self.page(f"{PATH}?question={each.name}")))
                for each in queries
                if self.has_registry or not is_reading_graphs(tuple(tokenise(each.text)))
            ]
            if items:
                title = element("h3", entry("query", "topic")[topic][self.lang])
                topics.append(element("div", title, element("ul", *items, class_="list")))
        return element(
            "section",
            element("h2", self.word("questions"), id="questions"),
            element("div", *topics, class_="questions"),
            aria_labelledby="questions",
        )

    def crumbs(self) -> Markup:
        """Return the way back to the list."""
        link = element("a", self.word("title"), href=self.page(PATH))
        return element("nav", element("ol", element("li", link)), class_="crumbs", aria_label=self.word("questions"))

    def form(self, query: NamedQuery, values: Mapping[str, str], errors: Mapping[str, str]) -> Markup:
        """Return the form of a named question, or nothing where it has no parameters."""
        if not query.parameters:
            return Markup("")
        return element(
            "form",
            element("input", type="hidden", name="question", value=query.name),
            *fields(query, values, self.lang, errors),
            element("button", self.word("change")),
            method="get",
            action=self.page(PATH),
            class_="ask",
        )

    def editor(self, text: str = "", *, is_part: bool = False) -> Markup:
        """Return the editor for a question of one's own: a text field, which a script makes more of.

        Args:
            text: what stands in it; an example if nothing.
            is_part: whether the page is about more than this question.
        """
        hint = self.word("own-hint" if self.has_registry else "own-hint-plain")
        form = element(
            "form",
            element("label", self.word("query"), for_="query"),
            element(
                "textarea",
                # The parser of HTML drops a line break right after the tag.
                Markup(f"\n{_lines(text or declared(_EXAMPLE.format(lang=self.lang)))}"),
                id="query",
                name="query",
                class_="code",
                rows="12",
                spellcheck="false",
                autocapitalize="off",
                autocomplete="off",
                aria_describedby="query-hint",
                lang="en",
                data_terms=self.href("/query/terms.json"),
            ),
            element("p", self.word("keys"), class_="hint keys", hidden=True),
            element("div", element("button", self.word("run"), data_busy=self.word("running")), class_="buttons"),
            method="get",
            action=self.page(PATH),
            class_="editor",
        )
        head = element("h2", self.word("own"), id="own") if is_part else element("h1", self.word("own"), id="own")
        return element("section", head, element("p", hint, id="query-hint"), form, aria_labelledby="own")

    def result(self, answered: Answered) -> Markup:
        """Return the answer with its notes and the files to save, or why there is none."""
        if answered.error is not None:
            text = element("p", answered.error[self.lang])
            inside = element("h2", self.word("error"), id="answer"), text
            return element("section", *inside, class_="notice violation", role="alert", aria_labelledby="answer")
        assert answered.found is not None
        return element(
            "section",
            element("h2", self.word("answer"), id="answer"),
            *(element("p", note[self.lang], class_="note") for note in answered.notes),
            *self._counted(answered),
            answer(answered.found, self.lang, href=self.page, label=self.word("answer-table")),
            self._files(answered),
            aria_labelledby="answer",
        )

    def _counted(self, answered: Answered) -> Iterator[Markup]:
        found = answered.found
        assert found is not None
        if found.kind != "ask" and len(found):
            count = f"{len(found):,}"
            key = "cut" if answered.is_cut else "row" if len(found) == 1 else "rows"
            yield element("p", self.word(key, count=count) if key != "row" else self.word(key), class_="muted")

    def _files(self, answered: Answered) -> Markup:
        """Return the ways to save an answer: addresses that others can use too, or a form for a long query."""
        forms = [each.name for each in offered(answered.form)]
        # What most people open comes first.
        forms.sort(key=lambda name: name != "csv")
        names = section("ask")["formats"]
        address = self.href(f"/sparql?{urlencode({'query': answered.query})}")
        if len(address) <= _LONGEST_ADDRESS:
            links = [
                element("li", element("a", names[each][self.lang], href=f"{address}&format={each}&download=1"))
                for each in forms
            ]
            listed = element("ul", *links, class_="inline")
            return element("div", element("h3", self.word("save")), listed, class_="files")
        buttons = [
            element("button", names[each][self.lang], name="format", value=each, class_="quiet small") for each in forms
        ]
        hidden = (
            element("input", type="hidden", name="query", value=answered.query),
            element("input", type="hidden", name="download", value="1"),
        )
        form = element(
            "form", *hidden, element("div", *buttons, class_="buttons"), method="post", action=self.href("/sparql")
        )
        return element("div", element("h3", self.word("save")), form, class_="files")

    def as_sparql(self, text: str) -> Markup:
        """Return a named question as SPARQL, with the way to change it."""
        address = self.page(f"{PATH}?{urlencode({'query': text, 'edit': 1})}#own")
        return element(
            "details",
            element("summary", self.word("as-sparql")),
            element("pre", element("code", Markup(_lines(text))), tabindex="0", lang="en"),
            element("p", element("a", self.word("edit"), href=address)),
        )

    def programs(self, address: str, seconds: float, memory: int) -> Markup:
        """Return what programs need to know."""
        text = self.word("endpoint", address=address, seconds=f"{seconds:g}", memory=f"{memory >> 20:,}")
        return element(
            "section",
            element("h2", self.word("programs"), id="programs"),
            element("p", text),
            aria_labelledby="programs",
        )


def noted(text: str) -> Markup:
    """Return the note of a question; what stands between backticks in it is a name of a column.

    >>> noted("`basis` says more")
    Markup('<p class="note"><code>basis</code> says more</p>')
    """
    parts = [element("code", part) if place % 2 else part for place, part in enumerate(text.split("`"))]
    return element("p", *filter(None, parts), class_="note")


def _lines(text: str) -> str:
    """Return a text of several lines as markup."""
    return "\n".join(map(safe, text.split("\n")))
