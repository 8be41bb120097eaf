"""The parameters of a named question as fields of a form, and the values that a request gives them.

>>> from bicentennial.knowledge.sparql.library import find
>>> query = find("actions-by-goal")
>>> [option.text for option in options("goal", "es")]
['Perseguir las redes criminales', 'Prevenir los delitos transfronterizos', 'Proteger a nuestra gente']
>>> given(query, {"goal": " G1 ", "party": "x"})
{'goal': 'G1'}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.messages import section
from bicentennial.core.namespaces import local_name
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.names import KINDS, names
from bicentennial.knowledge.text import normalize_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bicentennial.core.messages import Language
    from bicentennial.knowledge.sparql.library import NamedQuery

__all__ = ["Option", "fields", "given", "options"]

_LONGEST: Final = 300
_LABEL: Final = 90


class Option(NamedTuple):
    """A value that a parameter may have, and how people call it."""

    value: str
    text: str


def given(query: NamedQuery, request: Mapping[str, str]) -> dict[str, str]:
    """Return the values that a request gives to parameters; what is left empty is as the question has it."""
    values = {name: request.get(name, "").strip()[:_LONGEST] for name in query.parameters}
    return {name: value for name, value in values.items() if value}


def options(kind: str, lang: Language) -> list[Option]:
    """Return the things of a kind in the order of their names."""
    found = [Option(local_name(thing.iri), _short(thing.name(lang))) for thing in names().of_kind(kind)]
    return sorted(found, key=lambda each: normalize_words(each.text))


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1].rstrip()}…"


def fields(query: NamedQuery, values: Mapping[str, str], lang: Language, errors: Mapping[str, str]) -> Iterator[Markup]:
    """Yield a field for each parameter of a question.

    Args:
        query: the question.
        values: what the request gives.
        lang: the language.
        errors: what is wrong with a value, by parameter.
    """
    for name, kind in query.parameters.items():
        yield _field(query, name, kind, values.get(name, ""), lang, errors.get(name, ""))


def _field(query: NamedQuery, name: str, kind: str, value: str, lang: Language, error: str) -> Markup:
    words = section("ask")
    ident, error_id = f"q-{name}", f"q-{name}-told"
    label = element("label", words["parameters"][name][lang], for_=ident)
    described: dict[str, str | bool] = {"aria_invalid": "true" if error else False}
    wrong = [element("p", error, id=error_id, class_="error")] if error else []
    if kind in KINDS and kind != "thing":
        if error:
            described["aria_describedby"] = error_id
        empty = words["all" if query.is_open(name) else "usual"][lang]
        chosen = [
            element("option", each.text, value=each.value, selected=each.value == value) for each in options(kind, lang)
        ]
        control = element("select", element("option", empty, value=""), *chosen, id=ident, name=name, **described)
        return element("div", label, control, *wrong, class_="field")
    hint_key = {"date": "date-hint", "thing": "thing-hint"}.get(kind, "text-hint")
    hint = element("p", words[hint_key][lang], class_="hint", id=f"{ident}-hint")
    described["aria_describedby"] = f"{ident}-hint {error_id}" if error else f"{ident}-hint"
    control = element("input", id=ident, name=name, value=value, autocomplete="off", **described)
    return element("div", label, hint, control, *wrong, class_="field")
