"""The shapes of the Framework: as a graph, and as the plan that is compiled from it and committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.resources import COMPILED, files
from bicentennial.shacl_engine.plan import Plan, compile_plan

if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

__all__ = ["artefacts", "load", "shapes_graph"]

_FILE: Final = COMPILED / "plan.json"


def load() -> Plan:
    """Return the compiled plan of our own shapes, structural and rules."""
    return Plan.from_json(_FILE.read_text(encoding="utf-8"))


def shapes_graph() -> rdflib.Graph:
    """Return our own shapes, structural and rules, as one graph."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for path in [*files("shapes", "structural/*.ttl"), *files("shapes", "rules/*.ttl")]:
        graph.parse(path, format="turtle")
    return graph


def artefacts() -> dict[Path, str]:
    """Return the file that is compiled from our own shapes, and its content."""
    return {_FILE: compile_plan(shapes_graph()).to_json()}
