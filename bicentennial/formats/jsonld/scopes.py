"""Which context holds within an object: the active one, that of its key, its own, and those of its types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.formats.jsonld.errors import JsonLdError

if TYPE_CHECKING:
    from bicentennial.formats.jsonld.context import Context
    from bicentennial.formats.jsonld.notes import Notes

__all__ = ["contexts_of"]


def contexts_of(
    element: dict[str, Any], prop: str | None, context: Context, place: int, notes: Notes, *, from_map: bool
) -> tuple[Context, Context]:
    """Return the context of an object, and the one in which its types are looked up.

    Args:
        element: the object.
        prop: the key that it is the value of; None at the top.
        context: the active context.
        place: of the object that it stands in.
        notes: collects what has no meaning.
        from_map: whether it stands in a map by index, identifier or type.

    Raises:
        JsonLdError: a context is ill-formed.
    """
    outer = context
    if context.previous is not None and not from_map:
        meanings = [context.meaning(key) for key in element]
        if "@value" not in meanings and meanings != ["@id"]:
            context = context.previous
    try:
        term = outer.terms.get(prop) if prop is not None else None
        if term is not None and term.has_context:
            assert prop is not None
            context = context.scoped(prop) if context is outer else context.processed(term.context, override=True)
        if "@context" in element:
            notes.repeated(element["@context"], place, "@context")
            context = context.processed(element["@context"])
        by_type = context
        if by_type.has_scopes:
            context = _scoped_by_types(by_type, element)
    except JsonLdError as error:
        error.place = place if error.place is None else error.place
        error.is_of_context = True
        raise
    return context, by_type


def _scoped_by_types(by_type: Context, element: dict[str, Any]) -> Context:
    context = by_type
    for key in sorted(element):
        if by_type.meaning(key) != "@type":
            continue
        types = element[key] if isinstance(element[key], list) else [element[key]]
        for name in sorted(each for each in types if isinstance(each, str)):
            term = by_type.terms.get(name)
            if term is not None and term.has_context:
                context = (
                    context.scoped(name, by_type=True)
                    if context is by_type
                    else context.processed(term.context, propagate=False)
                )
    return context
