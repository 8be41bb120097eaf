"""The Framework's data as Python objects."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bicentennial import models
from bicentennial.core.errors import UnknownNameError
from bicentennial.knowledge import framework, graph

KINDS = {
    "goals": (models.Goal, 3),
    "pillars": (models.Pillar, 10),
    "merida_pillars": (models.Pillar, 4),
    "added_pillars": (models.Pillar, None),
    "objectives": (models.Objective, 31),
    "commitments": (models.GuidingCommitment, 3),
    "principles": (models.Principle, None),
    "actions": (models.Action, None),
    "parties": (models.Party, None),
    "governments": (models.Government, None),
    "agencies": (models.Agency, None),
    "bodies": (models.CooperationBody, None),
    "instruments": (models.Instrument, None),
    "networks": (models.CriminalNetwork, None),
    "places": (models.Place, None),
    "events": (models.Event, None),
    "officials": (models.Official, None),
    "quantities": (models.Quantity, None),
    "indicators": (models.Indicator, 7),
    "documents": (models.SourceDocument, None),
    "passages": (models.Passage, None),
    "conflicts": (models.SourceConflict, None),
    "claims": (models.Claim, None),
    "names": (models.Name, None),
    "themes": (models.Theme, None),
    "modalities": (models.Modality, 7),
    "statuses": (models.Status, 6),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_collection_of_its_model(kind: str) -> None:
    model, count = KINDS[kind]
    collection = getattr(framework(), kind)
    assert all(isinstance(thing, model) for thing in collection)
    assert len(collection) == count if count is not None else len(collection) > 0
    assert len({thing.id for thing in collection}) == len(collection)


def test_nothing_of_the_data_is_left_out() -> None:
    from bicentennial.knowledge.store import select

    ours = {thing.id for kind in KINDS for thing in getattr(framework(), kind)} | {framework().framework.id}
    classes = " ".join(f"bic:{name}" for name in ("Goal", "Pillar", "Action", "Passage", "Name", "Claim", "Principle"))
    rows = select(f"SELECT ?thing {{ VALUES ?class {{ {classes} }} ?thing a ?class }}")
    assert {row["thing"]["value"] for row in rows} <= ours


@pytest.mark.parametrize(
    "key", ["OFAC", "ofac", "Office of Foreign Assets Control", "Oficina de Control de Activos Extranjeros",
            "bicd:agency-ofac", "agency-ofac", "https://w3id.org/bicentennial/id/agency-ofac"],
)  # fmt: skip
def test_collections_are_asked_by_any_name(key: str) -> None:
    assert framework().agencies[key].notation[0] == "OFAC"
    assert key in framework().agencies  # type: ignore[comparison-overlap]


def test_unknown_names_come_with_suggestions_of_the_collection() -> None:
    with pytest.raises(UnknownNameError) as caught:
        framework().agencies["OFACC"]
    assert caught.value.suggestions == ("OFAC",)
    assert framework().goals.get("OFAC") is None
    assert "OFAC" not in framework().goals  # type: ignore[comparison-overlap]
    assert 7 not in framework().goals  # type: ignore[comparison-overlap]


def test_order_is_as_people_count() -> None:
    fw = framework()
    assert [goal.notation[0] for goal in fw.goals] == ["G1", "G2", "G3"]
    identifiers = [str(action.identifier) for action in fw.actions]
    assert identifiers.index("A2") < identifiers.index("A10")
    assert [str(event.date) for event in fw.events if event.date] == sorted(str(e.date) for e in fw.events if e.date)
    assert fw.goals[0:2] == (fw.goals["G1"], fw.goals["G2"])
    assert fw.goals[-1] is fw.goals["G3"]


def test_links_lead_to_things() -> None:
    fw = framework()
    assert fw[fw.agencies["OFAC"].is_part_of].id == fw.agencies["Treasury"].id  # type: ignore[index]
    assert fw[fw.pillars["O1.1"].is_part_of] is fw.goals["G1"]
    assert [str(action.identifier) for action in fw.actions_for("CJNG")] == ["A15"]
    assert fw.parts_of("G3") == tuple(pillar for pillar in fw.pillars if pillar.is_part_of == fw.goals["G3"].id)


def test_everything_is_read_only_and_shared() -> None:
    assert framework() is framework()
    with pytest.raises(ValueError, match="frozen"):
        framework().goals[0].identifier = "X"
    with pytest.raises(AttributeError):
        framework().goals.append(1)  # type: ignore[attr-defined]


def test_the_graph_is_the_callers_own() -> None:
    first, second = graph(), graph()
    first.remove((None, None, None))
    assert len(first) == 0
    assert len(second) > 5000
    assert second.namespace_manager.store.namespace("bicd") is not None


def test_importing_costs_nothing() -> None:
    code = (
        "import sys, bicentennial.knowledge\n"
        "print(sorted({'rdflib', 'pydantic', 'pyoxigraph', 'duckdb'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
