"""What there is to choose from: the things that each column may name, in the order of the reference sheet.

>>> entries = known("en")
>>> entries[0].kind, entries[0].write, entries[0].code
('goal', 'Protect our people', 'G1')
>>> column = next(each for each in default_index().tables[0].columns if each.header["en"] == "status")
>>> [entry.write for entry in offered(entries, column)][:3]
['announced', 'cancelled', 'completed']
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC
from bicentennial.exchange.names import Names, counted
from bicentennial.vocabulary.index import default_index, normalize_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.vocabulary.index import Column

__all__ = ["Entry", "known", "offered", "single"]

# Side by side what one column may name: beneficiaries are groups or parties, bodies are parties and instruments.
_KINDS: Final = (
    (BIC.Goal,),
    (BIC.Pillar,),
    (BIC.Objective,),
    (BIC.GuidingCommitment,),
    (BIC.Status,),
    (BIC.Modality,),
    (BIC.BeneficiaryGroup,),
    (BIC.Party, BIC.Government, BIC.Agency, BIC.InternationalOrganization),
    (BIC.CooperationBody,),
    (
        BIC.Instrument,
        BIC.MemorandumOfUnderstanding,
        BIC.GrantProgram,
        BIC.TechnicalProgram,
        BIC.PolicyInitiative,
        BIC.SanctionsDesignation,
    ),
    (BIC.Place,),
    (BIC.OrganizationKind,),
    (BIC.Theme,),
    (BIC.CriminalNetwork,),
    (BIC.MoneyKind,),
    (BIC.Direction,),
    (BIC.ResultLevel,),
    (BIC.Sex,),
    (BIC.RevisionState,),
    (BIC.Currency,),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a cell may name: what it is, what to write for it, its code, what it belongs to, its meaning."""

    iri: str
    types: tuple[str, ...]
    kind: str
    write: str
    code: str
    within: str
    meaning: str


@cache
def known(lang: str) -> tuple[Entry, ...]:
    """Return everything that the columns of our tables may name, those of a kind together."""
    meanings = _meanings(lang)
    found: list[Entry] = []
    for kinds in _KINDS:
        group = [
            _entry(iri, lang, meanings.get(iri, ""))
            for iri, each in default_index().individuals.items()
            if _is(each, kinds)
        ]
        found += sorted(group, key=_order)
    return tuple(found)


def offered(entries: Sequence[Entry], column: Column) -> tuple[Entry, ...]:
    """Return the entries that a column may name, which stand one after the other."""
    ranges = frozenset({BIC.Currency} if column.iri == BIC.budgetCurrency else column.ranges)
    return tuple(
        entry for entry in entries if any(default_index().within(each, ranges) for each in entry.types) and ranges
    )


def single(column: Column, class_iri: str) -> bool:
    """Return whether a cell of a column holds one value at most."""
    described = default_index().properties[column.iri]["of"]
    above = (class_iri, *default_index().classes[class_iri]["superclasses"])
    return bool(next((described[each]["max"] == 1 for each in above if each in described), False))


def _is(individual: Mapping[str, list[str]], kinds: tuple[str, ...]) -> bool:
    if not set(individual["types"]) & set(kinds):
        return False
    if BIC.Pillar in kinds:  # the Mérida Initiative has pillars too, which no goal of ours has
        return any(
            BIC.Goal in default_index().individuals.get(above, {}).get("types", ()) for above in individual["parents"]
        )
    return True


def _entry(iri: str, lang: str, meaning: str) -> Entry:
    individual = default_index().individuals[iri]
    columns = [
        column for table in default_index().tables for column in table.columns if _names(column, individual["types"])
    ]
    write = Names(default_index(), lang).of(iri, *columns)
    assert write is not None
    parents = [
        default_index().label(parent, lang) for parent in individual["parents"] if parent in default_index().individuals
    ]
    notations = [notation for notation in individual["notations"] if notation != write]
    return Entry(
        iri=iri,
        types=tuple(individual["types"]),
        kind=default_index().label(individual["types"][0], lang),
        write=write,
        code=", ".join(notations)
        or (default_index().label(iri, lang) if write != default_index().label(iri, lang) else ""),
        within=", ".join(parents),
        meaning=meaning,
    )


def _names(column: Column, types: list[str]) -> bool:
    ranges = {BIC.Currency} if column.iri == BIC.budgetCurrency else set(column.ranges)
    return any(default_index().within(each, ranges) for each in types)


def _order(entry: Entry) -> tuple[object, ...]:
    code = entry.code if any(each in (BIC.Goal, BIC.Pillar, BIC.Objective) for each in entry.types) else ""
    return counted(code), normalize_key(entry.write), entry.iri


def _meanings(lang: str) -> dict[str, str]:
    from bicentennial.knowledge.store import select

    found: defaultdict[str, str] = defaultdict(str)
    for row in select(
        "SELECT ?thing ?text { ?thing skos:definition|dcterms:description ?text"
        f" FILTER(lang(?text) = '{lang}') }} ORDER BY ?thing ?text"
    ):
        found.setdefault(row["thing"]["value"], row["text"]["value"])
    return dict(found)
