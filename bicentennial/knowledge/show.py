r"""The Framework for reading in a terminal: as a tree, and one thing with everything about it.

Everything is asked of the store by SPARQL and named in the reader's language; no model is built.

>>> print("\n".join(tree("en").splitlines()[:2]))
U.S.-Mexico Bicentennial Framework for Security, Public Health, and Safe Communities
├── G1 Protect our people · 21 actions
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import section
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, RDFS, SKOS, compact, local_name
from bicentennial.knowledge.names import Thing, names
from bicentennial.knowledge.store import select
from bicentennial.knowledge.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["describe", "tree"]

_TOLD_APART: Final = frozenset(
    {RDF.type, SKOS.prefLabel, SKOS.altLabel, SKOS.notation, SKOS.definition, SKOS.scopeNote, DCTERMS.description,
     DCTERMS.identifier, DCTERMS.source, BIC.messageNoun, RDFS.isDefinedBy}
)  # fmt: skip
_INFERRED: Final = {
    BIC.advancesGoal: BIC.infersGoal,
    BIC.advancesPillar: BIC.infersPillar,
    BIC.advancesObjective: BIC.infersObjective,
    BIC.honorsCommitment: BIC.infersCommitment,
}
_MARGIN: Final = 2


def _words(key: str, lang: str) -> str:
    text: str = section("show")[key][lang]
    return text


def tree(lang: str = "en") -> str:
    """Return the Framework as a tree: goals, their pillars and objectives, guiding commitments, with their actions."""
    known = names()
    below: dict[str, list[Thing]] = {}
    counts: dict[str, int] = {}
    for row in select("SELECT ?part ?whole { ?part a ?class ; bic:isPartOf ?whole VALUES ?class "
                      "{ bic:Goal bic:Pillar bic:Objective bic:GuidingCommitment } }"):  # fmt: skip
        below.setdefault(row["whole"]["value"], []).append(known[row["part"]["value"]])
    for row in select("SELECT ?to (COUNT(DISTINCT ?action) AS ?n) { ?action a bic:Action ; ?link ?to VALUES ?link "
                      "{ bic:advancesGoal bic:advancesPillar bic:advancesObjective bic:honorsCommitment } } "
                      "GROUP BY ?to"):  # fmt: skip
        counts[row["to"]["value"]] = int(row["n"]["value"])

    def branches(whole: str, indent: str) -> Iterator[str]:
        parts = sorted(below.get(whole, ()), key=lambda part: (BIC.GuidingCommitment in part.types, part.notations))
        for part in parts:
            last = part is parts[-1]
            count = counts.get(part.iri, 0)
            key = "one-action" if count == 1 else "actions"
            sum_up = f" · {_words(key, lang).format(count=count)}"
            head = " ".join([*part.notations[:1], part.name(lang)])
            yield printable(f"{indent}{'└── ' if last else '├── '}{head}") + sum_up
            yield from branches(part.iri, indent + ("    " if last else "│   "))

    lines: list[str] = []
    for row in select("SELECT ?framework { ?framework a bic:Framework } ORDER BY ?framework"):
        framework = row["framework"]["value"]
        lines += [printable(known[framework].name(lang)), *branches(framework, "")]
    return "\n".join(lines)


def describe(name: str, lang: str = "en", *, width: int = 100) -> str:
    r"""Return everything about one thing: names, description, what it says, what links to it, and its sources.

    Args:
        name: as for `Names.resolve`.
        lang: the language to write in; the labels are in both.
        width: of the lines.

    Raises:
        UnknownNameError: nothing has that name.
        QueryError: the name fits several things.

    >>> print("\n".join(describe("OFAC").splitlines()[:3]))
    Office of Foreign Assets Control · Oficina de Control de Activos Extranjeros
    OFAC · agency · bicd:agency-ofac
    <BLANKLINE>
    """
    known = names()
    iri = known.resolve(name)
    thing = known[iri]
    outgoing = _grouped(select(f"SELECT ?link ?other {{ <{iri}> ?link ?other }}"))
    incoming = _grouped(
        select(f"SELECT ?link ?other {{ ?other ?link <{iri}> FILTER(ISIRI(?other) && ?link != <{RDFS.isDefinedBy}>) }}")
    )
    other_lang = "es" if lang == "en" else "en"
    title = list(dict.fromkeys(label for label in (thing.label.get(lang), thing.label.get(other_lang)) if label))
    kinds = [known[kind].name(lang) for kind in thing.types]
    lines = [
        printable(" · ".join(title)),
        printable(" · ".join([*dict.fromkeys(thing.notations), *kinds, compact(iri)])),
    ]
    for link in (DCTERMS.description, SKOS.definition, SKOS.scopeNote):
        for text in _in_language(outgoing.get(link, ()), lang):
            lines += ["", *textwrap.wrap(printable(text), width)]
    also = [term["value"] for term in outgoing.get(SKOS.altLabel, ())]
    if also:
        lines += ["", *_entry(_words("also", lang), "; ".join(sorted(also)), width)]
    facts = [link for link in outgoing if link not in _TOLD_APART and link not in _INFERRED.values()]
    if facts:
        lines.append("")
    for link in sorted(facts, key=lambda link: _head(link, lang)):
        inferred = [term["value"] for term in outgoing.get(_INFERRED.get(link, ""), ())]
        said = {
            _shown(term, lang) + (f" [{_words('inferred', lang)}]" if term["value"] in inferred else "")
            for term in _mine(outgoing[link], lang)
        }
        lines += _entry(_head(link, lang), "; ".join(sorted(said, key=_natural)), width)
    for link in _INFERRED.values():
        incoming.pop(link, None)
    if incoming:
        lines += ["", _words("links", lang)]
    for link in sorted(incoming, key=lambda link: _inverse(link, lang)):
        values = sorted({_shown(term, lang) for term in incoming[link]}, key=_natural)
        lines += _bullets(_inverse(link, lang), values, width)
    sources = _sources(iri, lang)
    if sources:
        lines += ["", _words("sources", lang), *(f"  {line}" for line in sources)]
    return "\n".join(lines)


def _grouped(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["link"]["value"], []).append(row["other"])
    return found


def _mine(terms: Iterable[Mapping[str, Any]], lang: str) -> list[Mapping[str, Any]]:
    """Leave out texts of the other language where there is one in ours."""
    terms = list(terms)
    own = [term for term in terms if term.get("xml:lang") == lang]
    return [term for term in terms if not own or term.get("xml:lang", lang) == lang]


def _in_language(terms: Iterable[Mapping[str, Any]], lang: str) -> list[str]:
    return [term["value"] for term in _mine(terms, lang)]


def _shown(term: Mapping[str, Any], lang: str) -> str:
    if term["type"] != "uri":
        return printable(term["value"])
    thing = names()[term["value"]]
    text = thing.name(lang)
    short = next(iter(thing.notations), "")
    if not thing.label or BIC.Currency in thing.types:
        return printable(text)
    return printable(
        f"{short} {text}" if BIC.Action in thing.types and short else f"{text} ({short})" if short else text
    )


def _natural(text: str) -> tuple[str, int, str]:
    """Sort A2 before A10."""
    head = text.split(" ", 1)[0]
    letters = head.rstrip("0123456789")
    number = head[len(letters) :]
    return (letters if number else text, int(number or 0), text)


def _noun(link: str, lang: str) -> str:
    thing = names()[link]
    return thing.noun.get(lang) or thing.name(lang)


def _head(link: str, lang: str) -> str:
    """Return how a line begins that tells what a thing says: the noun, but of the whole that it is part of."""
    return names()[link].name(lang) if link == BIC.isPartOf else _noun(link, lang)


def _inverse(link: str, lang: str) -> str:
    told = section("show")["inverse"]
    text = told.get(local_name(link), told["other"])[lang]
    return str(text.format(noun=_noun(link, lang)))


def _entry(head: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(printable(f"{head}: {text}"), width, subsequent_indent=" " * _MARGIN, break_on_hyphens=False)


def _bullets(head: str, values: list[str], width: int) -> list[str]:
    lines = [f"{' ' * _MARGIN}{printable(head)}:"]
    for value in values:
        lines += textwrap.wrap(
            value, width, initial_indent=" " * 2 * _MARGIN, subsequent_indent=" " * 3 * _MARGIN, break_on_hyphens=False
        )
    return lines


def _sources(iri: str, lang: str) -> list[str]:
    """Return where a thing is said: document, paragraph, list item, sentence."""
    rows = select(
        f"""SELECT ?source ?document ?paragraph ?bullet ?sentence WHERE {{
          <{iri}> dcterms:source ?source .
          OPTIONAL {{ ?source a bic:Passage ; bic:isPartOf ?document ; bic:paragraph ?paragraph
                      OPTIONAL {{ ?source bic:bullet ?bullet }} OPTIONAL {{ ?source bic:sentence ?sentence }} }} }}
        ORDER BY ?document ?paragraph ?bullet ?sentence ?source"""
    )
    lines = []
    for row in rows:
        document = row.get("document", row["source"])
        places = [
            _words(part, lang).format(number=row[part]["value"])
            for part in ("paragraph", "bullet", "sentence")
            if part in row
        ]
        text = names()[document["value"]].name(lang) if document["type"] == "uri" else document["value"]
        lines.append(printable(", ".join([text, *places])))
    return list(dict.fromkeys(lines))
