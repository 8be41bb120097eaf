"""Things of one kind that are found by their place or by any of their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from bicentennial.core.errors import UnknownNameError
from bicentennial.core.namespaces import expand, local_name
from bicentennial.knowledge.names import names
from bicentennial.models import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Collection"]

E_co = TypeVar("E_co", bound=Entity, covariant=True)


class Collection(Sequence[E_co], Generic[E_co]):
    """Things of one kind in a fixed order; also found by acronym, identifier, label in either language, or IRI.

    >>> from bicentennial.knowledge.facade import load
    >>> goals = load().goals
    >>> len(goals), str(goals[0]), str(goals["meta 2"]), str(goals["goal-pursue-criminal-networks"])
    (3, 'Protect our people', 'Prevent transborder crime', 'Pursue criminal networks')
    >>> "G1" in goals, goals.get("G9") is None
    (True, True)
    """

    def __init__(self, things: Iterable[E_co]) -> None:
        self._things = tuple(things)
        self._by_iri = {thing.id: thing for thing in self._things}

    def __len__(self) -> int:
        return len(self._things)

    def __iter__(self) -> Iterator[E_co]:
        return iter(self._things)

    @overload
    def __getitem__(self, key: int | str) -> E_co: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[E_co, ...]: ...
    def __getitem__(self, key: int | str | slice) -> E_co | tuple[E_co, ...]:
        """Return the thing at a position, or the one that a name fits best.

        Raises:
            UnknownNameError: no thing here has that name; it carries the nearest.
            QueryError: a part of a name fits several.
        """
        if not isinstance(key, str):
            return self._things[key]
        iri = expand(key)
        if iri in self._by_iri:
            return self._by_iri[iri]
        for known, thing in self._by_iri.items():
            if local_name(known) == key:
                return thing
        return self._by_iri[names().resolve(key, among=self._by_iri)]

    def __contains__(self, thing: object) -> bool:
        if not isinstance(thing, str):
            return thing in self._things
        return self.get(thing) is not None

    def get(self, name: str) -> E_co | None:
        """Return the thing that a name fits, or None."""
        try:
            return self[name]
        except UnknownNameError:
            return None

    def __repr__(self) -> str:
        return f"<Collection of {len(self)}: {', '.join(map(str, self._things[:3]))}{', …' if len(self) > 3 else ''}>"
