"""The shapes of the Framework: as a graph, and as what is compiled from it and committed: plan and texts of rules.

The message of a rule is two texts in one: its first sentence says what is wrong, what follows the first full stop and
space says what to do. They are split here, when shapes are compiled and nothing is filled in yet.

>>> rule_texts()["https://w3id.org/bicentennial/shapes#Action-isNotItsOwnExample"].remedy["en"]
'Name the wider action, or leave the field empty.'
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import SH
from bicentennial.core.resources import COMPILED, GENERATED, files
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.prepared import prepared
from bicentennial.shacl_engine import plan
from bicentennial.shacl_engine.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import rdflib

__all__ = ["RuleTexts", "adapted_shapes", "artefacts", "load", "rule_texts", "shapes_graph"]

_FILE: Final = COMPILED / "plan.json"
_TEXTS: Final = COMPILED / "rules.json"


class RuleTexts(NamedTuple):
    """What a rule says of what breaks it: the problem and the remedy by language, variables not yet filled in."""

    problem: Mapping[str, str]
    remedy: Mapping[str, str]


@cache
def load() -> Plan:
    """Return the compiled plan of our own shapes, structural and rules."""
    return Plan.from_plain(
        prepared(_FILE, lambda: Plan.from_json(_FILE.read_text(encoding="utf-8")).plain(), plan.__file__)
    )


@cache
def rule_texts() -> Mapping[str, RuleTexts]:
    """Return the texts of our rules by the IRI of their shape."""
    compiled = json.loads(_TEXTS.read_text(encoding="utf-8"))["rules"]
    return {shape: RuleTexts(**texts) for shape, texts in compiled.items()}


def shapes_graph() -> rdflib.Graph:
    """Return our own shapes, structural and rules, as one graph."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for path in [*files("shapes", "structural/*.ttl"), *files("shapes", "rules/*.ttl")]:
        graph.parse(path, format="turtle")
    return graph


@cache
def adapted_shapes() -> rdflib.Graph:
    """Return our own shapes as pySHACL is given them, read once a process."""
    from bicentennial.shacl_engine.pyshacl import adapted

    return adapted(shapes_graph())


def artefacts() -> dict[Path, str]:
    """Return the files that are compiled from our own shapes, and their content."""
    from bicentennial.shacl_engine.sql.planner import compile_plan

    compiled = {"$comment": GENERATED, "rules": _parted()}
    return {
        _FILE: compile_plan(shapes_graph()).to_json(),
        _TEXTS: json.dumps(compiled, ensure_ascii=False, indent=1) + "\n",
    }


def _parted() -> dict[str, dict[str, dict[str, str]]]:
    import rdflib

    rules = rdflib.Graph(bind_namespaces="none")
    for path in files("shapes", "rules/*.ttl"):
        rules.parse(path, format="turtle")
    found: dict[str, dict[str, dict[str, str]]] = {}
    for shape, message in sorted(rules.subject_objects(rdflib.URIRef(SH.message))):
        texts = found.setdefault(str(shape), {"problem": {}, "remedy": {}})
        problem, remedy = _halves(str(shape), str(message))
        language = str(getattr(message, "language", ""))
        texts["problem"][language], texts["remedy"][language] = problem, remedy
    return found


def _halves(shape: str, message: str) -> tuple[str, str]:
    """Return the problem and the remedy of a rule's message.

    >>> _halves("urn:rule", "{$this} has no goal. Add one. Or two.")
    ('{$this} has no goal.', 'Add one. Or two.')
    """
    problem, stop, remedy = message.partition(". ")
    if not stop:
        raise ValueError(f"{shape}: the message {message!r} has no remedy after a first sentence")
    return f"{problem}.", remedy
