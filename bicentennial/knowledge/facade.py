"""The Framework's data as typed, read-only Python objects.

>>> fw = load()
>>> [str(goal) for goal in fw.goals]
['Protect our people', 'Prevent transborder crime', 'Pursue criminal networks']
>>> ofac = fw.agencies["OFAC"]
>>> fw[ofac.is_part_of].pref_label["es"]
'Departamento del Tesoro de los Estados Unidos'
>>> fw.actions["A6"].has_partner == (fw.agencies["UNODC"].id,)
True
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from bicentennial import models
from bicentennial.core.namespaces import BIC, BICD, RDF, SKOS, expand, local_name
from bicentennial.core.resources import files
from bicentennial.knowledge.collection import Collection
from bicentennial.knowledge.names import names
from bicentennial.knowledge.text import normalize_words
from bicentennial.models import CLASSES, Entity

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

    from bicentennial.models.fields import Ref

__all__ = ["FrameworkData", "load"]

E = TypeVar("E", bound=Entity)

_NUMBERED: Final = re.compile(r"(\D*)(\d*)(.*)")


class FrameworkData:
    """Everything that we say about the Framework, by kind. Nothing of it can be changed.

    A thing's links to others are IRIs; `fw[link]` is the thing that a link leads to.
    """

    def __init__(self, triples: dict[str, list[ox.Triple]], classes: dict[str, str]) -> None:
        self._triples = triples
        self._classes = classes
        self._built: dict[str, dict[str, Entity]] = {}

    @overload
    def __getitem__(self, link: Ref[E]) -> E: ...
    @overload
    def __getitem__(self, link: str) -> Entity: ...
    def __getitem__(self, link: Any) -> Any:
        """Return the thing that an IRI, or any name, stands for.

        Raises:
            UnknownNameError: nothing of the Framework has that name.
        """
        iri = expand(link)
        if iri not in self._classes:
            iri = next((known for known in self._classes if local_name(known) == link), iri)
        if iri not in self._classes:
            iri = names().resolve(link, among=self._classes)
        return self._of_class(self._classes[iri])[iri]

    def __repr__(self) -> str:
        return f"<FrameworkData: {self.framework}>"

    @cached_property
    def framework(self) -> models.Framework:
        """The Framework itself: vision, mission, rationale."""
        return self._all(models.Framework)[0]

    @cached_property
    def goals(self) -> Collection[models.Goal]:
        """The three goals."""
        return self._all(models.Goal)

    @cached_property
    def pillars(self) -> Collection[models.Pillar]:
        """The ten pillars (“cooperation areas”) of the goals."""
        return Collection(pillar for pillar in self._all(models.Pillar) if self._classes[pillar.is_part_of] == "Goal")

    @cached_property
    def merida_pillars(self) -> Collection[models.Pillar]:
        """The four pillars of the Mérida Initiative, each with what corresponds to it."""
        merida = BICD["instrument-merida-initiative"]
        return Collection(pillar for pillar in self._all(models.Pillar) if pillar.is_part_of == merida)

    @cached_property
    def added_pillars(self) -> Collection[models.Pillar]:
        """The cooperation areas that came with the later Action Plan."""
        here = {*self.pillars, *self.merida_pillars}
        return Collection(pillar for pillar in self._all(models.Pillar) if pillar not in here)

    @cached_property
    def objectives(self) -> Collection[models.Objective]:
        """The 31 clauses of the pillars."""
        return self._all(models.Objective)

    @cached_property
    def commitments(self) -> Collection[models.GuidingCommitment]:
        """The three guiding commitments."""
        return self._all(models.GuidingCommitment)

    @cached_property
    def principles(self) -> Collection[models.Principle]:
        """Principles and values of the texts, the points of the earlier statement included; never actions."""
        return self._all(models.Principle)

    @cached_property
    def actions(self) -> Collection[models.Action]:
        """The undertakings, in the order of their identifiers."""
        return self._all(models.Action)

    @cached_property
    def parties(self) -> Collection[models.Party]:
        """Governments, agencies, organizations and bodies that can act."""
        return self._all(models.Party)

    @cached_property
    def governments(self) -> Collection[models.Government]:
        """The governments."""
        return self._all(models.Government)

    @cached_property
    def agencies(self) -> Collection[models.Agency]:
        """Ministries, offices and other agencies, international organizations included."""
        return self._all(models.Agency)

    @cached_property
    def bodies(self) -> Collection[models.CooperationBody]:
        """Dialogues, networks and working groups, which are parties and instruments."""
        return self._all(models.CooperationBody)

    @cached_property
    def instruments(self) -> Collection[models.Instrument]:
        """Memoranda, programs, designations, initiatives and cooperation bodies."""
        return self._all(models.Instrument)

    @cached_property
    def networks(self) -> Collection[models.CriminalNetwork]:
        """The criminal networks that the texts name."""
        return self._all(models.CriminalNetwork)

    @cached_property
    def places(self) -> Collection[models.Place]:
        """Countries, states, cities, ports."""
        return self._all(models.Place)

    @cached_property
    def events(self) -> Collection[models.Event]:
        """Meetings and other occurrences, the earliest first."""
        return self._all(models.Event, lambda event: (str(event.date or "9"), normalize_words(str(event))))

    @cached_property
    def officials(self) -> Collection[models.Official]:
        """The officials, with the office in which the texts name them."""
        return self._all(models.Official)

    @cached_property
    def quantities(self) -> Collection[models.Quantity]:
        """The quantities that actions name."""
        return self._all(models.Quantity, lambda quantity: quantity.id)

    @cached_property
    def indicators(self) -> Collection[models.Indicator]:
        """Indicators; the governments published none, so that partners' data alone have any."""
        return self._all(models.Indicator)

    @cached_property
    def documents(self) -> Collection[models.SourceDocument]:
        """The documents that our data cite."""
        return self._all(models.SourceDocument)

    @cached_property
    def passages(self) -> Collection[models.Passage]:
        """The cited passages, by document and position."""
        return self._all(models.Passage, lambda passage: (passage.is_part_of, passage.paragraph, passage.sentence or 0))

    @cached_property
    def conflicts(self) -> Collection[models.SourceConflict]:
        """Where sources disagree; `fw[claim]` for each of a conflict's claims."""
        return self._all(models.SourceConflict)

    @cached_property
    def claims(self) -> Collection[models.Claim]:
        """What the sides of a conflict say, and single findings about a thing."""
        return self._all(models.Claim, lambda claim: claim.id)

    @cached_property
    def names(self) -> Collection[models.Name]:
        """Names whose standing is known, with their sources."""
        return self._all(models.Name, lambda name: name.id)

    @cached_property
    def themes(self) -> Collection[models.Theme]:
        """The themes that cut across goals."""
        return self._all(models.Theme)

    @cached_property
    def modalities(self) -> Collection[models.Modality]:
        """How firmly a text binds, from `considers` to `commits`."""
        return self._all(models.Modality)

    @cached_property
    def statuses(self) -> Collection[models.Status]:
        """How far an action is, from `announced` to `completed`."""
        return self._all(models.Status)

    def parts_of(self, whole: Entity | str) -> tuple[Entity, ...]:
        """Return what is part of a thing: the pillars of a goal, the offices of a ministry, the places in a state.

        >>> fw = load()
        >>> [pillar.notation[0] for pillar in fw.parts_of(fw.goals["G3"])]
        ['O3.1', 'O3.2', 'O3.3']
        """
        return self._that_link(BIC.isPartOf, whole)

    def actions_for(self, thing: Entity | str) -> tuple[models.Action, ...]:
        """Return the actions with any link to a thing: a goal, a pillar, a party, an instrument, a theme.

        >>> fw = load()
        >>> [action.identifier for action in fw.actions_for(fw.networks["CJNG"])]
        ['A15']
        """
        wanted = {found.id for found in self._that_link(None, thing)}
        return tuple(action for action in self.actions if action.id in wanted)

    def _that_link(self, link: str | None, to: Entity | str) -> tuple[Entity, ...]:
        iri = to.id if isinstance(to, Entity) else self[to].id
        subjects = {
            triple.subject.value  # type: ignore[union-attr]
            for triples in self._triples.values()
            for triple in triples
            if getattr(triple.object, "value", None) == iri and link in (None, triple.predicate.value)
        }
        return tuple(sorted((self[subject] for subject in subjects), key=_order))

    def _all(self, model: type[E], order: Callable[[E], Any] | None = None) -> Collection[E]:
        found: list[E] = []
        for name, one in CLASSES.items():
            if issubclass(one, model):
                found += [thing for thing in self._of_class(name).values() if isinstance(thing, model)]
        return Collection(sorted(found, key=order or _order))

    def _of_class(self, name: str) -> dict[str, Entity]:
        if name not in self._built:
            from bicentennial.rdf import from_triples

            self._built[name] = {thing.id: thing for thing in from_triples(self._triples.get(name, ()))}
        return self._built[name]


