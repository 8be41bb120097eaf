"""A partner's own headers, values, constants and dates, as a TOML file says them.

date_format = "%d/%m/%Y"            # how the file writes dates; ISO 8601 if absent

[columns]                           # the file's header = ours
"Objetivo estratégico" = "goal"

[values.goal]                       # by our header or theirs: the file's value = ours
"Prevención" = "bicd:goal-prevent-transborder-crime"

[constants]                         # what holds for every action
status = "ongoing"

[[parties]]                         # parties that the file names and nobody else knows
id = "ejemplo"
name = "Fundación Ejemplo Ficticia"
acronym = "FEF"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bicentennial.errors import InputNotFoundError, UsageError
from bicentennial.intake.index import Column, fold, names_of
from bicentennial.messages import entry, render

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Mapping"]

_KEYS = {"columns": dict, "values": dict, "constants": dict, "date_format": str, "parties": list}


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a mapping file says; without one, nothing.

    >>> Mapping(date_format="%d/%m/%Y").date("03/04/2023"), Mapping().date("03/04/2023")
    ('2023-04-03', '03/04/2023')
    """

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    date_format: str = ""
    parties: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Mapping:
        """Return the mapping of a file.

        Raises:
            InputNotFoundError: there is no such file.
            UsageError: it is no TOML, or holds what a mapping has no place for.
        """
        try:
            data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        except OSError as error:
            text = render(entry("intake", "input-not-found")["message"], file=path)
            raise InputNotFoundError(text["en"], text["es"]) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _wrong(path, str(error)) from error
        for key, value in data.items():
            if key not in _KEYS or not isinstance(value, _KEYS[key]):
                raise _wrong(path, key)
        return cls(
            columns=_texts(path, "columns", data.get("columns", {})),
            values={key: _texts(path, f"values.{key}", value) for key, value in data.get("values", {}).items()},
            constants=_texts(path, "constants", data.get("constants", {})),
            date_format=data.get("date_format", ""),
            parties=[_texts(path, "parties", each) for each in data.get("parties", [])],
        )

    def values_of(self, header: str, column: Column) -> dict[str, str]:
        """Return the values to replace in a column, which the file names by its own header or by ours."""
        wanted = {fold(header), *map(fold, column.header.values())}
        wanted |= {fold(name) for name, _ in names_of({}, column.iri)}
        return {old: new for key, pairs in self.values.items() if fold(key) in wanted for old, new in pairs.items()}

    def date(self, value: str) -> str:
        """Return a date in ISO 8601 if it is written as the mapping says, otherwise as it is."""
        if not self.date_format:
            return value
        try:
            return datetime.strptime(value, self.date_format).date().isoformat()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            return value


def _texts(path: Path, key: str, pairs: Any) -> dict[str, str]:
    if not isinstance(pairs, dict) or any(isinstance(value, (dict, list)) for value in pairs.values()):
        raise _wrong(path, key)
    return {name: str(value) for name, value in pairs.items()}


def _wrong(path: Path, what: str) -> UsageError:
    text = render(entry("intake", "mapping-unreadable")["message"], file=path.name, what=what)
    return UsageError(text["en"], text["es"])
