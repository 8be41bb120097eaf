"""What is to be checked against which shapes, as it passes between processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import entry, render
from bicentennial.core.startup.records import record
from bicentennial.shacl_engine.sources import Given, Sources

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENGINES", "Job", "refuse_other_engines"]

ENGINES: Final = ("auto", "compiled", "pyshacl")


def refuse_other_engines(name: str) -> None:
    """Raise an error if an engine has another name than those that there are.

    Raises:
        UsageError: it has.
    """
    if name not in ENGINES:
        words = {"argument": "engine", "value": name, "allowed": ", ".join(ENGINES)}
        text = render(entry("cli", "not-one-of"), **words)
        raise UsageError(text)


@record(frozen=True)
class Job:
    """What to check, against what, and how; see `api.shacl`."""

    data: Sources
    shapes: Sources
    engine: str = "auto"
    advanced: bool = False
    rdfs: bool = False
    locate: bool = False
    first: bool = False
    strict: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it holds no graph of rdflib, which cannot pass to another process."""
        return not self.data.graphs and not self.shapes.graphs

    def plain(self) -> dict[str, Any]:
        """Return the job as JSON has it."""
        rest = {name: getattr(self, name) for name in ("engine", "advanced", "rdfs", "locate", "first", "strict")}
        return rest | {name: [each.plain() for each in getattr(self, name).texts] for name in ("data", "shapes")}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Job:
        """Return the job that `plain` wrote."""
        texts = {name: Sources(tuple(map(Given.of_plain, plain[name]))) for name in ("data", "shapes")}
        if plain["shapes"] == plain["data"]:  # which is then read once
            texts["shapes"] = texts["data"]
        return cls(**{**plain, **texts})
