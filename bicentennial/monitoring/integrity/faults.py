"""What a verification finds."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Fault"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not what it was: in which table, which row, and what is wrong with it."""

    table: str
    row: str
    kind: str

    def to_dict(self) -> dict[str, str]:
        """Return the fault as JSON holds it."""
        return {"table": self.table, "row": self.row, "kind": self.kind}
