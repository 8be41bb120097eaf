"""A topic on one page: what was promised about it, by whom, what came of it, and the sources of each.

>>> [promise.text.split()[0] for promise in promises("https://w3id.org/bicentennial/id/theme-ballistics")]
['A10']
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import section
from bicentennial.core.namespaces import BIC, DCTERMS, SKOS, compact
from bicentennial.knowledge.citing import citations, lines, texts
from bicentennial.knowledge.store import ask, select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.knowledge.citing import Citation

__all__ = ["Outcome", "Promise", "outcomes", "promise", "promises", "promises_to"]

_NOT_BEGUN: Final = "bicd:status-announced, bicd:status-planned"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is reported of a promise: an event that carried it out, or a claim about it, with its sources.

    `text` is date and report in one, `date` and `said` are the two apart.
    """

    iri: str
    text: str
    sources: str
    cited: tuple[Citation, ...] = ()
    date: str = ""
    said: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"id": compact(self.iri), "text": self.text, "sources": self.sources}


@dataclass(frozen=True, slots=True)
class Promise:
    """An action on a topic: how firmly it was said, who answers for it, its sources, and what came of it."""

    iri: str
    text: str
    modality: str
    status: str
    is_begun: bool
    parties: str
    sources: str
    outcomes: tuple[Outcome, ...] = ()

    def details(self, lang: str) -> Iterator[tuple[str, str]]:
        """Yield head and text of each line below the name of the action."""
        words = section("show")
        yield words["promised"][lang], self.modality
        yield words["by-whom"][lang], self.parties or words["not-told"][lang]
        yield words["said-in"][lang], self.sources
        if self.is_begun:
            yield words["came-of-it"][lang], self.status
        for outcome in self.outcomes:
            yield words["came-of-it"][lang], f"{outcome.text} · {outcome.sources}"
        if not self.outcomes and not self.is_begun:
            yield words["came-of-it"][lang], words["nothing-seen"][lang]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "id": compact(self.iri),
            "text": self.text,
            "modality": self.modality,
            "status": self.status or None,
            "parties": self.parties,
            "sources": self.sources,
            "outcomes": [outcome.to_dict() for outcome in self.outcomes],
        }


def promises(theme: str, lang: str = "en") -> tuple[Promise, ...]:
    """Return the actions on a theme or one below it, in the order of their identifiers.

    Args:
        theme: the IRI of the theme; for anything else there is nothing to return.
        lang: the language to write in.
    """
    return tuple(promise(action, lang) for action in _on_themes().get(theme, ()))


def promises_to(thing: str, lang: str = "en") -> tuple[Promise, ...]:
    """Return the actions that name a thing in any way, a goal, an agency or a place, in the order of identifiers.

    Args:
        thing: its IRI.
        lang: the language to write in.
    """
    return tuple(promise(action, lang) for action in _on_things().get(thing, ()))


@cache
def _on_themes() -> dict[str, list[str]]:
    return _actions("bic:hasTheme / skos:broader* ?thing . ?thing a bic:Theme")


@cache
def _on_things() -> dict[str, list[str]]:
    return _actions(
        "?link ?thing FILTER(?link NOT IN"
        " (rdf:type, dcterms:source, bic:isPartOf, bic:hasEditor, bic:hasModality, bic:hasStatus))"
    )


def _actions(linked: str) -> dict[str, list[str]]:
    """Return the actions that lead to each thing in a way, in order: one query for all things takes what two would."""
    found: dict[str, list[str]] = {}
    for row in select(
        f"""SELECT DISTINCT ?thing ?action ?id {{ ?action a bic:Action ; dcterms:identifier ?id ; {linked} }}
        ORDER BY REPLACE(?id, "[0-9]+", "") xsd:integer(REPLACE(?id, "[^0-9]+", "")) ?id"""
    ):
        found.setdefault(row["thing"]["value"], []).append(row["action"]["value"])
    return found


@cache
def promise(action: str, lang: str) -> Promise:
    """Return an action as a promise.

    Args:
        action: its IRI.
        lang: the language to write in.
    """
    return Promise(
        iri=action,
        text=" ".join((*texts(action, DCTERMS.identifier, lang), *texts(action, SKOS.prefLabel, lang))),
        modality="; ".join(texts(action, BIC.hasModality, lang)),
        status="; ".join(texts(action, BIC.hasStatus, lang)),
        is_begun=ask(f"ASK {{ <{action}> bic:hasStatus ?status FILTER(?status NOT IN ({_NOT_BEGUN})) }}"),
        parties="; ".join(texts(action, BIC.hasResponsibleParty, lang)),
        sources=lines(citations(action, lang)),
        outcomes=tuple(outcomes(action, lang)),
    )


def outcomes(action: str, lang: str = "en") -> Iterator[Outcome]:
    """Yield what is reported of an action, the earliest first: events that carried it out, claims about it."""
    rows = select(
        f"""SELECT ?thing (SAMPLE(?day) AS ?date) {{
          {{ ?thing bic:realizes <{action}> }} UNION {{ ?thing bic:concerns <{action}> ; a bic:Claim }}
          OPTIONAL {{ ?thing dcterms:date ?day }} }} GROUP BY ?thing ORDER BY STR(?date) ?thing"""
    )
    for row in rows:
        thing = row["thing"]["value"]
        said = texts(thing, DCTERMS.description, lang) or texts(thing, SKOS.prefLabel, lang)
        date = [row["date"]["value"]] if "date" in row else []
        cited = citations(thing, lang)
        yield Outcome(thing, ": ".join((*date, *said)), lines(cited), cited, "".join(date), ": ".join(said))
