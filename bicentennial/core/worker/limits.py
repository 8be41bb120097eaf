"""What a worker may use."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

__all__ = ["WorkerLimits", "address_space"]


def address_space() -> int:
    """Return how many bytes of address space this process has: 0 where nobody tells, as elsewhere than on Linux."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a worker may use: bytes of address space, seconds of wall time, open files."""

    memory: int = 4 << 30
    seconds: float = 600
    open_files: int = 256

    @classmethod
    def split(cls, settings: Mapping[str, float]) -> tuple[Self, dict[str, float]]:
        """Return the limits of a worker that are among settings by name, and the other settings.

        Raises:
            UsageError: a limit is no number above 0.

        >>> WorkerLimits.split({"seconds": 5, "rows": 10})
        (WorkerLimits(memory=4294967296, seconds=5, open_files=256), {'rows': 10})
        """
        others = dict(settings)
        ours = {each.name: others.pop(each.name) for each in fields(cls) if each.name in others}
        for name, value in ours.items():
            if not isinstance(value, int | float) or not 0 < value < math.inf:
                raise UsageError(
                    f"the limit {name} must be a number above 0, not {value!r}",
                    f"el límite {name} debe ser un número mayor que 0, no {value!r}",
                )
        whole = {name: value if name == "seconds" else int(value) for name, value in ours.items()}
        return cls(**whole), others  # type: ignore[arg-type]  # numbers, as checked
