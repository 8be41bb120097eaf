"""How fields are called and what they ask for, in words for people, in both languages.

>>> from bicentennial.models import Action
>>> from bicentennial.models.structure import structure
>>> field = structure(Action)["advances_goal"]
>>> expectation(field)
{'en': 'a known goal', 'es': 'una de las opciones conocidas de «meta»'}
>>> requirement(Action, field)["en"]
'Action, goal: each must be a known goal. Write its name, acronym, identifier or IRI.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.namespaces import RDF, XSD
from bicentennial.models import CLASSES
from bicentennial.rdf.ontology import ontology

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.models import Entity
    from bicentennial.models.structure import FieldStructure

__all__ = ["either_requirement", "expectation", "joined", "noun", "requirement"]

_SOUND_OF_O: Final = ("o", "ó", "ho", "hó")
_BY_DATATYPE: Final = {
    XSD.date: "date",
    XSD.decimal: "number",
    XSD.integer: "ordinal",
    XSD.anyURI: "link",
    XSD.string: "code",
    RDF.langString: "text",
}


def noun(field: FieldStructure) -> dict[str, str]:
    """Return what messages call the property of a field, by language.

    >>> from bicentennial.models import Action
    >>> from bicentennial.models.structure import structure
    >>> noun(structure(Action)["has_responsible_party"])
    {'en': 'responsible party', 'es': 'parte responsable'}
    """
    term = ontology().property_of(field.name)
    return {language: term.noun[language] for language in LANGUAGES}


def _kind(field: FieldStructure) -> str:
    """Return under what name the catalogue speaks of a field's values."""
    if field.pattern:
        return field.name
    if field.datatypes:
        kind = _BY_DATATYPE[field.datatypes[0]]
        return "amount" if kind == "number" and field.at_least == 0 else kind
    if field.is_open:
        return "anything"
    if not field.ranges:
        return "reference"
    return "declared" if any(CLASSES[name].declarable for name in field.ranges) else "known"


def _alternatives(names: list[str], language: str) -> str:
    """Return a list of names joined by “or”; Spanish «o» is «u» before the sound of o.

    >>> _alternatives(["meta", "pilar", "objetivo"], "es")
    'meta, pilar u objetivo'
    """
    if len(names) < 2:
        return "".join(names)
    conjunction = entry("shape", "or")[language]
    if language == "es" and names[-1].lower().startswith(_SOUND_OF_O):
        conjunction = "u"
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def expectation(field: FieldStructure) -> dict[str, str]:
    """Return what each value of a field must be, by language."""
    names = [] if field.is_open else list(field.ranges)
    classes = {
        language: _alternatives([ontology().class_of(name).label[language] for name in names], language)
        for language in LANGUAGES
    }
    return render(entry("shape", "expected")[_kind(field)], classes=classes)


def joined(*texts: Mapping[str, str]) -> dict[str, str]:
    """Return alternatives joined by “or” in each language.

    >>> joined({"en": "goal", "es": "meta"}, {"en": "commitment", "es": "compromiso"})
    {'en': 'goal or commitment', 'es': 'meta o compromiso'}
    """
    return {language: _alternatives([text[language] for text in texts], language) for language in LANGUAGES}


def either_requirement(model: type[Entity], field: FieldStructure, other: FieldStructure) -> dict[str, str]:
    """Return what the shape says that demands a value of one of two fields."""
    label = ontology().class_of(model.__name__).label
    return render(
        entry("shape", "message"),
        Class={language: label[language][0].upper() + label[language][1:] for language in LANGUAGES},
        property=joined(noun(field), noun(other)),
        requirement=entry("shape", "count")["some"],
        remedy=entry("shape", "remedy")[_kind(field)],
    )


def _count(field: FieldStructure) -> dict[str, str]:
    if field.minimum == field.maximum == 1:
        name = "one"
    elif field.minimum:
        name = "some" if field.minimum == 1 else "several"
    else:
        name = "any" if field.maximum is None else "most"
    return render(entry("shape", "count")[name], count=field.minimum)


def requirement(model: type[Entity], field: FieldStructure) -> dict[str, str]:
    """Return what the shape of a field says: whose it is, what is required, what to do about it."""
    count = _count(field)
    modal = "should" if field.should else "single" if field.maximum == 1 else "many"
    each = render(entry("shape", "each")[modal], expected=expectation(field))
    per_language = entry("shape", "per-language") if field.one_per_language else dict.fromkeys(LANGUAGES, "")
    is_class = model.__name__ in CLASSES
    whose = ontology().class_of(model.__name__).label if is_class else noun(field)
    return render(
        entry("shape", "message" if is_class else "message-of-base"),
        Class={language: whose[language][0].upper() + whose[language][1:] for language in LANGUAGES},
        property=noun(field),
        requirement={
            language: "; ".join(filter(None, (count[language], each[language], per_language[language])))
            for language in LANGUAGES
        },
        remedy=entry("shape", "remedy")[_kind(field)],
    )
