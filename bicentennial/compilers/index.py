"""The index: what things are called, as one small file, so that no Turtle is parsed on the way of a small submission.

>>> index()["properties"]["https://w3id.org/bicentennial/ontology#advancesGoal"]["of"][
...     "https://w3id.org/bicentennial/ontology#Action"]["min"]
1
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from bicentennial.compilers.codelists import codelists, external_identifiers, replaced, versions
from bicentennial.compilers.shacl import shape_names
from bicentennial.compilers.tables import tables
from bicentennial.compilers.wording import expectation, joined, noun
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, SKOSXL
from bicentennial.core.resources import ontology_version
from bicentennial.models import CLASSES
from bicentennial.models.structure import own_structure, structure
from bicentennial.rdf.ontology import describe, ontology, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.models import Entity
    from bicentennial.models.structure import FieldStructure
    from bicentennial.rdf.ontology import Term

__all__ = ["index"]

_PARTIES: Final = (BIC.Agency, BIC.CooperationBody, BIC.Government, BIC.InternationalOrganization, BIC.Party)
_FACTS: Final = frozenset(
    [(kind, fact) for kind in _PARTIES for fact in (BIC.endDate, BIC.hasInstrumentState)]
    + [(BIC.SourceDocument, DCTERMS.date), (BIC.Framework, BIC.startDate)]
)


def _alternatives(
    texts: Mapping[str, tuple[str, ...]], further: tuple[tuple[str, str], ...] = ()
) -> dict[str, list[str]]:
    """Return further names by language; one without language counts in all."""
    return {
        language: sorted(
            {*texts.get(language, ()), *texts.get("", ())} | {text for tag, text in further if tag in (language, "")}
        )
        for language in LANGUAGES
    }


def _words(term: Term) -> dict[str, Any]:
    return {
        "label": {language: term.label[language] for language in LANGUAGES},
        "alternatives": _alternatives(term.alternatives),
        "definition": {language: term.definition[language] for language in LANGUAGES},
    }


def _classes() -> dict[str, Any]:
    found = {}
    for name, model in CLASSES.items():
        term = ontology().class_of(name)
        found[term.iri] = _words(term) | {
            "superclasses": list(ontology().superclasses(term.iri)),
            "open": model.declarable,
        }
    return found


def _field(model: type[Entity], field: FieldStructure) -> dict[str, Any]:
    other = structure(model)[field.either] if field.either else None
    either = {
        "either": {
            "property": ontology().property_of(other.name).iri,
            "noun": joined(noun(field), noun(other)),
            "expected": joined(expectation(field), expectation(other)),
        }
    } if other else {}  # fmt: skip
    return (
        either
        | {
            "ranges": [] if field.is_open else [ontology().class_of(name).iri for name in field.ranges],
            "datatypes": list(field.datatypes),
            "min": max(field.minimum, int(other is not None)),
            "max": field.maximum,
            "expected": expectation(field),
        }
        | ({} if field.at_least is None else {"least": float(field.at_least)})
    )


def _properties() -> dict[str, Any]:
    of: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, model in CLASSES.items():
        for field in own_structure(model).values():
            of[ontology().property_of(field.name).iri][ontology().class_of(name).iri] = _field(model, field)
    used = {ontology().property_of(name).iri for model in CLASSES.values() for name in structure(model)}
    return {
        iri: _words(ontology().terms[iri]) | {"noun": dict(ontology().terms[iri].noun), "of": of[iri]}
        for iri in sorted(used)
    }


def _given_names(triples: list[ox.Triple]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the wordings that sources use for things, by the thing."""
    wording = {t.subject: t.object for t in triples if t.predicate.value == SKOSXL.literalForm}
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for triple in triples:
        literal: Any = wording.get(triple.subject)
        named: Any = triple.object
        if triple.predicate.value == BIC.isNameOf and literal is not None:
            names[named.value].append((literal.language or "", literal.value))
    return {iri: tuple(sorted(some)) for iri, some in names.items()}


def _facts(triples: list[ox.Triple]) -> dict[str, list[list[str]]]:
    """Return what rules need to know of things beyond their types: property, value and datatype, by the thing."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    named = [(t.subject.value, t.predicate.value, t.object) for t in triples if isinstance(t.subject, ox.NamedNode)]
    kinds = {subject: getattr(value, "value", "") for subject, prop, value in named if prop == RDF.type}
    for subject, prop, value in named:
        if (kinds.get(subject), prop) in _FACTS and isinstance(value, (ox.NamedNode, ox.Literal)):
            datatype = value.datatype.value if isinstance(value, ox.Literal) else ""
            found[subject].append([prop, value.value, datatype])
    return {iri: sorted(facts) for iri, facts in found.items()}


def _individuals() -> dict[str, Any]:
    triples = read("framework/*.ttl", "vocabularies/*.ttl")
    names, facts = _given_names(triples), _facts(triples)
    codes: dict[str, tuple[tuple[str, str], ...]] = defaultdict(tuple)
    for code, iris in external_identifiers().items():
        if len(iris) == 1:  # one that several things share leads to none of them
            codes[iris[0]] += (("", code),)
    return {
        iri: {
            "types": list(term.types),
            "parents": list(term.parents),
            "label": dict(term.label),
            "alternatives": _alternatives(term.alternatives, (*names.get(iri, ()), *codes[iri])),
            "notations": list(term.notations),
            **({"facts": facts[iri]} if iri in facts else {}),
            "identifier": term.identifier,
        }
        for iri, term in describe(triples).items()
        if not {BIC.Passage, SKOS.ConceptScheme} & set(term.types)
    }


def _tables() -> list[dict[str, Any]]:
    return [
        {
            "class": table.describes,
            "name": dict(table.name),
            "alternatives": _alternatives(table.alternatives),
            "columns": [
                {
                    "name": column.name,
                    "property": column.property,
                    "header": dict(column.header),
                    "required": column.required,
                    "template": column.template,
                    **({"about": column.about, "describes": column.describes} if column.about else {}),
                }
                for column in table.columns
            ],
        }
        for table in tables()
    ]


def index() -> dict[str, Any]:
    """Return the index as it is written to `bicentennial/compiled/index.json`."""
    return {
        "version": ontology_version(),
        "versions": versions(),
        "replaced": replaced(),
        "classes": _classes(),
        "properties": _properties(),
        "shapes": shape_names(),
        "individuals": _individuals(),
        "tables": _tables(),
        "external": external_identifiers(),
        "codelists": codelists(),
    }
