r"""The Framework for reading in a terminal: as a tree, and one thing with everything about it.

Everything is asked of the store by SPARQL and named in the reader's language; no model is built.

>>> print("\n".join(tree("en").splitlines()[:2]))
U.S.-Mexico Bicentennial Framework for Security, Public Health, and Safe Communities
├── G1 Protect our people · 20 actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.escape import plain
from bicentennial.core.messages import LANGUAGES, section
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, RDFS, SKOS, local_name
from bicentennial.knowledge.citing import citations, place
from bicentennial.knowledge.names import Thing, names
from bicentennial.knowledge.pages import Branch, Entry, ThingPage, TreePage, Value
from bicentennial.knowledge.store import incoming, outgoing, select
from bicentennial.knowledge.topic import promises

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["about", "describe", "overview", "page_of", "tree"]

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


def _words(key: str, lang: str) -> str:
    text: str = section("show")[key][lang]
    return text


def overview(lang: str = "en") -> TreePage:
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

    def branch(thing: Thing) -> Branch:
        parts = sorted(below.get(thing.iri, ()), key=lambda part: (BIC.GuidingCommitment in part.types, part.notations))
        notation = next(iter(thing.notations), "")
        return Branch(thing.iri, notation, thing.name(lang), counts.get(thing.iri, 0), tuple(map(branch, parts)))

    roots = select("SELECT ?framework { ?framework a bic:Framework } ORDER BY ?framework")
    return TreePage(lang, tuple(branch(known[row["framework"]["value"]]) for row in roots))


def tree(lang: str = "en") -> str:
    """Return the Framework as a tree, as text."""
    return overview(lang).to_text()


def describe(name: str, lang: str = "en", *, width: int = 100) -> str:
    r"""Return everything about one thing as text; see `about`.

    >>> print("\n".join(describe("OFAC").splitlines()[:3]))
    Office of Foreign Assets Control · Oficina de Control de Activos Extranjeros
    OFAC · agency · bicd:agency-ofac
    <BLANKLINE>
    """
    return about(name, lang).to_text(width=width)


def about(name: str, lang: str = "en") -> ThingPage:
    """Return everything about one thing: names, description, what it says, what links to it, and its sources.

    Args:
        name: as for `Names.resolve`.
        lang: the language to write in; the labels are in both.

    Raises:
        UnknownNameError: nothing has that name.
        AmbiguousNameError: the name fits several things.
    """
    return page_of(names().resolve(name), lang)


def page_of(iri: str, lang: str) -> ThingPage:
    """Return everything about one thing, as `about` does, by its IRI."""
    known = names()
    thing = known[iri]
    said = _grouped(outgoing(iri))
    linking = _grouped(each for each in incoming(iri) if each[0] != RDFS.isDefinedBy)
    title = list(dict.fromkeys(filter(None, map(thing.label.get, (lang, *LANGUAGES)))))
    types = thing.types or [term["value"] for term in said.get(RDF.type, ())]
    return ThingPage(
        iri=iri,
        lang=lang,
        title=" · ".join(title) or _untitled(iri, thing, lang),
        labels=dict(thing.label),
        notations=tuple(dict.fromkeys(thing.notations)),
        kinds=tuple(dict.fromkeys(_term(known[kind], lang) for kind in types)),
        paragraphs=tuple(
            text
            for link in (DCTERMS.description, SKOS.definition, SKOS.scopeNote)
            for text in _in_language(said.get(link, ()), lang)
        ),
        also=tuple(sorted({term["value"] for term in said.get(SKOS.altLabel, ())} - set(title))),
        facts=tuple(_facts(said, lang)),
        links=tuple(_links(linking, lang)),
        sources=citations(iri, lang),
        promises=promises(iri, lang),
    )


def _untitled(iri: str, thing: Thing, lang: str) -> str:
    """Return a title for what has no label: where a passage stands, else what describes the thing."""
    return place(iri, lang) or thing.name(lang)


def _facts(said: Mapping[str, list[Mapping[str, Any]]], lang: str) -> Iterator[Entry]:
    merged: dict[str, dict[str, Value]] = {}
    of: dict[str, str] = {}
    links = [link for link in said if link not in _TOLD_APART and link not in _INFERRED.values()]
    for link in sorted(links, key=lambda link: _head(link, lang)):
        inferred = [term["value"] for term in said.get(_INFERRED.get(link, ""), ())]
        values = merged.setdefault(_head(link, lang), {})
        for term in _mine(said[link], lang):
            text = _shown(term, lang) + (f" [{_words('inferred', lang)}]" if term["value"] in inferred else "")
            values[text] = _value(text, term)
        of.setdefault(_head(link, lang), link)
    for head, values in merged.items():
        yield Entry(head, tuple(values[text] for text in sorted(values, key=_natural)), of[head])


def _links(linking: Mapping[str, list[Mapping[str, Any]]], lang: str) -> Iterator[Entry]:
    merged: dict[str, dict[str, Value]] = {}
    of: dict[str, str] = {}
    for link in sorted(set(linking) - set(_INFERRED.values()), key=lambda link: _inverse(link, lang)):
        values = merged.setdefault(_inverse(link, lang), {})
        for term in linking[link]:
            text = _shown(term, lang)
            values[text] = _value(text, term)
        of.setdefault(_inverse(link, lang), link)
    for head, values in merged.items():
        yield Entry(head, tuple(values[text] for text in sorted(values, key=_natural)), of[head])


def _value(text: str, term: Mapping[str, Any]) -> Value:
    if term["type"] == "uri":
        return Value(text, term["value"])
    return Value(text, datatype=local_name(term.get("datatype", "")))


def _grouped(statements: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, list[Mapping[str, str]]]:
    found: dict[str, list[Mapping[str, str]]] = {}
    for link, other in statements:
        if other["type"] != "bnode":  # its name is another one each time
            found.setdefault(link, []).append(other)
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
        return plain(term["value"])
    thing = names()[term["value"]]
    text = thing.name(lang)
    short = next(iter(thing.notations), "")
    if not thing.label or BIC.Currency in thing.types:
        return plain(text)
    return plain(f"{short} {text}" if BIC.Action in thing.types and short else f"{text} ({short})" if short else text)


def _natural(text: str) -> tuple[str, int, str]:
    """Sort A2 before A10."""
    head = text.split(" ", 1)[0]
    letters = head.rstrip("0123456789")
    number = head[len(letters) :]
    return (letters if number else text, int(number or 0), text)


def _noun(link: str, lang: str) -> str:
    thing = names()[link]
    return thing.noun.get(lang) or _term(thing, lang)


def _term(thing: Thing, lang: str) -> str:
    """Return what a term is called, be it one that the ontology has no label for."""
    words = section("show")["terms"].get(local_name(thing.iri)) if not (thing.label or thing.caption) else None
    return words[lang] if words else thing.name(lang)


def _head(link: str, lang: str) -> str:
    """Return how a line begins that shows what a thing says: the noun, but of the whole that it is part of."""
    return names()[link].name(lang) if link == BIC.isPartOf else _noun(link, lang)


def _inverse(link: str, lang: str) -> str:
    words = section("show")["inverse"]
    text = words.get(local_name(link), words["other"])[lang]
    return str(text.format(noun=_noun(link, lang)))
