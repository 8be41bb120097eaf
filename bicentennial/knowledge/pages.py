"""What `show` answers with: a thing with everything about it, or the Framework as a tree, in several formats."""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from bicentennial.core.escape import coded, plain
from bicentennial.core.messages import section
from bicentennial.core.namespaces import compact
from bicentennial.knowledge.tables import html, html_page, markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.knowledge.citing import Citation
    from bicentennial.knowledge.topic import Promise

__all__ = ["Branch", "Entry", "Page", "ThingPage", "TreePage", "Value"]

_MARGIN: Final = 2
_WIDTH: Final = 100


class Page(Protocol):
    """What can be read in any of the formats of `show`."""

    @property
    def title(self) -> str:
        """What it is about."""
        ...

    def to_text(self, *, width: int = _WIDTH) -> str:
        """Return it as text for a terminal."""
        ...

    def to_html(self) -> str:
        """Return it as a page of HTML."""
        ...

    def to_markdown(self) -> str:
        """Return it as Markdown."""
        ...

    def to_json(self) -> str:
        """Return it as JSON."""
        ...


@dataclass(frozen=True, slots=True)
class Value:
    """A text, and the IRI of what it names, if it names something; of a literal, the local name of its datatype."""

    text: str
    iri: str | None = None
    datatype: str = ""

    def to_dict(self) -> dict[str, str | None]:
        """Return it as JSON holds it."""
        return {"text": self.text, "id": compact(self.iri) if self.iri else None}


@dataclass(frozen=True, slots=True)
class Entry:
    """A head with its values, and the IRI of the property that they are values of (of several, the first)."""

    head: str
    values: tuple[Value, ...]
    link: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"head": self.head, "values": [value.to_dict() for value in self.values]}


@dataclass(frozen=True, slots=True)
class ThingPage:
    """One thing: its names, what is said of it, what links to it, and its sources."""

    iri: str
    lang: str
    title: str
    labels: dict[str, str]
    notations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    facts: tuple[Entry, ...] = ()
    links: tuple[Entry, ...] = ()
    sources: tuple[Citation, ...] = ()
    promises: tuple[Promise, ...] = ()

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<{compact(self.iri)}: {self.title}>"

    def _repr_html_(self) -> str:
        return self._body()

    def _word(self, key: str) -> str:
        text: str = section("show")[key][self.lang]
        return text

    @property
    def _line(self) -> str:
        return " · ".join([*self.notations, *self.kinds, compact(self.iri)])

    def to_text(self, *, width: int = _WIDTH) -> str:
        """Return it as text for a terminal, in lines of a width."""
        lines = [plain(self.title), plain(self._line)]
        for text in self.paragraphs:
            lines += ["", *textwrap.wrap(plain(text), width)]
        if self.also:
            lines += ["", *_entry(self._word("also"), self.also, width)]
        if self.facts:
            lines.append("")
        for entry in self.facts:
            lines += _entry(entry.head, [value.text for value in entry.values], width)
        if self.promises:
            lines += ["", self._word("promises")]
        for promise in self.promises:
            lines.append(f"{' ' * _MARGIN}{plain(promise.text)}")
            for head, text in promise.details(self.lang):
                lines += _indented(f"{head}: {text}", width)
        if self.links:
            lines += ["", self._word("links")]
        for entry in self.links:
            lines += _bullets(entry, width)
        if self.sources:
            lines += ["", self._word("sources")]
        for cited in self.sources:
            lines += [f"{' ' * _MARGIN}{line}" for line in _cited(cited)]
        return "\n".join(lines)

    def to_html(self) -> str:
        """Return it as a page of HTML that loads nothing."""
        return html_page(self.title, self._body(), self.lang)

    def _body(self) -> str:
        parts = [f"<h1>{html(self.title)}</h1><p><code>{html(self._line)}</code></p>"]
        parts += [f"<p>{html(text)}</p>" for text in self.paragraphs]
        if self.also:
            parts.append(f"<p>{html(self._word('also'))}: {html('; '.join(self.also))}</p>")
        if self.facts:
            parts.append(f"<dl>{''.join(map(_definition, self.facts))}</dl>")
        if self.promises:
            parts.append(f"<h2>{html(self._word('promises'))}</h2>")
        for promise in self.promises:
            items = "".join(f"<li>{html(f'{head}: {text}')}</li>" for head, text in promise.details(self.lang))
            parts.append(f"<h3>{html(promise.text)}</h3><ul>{items}</ul>")
        if self.links:
            parts.append(f"<h2>{html(self._word('links'))}</h2><dl>{''.join(map(_definition, self.links))}</dl>")
        if self.sources:
            items = "".join(f"<li>{'<br>'.join(map(html, _cited(cited)))}</li>" for cited in self.sources)
            parts.append(f"<h2>{html(self._word('sources'))}</h2><ul>{items}</ul>")
        return "".join(parts)

    def to_markdown(self) -> str:
        """Return it as Markdown."""
        parts = [f"# {markdown(self.title)}", f"`{plain(self._line).replace('`', '')}`"]
        parts += [markdown(text) for text in self.paragraphs]
        if self.also:
            parts.append(f"{markdown(self._word('also'))}: {markdown('; '.join(self.also))}")
        if self.facts:
            parts.append("\n".join(map(_item, self.facts)))
        if self.promises:
            parts.append(f"## {markdown(self._word('promises'))}")
        for promise in self.promises:
            details = "\n".join(f"- {markdown(f'{head}: {text}')}" for head, text in promise.details(self.lang))
            parts += [f"### {markdown(promise.text)}", details]
        if self.links:
            parts += [f"## {markdown(self._word('links'))}", "\n".join(map(_item, self.links))]
        if self.sources:
            sources = "\n".join(f"- {' · '.join(map(markdown, _cited(cited)))}" for cited in self.sources)
            parts += [f"## {markdown(self._word('sources'))}", sources]
        return "\n\n".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "id": compact(self.iri),
            "iri": self.iri,
            "labels": self.labels,
            "notations": list(self.notations),
            "kinds": list(self.kinds),
            "descriptions": list(self.paragraphs),
            "also": list(self.also),
            "facts": [entry.to_dict() for entry in self.facts],
            "links": [entry.to_dict() for entry in self.links],
            "sources": [cited.to_dict() for cited in self.sources],
            "promises": [promise.to_dict() for promise in self.promises],
        }

    def to_json(self) -> str:
        """Return it as JSON."""
        return coded(json.dumps(self.to_dict(), ensure_ascii=False, indent=2))


