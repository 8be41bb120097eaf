"""The named queries: SPARQL files that begin with a header of comments in a fixed form.

    # question: 1
    # title.en: Actions that serve a goal
    # title.es: Acciones que sirven a una meta
    # description.en: …            (a long text goes on in lines that begin with "#   ")
    # description.es: …
    # parameter: goal goal         (its name, its kind; the default stands in the query)
    # columns.es: acción; título   (heads of the columns, in order; without them the variables' names)

A parameter `goal` is a block `VALUES ?goal { … }` in the query; what stands in the braces is the default (`UNDEF` for
any). A value replaces it as a term, never as text. `?lang` is such a parameter too: the language of the answer.

>>> query = find("actions-by-goal")
>>> query.question, query.title["en"], query.parameters["goal"]
(1, 'Actions that serve a goal', 'goal')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.files.paths import is_file
from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.core.reasons import reason
from bicentennial.core.resources import files
from bicentennial.core.similar import similar
from bicentennial.knowledge.names import KINDS
from bicentennial.knowledge.problems import query_error

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NamedQuery", "all_queries", "find", "parse"]

_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST: Final = 200
_ENTRY: Final = re.compile(r"# ([a-z]+(?:\.[a-z]+)?): +(.*)")
_CONTINUED: Final = re.compile(r"#   +(.*)")
_PLAIN: Final = frozenset({"text", "number", "date"})


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with its name, topic, titles, description, parameters (name to kind) and heads of columns."""

    name: str
    text: str
    question: int | None = None
    topic: str = ""
    title: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def is_open(self, parameter: str) -> bool:
        """Return whether a parameter that is not given stands for anything: its default is `UNDEF`."""
        return re.search(rf"VALUES \?{parameter} \{{\s*UNDEF\s*\}}", self.text) is not None

    def heads(self, columns: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return the heads of the columns by language and column, where the header gives them."""
        return {language: dict(zip(columns, heads, strict=False)) for language, heads in self.columns.items()}


def parse(text: str, name: str = "") -> NamedQuery:
    r"""Read the header of a query; a query without one is all text.

    >>> parse("# title.en: All\n# parameter: place place\nASK {}").parameters
    {'place': 'place'}
    """
    entries: list[list[str]] = []
    for line in text.splitlines():
        if begun := _ENTRY.fullmatch(line.rstrip()):
            entries.append([begun[1], begun[2]])
        elif entries and (more := _CONTINUED.fullmatch(line.rstrip())):
            entries[-1][1] += f" {more[1]}"
        else:
            break
    query = NamedQuery(name, text)
    question, topic = None, ""
    for key, value in entries:
        area, _, language = key.partition(".")
        if area == "question" and value.isdigit():
            question = int(value)
        elif area == "topic":
            topic = value
        elif area == "parameter":
            parameter, _, kind = value.partition(" ")
            query.parameters[parameter] = kind.strip() if kind.strip() in {*KINDS, *_PLAIN} else "text"
        elif area == "columns" and language in LANGUAGES:
            query.columns[language] = [head.strip() for head in value.split(";")]
        elif area in {"title", "description"} and language in LANGUAGES:
            (query.title if area == "title" else query.description)[language] = value
    return NamedQuery(name, text, question, topic, query.title, query.description, query.parameters, query.columns)


@cache
def all_queries() -> tuple[NamedQuery, ...]:
    """Return the named queries in the order of their topics, and of their questions within each.

    Raises:
        QueryError: a file's header lacks something.
    """
    found, topics = [], list(entry("query", "topic"))
    for path in files("queries", "*.rq"):
        query = parse(path.read_text(encoding="utf-8"), path.stem)
        missing = [
            f"{area}.{language}"
            for area, texts in (("title", query.title), ("description", query.description))
            for language in LANGUAGES
            if language not in texts
        ]
        if query.topic not in topics:
            missing.append("topic")
        if missing:
            raise query_error("header", file=path.name, missing=", ".join(missing))
        found.append(query)
    return tuple(sorted(found, key=lambda query: (topics.index(query.topic), query.question or 1000, query.name)))


def by_topic() -> dict[str, list[NamedQuery]]:
    """Return the named queries by topic, whose names by language are `entry("query", "topic")`.

    >>> list(by_topic())[0], by_topic()["sources"][0].name
    ('actions', 'sources')
    """
    found: dict[str, list[NamedQuery]] = {}
    for query in all_queries():
        found.setdefault(query.topic, []).append(query)
    return found


def find(asked: str | Path) -> NamedQuery:
    """Return the query that a name, a file or the text itself gives.

    Raises:
        QueryError: it looks like a name, but there is no such query, or the file cannot be read.

    >>> find("ASK { ?s ?p ?o }").name
    ''
    """
    # What is longer than any name is no name of a file either, which the system would say by raising.
    is_name = isinstance(asked, str) and len(asked) <= _LONGEST and _NAME.fullmatch(asked.strip())
    if isinstance(asked, str) and is_name and not is_file(asked):
        known = {query.name: query for query in all_queries()}
        if asked.strip() not in known:
            near = ", ".join(similar(asked.strip(), known))
            hint = query_error("did-you-mean", names=near).text if near else dict.fromkeys(LANGUAGES, "")
            raise query_error("unknown-query", name=asked.strip(), hint=hint)
        return known[asked.strip()]
    if isinstance(asked, Path) or ("\n" not in asked and "{" not in asked and asked.endswith((".rq", ".sparql"))):
        path = Path(asked)
        try:
            return parse(path.read_text(encoding="utf-8-sig"), path.stem)
        except (OSError, UnicodeDecodeError) as error:
            raise query_error("file", file=str(path), reason=reason(error)) from None
    return parse(asked)