def _order(thing: Entity) -> tuple[str, int, str, str]:
    """Sort by identifier or notation as people count (A2 before A10), what has none by its English label."""
    code = thing.identifier or next(iter(sorted(thing.notation)), "") if _counted(thing) else ""
    match = _NUMBERED.match(code)
    assert match is not None
    return (match[1], int(match[2] or 0), match[3], normalize_words(str(thing)))


def _counted(thing: Entity) -> bool:
    return isinstance(
        thing, models.Goal | models.Pillar | models.Objective | models.GuidingCommitment | models.Action
        | models.Principle | models.Indicator,
    )  # fmt: skip


@cache
def load() -> FrameworkData:
    """Return the Framework's data; the files are parsed once, and models built when they are first asked for."""
    import pyoxigraph as ox

    about: dict[ox.NamedNode | ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    kinds: dict[ox.NamedNode | ox.BlankNode, str] = {}
    for pattern in ("framework/*.ttl", "vocabularies/*.ttl"):
        for path in files("ontology", pattern):
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                triple = quad.triple
                assert not isinstance(triple.subject, ox.Triple)
                about[triple.subject].append(triple)
                if triple.predicate.value == RDF.type and isinstance(triple.object, ox.NamedNode):
                    kinds[triple.subject] = triple.object.value
    by_class: dict[str, list[ox.Triple]] = defaultdict(list)
    classes: dict[str, str] = {}
    for subject, triples in about.items():
        if kinds.get(subject) == SKOS.ConceptScheme:
            continue
        name = local_name(kinds[subject])
        classes[subject.value] = name
        by_class[name] += triples
    return FrameworkData(dict(by_class), classes)