@dataclass(frozen=True, slots=True)
class Branch:
    """A goal, pillar, objective or commitment with how many actions serve it, and what is below it."""

    iri: str
    notation: str
    label: str
    actions: int = 0
    parts: tuple[Branch, ...] = ()

    @property
    def head(self) -> str:
        """Its notation and name."""
        return " ".join(filter(None, (self.notation, self.label)))

    def to_dict(self) -> dict[str, Any]:
        """Return it and all below it as JSON holds them."""
        return {
            "id": compact(self.iri),
            "notation": self.notation,
            "label": self.label,
            "actions": self.actions,
            "parts": [part.to_dict() for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class TreePage:
    """The Framework as a tree."""

    lang: str
    roots: tuple[Branch, ...] = field(repr=False)

    @property
    def title(self) -> str:
        """The name of the Framework."""
        return "; ".join(root.label for root in self.roots)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self._body()

    def to_text(self, *, width: int = _WIDTH) -> str:  # noqa: ARG002 - as any page takes it
        """Return it as text for a terminal."""
        lines: list[str] = []
        for root in self.roots:
            lines += [plain(root.label), *self._lines(root.parts, "")]
        return "\n".join(lines)

    def _lines(self, branches: Sequence[Branch], indent: str) -> Iterator[str]:
        for branch in branches:
            last = branch is branches[-1]
            yield plain(f"{indent}{'└── ' if last else '├── '}{branch.head}") + f" · {self._count(branch)}"
            yield from self._lines(branch.parts, indent + ("    " if last else "│   "))

    def _count(self, branch: Branch) -> str:
        key = "one-action" if branch.actions == 1 else "actions"
        text: str = section("show")[key][self.lang]
        return text.format(count=branch.actions)

    def to_html(self) -> str:
        """Return it as a page of HTML that loads nothing."""
        return html_page(self.title, self._body(), self.lang)

    def _body(self) -> str:
        return "".join(f"<h1>{html(root.label)}</h1>{self._list(root.parts)}" for root in self.roots)

    def _list(self, branches: Iterable[Branch]) -> str:
        items = "".join(
            f"<li>{html(each.head)} · {html(self._count(each))}{self._list(each.parts)}</li>" for each in branches
        )
        return f"<ul>{items}</ul>" if items else ""

    def to_markdown(self) -> str:
        """Return it as Markdown."""
        lines: list[str] = []
        for root in self.roots:
            lines += [f"# {markdown(root.label)}", "", *self._items(root.parts, "")]
        return "\n".join(lines)

    def _items(self, branches: Iterable[Branch], indent: str) -> Iterator[str]:
        for branch in branches:
            yield f"{indent}- {markdown(branch.head)} · {self._count(branch)}"
            yield from self._items(branch.parts, indent + "  ")

    def to_json(self) -> str:
        """Return it as JSON."""
        return coded(json.dumps([root.to_dict() for root in self.roots], ensure_ascii=False, indent=2))


def _entry(head: str, values: Iterable[str], width: int) -> list[str]:
    text = plain(f"{head}: {'; '.join(values)}")
    return textwrap.wrap(text, width, subsequent_indent=" " * _MARGIN, break_on_hyphens=False)


def _indented(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        plain(text),
        width,
        initial_indent=" " * 2 * _MARGIN,
        subsequent_indent=" " * 3 * _MARGIN,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _cited(cited: Citation) -> list[str]:
    """Return a source in lines: where it is said, how to judge it, and the passage word for word."""
    quoted = f"“{cited.quotation}”" if cited.quotation else ""
    return [plain(line) for line in (cited.text, cited.judged, quoted) if line]


def _bullets(entry: Entry, width: int) -> list[str]:
    lines = [f"{' ' * _MARGIN}{plain(entry.head)}:"]
    for value in entry.values:
        lines += textwrap.wrap(
            plain(value.text),
            width,
            initial_indent=" " * 2 * _MARGIN,
            subsequent_indent=" " * 3 * _MARGIN,
            break_on_hyphens=False,
        )
    return lines


def _definition(entry: Entry) -> str:
    def written(value: Value) -> str:
        hint = f' title="{html(compact(value.iri))}"' if value.iri else ""
        return f"<dd{hint}>{html(value.text)}</dd>"

    return f"<dt>{html(entry.head)}</dt>{''.join(map(written, entry.values))}"


def _item(entry: Entry) -> str:
    return f"- **{markdown(entry.head)}**: {markdown('; '.join(value.text for value in entry.values))}"
